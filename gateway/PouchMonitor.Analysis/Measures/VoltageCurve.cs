namespace PouchMonitor.Analysis.Measures;

/// <summary>Voltage over the charge that passed in one half cycle, thinned for a plot; both lists are of one length.</summary>
/// <param name="ChargeAh">Charge since the beginning of the half, a magnitude, rising.</param>
/// <param name="VoltageV">Voltage at that charge.</param>
public sealed record VoltageCurve(IReadOnlyList<double> ChargeAh, IReadOnlyList<double> VoltageV);
