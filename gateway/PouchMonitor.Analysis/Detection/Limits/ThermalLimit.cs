using System.Globalization;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// <c>thermal-limit</c>: the highest believed temperature of the cell against the profile's warning and maximum. A sensor
/// that was too hot when it was lost keeps the finding from clearing.
/// </summary>
internal sealed class ThermalLimit
{
    private const double StepC = 2;

    private readonly IFindingSink sink;
    private readonly AlarmLevels levels;
    private readonly LevelAlarm alarm = new();

    public ThermalLimit(CellProfile profile, IFindingSink sink)
    {
        this.sink = sink;
        double warning = profile.WarningTemperatureC ?? double.PositiveInfinity;
        double maximum = profile.MaximumWorkingTemperatureC ?? double.PositiveInfinity;
        LimitRow row = LimitTable.ThermalWarning;
        levels = new AlarmLevels(
            row, warning, LimitTable.ThermalMaximum, maximum, Math.Min(warning, maximum) - row.ClearBelow, StepC);
    }

    public void Add(long timeMicroseconds, CellTemperatures temperatures)
    {
        double highest = temperatures.Highest;
        if (!levels.IsJudged || double.IsNaN(highest))
        {
            return;
        }

        if (highest < levels.Raise && highest < levels.Severe && alarm.IsQuiet)
        {
            return;
        }

        AlarmChange change = alarm.Update(
            timeMicroseconds, levels, highest >= levels.Raise, highest >= levels.Severe, highest,
            alarm.IsRaised ? temperatures.HighestWithLost() : highest, highest, temperatures.HighestColumn);
        if (change != AlarmChange.None)
        {
            Tell(change == AlarmChange.Cleared ? timeMicroseconds : null);
        }
    }

    public void RestartHolds() => alarm.RestartHolds();

    public void Complete()
    {
        if (alarm.HasUntoldExtreme)
        {
            Tell(null);
        }
    }

    public void Save(BinaryWriter writer) => alarm.Save(writer);

    public void Load(BinaryReader reader) => alarm.Load(reader);

    private void Tell(long? clearedMicroseconds)
    {
        alarm.MarkTold();
        double limit = alarm.IsSevere ? levels.Severe : levels.Raise;
        sink.OnFinding(new Finding
        {
            Rule = RuleNames.ThermalLimit,
            OnsetMicroseconds = alarm.OnsetMicroseconds,
            Severity = alarm.IsSevere ? levels.SevereRow.Severity : levels.Row.Severity,
            Measure = ColumnText.Measure(alarm.ExtremeColumn),
            Observed = alarm.ExtremeReading,
            Limit = limit,
            Unit = "C",
            Message = string.Create(
                CultureInfo.InvariantCulture,
                $"{ColumnText.Words(alarm.ExtremeColumn)} {alarm.ExtremeReading:0.##} C is at or above the {(alarm.IsSevere ? "maximum" : "warning")} of {limit:0.##} C"),
            ClearedMicroseconds = clearedMicroseconds,
            MaximumTemperatureC = alarm.ExtremeReading,
        });
    }
}
