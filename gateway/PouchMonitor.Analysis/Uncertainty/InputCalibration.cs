namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>What a calibration after hardware/CALIBRATION.md leaves of one input's zero and gain.</summary>
/// <param name="ZeroConversions">Conversions averaged for the zero, at rest and with the inputs swapped; null where the zero is as bought.</param>
/// <param name="GainStandardRelative">Standard uncertainty of the gain: the reference meter and the readings against it; null where the gain is as bought.</param>
/// <param name="GainDegreesOfFreedom">Of that: readings less one where the scatter of readings dominates.</param>
/// <param name="TemperatureK">Largest departure of the board's temperature from that of the calibration, kelvin.</param>
public sealed record InputCalibration(int? ZeroConversions, double? GainStandardRelative, double GainDegreesOfFreedom, double TemperatureK)
{
    /// <summary>
    /// The 64 passes that the node's calibration commands average; a reference meter of 0.01 % (standard) read ten times on each side; a board that
    /// stays within 5 K.
    /// </summary>
    public static InputCalibration Bench { get; } = new(64, 1e-4, 18, 5);
}
