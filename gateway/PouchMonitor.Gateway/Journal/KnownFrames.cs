using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;

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
/// identity up in the index of each segment that holds its stream, newest first, and compares the bytes.
/// </summary>
internal sealed class KnownFrames(SegmentStore store)
{
    private byte[] scratch = new byte[4096];

    public Comparison Compare(JournalEntry entry, StreamState state, ActiveSegment? active, out long position)
    {
        long oldest = state.Working.FirstSegment;
        long newest = state.Working.LastSegment;
        var segments = store.Segments;
        var outcome = Comparison.Absent;
        position = -1;
        for (int at = segments.Length - 1; at >= 0 && segments[at].Base >= oldest; at--)
        {
            var segment = segments[at];
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

        return outcome;
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
