namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>
/// Single points far from all others, which shall not press a plot flat. Far is beyond the quartiles by four times their
/// distance (Tukey's fences, wider). Two in a row are a course and no accident, and so may be the last point.
/// </summary>
internal static class LonelyPoints
{
    private const double Reach = 4;
    private const int LeastPoints = 8;

    /// <summary>Points stay where leaving them out would not stretch the others by more than this.</summary>
    private const double LeastGain = 5;

    /// <summary>The finite values that set the scale.</summary>
    public static IEnumerable<double> Without(IReadOnlyList<PlotPoint> points)
    {
        double[] values = [.. points.Select(point => point.Y).Where(double.IsFinite)];
        if (values.Length < LeastPoints)
        {
            return values;
        }

        double[] sorted = [.. values.Order()];
        double low = sorted[sorted.Length / 4];
        double high = sorted[3 * sorted.Length / 4];
        double reach = Reach * (high - low);
        bool IsFar(int at) => values[at] < low - reach || values[at] > high + reach;
        double[] kept = [.. values.Where((_, at) => at == values.Length - 1 || !IsFar(at) || (at > 0 && IsFar(at - 1)) || IsFar(at + 1))];
        return sorted[^1] - sorted[0] > LeastGain * (kept.Max() - kept.Min()) ? kept : values;
    }
}
