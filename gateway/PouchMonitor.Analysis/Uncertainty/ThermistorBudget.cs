using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>A thermistor below a resistor, both read against the divider's own supply; values of hardware/bom.csv.</summary>
public sealed record ThermistorDivider
{
    private const double ZeroCelsiusKelvin = 273.15;
    private const double RoomKelvin = 298.15;

    /// <summary>Resistance at 25 C (TDK B57861S0103F040), ohms.</summary>
    public double OhmsAt25C { get; init; } = 10e3;

    /// <summary>Beta, kelvin.</summary>
    public double BetaK { get; init; } = 3988;

    /// <summary>Tolerance of the resistance at 25 C.</summary>
    public double ToleranceRelative { get; init; } = 0.01;

    /// <summary>Tolerance of beta.</summary>
    public double BetaToleranceRelative { get; init; } = 0.003;

    /// <summary>Resistor between supply and thermistor, ohms.</summary>
    public double SeriesOhms { get; init; } = 10e3;

    /// <summary>Tolerance of that, drift of 25 ppm/K over 20 K included.</summary>
    public double SeriesToleranceRelative { get; init; } = 0.0015;

    /// <summary>Resistor of the filter before each input, ohms.</summary>
    public double FilterOhms { get; init; } = 1e3;

    /// <summary>Supply of the divider, volts.</summary>
    public double SupplyV { get; init; } = 2.5;

    /// <summary>Dissipation of the bare bead in still air (B57861S, 1.5 mW/K); taped to a pouch it is more. W/K.</summary>
    public double DissipationWPerK { get; init; } = 1.5e-3;

    /// <summary>Share of the pouch's rise above ambient that the taped bead may miss.</summary>
    public double ContactShare { get; init; } = 0.02;

    /// <summary>Ambient, C.</summary>
    public double AmbientC { get; init; } = 25;

    public ConverterRange Range { get; init; } = ConverterRange.Fs4096;

    /// <summary>Standard uncertainty of the reference and the readings of a two- or three-point calibration, kelvin; null as bought.</summary>
    public double? CalibrationStandardK { get; init; }

    /// <summary>Resistance at a temperature, R25 exp(B (1/T - 1/T25)), ohms.</summary>
    public double Ohms(double celsius) => OhmsAt25C * Math.Exp(BetaK * ((1 / (celsius + ZeroCelsiusKelvin)) - (1 / RoomKelvin)));

    /// <summary>
    /// Share of the ratio that the converter's input takes: the divider's and the filter's resistance over the single-ended
    /// impedance, less what the filter loses of the supply.
    /// </summary>
    public double Loading(double celsius)
    {
        double ohms = Ohms(celsius);
        return ohms * SeriesOhms / (ohms + SeriesOhms) / Range.SingleEndedOhms;
    }

    /// <summary>Rise by its own current, V^2 R / (R + Rs)^2 / dissipation, kelvin.</summary>
    public double SelfHeatingK(double celsius)
    {
        double ohms = Ohms(celsius);
        double current = SupplyV / (ohms + SeriesOhms);
        return current * current * ohms / DissipationWPerK;
    }
}

/// <summary>Uncertainty of a thermistor's temperature, 1/T = 1/T25 + ln(R/R25)/B with R = Rs x / (1 - x), x the ratio of two codes.</summary>
public static class ThermistorBudget
{
    private const double ZeroCelsiusKelvin = 273.15;
    private const double RoomKelvin = 298.15;

    // What a beta equation leaves between points of calibration 40 K apart, kelvin.
    private const double InterpolationK = 0.1;

    /// <summary>Budget at a temperature, kelvin.</summary>
    /// <param name="divider">Thermistor and resistor.</param>
    /// <param name="celsius">Temperature of the pouch.</param>
    public static UncertaintyBudget Of(ThermistorDivider divider, double celsius)
    {
        ArgumentNullException.ThrowIfNull(divider);
        double kelvin = celsius + ZeroCelsiusKelvin;
        double perLogOhm = kelvin * kelvin / divider.BetaK;
        double ohms = divider.Ohms(celsius);
        double ratio = ohms / (ohms + divider.SeriesOhms);
        double perRatio = perLogOhm / (ratio * (1 - ratio));
        double perDividerVolt = perRatio / divider.SupplyV;
        double perSupplyVolt = perDividerVolt * ratio;
        List<UncertaintyComponent> components =
        [
            .. Curve(divider, kelvin, perLogOhm),
            new("non-linearity, divider", Rectangular, divider.Range.NonLinearityV, perDividerVolt, "V", "SBAS444E 5.5, 1 step"),
            new("non-linearity, supply", Rectangular, divider.Range.NonLinearityV, perSupplyVolt, "V", "SBAS444E 5.5, 1 step"),
            new("zero of the converter", Rectangular, divider.Range.ZeroV, perDividerVolt * (1 - ratio), "V", "3 steps, the same on divider and supply"),
            new("noise", Normal, divider.Range.NoiseV, perDividerVolt * Math.Sqrt(1 + (ratio * ratio)), "V", "SBAS444E 6.1, both conversions"),
            new("steps", Rectangular, divider.Range.LsbV / 2, perDividerVolt * Math.Sqrt(1 + (ratio * ratio)), "V", "half a step, both conversions"),
            Loading(divider, celsius, perRatio * ratio),
            new("own heat", Rectangular, divider.SelfHeatingK(celsius), 1, "K", "bare bead, still air, not corrected"),
            new("contact with the pouch", Rectangular, divider.ContactShare, celsius - divider.AmbientC, "", "2 % of the rise above ambient"),
        ];
        return new UncertaintyBudget($"thermistor at {celsius:0} C", celsius, "K", components);
    }

    private static UncertaintyComponent Loading(ThermistorDivider divider, double celsius, double perRelativeRatio)
    {
        double left = divider.CalibrationStandardK is null ? 1 : divider.Range.ImpedanceChangeRelative;
        return new("loading of the divider", Rectangular, divider.Loading(celsius) * left, perRelativeRatio, "", "SBAS444E 7.3.2, 5.5");
    }

    private static IEnumerable<UncertaintyComponent> Curve(ThermistorDivider divider, double kelvin, double perLogOhm)
    {
        if (divider.CalibrationStandardK is { } standardK)
        {
            yield return new("calibration, reference and readings", Normal, standardK, 1, "K", "calibration record") { DegreesOfFreedom = 10 };
            yield return new("between the points of calibration", Rectangular, InterpolationK, 1, "K", "beta equation, points 40 K apart");
            yield break;
        }

        yield return new("resistance at 25 C", Rectangular, divider.ToleranceRelative, perLogOhm, "", "B57861S0103F040, 1 %");
        yield return new(
            "beta", Rectangular, divider.BetaToleranceRelative, Math.Abs(kelvin * ((kelvin / RoomKelvin) - 1)), "", "B57861S0103F040, 0.3 %");
        yield return new("series resistor", Rectangular, divider.SeriesToleranceRelative, perLogOhm, "", "0.1 %, 25 ppm/K over 20 K");
    }
}
