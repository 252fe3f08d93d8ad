namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>
/// The times of the samples: order, intervals, gaps. Intervals are counted by their length in steps of a sixteenth of an octave, so that
/// the median of all of them costs neither memory nor sorting, whenever it is asked for.
/// </summary>
internal sealed class SampleTimes
{
    private const int StepsPerOctave = 16;
    private const int Octaves = 63;

    /// <summary>Latest intervals whose median is the present rate: outlives four gaps in a row.</summary>
    private const int LatestCount = 9;

    private readonly long[] counts = new long[Octaves * StepsPerOctave];
    private readonly long[] firsts = new long[Octaves * StepsPerOctave];
    private readonly long[] latest = new long[LatestCount];
    private long intervalCount;
    private long lastSeen = long.MinValue;
    private long setbackMicroseconds;
    private bool isRepeated;

    public long? FirstMicroseconds { get; private set; }

    public long? LastMicroseconds { get; private set; }

    public long Count { get; private set; }

    /// <summary>Samples earlier than the one before, which were left out.</summary>
    public long BackwardCount { get; private set; }

    public long LongestMicroseconds { get; private set; }

    /// <summary>Time of the sample before the longest interval, microseconds.</summary>
    public long LongestAtMicroseconds { get; private set; }

    /// <summary>Interval before the last sample, s, from another stamp where stamps repeat; 0 before there is one.</summary>
    public double IntervalS { get; private set; }

    /// <summary>Resolution of the stamps, s, where several samples have the same: the shortest interval after such; else 0.</summary>
    public double StampS { get; private set; }

    /// <summary>Median of all intervals, s, within 4 %; 0 before there is one. No moment's doubt: sampling may change.</summary>
    public double MedianS
    {
        get
        {
            long below = 0;
            for (int i = 0; i < counts.Length; i++)
            {
                below += counts[i];
                if (2 * below > intervalCount)
                {
                    return firsts[i] / 1e6;
                }
            }

            return 0;
        }
    }

    /// <summary>Median of the latest intervals, s; 0 before there is one.</summary>
    public double PresentS
    {
        get
        {
            int count = (int)Math.Min(intervalCount, LatestCount);
            Span<long> sorted = stackalloc long[LatestCount];
            sorted = sorted[..count];
            latest.AsSpan(0, count).CopyTo(sorted);
            sorted.Sort();
            return count == 0 ? 0 : sorted[count / 2] / 1e6;
        }
    }

    public bool Accepts(long timeMicroseconds)
    {
        if (timeMicroseconds < lastSeen)
        {
            BackwardCount++;
            setbackMicroseconds = Math.Max(setbackMicroseconds, lastSeen - timeMicroseconds);
            return false;
        }

        lastSeen = timeMicroseconds;
        return true;
    }

    /// <summary>By how much the clock was set back since this was asked last, microseconds; 0 where it was not.</summary>
    public long TakeSetback()
    {
        long setback = setbackMicroseconds;
        setbackMicroseconds = 0;
        return setback;
    }

    public void Took(long timeMicroseconds)
    {
        FirstMicroseconds ??= timeMicroseconds;
        if (LastMicroseconds is { } last && timeMicroseconds > last)
        {
            double interval = (timeMicroseconds - last) / 1e6;
            StampS = isRepeated && !(StampS > 0 && StampS <= interval) ? interval : StampS;
            isRepeated = false;
            TakeInterval(timeMicroseconds - last, last);
        }
        else
        {
            isRepeated = LastMicroseconds is not null;
        }

        LastMicroseconds = timeMicroseconds;
        Count++;
    }

    private void TakeInterval(long interval, long lastMicroseconds)
    {
        IntervalS = interval / 1e6;
        int step = Math.Min(counts.Length - 1, (int)(StepsPerOctave * Math.Log2(interval)));
        firsts[step] = counts[step] == 0 ? interval : firsts[step];
        counts[step]++;
        latest[intervalCount % LatestCount] = interval;
        intervalCount++;
        if (interval > LongestMicroseconds)
        {
            LongestMicroseconds = interval;
            LongestAtMicroseconds = lastMicroseconds;
        }
    }
}
