using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>How a frame compares with the one stored under its identity.</summary>
internal enum Comparison
{
    /// <summary>None is stored under it.</summary>
    Absent,

    /// <summary>The same bytes are.</summary>
    Same,

    /// <summary>Other bytes are.</summary>
    Different,

    /// <summary>One is, but it can no longer be read.</summary>
    Damaged,
}

/// <summary>
/// The slow way of telling whether a frame is known, for those that are not simply newer than everything stored: looks its
/// identity up in the index of each segment that holds its stream, newest first, and compares the bytes. Of frames that the
/// retention has removed only the numbers are left to compare.
/// </summary>
internal sealed class KnownFrames(SegmentStore store, RemovedFrames removed)
{
    private readonly JournalRecord packed = new();
    private byte[] scratch = new byte[4096];

    public Comparison Compare(JournalEntry entry, StreamState state, ActiveSegment? active, out long position)
    {
        long oldest = state.Working.FirstSegment;
        long newest = state.Working.LastSegment;
        using var lease = store.Leases.Enter();
        var segments = store.Segments;
        var outcome = Comparison.Absent;
        position = -1;
        for (int at = segments.Length - 1; at >= 0 && segments[at].End > oldest; at--)
        {
            var segment = segments[at];
            if (segment.Pack is not null)
            {
                var packed = ComparePacked(segment, entry, ref position);
                outcome = packed == Comparison.Absent ? outcome : packed;
                if (packed is not (Comparison.Absent or Comparison.Damaged))
                {
                    return outcome;
                }

                continue;
            }

            int offset = segment.Base <= newest ? Find(segment, entry) : -1;
            if (offset < 0)
            {
                continue;
            }

            position = segment.Base + offset;
            outcome = CompareAt(segment, offset, entry, active);
            if (outcome != Comparison.Damaged)
            {
                return outcome;
            }
        }

        return outcome == Comparison.Absent && removed.Covers(entry.Stream, entry.FirstSampleNumber, entry.FirstSampleNumber + entry.Count)
            ? Comparison.Same
            : outcome;
    }

    private int Find(Segment segment, JournalEntry entry)
    {
        if (segment.Memory is { } memory)
        {
            var local = memory.Find(entry.Stream);
            int found = local is null ? -1 : memory.Find(local.Definition.Local, entry.FirstSampleNumber, entry.Count);
            return found < 0 ? -1 : memory.At(found).Offset;
        }

        var stream = store.TableOf(segment).Find(entry.Stream);
        if (stream is null || entry.FirstSampleNumber < stream.Facts.LowestFirst || entry.FirstSampleNumber > stream.Facts.HighestFirst)
        {
            return -1;
        }

        var entries = store.BlockOf(segment, stream);
        var wanted = new IndexEntry { First = entry.FirstSampleNumber, Count = entry.Count, Offset = int.MaxValue };
        int at = entries.AsSpan().BinarySearch(wanted, Comparer<IndexEntry>.Create(IndexEntry.InOrder));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && entries[at].First == wanted.First && entries[at].Count == wanted.Count ? entries[at].Offset : -1;
    }

    private Comparison ComparePacked(Segment segment, JournalEntry entry, ref long position)
    {
        var outcome = Comparison.Absent;
        foreach (var block in store.PackTableOf(segment).Find(entry.Stream)?.Blocks ?? [])
        {
            if (entry.FirstSampleNumber < block.LowestFirst || entry.FirstSampleNumber > block.HighestFirst)
            {
                continue;
            }

            if (store.FramesOf(segment, entry.Stream, block) is not { } columns)
            {
                // Whether it was among the lost ones nobody can tell any more.
                outcome = Comparison.Damaged;
                continue;
            }

            int at = columns.Table.First.Values.IndexOf(entry.FirstSampleNumber);
            for (; at >= 0 && at < columns.Table.Frames && columns.Table.First[at] == entry.FirstSampleNumber; at++)
            {
                if (columns.Table.Count[at] == entry.Count)
                {
                    packed.SetColumns(entry.Stream, columns, at, segment.Base);
                    position = packed.Position;
                    return packed.Bytes.SequenceEqual(entry.Bytes) ? Comparison.Same : Comparison.Different;
                }
            }
        }

        return outcome;
    }

    private Comparison CompareAt(Segment segment, int offset, JournalEntry entry, ActiveSegment? active)
    {
        var record = active is not null && active.Segment == segment ? active.Unwritten(offset) : default;
        if (record.IsEmpty)
        {
            int length = store.ReadRecord(segment, offset, ref scratch);
            if (length == 0)
            {
                return Comparison.Damaged;
            }

            record = scratch.AsSpan(0, length);
        }
        else
        {
            record = record[..RecordCodec.LengthAt(record)];
        }

        return !RecordCodec.TryReadFrame(record, 0, out var facts) ? Comparison.Damaged
            : record[facts.BytesOffset..].SequenceEqual(entry.Bytes) ? Comparison.Same
            : Comparison.Different;
    }
}
