using System.Globalization;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>Columns as findings name them: to a machine and to a person.</summary>
internal static class ColumnText
{
    /// <summary>Every temperature of the cell itself: all but ambient.</summary>
    public const uint CellTemperatures = ((1u << SampleColumns.Count) - 1)
        & ~((1u << SampleColumns.Voltage) | (1u << SampleColumns.Current) | (1u << SampleColumns.Ambient));

    public static string Measure(int column) => column switch
    {
        SampleColumns.Voltage => "voltage",
        SampleColumns.Current => "current",
        SampleColumns.Surface => "surfaceTemperature",
        SampleColumns.Infrared => "infraredTemperature",
        SampleColumns.Ambient => "ambientTemperature",
        _ => string.Create(CultureInfo.InvariantCulture, $"extraSurfaceTemperature{column - SampleColumns.FirstExtraSurface + 1}"),
    };

    public static string Words(int column) => column switch
    {
        SampleColumns.Voltage => "voltage",
        SampleColumns.Current => "current",
        SampleColumns.Surface => "surface temperature",
        SampleColumns.Infrared => "infrared temperature",
        SampleColumns.Ambient => "ambient temperature",
        _ => string.Create(CultureInfo.InvariantCulture, $"extra surface temperature {column - SampleColumns.FirstExtraSurface + 1}"),
    };

    public static string Words(SensorState state) => state switch
    {
        SensorState.Open => "open",
        SensorState.Short => "shorted",
        SensorState.Frozen => "frozen",
        SensorState.Saturated => "saturated",
        SensorState.OutOfRange => "out of range",
        SensorState.BusError => "unreadable on its bus",
        _ => "silent",
    };

    public static bool IsCellTemperature(int column) => (CellTemperatures & (1u << column)) != 0;
}
