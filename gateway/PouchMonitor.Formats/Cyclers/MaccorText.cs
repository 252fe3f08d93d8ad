using System.Text;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Formats.Tables;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Cyclers;

/// <summary>
/// Maccor's text exports. Currents are magnitudes (or signed, by setting), so the state letter decides: C charge, D discharge;
/// R rest, S suspended, P pause and others leave the number as it is. Amp-hr counts from zero in each step. The newer export names no
/// unit for its test time and means minutes or seconds by setting: the clock beside it tells which.
/// </summary>
internal static class MaccorText
{
    private static readonly int[] SecondsPerUnit = [1, 60, 3600];

    public static readonly TableFormat Format = new()
    {
        Info = new SeriesFormatInfo("maccor", "Maccor text export (Rec#, Test (Sec), Amps, Volts, State)", FormatProof.RealFiles),
        Entries =
        [
            new(SeriesHeader.Time, "test", "testtime"),
            new(ColumnRoles.Clock, "dpttime"),
            new(ColumnRoles.State, "state", "md"),
            new(SampleColumns.Voltage, "volts", "voltage"),
            new(SampleColumns.Current, "amps", "current"),
            new(SampleColumns.Surface, "temp*", "temperature*", "evtemp", "auxtemp*"),
            new(SeriesHeader.Cycle, "cyc", "cycle", "cyclec"),
            new(SeriesHeader.Step, "step"),
            new(SeriesHeader.Capacity, "amp-hr", "cap", "capacity"),
            new(SeriesHeader.Energy, "watt-hr", "ener", "energy"),
        ],
        Needs = [["rec"], ["state", "md", "dpttime"], ["amps", "current"], ["es", "dpttime"]],
        SignFromState = true,
        Finish = WithTimeUnit,
    };

    /// <summary>Finds the unit of a test time whose name gives none: that with which it goes on as fast as the clock.</summary>
    private static ColumnPlan WithTimeUnit(ColumnPlan plan, SeriesInput input, IReadOnlyList<string[]> rows)
    {
        ColumnRule? time = plan.Of(SeriesHeader.Time);
        if (time is null || time.HasUnit || rows.Count == 0 || Cell(rows[0], time).Contains(':', StringComparison.Ordinal))
        {
            return plan;
        }

        ColumnRule? clock = plan.Of(ColumnRoles.Clock);
        double spanUnits = Number(rows[^1], time) - Number(rows[0], time);
        double spanSeconds = clock is null ? double.NaN : (Clock(rows[^1], clock) - Clock(rows[0], clock)) / 1e6;
        int found = Array.FindIndex(SecondsPerUnit, unit => Math.Abs((spanUnits * unit / spanSeconds) - 1) < 0.2);
        if (found < 0)
        {
            throw new SeriesFileException(
                $"{input.Name}: column '{time.Name}' names no unit, and no clock beside it tells it; give --columns, with time={time.Name}/s or /min");
        }

        return ColumnPlan.Of(
            plan.Names,
            plan.Rules.Select(rule => rule == time ? rule with { Unit = new Unit(Dimension.Time, Factor: SecondsPerUnit[found]), HasUnit = true } : rule));
    }

    private static string Cell(string[] row, ColumnRule rule) => rule.Index < row.Length ? row[rule.Index] : "";

    private static double Number(string[] row, ColumnRule rule) =>
        DecimalNumber.TryParse(Encoding.ASCII.GetBytes(Cell(row, rule).Replace(",", "", StringComparison.Ordinal)), out DecimalNumber number) == DecimalFault.None
            ? number.ToDouble()
            : double.NaN;

    private static double Clock(string[] row, ColumnRule rule) =>
        CellTime.TryParseClock(Encoding.ASCII.GetBytes(Cell(row, rule)), out long microseconds) ? microseconds : double.NaN;
}
