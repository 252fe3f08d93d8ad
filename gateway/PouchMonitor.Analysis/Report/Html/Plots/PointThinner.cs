namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>Thins points to what a plot can show, keeping the lowest and the highest of every stretch.</summary>
internal static class PointThinner
{
    /// <summary>Most points of a series that are drawn as marks.</summary>
    public const int MostMarks = 700;

    /// <summary>Most points of a line.</summary>
    public const int MostLinePoints = 1500;

    /// <summary>The points themselves where they are few enough; else lowest and highest of every stretch, and that it has a gap.</summary>
    /// <param name="points">In order of x.</param>
    /// <param name="most">Most points wanted, those that break a line at a gap not counted.</param>
    public static IReadOnlyList<PlotPoint> Thin(IReadOnlyList<PlotPoint> points, int most)
    {
        if (points.Count <= most)
        {
            return points;
        }

        List<PlotPoint> kept = [];
        int stretches = most / 2;
        for (int at = 0; at < stretches; at++)
        {
            int from = (int)((long)at * points.Count / stretches);
            int to = (int)((long)(at + 1) * points.Count / stretches);
            int low = -1;
            int high = -1;
            int gap = -1;
            for (int i = from; i < to; i++)
            {
                if (!double.IsFinite(points[i].Y))
                {
                    gap = gap < 0 ? i : gap;
                    continue;
                }

                low = low < 0 || points[i].Y < points[low].Y ? i : low;
                high = high < 0 || points[i].Y > points[high].Y ? i : high;
            }

            kept.AddRange(new[] { low, high, gap }.Where(index => index >= 0).Distinct().Order().Select(index => points[index]));
        }

        return kept;
    }
}
