namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>
/// Single points far from all others, which shall not press a plot flat. Far is beyond the quartiles by four times their
/// distance (Tukey's fences, wider). Two in a row are a course and no accident, and so may be the last point.
/// </summary>
internal static class LonelyPoints
{
    private const double Reach = 4;
    private const int LeastPoints = 8;

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
        return values.Where((_, at) => at == values.Length - 1 || !IsFar(at) || (at > 0 && IsFar(at - 1)) || IsFar(at + 1));
    }
}
