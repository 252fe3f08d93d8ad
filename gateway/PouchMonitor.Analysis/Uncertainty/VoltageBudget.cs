using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>Uncertainty of a cell's voltage, V = code * step * (1 + g) + v0.</summary>
public static class VoltageBudget
{
    /// <summary>Budget of a mean of conversions, volts.</summary>
    /// <param name="board">Front end.</param>
    /// <param name="voltageV">Voltage of the cell.</param>
    /// <param name="conversions">Conversions in the mean; 1 for a single reading.</param>
    public static UncertaintyBudget Of(FrontEnd board, double voltageV, int conversions)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentOutOfRangeException.ThrowIfLessThan(conversions, 1);
        ConverterRange range = board.VoltageRange;
        double zeroK = CurrentErrors.ZeroTemperatureK(board.VoltageCalibration);
        double gainK = CurrentErrors.GainTemperatureK(board.VoltageCalibration);
        List<UncertaintyComponent> components =
        [
            CurrentErrors.ZeroOf(range, board.VoltageCalibration).With(1),
            new("drift of the zero", Rectangular, range.ZeroDriftVPerK * zeroK, 1, "V", $"0.005 steps/K over {zeroK:0} K"),
            new("leakage of the clamps", Rectangular, board.LeakageA * board.VoltageFilterOhms / 2, 1, "V", "BAV199 on one series resistor"),
            .. CurrentErrors.ConverterGain(range, board.VoltageFilterOhms, board.VoltageCalibration).Select(error => error.With(voltageV)),
            new("drift of the gain", Rectangular, range.GainDriftPerK * gainK, voltageV, "", $"40 ppm/K over {gainK:0} K"),
            CurrentErrors.NonLinearity(range, "").With(1),
            CurrentErrors.Noise(range, conversions, "").With(1),
            CurrentErrors.Steps(range, conversions, "").With(1),
        ];
        return new UncertaintyBudget($"voltage, {board.Name}", voltageV, "V", components);
    }
}
