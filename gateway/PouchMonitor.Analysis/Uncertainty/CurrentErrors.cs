using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>One error of the current before it is known what it does to a result: half-width in volts over the shunt, or relative.</summary>
internal sealed record InputError(string Name, UncertaintyDistribution Distribution, double HalfWidth, string Unit, string Source)
{
    public double DegreesOfFreedom { get; init; } = double.PositiveInfinity;

    public bool IsSameInEveryCycle { get; init; }

    public UncertaintyComponent With(double sensitivity) => new(Name, Distribution, HalfWidth, sensitivity, Unit, Source)
    {
        DegreesOfFreedom = DegreesOfFreedom,
        IsSameInEveryCycle = IsSameInEveryCycle,
    };
}

/// <summary>
/// What the budgets of voltage, current and what follows from them have in common: each error of an input is written down here
/// once, and each budget only says how its result depends on it.
/// </summary>
internal static class CurrentErrors
{
    /// <summary>Departure of the board's temperature from 25 C where nothing was calibrated, kelvin.</summary>
    public const double UncalibratedTemperatureK = 20;

    /// <summary>Name of the one error that grows with the difference of two currents.</summary>
    public const string ShuntHeat = "shunt, own heat";

    /// <summary>Adds to the reading whatever the current; volts over the shunt.</summary>
    public static IEnumerable<InputError> Zero(FrontEnd board)
    {
        ConverterRange range = board.CurrentRange;
        double temperatureK = ZeroTemperatureK(board.CurrentCalibration);
        yield return ZeroOf(range, board.CurrentCalibration);
        yield return new("drift of the zero", Rectangular, range.ZeroDriftVPerK * temperatureK, "V", $"0.005 steps/K over {temperatureK:0} K");
        yield return new("thermal EMF, draughts", Rectangular, board.ThermalEmfVPerK * board.ContactDifferenceK, "V", "manganin-copper over the contacts");
        yield return new("leakage of the clamps", Rectangular, board.LeakageA * board.CurrentFilterOhms / 2, "V", "BAV199 on one series resistor");
    }

    /// <summary>Zero of a converter, as bought or as the calibration leaves it; volts.</summary>
    public static InputError ZeroOf(ConverterRange range, InputCalibration? calibration) => calibration?.ZeroConversions is { } conversions
        ? new("zero, residual of calibration", Normal, range.NoiseV / Math.Sqrt(conversions), "V", $"mean of {conversions} conversions")
        {
            IsSameInEveryCycle = true,
            DegreesOfFreedom = conversions - 1,
        }
        : new("zero as bought", Rectangular, range.ZeroV, "V", "SBAS444E 5.5, 3 steps of +-2.048 V") { IsSameInEveryCycle = true };

    /// <summary>Gain that is the same at any current; relative.</summary>
    public static IEnumerable<InputError> CommonGain(FrontEnd board)
    {
        if (board.CurrentCalibration?.GainStandardRelative is null)
        {
            yield return new("tolerance of the shunt", Rectangular, board.ShuntToleranceRelative, "", "PBV, 0.5 %") { IsSameInEveryCycle = true };
        }

        foreach (InputError error in ConverterGain(board.CurrentRange, board.CurrentFilterOhms, board.CurrentCalibration))
        {
            yield return error;
        }
    }

    /// <summary>Gain of a converter behind its filter, as bought or as the calibration leaves it; relative.</summary>
    public static IEnumerable<InputError> ConverterGain(ConverterRange range, double filterOhms, InputCalibration? calibration)
    {
        double loading = range.Loading(filterOhms);
        if (calibration?.GainStandardRelative is not { } standard)
        {
            yield return new("gain of the converter", Rectangular, range.GainRelative, "", "SBAS444E 5.5, at most 0.15 %") { IsSameInEveryCycle = true };
            yield return new("loading of the filter", Rectangular, loading, "", "SBAS444E 7.3.2, not corrected") { IsSameInEveryCycle = true };
        }
        else
        {
            yield return new("gain, reference and readings", Normal, standard, "", "calibration record")
            {
                DegreesOfFreedom = calibration.GainDegreesOfFreedom,
                IsSameInEveryCycle = true,
            };
            yield return new("loading of the filter, change", Rectangular, loading * range.ImpedanceChangeRelative, "", "10 % of the loading")
            {
                IsSameInEveryCycle = true,
            };
        }
    }

    /// <summary>Departure from the straight line at one place of the scale; volts.</summary>
    public static InputError NonLinearity(ConverterRange range, string where) =>
        new($"non-linearity{where}", Rectangular, range.NonLinearityV, "V", "SBAS444E 5.5, 1 step") { IsSameInEveryCycle = true };

    /// <summary>Noise of the mean of conversions; volts.</summary>
    public static InputError Noise(ConverterRange range, double conversions, string where) =>
        new($"noise{where}", Normal, range.NoiseV / Math.Sqrt(conversions), "V", $"SBAS444E 6.1, {conversions:0} conversions")
        {
            DegreesOfFreedom = Math.Max(1, conversions - 1),
        };

    /// <summary>Steps of the converter: half a step on one conversion, what dither leaves of it on a mean; volts.</summary>
    public static InputError Steps(ConverterRange range, double conversions, string where) => conversions <= 1
        ? new($"steps{where}", Rectangular, range.LsbV / 2, "V", "half a step")
        : new($"steps{where}", ArcSine, range.DitheredStepV(range.NoiseV), "V", "half a step, dithered by the noise");

    /// <summary>Temperature coefficient of the shunt; 1/K.</summary>
    public static InputError ShuntSelfHeating(FrontEnd board) =>
        new(ShuntHeat, Rectangular, board.ShuntTemperatureCoefficientPerK, "1/K", "PBV, 30 ppm/K") { IsSameInEveryCycle = true };

    /// <summary>Share of the shunt's rise that lies between its sense contacts.</summary>
    public static InputError ContactShare(FrontEnd board) =>
        new("thermal EMF, shunt's own heat", Rectangular, board.ContactShareOfRise, "", "share of the rise between the contacts") { IsSameInEveryCycle = true };

    /// <summary>Rise of the shunt above ambient at a current, kelvin.</summary>
    public static double ShuntRiseK(FrontEnd board, double currentA) =>
        board.ShuntThermalResistanceKPerW * currentA * currentA * board.ShuntOhms;

    /// <summary>How far the board's temperature may be from that at which the zero holds, kelvin.</summary>
    public static double ZeroTemperatureK(InputCalibration? calibration) =>
        calibration?.ZeroConversions is null ? UncalibratedTemperatureK : calibration.TemperatureK;

    /// <summary>How far the board's temperature may be from that at which the gain holds, kelvin.</summary>
    public static double GainTemperatureK(InputCalibration? calibration) =>
        calibration?.GainStandardRelative is null ? UncalibratedTemperatureK : calibration.TemperatureK;
}
