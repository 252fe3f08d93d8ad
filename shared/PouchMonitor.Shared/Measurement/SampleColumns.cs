namespace PouchMonitor.Measurement;

/// <summary>The fixed columns of a sample, by index. Voltage, current and up to eight temperatures.</summary>
public static class SampleColumns
{
    /// <summary>Cell voltage.</summary>
    public const int Voltage = 0;

    /// <summary>Cell current; positive current charges the cell.</summary>
    public const int Current = 1;

    /// <summary>Contact (thermistor) temperature on the cell's surface.</summary>
    public const int Surface = 2;

    /// <summary>Infrared temperature of the cell's surface.</summary>
    public const int Infrared = 3;

    /// <summary>Temperature of the air or chamber around the cell; never taken for the cell's own.</summary>
    public const int Ambient = 4;

    /// <summary>First of five further contact temperatures on the cell (columns 5 to 9).</summary>
    public const int FirstExtraSurface = 5;

    /// <summary>Number of columns a sample can have.</summary>
    public const int Count = 10;

    /// <summary>First column that is a temperature.</summary>
    public const int FirstTemperature = Surface;
}
