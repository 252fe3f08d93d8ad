namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Where the trend of the capacity crosses the end of life: cycle, and its 95 % interval from the interval of the slope.
/// An infinite upper end says that the capacity may not fall at all.
/// </summary>
/// <param name="Cycle">Cycle of the crossing by the Theil-Sen line.</param>
/// <param name="LowCycle">Earliest, by the steepest slope of the interval.</param>
/// <param name="HighCycle">Latest, by the flattest slope; infinite where that does not fall.</param>
public readonly record struct EndOfLifeProjection(double Cycle, double LowCycle, double HighCycle)
{
    // Normal quantile of 95 % on both sides.
    private const double Quantile = 1.96;

    /// <summary>
    /// Theil-Sen line through retentions over cycles, and the rank interval of its slope from the variance of Kendall's
    /// score, n (n - 1) (2 n + 5) / 18 (Sen 1968; Gilbert, Statistical Methods for Environmental Pollution Monitoring,
    /// 1987, section 16.5). The crossings of the interval's slopes are taken through the median point. Consecutive cycles
    /// are taken as independent, so that a slow wave of the capacity is wider than the interval says.
    /// </summary>
    /// <param name="cycles">Cycles, rising.</param>
    /// <param name="retentions">Capacity over the reference's, as many.</param>
    /// <param name="line">Their Theil-Sen line.</param>
    /// <param name="endOfLifeRetention">Retention at which life ends.</param>
    /// <param name="scratch">Room for n (n - 1) / 2 values, at least n.</param>
    /// <returns>Null where the line does not fall, or there are fewer than 3 points.</returns>
    public static EndOfLifeProjection? Of(
        ReadOnlySpan<double> cycles, ReadOnlySpan<double> retentions, (double Intercept, double Slope) line,
        double endOfLifeRetention, Span<double> scratch)
    {
        int n = cycles.Length;
        (double intercept, double slope) = line;
        if (n < 3 || slope >= 0)
        {
            return null;
        }

        int pairs = TheilSen.Slopes(cycles, retentions, scratch);
        Span<double> slopes = scratch[..pairs];
        slopes.Sort();
        double reach = Quantile * Math.Sqrt(n * (n - 1.0) * ((2 * n) + 5) / 18);
        // Counted from 1, the limits are the M1-th and the (M2 + 1)-th slope; a rank between two takes the outer one.
        double steepest = slopes[Math.Max((int)Math.Floor((pairs - reach) / 2) - 1, 0)];
        double flattest = slopes[Math.Min((int)Math.Ceiling((pairs + reach) / 2), pairs - 1)];
        double middle = (cycles[(n - 1) / 2] + cycles[n / 2]) / 2;
        double there = intercept + (slope * middle);
        return new EndOfLifeProjection(
            (endOfLifeRetention - intercept) / slope,
            middle + ((endOfLifeRetention - there) / steepest),
            flattest < 0 ? middle + ((endOfLifeRetention - there) / flattest) : double.PositiveInfinity);
    }
}
