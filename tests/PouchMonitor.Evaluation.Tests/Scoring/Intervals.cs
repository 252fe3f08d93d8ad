using MathNet.Numerics.Distributions;

namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>Exact two-sided 95 % intervals.</summary>
internal static class Intervals
{
    private const double Tail = 0.025;

    /// <summary>Share of successes, Clopper and Pearson, Biometrika 26, 404 (1934); 0 to 1 where nothing was tried.</summary>
    public static (double Low, double High) Share(int successes, int trials)
    {
        double low = successes == 0 ? 0 : Beta.InvCDF(successes, trials - successes + 1, Tail);
        double high = successes == trials ? 1 : Beta.InvCDF(successes + 1, trials - successes, 1 - Tail);
        return (low, high);
    }

    /// <summary>Rate of a Poisson count over an exposure, Garwood, Biometrika 28, 437 (1936).</summary>
    public static (double Low, double High) Rate(int count, double exposure)
    {
        double low = count == 0 ? 0 : 0.5 * ChiSquared.InvCDF(2 * count, Tail);
        double high = 0.5 * ChiSquared.InvCDF(2 * (count + 1), 1 - Tail);
        return exposure > 0 ? (low / exposure, high / exposure) : (0, double.PositiveInfinity);
    }

    /// <summary>
    /// Median by order statistics (Clopper-Pearson on the rank): the interval between two of the sorted values, NaN where
    /// there are none, and the whole range where they are too few for 95 %.
    /// </summary>
    public static (double Low, double Middle, double High) Median(IReadOnlyList<double> sorted)
    {
        int count = sorted.Count;
        if (count == 0)
        {
            return (double.NaN, double.NaN, double.NaN);
        }

        int below = 0;
        while (below < count / 2 && Binomial.CDF(0.5, count, below) <= Tail)
        {
            below++;
        }

        int rank = Math.Max(0, below - 1);
        double middle = 0.5 * (sorted[(count - 1) / 2] + sorted[count / 2]);
        return (sorted[rank], middle, sorted[count - 1 - rank]);
    }
}
