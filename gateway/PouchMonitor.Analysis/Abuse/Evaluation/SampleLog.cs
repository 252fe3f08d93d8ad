using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>A sample as it was believed, with what was known of the whole cell at its time.</summary>
internal struct LoggedSample
{
    public Sample Sample;

    /// <summary>Hottest of the last believed readings of the sensors that are not lost, C; NaN where none is known.</summary>
    public double HottestC;

    /// <summary>True where a temperature sensor of the cell is lost.</summary>
    public bool IsSensorLost;

    /// <summary>Force since the sample before, N; NaN where none was recorded.</summary>
    public double ForceN;

    /// <summary>Displacement since the sample before, mm; NaN where none was recorded.</summary>
    public double DisplacementMm;
}

/// <summary>
/// The samples around the trigger, every one: so many seconds before it as the plan asks and a minute more, and five minutes after it, at
/// most 65,536, of which what lies before the trigger fills at most half: at 1 kHz there are 32 s on either side. From them the moment of the event can be moved, and they are the plots' full rate.
/// </summary>
internal sealed class SampleLog(double preTriggerS)
{
    /// <summary>Most samples kept.</summary>
    public const int Capacity = 65_536;

    private const int CapacityBefore = Capacity / 2;
    private const int FirstCapacity = 1024;
    private const double SlackS = 60;
    private const long AfterMicroseconds = 300_000_000;

    private readonly long beforeMicroseconds = Hold.Microseconds(preTriggerS + SlackS);
    private readonly long neededMicroseconds = Math.Max(Hold.Microseconds(preTriggerS), LimitTable.InitialSpanMicroseconds);
    private LoggedSample[] ring = new LoggedSample[FirstCapacity];
    private int first;

    public int Count { get; private set; }

    /// <summary>True once samples come that are not kept any more.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>True once samples older than the kept ones were dropped.</summary>
    public bool HasDropped { get; private set; }

    public ref readonly LoggedSample this[int index] => ref ring[(first + index) % ring.Length];

    /// <summary>Time of the oldest kept, microseconds.</summary>
    public long OldestMicroseconds => Count == 0 ? long.MaxValue : ring[first].Sample.TimeMicroseconds;

    /// <summary>Time of the newest kept, microseconds.</summary>
    public long NewestMicroseconds => Count == 0 ? long.MinValue : this[Count - 1].Sample.TimeMicroseconds;

    /// <summary>Keeps a sample.</summary>
    /// <param name="logged">The sample.</param>
    /// <param name="triggerMicroseconds">Time of the trigger, where it lies at or before the sample; else null.</param>
    public void Add(in LoggedSample logged, long? triggerMicroseconds)
    {
        long time = logged.Sample.TimeMicroseconds;
        if (IsClosed)
        {
            return;
        }

        if (triggerMicroseconds is { } at)
        {
            if (time - at > AfterMicroseconds || Count == Capacity)
            {
                IsClosed = true;
                return;
            }
        }
        else
        {
            while (Count > 0 && (ring[first].Sample.TimeMicroseconds < time - beforeMicroseconds || Count >= CapacityBefore))
            {
                first = (first + 1) % ring.Length;
                Count--;
                HasDropped = true;
            }
        }

        if (Count == ring.Length)
        {
            Grow();
        }

        ring[(first + Count) % ring.Length] = logged;
        Count++;
    }

    /// <summary>Place of the first sample at or after a time.</summary>
    public int IndexOf(long timeMicroseconds)
    {
        int low = 0;
        int high = Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (this[middle].Sample.TimeMicroseconds < timeMicroseconds)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }

    /// <summary>True where everything is kept that a trigger at this time needs: the plan's span before it, at least 5 s, and all after it.</summary>
    public bool Covers(long timeMicroseconds) =>
        !IsClosed && (!HasDropped || OldestMicroseconds <= timeMicroseconds - neededMicroseconds);

    private void Grow()
    {
        var larger = new LoggedSample[Math.Min(Capacity, 2 * ring.Length)];
        for (int i = 0; i < Count; i++)
        {
            larger[i] = this[i];
        }

        ring = larger;
        first = 0;
    }
}
