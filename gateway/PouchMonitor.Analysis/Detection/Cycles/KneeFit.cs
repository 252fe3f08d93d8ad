namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>A knee in a fade.</summary>
/// <param name="Cycle">Where the two lines meet.</param>
/// <param name="LowCycle">Earliest place that the data allow at 95 %.</param>
/// <param name="HighCycle">Latest one.</param>
/// <param name="SlopeBefore">Change a cycle before it.</param>
/// <param name="SlopeAfter">Change a cycle since.</param>
/// <param name="Ratio">Variance that the bend explains over that which is left, with its degrees of freedom (F).</param>
internal readonly record struct Knee(
    double Cycle, double LowCycle, double HighCycle, double SlopeBefore, double SlopeAfter, double Ratio);

/// <summary>
/// Two straight lines that meet: the sharp limit of the Bacon-Watts model (Biometrika 58, 525 (1971)), as Fermin-Cueto et
/// al. use it for knees (Energy and AI 1, 100006 (2020)). For each place of the bend the two slopes are a linear least
/// squares; the best place is the one that leaves least.
/// </summary>
internal static class KneeFit
{
    /// <summary>Least points before the bend.</summary>
    public const int LeastBefore = 8;

    /// <summary>Least points since it.</summary>
    public const int LeastSince = 5;

    /// <summary>97.5 % point of F with 1 and many degrees of freedom, for the interval of the place.</summary>
    private const double IntervalRatio = 5.02;

    /// <summary>Fits y over x.</summary>
    /// <param name="x">Cycles, rising.</param>
    /// <param name="y">As many retentions.</param>
    /// <param name="left">Room for as many sums of squares.</param>
    /// <returns>Null where there are too few points.</returns>
    public static Knee? Of(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> left)
    {
        int count = x.Length;
        if (count <= LeastBefore + LeastSince)
        {
            return null;
        }

        int best = -1;
        Lines lines = default;
        for (int at = LeastBefore; at < count - LeastSince; at++)
        {
            Lines fit = Lines.Through(x, y, x[at]);
            left[at] = fit.LeftOver;
            if (best < 0 || fit.LeftOver < left[best])
            {
                best = at;
                lines = fit;
            }
        }

        double straight = Lines.Through(x, y, x[count - 1]).LeftOver;
        double variance = Math.Max(left[best] / (count - 4), 1e-12);
        int low = best;
        int high = best;
        for (int at = LeastBefore; at < count - LeastSince; at++)
        {
            if (left[at] <= left[best] + (IntervalRatio * variance))
            {
                low = Math.Min(low, at);
                high = Math.Max(high, at);
            }
        }

        return new Knee(x[best], x[low], x[high], lines.Before, lines.Before + lines.Bend, (straight - left[best]) / 2 / variance);
    }

    /// <summary>y = level + before (x - knee) + bend max(0, x - knee), by the normal equations.</summary>
    private readonly record struct Lines(double Before, double Bend, double LeftOver)
    {
        public static Lines Through(ReadOnlySpan<double> x, ReadOnlySpan<double> y, double knee)
        {
            double n = x.Length;
            double su = 0, sw = 0, sy = 0, suu = 0, suw = 0, sww = 0, suy = 0, swy = 0, syy = 0;
            for (int i = 0; i < x.Length; i++)
            {
                double u = x[i] - knee;
                double w = Math.Max(0, u);
                su += u;
                sw += w;
                sy += y[i];
                suu += u * u;
                suw += u * w;
                sww += w * w;
                suy += u * y[i];
                swy += w * y[i];
                syy += y[i] * y[i];
            }

            suu -= su * su / n;
            suw -= su * sw / n;
            sww -= sw * sw / n;
            suy -= su * sy / n;
            swy -= sw * sy / n;
            syy -= sy * sy / n;
            double determinant = (suu * sww) - (suw * suw);
            bool bends = determinant > 1e-9 * suu * sww;
            double bend = bends ? ((suu * swy) - (suw * suy)) / determinant : 0;
            double before = (suy - (bend * suw)) / suu;
            return new Lines(before, bend, Math.Max(0, syy - (before * suy) - (bend * swy)));
        }
    }
}
