using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Abuse.Report.Plots;

/// <summary>A recorded quantity over the time since a zero, as it is drawn: broken where it was lost or where nothing was recorded.</summary>
internal sealed class TraceCurve
{
    // A pause is a gap where it is this many times longer than any around it: traces are denser about the trigger than elsewhere.
    private const double GapFactor = 10;
    private const double LeastGapS = 1;
    private const int Around = 4;

    private TraceCurve(string title, string unit, PlotPoint[] points)
    {
        Title = title;
        Unit = unit;
        Points = points;
    }

    public string Title { get; }

    public string Unit { get; }

    /// <summary>Seconds since the zero, and the value; not a number in gaps.</summary>
    public IReadOnlyList<PlotPoint> Points { get; }

    public bool HasValues => Points.Any(point => double.IsFinite(point.Y));

    /// <summary>True for a sensor of the surroundings, which tells nothing of the cell's own heating.</summary>
    public bool IsAmbient => Title.Contains("ambient", StringComparison.OrdinalIgnoreCase) || Title.Contains("chamber", StringComparison.OrdinalIgnoreCase);

    public static TraceCurve Of(AbuseTrace trace, double zeroS)
    {
        int count = Math.Min(trace.TimeS.Count, trace.Values.Count);
        List<PlotPoint> points = new(count);
        for (int at = 0; at < count; at++)
        {
            if (at > 0 && IsGap(trace.TimeS, at, count))
            {
                points.Add(new PlotPoint(0.5 * (trace.TimeS[at - 1] + trace.TimeS[at]) - zeroS, double.NaN));
            }

            points.Add(new PlotPoint(trace.TimeS[at] - zeroS, trace.Values[at] ?? double.NaN));
        }

        return new TraceCurve(trace.Title, trace.Unit, [.. points]);
    }

    /// <summary>The curve between two times.</summary>
    public TraceCurve Between(double fromS, double toS) => new(Title, Unit, [.. Points.Where(point => point.X >= fromS && point.X <= toS)]);

    /// <summary>Rate of change over a window: difference to the value one window earlier, divided by its length, in this unit a second.</summary>
    /// <param name="windowS">Length of the window, s.</param>
    public TraceCurve Rate(double windowS)
    {
        var rates = new PlotPoint[Points.Count];
        double mostPause = Math.Max(0.6, 0.5 * windowS);
        int before = 0;
        for (int at = 0; at < rates.Length; at++)
        {
            double wanted = Points[at].X - windowS;
            while (before + 1 < at && Points[before + 1].X <= wanted)
            {
                before++;
            }

            rates[at] = new PlotPoint(Points[at].X, (Points[at].Y - ValueAt(before, wanted, mostPause)) / windowS);
        }

        return new TraceCurve(Title, Unit + "/s", rates);
    }

    private double ValueAt(int before, double wanted, double mostPause)
    {
        if (before + 1 >= Points.Count || Points[before].X > wanted)
        {
            return double.NaN;
        }

        PlotPoint low = Points[before];
        PlotPoint high = Points[before + 1];
        return high.X - low.X > mostPause ? double.NaN
            : high.X > low.X ? low.Y + ((wanted - low.X) / (high.X - low.X) * (high.Y - low.Y)) : low.Y;
    }

    private static bool IsGap(IReadOnlyList<double> times, int at, int count)
    {
        double pause = times[at] - times[at - 1];
        if (pause <= LeastGapS)
        {
            return false;
        }

        double longest = 0;
        for (int other = Math.Max(1, at - Around); other <= Math.Min(count - 1, at + Around); other++)
        {
            longest = other == at ? longest : Math.Max(longest, times[other] - times[other - 1]);
        }

        return longest > 0 && pause > GapFactor * longest;
    }
}
