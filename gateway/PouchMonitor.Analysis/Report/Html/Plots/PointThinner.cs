namespace PouchMonitor.Analysis.Report.Html.Plots;

/// <summary>Thins points to what a plot can show, keeping the lowest and the highest of every stretch.</summary>
internal static class PointThinner
{
    /// <summary>Most points of a series that are drawn as marks.</summary>
    public const int MostMarks = 700;

    /// <summary>Most points of a line.</summary>
    public const int MostLinePoints = 1500;

    /// <summary>The points themselves where they are few enough.</summary>
    /// <param name="points">In order of x.</param>
    /// <param name="most">Most points wanted.</param>
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
            int low = from;
            int high = from;
            for (int i = from; i < to; i++)
            {
                low = !(points[i].Y >= points[low].Y) ? i : low;
                high = !(points[i].Y <= points[high].Y) ? i : high;
            }

            kept.Add(points[Math.Min(low, high)]);
            if (low != high)
            {
                kept.Add(points[Math.Max(low, high)]);
            }
        }

        return kept;
    }
}
