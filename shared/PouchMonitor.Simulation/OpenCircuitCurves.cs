namespace PouchMonitor.Simulation;

/// <summary>
/// Shapes of cathodes against lithium metal, drawn after their textbook form: NCM with flatter stretches near 3.7, 4.0 and
/// 4.2 V (its dQ/dV peaks), LFP with one plateau at 3.42 V, LCO with its long step at 3.9 V. Shapes, not fits: no test may
/// take a figure from them.
/// </summary>
public static class OpenCircuitCurves
{
    private static readonly (double X, double Y)[] NickelRich =
    [
        (0, 0), (0.005, 0.20), (0.015, 0.355), (0.03, 0.43), (0.06, 0.475), (0.10, 0.505), (0.20, 0.542), (0.30, 0.578),
        (0.40, 0.625), (0.50, 0.688), (0.60, 0.752), (0.68, 0.800), (0.74, 0.829), (0.80, 0.866), (0.86, 0.910),
        (0.92, 0.934), (0.96, 0.955), (1, 1),
    ];

    /// <summary>Nickel-rich NCM between the two voltages of its window.</summary>
    public static OpenCircuitCurve Ncm(double emptyVolts, double fullVolts) => Scaled(NickelRich, emptyVolts, fullVolts);

    /// <summary>Lithium iron phosphate, 2.5 to about 3.65 V.</summary>
    public static OpenCircuitCurve Lfp() => OpenCircuitCurve.FromPoints(
        (0, 2.50), (0.01, 2.95), (0.03, 3.22), (0.06, 3.36), (0.10, 3.405), (0.50, 3.425), (0.90, 3.440), (0.95, 3.455),
        (0.98, 3.50), (1, 3.65));

    /// <summary>Lithium iron phosphate, 2.4 V to where its steep end meets the upper limit of a window.</summary>
    public static OpenCircuitCurve Lfp(double fullVolts) => OpenCircuitCurve.FromPoints(
        (0, 2.40), (0.01, 2.95), (0.03, 3.22), (0.06, 3.36), (0.10, 3.405), (0.50, 3.425), (0.90, 3.440), (0.95, 3.455),
        (0.985, 3.50), (1, fullVolts));

    /// <summary>Lithium cobalt oxide between the two voltages of its window.</summary>
    public static OpenCircuitCurve Lco(double emptyVolts, double fullVolts) => Scaled(
        [
            (0, 0), (0.01, 0.35), (0.03, 0.52), (0.06, 0.58), (0.10, 0.605), (0.30, 0.625), (0.50, 0.655), (0.65, 0.71),
            (0.80, 0.80), (0.90, 0.88), (1, 1),
        ],
        emptyVolts,
        fullVolts);

    private static OpenCircuitCurve Scaled((double X, double Y)[] shape, double emptyVolts, double fullVolts) =>
        OpenCircuitCurve.FromPoints(Array.ConvertAll(shape, p => (p.X, emptyVolts + (p.Y * (fullVolts - emptyVolts)))));
}
