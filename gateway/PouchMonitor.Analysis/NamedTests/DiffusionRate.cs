namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Chemical diffusion by a current pulse into a plane electrode (Weppner and Huggins 1977): as long as t &lt;&lt; L^2/D the
/// voltage runs straight over the root of time, and D = 4/(pi t) L^2 (dE_s/dE_t)^2, where dE_s is the change of the voltage at
/// rest and dE_t that during the pulse without its jump.
/// </summary>
public static class DiffusionRate
{
    /// <summary>
    /// Largest t D/L^2 that is used: there the law of the infinite electrode is still within 0.4 % of the finite one's (its
    /// series at 0.25 gives 0.566 against 2 sqrt(0.25/pi) = 0.564; at 0.5 it is off by 4 %).
    /// </summary>
    public const double LargestDimensionlessTime = 0.25;

    /// <summary>D/L^2 in 1/s, L the diffusion length (half the thickness of an electrode, or a third of a particle's radius).</summary>
    /// <param name="steadyChangeV">Change of the voltage at rest by the whole pulse, V.</param>
    /// <param name="slopeVPerRootS">Slope of the voltage over the root of the time in the pulse, V/s^0.5, of the same sign.</param>
    /// <param name="pulseSeconds">Length of the pulse, s.</param>
    public static double PerSecond(double steadyChangeV, double slopeVPerRootS, double pulseSeconds)
    {
        double ratio = steadyChangeV / (slopeVPerRootS * pulseSeconds);
        return 4 / Math.PI * ratio * ratio;
    }

    /// <summary>D in cm2/s of a rate in 1/s and a diffusion length in micrometres.</summary>
    public static double Cm2PerSecond(double ratePerS, double lengthUm) => ratePerS * (lengthUm * 1e-4) * (lengthUm * 1e-4);
}
