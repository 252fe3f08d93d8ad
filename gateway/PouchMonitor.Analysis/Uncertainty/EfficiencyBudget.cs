using static PouchMonitor.Analysis.Uncertainty.UncertaintyDistribution;

namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// Uncertainty of a coulombic efficiency, CE = Q_discharge / Q_charge, of one cycle at constant currents. A zero v0 adds to
/// the charge and takes from the discharge, so its parts add up (<see cref="MeasurementUncertainty.OffsetSensitivity"/>); a
/// gain that is the same at both currents cancels whatever the currents; what differs between the two currents (the
/// straight line, the shunt's heat) or between the two half cycles (drift) stays.
/// </summary>
public static class EfficiencyBudget
{
    /// <summary>Budget of the efficiency, a ratio.</summary>
    public static UncertaintyBudget Of(FrontEnd board, CycleProtocol protocol)
    {
        ArgumentNullException.ThrowIfNull(board);
        ArgumentNullException.ThrowIfNull(protocol);
        double efficiency = protocol.Efficiency;
        double perVolt = OffsetPerAmpere(protocol) / board.ShuntOhms;
        double chargePerVolt = efficiency / protocol.ChargeA / board.ShuntOhms;
        double dischargePerVolt = efficiency / protocol.DischargeA / board.ShuntOhms;
        double chargeRiseK = CurrentErrors.ShuntRiseK(board, protocol.ChargeA);
        double dischargeRiseK = CurrentErrors.ShuntRiseK(board, protocol.DischargeA);
        double halfK = board.HalfCycleTemperatureK;
        ConverterRange range = board.CurrentRange;
        double chargeConversions = Math.Max(1, protocol.ChargeSeconds / board.SampleSeconds);
        double dischargeConversions = Math.Max(1, protocol.DischargeSeconds / board.SampleSeconds);
        List<UncertaintyComponent> components =
        [
            .. CurrentErrors.Zero(board).Select(error => error.With(perVolt)),
            CurrentErrors.ContactShare(board).With(board.ThermalEmfVPerK * ((chargeRiseK * chargePerVolt) + (dischargeRiseK * dischargePerVolt))),
            CurrentErrors.NonLinearity(range, ", charge").With(chargePerVolt),
            CurrentErrors.NonLinearity(range, ", discharge").With(dischargePerVolt),
            .. CurrentErrors.CommonGain(board).Select(error => error.With(0)),
            new("drift of the gain between the halves", Rectangular, range.GainDriftPerK * halfK, efficiency, "", $"40 ppm/K over {halfK:0} K"),
            new("shunt, ambient between the halves", Rectangular, board.ShuntTemperatureCoefficientPerK * halfK, efficiency, "", $"30 ppm/K over {halfK:0} K"),
            CurrentErrors.ShuntSelfHeating(board).With(efficiency * (dischargeRiseK - chargeRiseK)),
            CurrentErrors.Noise(range, chargeConversions, ", charge").With(chargePerVolt),
            CurrentErrors.Noise(range, dischargeConversions, ", discharge").With(dischargePerVolt),
            CurrentErrors.Steps(range, chargeConversions, ", charge").With(chargePerVolt),
            CurrentErrors.Steps(range, dischargeConversions, ", discharge").With(dischargePerVolt),
            new("clock between the halves", Rectangular, board.ClockChangeRelative, efficiency, "", "crystal over the chamber's movement"),
            new("edges of the charge", Triangular, board.SampleSeconds, efficiency / protocol.ChargeSeconds, "s", "half a sampling interval at each end"),
            new("edges of the discharge", Triangular, board.SampleSeconds, efficiency / protocol.DischargeSeconds, "s", "half a sampling interval at each end"),
        ];
        return new UncertaintyBudget($"coulombic efficiency, {board.Name}, {protocol.Name}", efficiency, "", components);
    }

    /// <summary>
    /// The budget in the two figures that the named tests take: its combined uncertainty is given back exactly for this protocol
    /// by <see cref="MeasurementUncertainty.OfEfficiency"/>. The shunt's heat becomes the gain between different currents, all
    /// else the zero.
    /// </summary>
    public static MeasurementUncertainty InTwoFigures(FrontEnd board, CycleProtocol protocol)
    {
        UncertaintyBudget budget = Of(board, protocol);
        double heat = 0;
        double rest = 0;
        foreach (UncertaintyComponent component in budget.Components)
        {
            bool isHeat = component.Name == CurrentErrors.ShuntHeat;
            heat += isHeat ? component.Contribution * component.Contribution : 0;
            rest += isHeat ? 0 : component.Contribution * component.Contribution;
        }

        double perGain = MeasurementUncertainty.GainSensitivity(
            protocol.Efficiency, protocol.ChargeC, protocol.ChargeSeconds, protocol.DischargeC, protocol.DischargeSeconds);
        return new MeasurementUncertainty(Math.Sqrt(rest) / OffsetPerAmpere(protocol), perGain == 0 ? 0 : Math.Sqrt(heat) / perGain);
    }

    private static double OffsetPerAmpere(CycleProtocol protocol) => MeasurementUncertainty.OffsetSensitivity(
        protocol.Efficiency, protocol.ChargeC, protocol.ChargeSeconds, protocol.DischargeC, protocol.DischargeSeconds);
}
