namespace PouchMonitor.Simulation;

/// <summary>
/// Heat in a pouch as two nodes: the stack, where it is made, and the surface, which the sensors touch and which alone loses
/// heat to the chamber.
/// <code>
/// C_core dT_core/dt       = P - G (T_core - T_surface)
/// C_surface dT_surface/dt = G (T_core - T_surface) - h (T_surface - T_ambient)
/// </code>
/// Linear while P is constant, so a step is exact for any length (the matrix exponential by its two real eigenvalues).
/// </summary>
public static class TwoNodeHeat
{
    /// <summary>
    /// Both temperatures, degrees Celsius, after <paramref name="stepS"/> seconds with <paramref name="heatW"/> made in the
    /// core.
    /// </summary>
    public static (double CoreC, double SurfaceC) Advance(
        EmulatedCellProfile profile, double coreC, double surfaceC, double heatW, double ambientC, double stepS)
    {
        ArgumentNullException.ThrowIfNull(profile);
        double conductance = profile.CoreConductanceWPerK;
        double loss = profile.HeatLossWPerK;
        double coreJPerK = profile.HeatCapacityJPerK * (1 - profile.SurfaceHeatShare);
        double surfaceJPerK = profile.HeatCapacityJPerK * profile.SurfaceHeatShare;
        double a = -conductance / coreJPerK;
        double b = -a;
        double c = conductance / surfaceJPerK;
        double d = -(conductance + loss) / surfaceJPerK;
        double half = (a + d) / 2;
        double spread = Math.Sqrt((((a - d) / 2) * ((a - d) / 2)) + (b * c));
        double slow = half + spread;
        double fast = half - spread;
        double slowKept = Math.Exp(slow * stepS);
        double fastKept = Math.Exp(fast * stepS);

        double settledSurfaceC = ambientC + (heatW / loss);
        double settledCoreC = settledSurfaceC + (heatW / conductance);
        double core = coreC - settledCoreC;
        double surface = surfaceC - settledSurfaceC;

        // e^(At) = (e^(slow t) (A - fast I) - e^(fast t) (A - slow I)) / (slow - fast)
        double scale = 1 / (slow - fast);
        double keptCore = scale
            * (((((a - fast) * slowKept) - ((a - slow) * fastKept)) * core) + (b * (slowKept - fastKept) * surface));
        double keptSurface = scale
            * ((c * (slowKept - fastKept) * core) + ((((d - fast) * slowKept) - ((d - slow) * fastKept)) * surface));
        return (settledCoreC + keptCore, settledSurfaceC + keptSurface);
    }
}
