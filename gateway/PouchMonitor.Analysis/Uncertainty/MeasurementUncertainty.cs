namespace PouchMonitor.Analysis.Uncertainty;

/// <summary>
/// How far the current of a channel can be believed, in the two figures that the named tests take; standard uncertainties
/// (k = 1). Cycles go by the whole budgets; the components behind the two figures: <see cref="EfficiencyBudget"/>.
/// </summary>
/// <param name="OffsetA">Of the zero of the current, A.</param>
/// <param name="GainRelative">Of the gain between two different currents (integral non-linearity, shunt heating), relative.</param>
public sealed record MeasurementUncertainty(double OffsetA, double GainRelative)
{
    /// <summary>
    /// Standard uncertainty of a coulombic efficiency. An offset adds to the charge and takes from the discharge, so its
    /// two parts add up: CE * offset * (t_charge / Q_charge + t_discharge / Q_discharge). A pure gain error cancels at
    /// equal currents; the rest of it counts with the relative difference of the mean currents.
    /// </summary>
    /// <param name="efficiency">The coulombic efficiency.</param>
    /// <param name="chargeC">Charge in, coulombs.</param>
    /// <param name="chargeSeconds">Time over which it went in.</param>
    /// <param name="dischargeC">Charge out, coulombs, a magnitude.</param>
    /// <param name="dischargeSeconds">Time over which it came out.</param>
    public double OfEfficiency(double efficiency, double chargeC, double chargeSeconds, double dischargeC, double dischargeSeconds)
    {
        double offset = OffsetA * OffsetSensitivity(1, chargeC, chargeSeconds, dischargeC, dischargeSeconds);
        double gain = GainRelative * GainSensitivity(1, chargeC, chargeSeconds, dischargeC, dischargeSeconds);
        return efficiency * Math.Sqrt((offset * offset) + (gain * gain));
    }

    /// <summary>Change of a coulombic efficiency by an offset of the current, CE (t_charge / Q_charge + t_discharge / Q_discharge), 1/A.</summary>
    public static double OffsetSensitivity(double efficiency, double chargeC, double chargeSeconds, double dischargeC, double dischargeSeconds) =>
        efficiency * ((chargeSeconds / chargeC) + (dischargeSeconds / dischargeC));

    /// <summary>Change of a coulombic efficiency by a gain that differs between its two currents, CE |I_c - I_d| / max(I_c, I_d).</summary>
    public static double GainSensitivity(double efficiency, double chargeC, double chargeSeconds, double dischargeC, double dischargeSeconds)
    {
        double chargeA = chargeC / chargeSeconds;
        double dischargeA = dischargeC / dischargeSeconds;
        return efficiency * (Math.Abs(chargeA - dischargeA) / Math.Max(chargeA, dischargeA));
    }
}
