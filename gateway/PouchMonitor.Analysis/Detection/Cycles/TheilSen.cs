namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// The Theil-Sen line: the median of the slopes between all pairs of points, through the median of what is left. Up to
/// 29 % of the points may be anything without moving it far (Theil 1950, Sen 1968).
/// </summary>
internal static class TheilSen
{
    /// <summary>Fits y = intercept + slope x.</summary>
    /// <param name="x">Abscissas, at least two different ones.</param>
    /// <param name="y">As many ordinates.</param>
    /// <param name="scratch">Room for n (n - 1) / 2 slopes, and at least n values.</param>
    public static (double Intercept, double Slope) Fit(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> scratch)
    {
        double slope = Median(scratch[..Slopes(x, y, scratch)]);
        for (int i = 0; i < x.Length; i++)
        {
            scratch[i] = y[i] - (slope * x[i]);
        }

        return (Median(scratch[..x.Length]), slope);
    }

    /// <summary>Slopes between all pairs of points with different abscissas.</summary>
    /// <returns>Their number.</returns>
    public static int Slopes(ReadOnlySpan<double> x, ReadOnlySpan<double> y, Span<double> slopes)
    {
        int count = 0;
        for (int i = 1; i < x.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (x[i] != x[j])
                {
                    slopes[count++] = (y[i] - y[j]) / (x[i] - x[j]);
                }
            }
        }

        return count;
    }

    /// <summary>Median; sorts what it is given.</summary>
    public static double Median(Span<double> values)
    {
        values.Sort();
        int middle = values.Length / 2;
        return values.Length % 2 == 1 ? values[middle] : 0.5 * (values[middle - 1] + values[middle]);
    }
}
