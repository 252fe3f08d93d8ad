namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// The readings of the last second and the one before them, bounded: readings closer than 20 ms are thinned out. The
/// oldest kept is always the latest that is a second old or more, if there is one.
/// </summary>
internal sealed class RecentReadings
{
    private const int Capacity = 64;
    private const int Wrap = Capacity - 1;
    private const long SpacingMicroseconds = 20_000;
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
        count > 1 && ring[first].TimeMicroseconds <= timeMicroseconds - LimitTable.RateSpanMicroseconds;

    /// <summary>Adds a reading; of two at the same time the later is kept.</summary>
    public void Add(long timeMicroseconds, double value, double current = double.NaN)
    {
        int last = (first + count - 1) & Wrap;
        long spacing = count == 0 ? long.MaxValue : timeMicroseconds - ring[last].TimeMicroseconds;
        if (spacing == 0)
        {
            ring[last] = new Reading(timeMicroseconds, value, current);
        }
        else if (spacing >= SpacingMicroseconds)
        {
            if (count == Capacity)
            {
                DropFirst();
            }

            ring[(first + count) & Wrap] = new Reading(timeMicroseconds, value, current);
            count++;
        }

        while (count > 2 && AfterOld.TimeMicroseconds <= timeMicroseconds - LimitTable.RateSpanMicroseconds)
        {
            DropFirst();
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
