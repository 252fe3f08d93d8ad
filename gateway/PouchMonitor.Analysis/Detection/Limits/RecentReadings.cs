using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// The readings of the last second (or another span) and the one before them, bounded: readings closer than 20 ms (or a
/// fiftieth of a longer span) are thinned out. The oldest kept is always the latest that is a span old or more, if there is one.
/// </summary>
/// <param name="spanMicroseconds">Length of the span; one second unless given.</param>
internal sealed class RecentReadings(long spanMicroseconds = LimitTable.RateSpanMicroseconds)
{
    private const int Capacity = 64;
    private const int Wrap = Capacity - 1;
    private const long LeastSpacingMicroseconds = 20_000;
    private const int ReadingsPerSpan = 50;
    private readonly long spacingMicroseconds = Math.Max(LeastSpacingMicroseconds, spanMicroseconds / ReadingsPerSpan);
    private readonly Reading[] ring = new Reading[Capacity];
    private int first;
    private int count;

    /// <summary>The reading a second or more before the last added one; check <see cref="HasOld"/>.</summary>
    public ref readonly Reading Old => ref ring[first];

    /// <summary>The reading after <see cref="Old"/>; the last added one where there is no other.</summary>
    public ref readonly Reading AfterOld => ref ring[(first + 1) & Wrap];

    /// <summary>Value of the reading before <see cref="Old"/>; NaN where there was none.</summary>
    public double BeforeOld { get; private set; } = double.NaN;

    /// <summary>True when a reading a second or more before <paramref name="timeMicroseconds"/> is kept.</summary>
    public bool HasOld(long timeMicroseconds) =>
        count > 1 && ring[first].TimeMicroseconds <= timeMicroseconds - spanMicroseconds;

    /// <summary>
    /// Rise of the reading at <paramref name="timeMicroseconds"/>, which was added last, over the span, per second: what it was a span
    /// before is interpolated between the two readings around that moment. NaN where those lie further apart than allowed.
    /// </summary>
    public double Rate(long timeMicroseconds, double value, long longestIntervalMicroseconds)
    {
        if (!HasOld(timeMicroseconds))
        {
            return double.NaN;
        }

        Reading old = Old;
        Reading next = AfterOld;
        long interval = next.TimeMicroseconds - old.TimeMicroseconds;
        if (interval > longestIntervalMicroseconds)
        {
            return double.NaN;
        }

        long target = timeMicroseconds - spanMicroseconds;
        double before = old.Value + ((next.Value - old.Value) * (target - old.TimeMicroseconds) / interval);
        return (value - before) / (spanMicroseconds / 1e6);
    }

    /// <summary>Adds a reading; of two at the same time the later is kept.</summary>
    public void Add(long timeMicroseconds, double value, double current = double.NaN)
    {
        int last = (first + count - 1) & Wrap;
        long spacing = count == 0 ? long.MaxValue : timeMicroseconds - ring[last].TimeMicroseconds;
        if (spacing == 0)
        {
            ring[last] = new Reading(timeMicroseconds, value, current);
        }
        else if (spacing >= spacingMicroseconds)
        {
            if (count == Capacity)
            {
                DropFirst();
            }

            ring[(first + count) & Wrap] = new Reading(timeMicroseconds, value, current);
            count++;
        }

        while (count > 2 && AfterOld.TimeMicroseconds <= timeMicroseconds - spanMicroseconds)
        {
            DropFirst();
        }
    }

    /// <summary>Counts all that is kept into a band of readings.</summary>
    public void Count(int column, ref QuietBand band)
    {
        for (int i = 0; i < count; i++)
        {
            band.Remember(column, ring[(first + i) & Wrap].Value);
        }

        if (!double.IsNaN(BeforeOld))
        {
            band.Remember(column, BeforeOld);
        }
    }

    /// <summary>
    /// Adds a column of samples that follow one another by <see cref="SampleRun.LeastStepMicroseconds"/> or more: none is
    /// thinned out, so that what is kept does not depend on those before.
    /// </summary>
    public void AddRun(ReadOnlySpan<Sample> samples, int column, bool withCurrent)
    {
        int old = samples.Length - 2;
        long target = samples[^1].TimeMicroseconds - spanMicroseconds;
        while (old >= 0 && samples[old].TimeMicroseconds > target)
        {
            old--;
        }

        // With the reading before the old one all is told; where the run does not reach back so far, it goes on from what is kept.
        if (old >= 1)
        {
            samples = samples[(old - 1)..];
            Clear();
        }

        foreach (ref readonly Sample sample in samples)
        {
            Add(sample.TimeMicroseconds, sample.Values[column], withCurrent ? sample.Values[SampleColumns.Current] : double.NaN);
        }
    }

    public void Clear()
    {
        first = 0;
        count = 0;
        BeforeOld = double.NaN;
    }

    public void Save(BinaryWriter writer)
    {
        writer.Write(BeforeOld);
        writer.Write((byte)count);
        for (int i = 0; i < count; i++)
        {
            RawState.Write(writer, in ring[(first + i) & Wrap]);
        }
    }

    public void Load(BinaryReader reader)
    {
        first = 0;
        BeforeOld = reader.ReadDouble();
        count = reader.ReadByte();
        if (count > Capacity)
        {
            throw new InvalidDataException($"Snapshot of the limit rules holds {count} recent readings, at most {Capacity} are possible.");
        }

        RawState.Read(reader, ring.AsSpan(0, count));
    }

    private void DropFirst()
    {
        BeforeOld = ring[first].Value;
        first = (first + 1) & Wrap;
        count--;
    }

    /// <summary>One reading; the current beside a voltage, NaN where none is known.</summary>
    public readonly record struct Reading(long TimeMicroseconds, double Value, double Current);
}
