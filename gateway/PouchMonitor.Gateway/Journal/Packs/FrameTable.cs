using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>What is kept of each frame beside its samples, one column a fact; enough to find frames without reading samples.</summary>
internal sealed class FrameTable
{
    /// <summary>Offset of the frame's record in the segment as it was first written: its place in commit order.</summary>
    public readonly LongColumn Offset = new();
    public readonly LongColumn First = new();
    public readonly LongColumn Count = new();
    public readonly LongColumn Dropped = new();
    public readonly LongColumn Flags = new();
    public readonly LongColumn FirstTime = new();
    public readonly LongColumn Anchor = new();

    /// <summary>Arrival, Unix milliseconds: finer is not kept.</summary>
    public readonly LongColumn ReceivedMilliseconds = new();

    private readonly LongColumn scratch = new();

    public int Frames => Offset.Count;

    public FrameFlags FlagsOf(int at) => (FrameFlags)Flags[at];

    public void Add(JournalRecord record, int offset, FrameFlags flags)
    {
        Offset.Add(offset);
        First.Add(record.FirstSampleNumber);
        Count.Add(record.Count);
        Dropped.Add(record.DroppedBeforeCount);
        Flags.Add((long)flags);
        FirstTime.Add(record.FirstTimeMicroseconds);
        Anchor.Add(record.AnchorUnixMicroseconds ?? 0);
        ReceivedMilliseconds.Add(record.ReceivedAtMicroseconds / 1000);
    }

    public bool IsSame(FrameTable other)
    {
        var mine = Columns();
        var theirs = other.Columns();
        bool isSame = true;
        for (int at = 0; isSame && at < mine.Length; at++)
        {
            isSame = mine[at].Values.SequenceEqual(theirs[at].Values);
        }

        return isSame;
    }

    public void Clear()
    {
        foreach (var column in Columns())
        {
            column.Clear();
        }
    }

    /// <param name="to">Receives the bytes.</param>
    /// <param name="isForeign">True where sample numbers are times (boot 0).</param>
    public void Write(ByteBuffer to, bool isForeign)
    {
        ColumnCoder.Write(to, Offset.Values);
        ColumnCoder.Write(to, Count.Values);
        ColumnCoder.Write(to, FirstTime.Values);
        ColumnCoder.Write(to, Less(First, isForeign));
        ColumnCoder.Write(to, Dropped.Values);
        ColumnCoder.Write(to, Flags.Values);
        ColumnCoder.Write(to, Anchor.Values);
        scratch.Clear();
        for (int at = 0; at < Frames; at++)
        {
            scratch.Add(unchecked(ReceivedMilliseconds[at] - (FirstTime[at] / 1000)));
        }

        ColumnCoder.Write(to, scratch.Values);
    }

    /// <summary>Reads what <see cref="Write"/> wrote; false when it makes no sense.</summary>
    public bool TryRead(ref ByteReader from, int frames, bool isForeign)
    {
        Clear();
        bool isRead = ColumnCoder.TryRead(ref from, Offset.Take(frames))
            && ColumnCoder.TryRead(ref from, Count.Take(frames))
            && ColumnCoder.TryRead(ref from, FirstTime.Take(frames))
            && ColumnCoder.TryRead(ref from, First.Take(frames))
            && ColumnCoder.TryRead(ref from, Dropped.Take(frames))
            && ColumnCoder.TryRead(ref from, Flags.Take(frames))
            && ColumnCoder.TryRead(ref from, Anchor.Take(frames))
            && ColumnCoder.TryRead(ref from, ReceivedMilliseconds.Take(frames));
        for (int at = 0; isRead && at < frames; at++)
        {
            First.Values[at] = unchecked(First[at] + Forecast(First, at, isForeign));
            ReceivedMilliseconds.Values[at] = unchecked(ReceivedMilliseconds[at] + (FirstTime[at] / 1000));
        }

        return isRead;
    }

    // A frame mostly begins where the one before ended.
    private Span<long> Less(LongColumn first, bool isForeign)
    {
        scratch.Clear();
        for (int at = 0; at < Frames; at++)
        {
            scratch.Add(unchecked(first[at] - Forecast(first, at, isForeign)));
        }

        return scratch.Values;
    }

    private long Forecast(LongColumn first, int at, bool isForeign) =>
        isForeign ? FirstTime[at] : at == 0 ? 0 : unchecked(first[at - 1] + Count[at - 1]);

    private LongColumn[] Columns() => [Offset, First, Count, Dropped, Flags, FirstTime, Anchor, ReceivedMilliseconds];
}

/// <summary>Yes or no facts of a packed frame.</summary>
[Flags]
internal enum FrameFlags
{
    None = 0,
    Live = 1,
    EndsTest = 2,
    Anchor = 4,
    Counters = 8,
    Extremes = 16,
    StartsTest = 32,

    /// <summary>Kept as the bytes that came, since our own encoder would write its content otherwise.</summary>
    Raw = 64,
}
