using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <summary>
/// What is kept of a test for its plots, bounded: every sample from the plan's span before the trigger to five minutes after it,
/// elsewhere lowest and highest of each stretch.
/// </summary>
public sealed class AbuseTraces
{
    private const int LeastPoints = 4;
    private readonly SampleLog log;
    private readonly ForceTrack force;
    private readonly ThinnedSeries[] columns = [.. Enumerable.Range(0, SampleColumns.Count).Select(_ => new ThinnedSeries())];

    internal AbuseTraces(SampleLog log, ForceTrack force)
    {
        this.log = log;
        this.force = force;
    }

    /// <summary>The quantities that were ever recorded, from a time on; a lost reading is null.</summary>
    /// <param name="timeS">Only what is later, s; minus infinity for all.</param>
    /// <param name="mostPoints">Most points of each, at least 4; more are thinned to lowest and highest of each stretch.</param>
    public IReadOnlyList<AbuseTrace> Since(double timeS, int mostPoints)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(mostPoints, LeastPoints);
        long from = timeS <= long.MinValue / 1e6 ? long.MinValue : TriggerMoments.Microseconds(timeS);
        List<AbuseTrace> traces = [];
        for (int column = 0; column < columns.Length; column++)
        {
            if (columns[column].Any)
            {
                int one = column;
                traces.Add(Make(
                    ColumnText.Measure(column), Capital(ColumnText.Words(column)), SensorBook.UnitOf(column), columns[column], from, mostPoints,
                    (in LoggedSample logged) => logged.Sample.IsGood(one) ? logged.Sample.Values[one] : logged.Sample.StateOf(one) == SensorState.Absent ? null : double.NaN));
            }
        }

        if (force.Force.Any)
        {
            traces.Add(Make("force", "Force", "N", force.Force, from, mostPoints, (in LoggedSample logged) => OrNothing(logged.ForceN)));
        }

        if (force.Displacement.Any)
        {
            traces.Add(Make("displacement", "Displacement", "mm", force.Displacement, from, mostPoints, (in LoggedSample logged) => OrNothing(logged.DisplacementMm)));
        }

        return traces;
    }

    internal void Add(in Sample sample)
    {
        for (int column = 0; column < columns.Length; column++)
        {
            SensorState state = sample.StateOf(column);
            if (state == SensorState.Good)
            {
                columns[column].Add(sample.TimeMicroseconds, sample.Values[column]);
            }
            else if (state != SensorState.Absent && columns[column].Any)
            {
                columns[column].Add(sample.TimeMicroseconds, double.NaN);
            }
        }
    }

    private static double? OrNothing(double value) => double.IsNaN(value) ? null : value;

    private static string Capital(string words) => char.ToUpperInvariant(words[0]) + words[1..];

    /// <summary>A value of a logged sample: null where there is nothing to say, NaN where it is lost.</summary>
    private delegate double? Reader(in LoggedSample logged);

    private AbuseTrace Make(string id, string title, string unit, ThinnedSeries thinned, long from, int mostPoints, Reader read)
    {
        List<(long Time, double Value)> points = [];
        if (log.Count == 0)
        {
            thinned.CopyTo(from, long.MaxValue, withRunning: true, points);
        }
        else
        {
            thinned.CopyTo(from, log.OldestMicroseconds, withRunning: true, points);
            for (int i = from == long.MinValue ? 0 : log.IndexOf(from + 1); i < log.Count; i++)
            {
                ref readonly LoggedSample logged = ref log[i];
                if (read(in logged) is { } value)
                {
                    points.Add((logged.Sample.TimeMicroseconds, value));
                }
            }

            if (log.IsClosed)
            {
                thinned.CopyTo(Math.Max(from, log.NewestMicroseconds), long.MaxValue, withRunning: from == long.MinValue, points);
            }
        }

        List<(long Time, double Value)> shown = Thin(points, mostPoints);
        return new AbuseTrace(
            id, title, unit, [.. shown.Select(point => point.Time / 1e6)],
            [.. shown.Select(point => double.IsNaN(point.Value) ? (double?)null : point.Value)]);
    }

    /// <summary>Lowest and highest of each of so many stretches of equal time; a loss shows as long as a stretch has one.</summary>
    private static List<(long Time, double Value)> Thin(List<(long Time, double Value)> points, int mostPoints)
    {
        if (points.Count <= mostPoints)
        {
            return points;
        }

        int stretches = mostPoints / 3;
        stretches = Math.Max(1, stretches);
        long begin = points[0].Time;
        double width = Math.Max(1, (points[^1].Time - begin + 1) / (double)stretches);
        List<(long Time, double Value)> kept = new(mostPoints);
        int at = 0;
        for (int stretch = 0; stretch < stretches && at < points.Count; stretch++)
        {
            (int low, int high, int lost) = (-1, -1, -1);
            for (; at < points.Count && points[at].Time - begin < (stretch + 1) * width; at++)
            {
                double value = points[at].Value;
                if (double.IsNaN(value))
                {
                    lost = at;
                    continue;
                }

                low = low < 0 || value < points[low].Value ? at : low;
                high = high < 0 || value > points[high].Value ? at : high;
            }

            foreach (int index in (int[])[.. ((int[])[low, high, lost]).Where(index => index >= 0).Distinct().Order()])
            {
                kept.Add(points[index]);
            }
        }

        return kept;
    }
}
