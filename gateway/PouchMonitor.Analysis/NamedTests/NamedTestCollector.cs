using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// What the summary of a step does not hold and named tests need: how voltage and current ran inside it, and where the
/// voltage was held. Given to <see cref="ChannelAnalysis.Watch"/>, it sees each believed sample as the steps do.
/// </summary>
/// <remarks>
/// Bounded: <see cref="BinsOfStep"/> means a step, of at most <see cref="MostBins"/> in all, and <see cref="MostHolds"/> holds; what
/// comes after is counted as dropped. Blips below ten seconds or four samples are no transients.
/// </remarks>
public sealed class NamedTestCollector
{
    /// <summary>Most means of one step.</summary>
    public const int BinsOfStep = 32;

    /// <summary>Most means of all steps together, about 12 MB.</summary>
    public const int MostBins = 1 << 18;

    /// <summary>Most holds kept.</summary>
    public const int MostHolds = VoltageHolds.Most;

    private const double LeastSeconds = 10;
    private const int LeastSamples = 4;

    private readonly TransientBins bins = new(BinsOfStep);
    private readonly List<StepTransient> steps = [];
    private readonly VoltageHolds holds = new();
    private Running step;
    private long lastMicroseconds;
    private double lastVoltageV = double.NaN;
    private double lastCurrentA;
    private int binCount;

    /// <summary>The steps in order of time; those that ended, and the last once <see cref="Complete"/> was told.</summary>
    public IReadOnlyList<StepTransient> Steps => steps;

    /// <summary>Where the voltage was held for a while with a current, in order of time.</summary>
    public IReadOnlyList<VoltageHold> Holds => holds.Found;

    /// <summary>Steps and holds that were too many to keep.</summary>
    public long DroppedCount { get; private set; }

    /// <summary>The longest transient that began within a step; null where none was kept.</summary>
    public StepTransient? Find(StepSummary summary)
    {
        StepTransient? longest = null;
        for (int at = IndexOf(summary); at < steps.Count && steps[at].StartMicroseconds <= summary.EndMicroseconds; at++)
        {
            longest = longest is null || steps[at].Seconds > longest.Seconds ? steps[at] : longest;
        }

        return longest;
    }

    /// <summary>The transient that began with a step; null where none was kept.</summary>
    public StepTransient? FindFirst(StepSummary summary)
    {
        StepTransient? first = null;
        for (int at = IndexOf(summary); first is null && at < steps.Count && steps[at].StartMicroseconds == summary.StartMicroseconds; at++)
        {
            first = steps[at];
        }

        return first;
    }

    /// <summary>The series has ended.</summary>
    public void Complete()
    {
        FinishStep();
        holds.Complete();
        DroppedCount += holds.DroppedCount;
    }

    internal void Take(in Interval interval)
    {
        bool isGap = interval.GapSeconds > 0 || interval.IdleGap || interval.TimeMicroseconds < lastMicroseconds;
        if (interval.OpensStep || isGap || double.IsNaN(lastVoltageV))
        {
            FinishStep();
            bool isKnown = !isGap && !double.IsNaN(lastVoltageV);
            step = new Running
            {
                EdgeMicroseconds = isKnown ? lastMicroseconds : interval.TimeMicroseconds,
                StartMicroseconds = interval.TimeMicroseconds,
                BeforeV = isKnown ? lastVoltageV : double.NaN,
                FirstV = interval.VoltageV,
                Marks = RestMarks.Begin(isKnown && interval.Kind == 0 && interval.PreviousKind != 0 ? interval.Seconds : double.PositiveInfinity),
            };
            if (interval.Kind == 0 && isKnown)
            {
                step.Marks.Take(interval.Seconds, interval.VoltageV, interval.Seconds, interval.VoltageV);
            }
        }
        else if (interval.TimeMicroseconds > lastMicroseconds)
        {
            if (interval.Kind == 0 && !step.Marks.IsDone)
            {
                step.Marks.Take(
                    (lastMicroseconds - step.EdgeMicroseconds) / 1e6, lastVoltageV,
                    (interval.TimeMicroseconds - step.EdgeMicroseconds) / 1e6, interval.VoltageV);
            }

            bins.Add(
                (lastMicroseconds - step.EdgeMicroseconds) / 1e6, (interval.TimeMicroseconds - step.EdgeMicroseconds) / 1e6,
                0.5 * (lastVoltageV + interval.VoltageV), 0.5 * (lastCurrentA + interval.CurrentA), interval.VoltageV);
        }

        holds.Take(interval, isGap);
        step.SampleCount++;
        lastMicroseconds = interval.TimeMicroseconds;
        lastVoltageV = interval.VoltageV;
        lastCurrentA = interval.CurrentA;
    }

    /// <summary>The first transient that did not begin before a step.</summary>
    private int IndexOf(StepSummary summary)
    {
        ArgumentNullException.ThrowIfNull(summary);
        int low = 0;
        int high = steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = steps[middle].StartMicroseconds < summary.StartMicroseconds ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    private void FinishStep()
    {
        bool isTransient = step.SampleCount >= LeastSamples && (lastMicroseconds - step.EdgeMicroseconds) / 1e6 >= LeastSeconds;
        if (isTransient && binCount + bins.Count > MostBins)
        {
            DroppedCount++;
        }
        else if (isTransient)
        {
            TransientBin[] means = bins.ToArray();
            binCount += means.Length;
            steps.Add(new StepTransient
            {
                EdgeMicroseconds = step.EdgeMicroseconds,
                StartMicroseconds = step.StartMicroseconds,
                EndMicroseconds = lastMicroseconds,
                VoltageBeforeV = step.BeforeV,
                FirstVoltageV = step.FirstV,
                LastVoltageV = lastVoltageV,
                MarksV = [.. Enumerable.Range(0, RestMarks.Count).Select(mark => step.Marks.VoltsAt(mark))],
                Bins = means,
            });
        }

        bins.Clear();
        step = default;
    }

    private struct Running
    {
        public long EdgeMicroseconds;
        public long StartMicroseconds;
        public double BeforeV;
        public double FirstV;
        public RestMarks Marks;
        public int SampleCount;
    }
}
