using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// Uncertainty of a mean-voltage gap, dV = E_charge / Q_charge - E_discharge / Q_discharge, of one cycle at constant currents.
/// Both means come from one converter: its zero and the leakage of its clamps cancel, a gain counts with the gap alone; the
/// straight line at either voltage and the drift between the halves stay. The current only weighs the voltages: its gain
/// cancels from E / Q, and at constant current so does its zero. Where the voltage is held, a zero i0 shifts the mean by i0 / I
/// of the difference between the mean over time and the mean over charge. That is of second order and not in the budget: with
/// an hour's decay after 0.2 A it is half as large as all else on a board as bought, and a thirtieth on a calibrated one.
/// </summary>
public static class PolarizationBudget
{
    /// <summary>Budget of the gap, volts.</summary>
    /// <param name="board">Front end.</param>
    /// <param name="chargeV">Mean voltage of the charge.</param>
    /// <param name="chargeSeconds">How long it took.</param>
    /// <param name="dischargeV">Mean voltage of the discharge.</param>
    /// <param name="dischargeSeconds">How long it took.</param>
    public static UncertaintyBudget Of(FrontEnd board, double chargeV, double chargeSeconds, double dischargeV, double dischargeSeconds)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(chargeSeconds);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(dischargeSeconds);
        double gapV = chargeV - dischargeV;
        ConverterRange range = board.VoltageRange;
        double halfK = board.HalfCycleTemperatureK;
        double gainK = CurrentErrors.GainTemperatureK(board.VoltageCalibration);
        double chargeConversions = Math.Max(1, chargeSeconds / board.SampleSeconds);
        double dischargeConversions = Math.Max(1, dischargeSeconds / board.SampleSeconds);
        List<UncertaintyComponent> components =
        [
            CurrentErrors.ZeroOf(range, board.VoltageCalibration).With(0),
            new("drift of the zero between the halves", Rectangular, range.ZeroDriftVPerK * halfK, 1, "V", $"0.005 steps/K over {halfK:0} K"),
            .. CurrentErrors.ConverterGain(range, board.VoltageFilterOhms, board.VoltageCalibration).Select(error => error.With(gapV)),
            new("drift of the gain", Rectangular, range.GainDriftPerK * gainK, gapV, "", $"40 ppm/K over {gainK:0} K"),
            new("drift of the gain between the halves", Rectangular, range.GainDriftPerK * halfK, dischargeV, "", $"40 ppm/K over {halfK:0} K"),
            CurrentErrors.NonLinearity(range, ", charge").With(1),
            CurrentErrors.NonLinearity(range, ", discharge").With(1),
            CurrentErrors.Noise(range, chargeConversions, ", charge").With(1),
            CurrentErrors.Noise(range, dischargeConversions, ", discharge").With(1),
            CurrentErrors.Steps(range, chargeConversions, ", charge").With(1),
            CurrentErrors.Steps(range, dischargeConversions, ", discharge").With(1),
        ];
        return new UncertaintyBudget($"mean-voltage gap, {board.Name}", gapV, "V", components);
    }
}
