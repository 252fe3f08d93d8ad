namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// Tells a charge or discharge from noise of the current at rest, where no larger current has shown yet what is noise: a
/// current that is real moves the voltage its own way. Noise, an offset and a resting cell's drift do not turn the voltage
/// where the current turns.
/// </summary>
internal static class VoltageResponse
{
    /// <summary>
    /// Above the noise of single records (0.2 mV at a node) and the day's warmth on an open circuit (some mV), below the
    /// overvoltage of the flattest cell: twice 10 mV between two lithium electrodes.
    /// </summary>
    public const double LeastV = 0.005;

    /// <summary>True when the voltage went the way of the half.</summary>
    public static bool IsShownBy(in HalfCycle half, int direction) =>
        direction * (half.LastVoltageV - half.FirstVoltageV) >= LeastV;

    /// <summary>
    /// True when the voltage turned with the current: it went the way of each half over that half, or, where it stays level
    /// within a half (two like electrodes), jumped where the two meet.
    /// </summary>
    /// <param name="first">The earlier half.</param>
    /// <param name="second">The half after it, of the other direction.</param>
    /// <param name="firstDirection">1 where the earlier half charges, -1 where it discharges.</param>
    public static bool IsShownBy(in HalfCycle first, in HalfCycle second, int firstDirection)
    {
        double turnedV = firstDirection * (first.LastVoltageV - second.LastVoltageV);
        double jumpV = firstDirection * (first.LastVoltageV - second.FirstVoltageV);
        return (IsShownBy(first, firstDirection) && turnedV >= LeastV) || jumpV >= LeastV;
    }
}
