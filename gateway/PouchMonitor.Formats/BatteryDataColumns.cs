using System.Globalization;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// Column names of the Battery Data Format (battery-data-alliance/battery-data-format, README "Quantities": preferred
/// labels, and machine-readable names, which are read too), and of what this project adds so that nothing of a sample
/// is lost. There, too, positive current charges the cell.
/// </summary>
public static class BatteryDataColumns
{
    public const string TestTime = "Test Time / s";
    public const string UnixTime = "Unix Time / s";

    /// <summary>Sensor states of the row's columns as one number (<see cref="SensorStates"/>); not of the published format.</summary>
    public const string States = "Sensor States / 1";

    /// <summary>Lowest voltage since the sample before; not of the published format.</summary>
    public const string VoltageMinimum = "Minimum Voltage / V";

    /// <summary>Highest voltage since the sample before; not of the published format.</summary>
    public const string VoltageMaximum = "Maximum Voltage / V";

    /// <summary>Boot of the node, 16 hexadecimal digits; not of the published format.</summary>
    public const string Boot = "Node Boot / 1";

    /// <summary>Number of the sample within its boot; not of the published format.</summary>
    public const string SampleNumber = "Sample Number / 1";

    /// <summary>Charge counted by the node since its boot, in counts of the current's converter times microseconds; not of the published format.</summary>
    public const string ChargedCounts = "Charged Counts / us";

    /// <summary>Discharge counted by the node since its boot, likewise; not of the published format.</summary>
    public const string DischargedCounts = "Discharged Counts / us";

    private const int ExtraTemperatures = SampleColumns.Count - SampleColumns.FirstExtraSurface;

    /// <summary>Name of a sample's column (<see cref="SampleColumns"/>).</summary>
    public static string NameOf(int column) => column switch
    {
        SampleColumns.Voltage => "Voltage / V",
        SampleColumns.Current => "Current / A",
        SampleColumns.Surface => "Surface Temperature T1 / degC",
        SampleColumns.Infrared => "Infrared Temperature / degC",
        SampleColumns.Ambient => "Ambient Temperature / degC",
        >= SampleColumns.FirstExtraSurface and < SampleColumns.Count => string.Create(
            CultureInfo.InvariantCulture, $"Surface Temperature T{column - SampleColumns.FirstExtraSurface + 2} / degC"),
        _ => throw new ArgumentOutOfRangeException(nameof(column), column, "not a column of a sample"),
    };

    /// <summary>What a column of this name means to the reader; <see cref="SeriesHeader.Ignored"/> where nothing.</summary>
    internal static int RoleOf(string upper) => upper switch
    {
        "TEST TIME / S" or "TEST_TIME_SECOND" => SeriesHeader.Time,
        "UNIX TIME / S" or "UNIX_TIME_SECOND" => SeriesHeader.UnixTime,
        "VOLTAGE / V" or "VOLTAGE_VOLT" => SampleColumns.Voltage,
        "CURRENT / A" or "CURRENT_AMPERE" => SampleColumns.Current,
        "AMBIENT TEMPERATURE / DEGC" or "AMBIENT_TEMPERATURE_CELSIUS" => SampleColumns.Ambient,
        "INFRARED TEMPERATURE / DEGC" => SampleColumns.Infrared,
        "CYCLE COUNT / 1" or "CYCLE_COUNT" => SeriesHeader.Cycle,
        "STEP COUNT / 1" or "STEP_COUNT" => SeriesHeader.Step,
        "CHARGING CAPACITY / AH" or "CHARGING_CAPACITY_AH" => SeriesHeader.ChargeCapacity,
        "DISCHARGING CAPACITY / AH" or "DISCHARGING_CAPACITY_AH" => SeriesHeader.DischargeCapacity,
        "SENSOR STATES / 1" => SeriesHeader.States,
        "MINIMUM VOLTAGE / V" => SeriesHeader.VoltageMinimum,
        _ => SurfaceOf(upper),
    };

    private static int SurfaceOf(string upper)
    {
        string? number = Between(upper, "SURFACE TEMPERATURE T", " / DEGC") ?? Between(upper, "SURFACE_TEMPERATURE_T", "_CELSIUS");
        return int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out int n) && n >= 1 && n <= 1 + ExtraTemperatures
            ? n == 1 ? SampleColumns.Surface : SampleColumns.FirstExtraSurface + n - 2
            : SeriesHeader.Ignored;
    }

    private static string? Between(string text, string start, string end) =>
        text.Length > start.Length + end.Length && text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(end, StringComparison.Ordinal)
            ? text[start.Length..^end.Length]
            : null;
}
