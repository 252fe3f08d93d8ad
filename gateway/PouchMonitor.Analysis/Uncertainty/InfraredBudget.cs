using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>What the infrared thermometer looks at.</summary>
public sealed record InfraredView
{
    /// <summary>Emissivity of the matt patch that the sensor is set to.</summary>
    public double Emissivity { get; init; } = 0.95;

    /// <summary>How far the patch's emissivity may be from that.</summary>
    public double EmissivityHalfWidth { get; init; } = 0.02;

    /// <summary>What the patch reflects: the chamber, C.</summary>
    public double ReflectedC { get; init; } = 25;

    /// <summary>How far the chamber's walls may be from the sensor's own temperature, kelvin.</summary>
    public double ReflectedHalfWidthK { get; init; } = 5;

    /// <summary>
    /// Accuracy of the sensor as bought, kelvin, sensor itself at 0 to 50 C: MLX90614 datasheet 3901090614 rev. 13, accuracy
    /// figures: 0.5 K for objects of 0 to 50 C, 1 K up to 120 C, 2 K up to 180 C, 3 K up to 240 C, then 4 K.
    /// </summary>
    public static double AccuracyK(double objectC) => objectC switch
    {
        >= 0 and <= 50 => 0.5,
        >= -40 and <= 120 => 1,
        > 120 and <= 180 => 2,
        > 180 and <= 240 => 3,
        _ => 4,
    };

    /// <summary>Standard uncertainty of the comparison with the contact sensor, kelvin; null as bought.</summary>
    public double? CalibrationStandardK { get; init; }
}

/// <summary>
/// Uncertainty of an infrared temperature. The detector sees e T^4 + (1 - e) Tr^4 (grey patch, Stefan-Boltzmann), so an error
/// of emissivity acts by (T^4 - Tr^4) / (4 T^3 e) and one of the reflected temperature by (1 - e) / e (Tr / T)^3.
/// </summary>
public static class InfraredBudget
{
    private const double ZeroCelsiusKelvin = 273.15;

    /// <summary>Budget at a temperature of the patch, kelvin.</summary>
    public static UncertaintyBudget Of(InfraredView view, double celsius)
    {
        ArgumentNullException.ThrowIfNull(view);
        double kelvin = celsius + ZeroCelsiusKelvin;
        double reflectedK = view.ReflectedC + ZeroCelsiusKelvin;
        double perEmissivity = (Math.Pow(kelvin, 4) - Math.Pow(reflectedK, 4)) / (4 * Math.Pow(kelvin, 3) * view.Emissivity);
        double perReflected = (1 - view.Emissivity) / view.Emissivity * Math.Pow(reflectedK / kelvin, 3);
        UncertaintyComponent sensor = view.CalibrationStandardK is { } standardK
            ? new("sensor, against the contact sensor", Normal, standardK, 1, "K", "calibration record") { DegreesOfFreedom = 10 }
            : new("accuracy of the sensor", Rectangular, InfraredView.AccuracyK(celsius), 1, "K", "MLX90614 rev. 13");
        return new UncertaintyBudget($"infrared at {celsius:0} C", celsius, "K",
        [
            sensor,
            new("emissivity of the patch", Rectangular, view.EmissivityHalfWidth, perEmissivity, "", "matt black tape or paint"),
            new("reflected surroundings", Rectangular, view.ReflectedHalfWidthK, perReflected, "K", "chamber's walls"),
            new("noise", Normal, 0.1, 1, "K", "one reading"),
            new("steps", Rectangular, 0.01, 1, "K", "0.02 K a count"),
        ]);
    }
}
