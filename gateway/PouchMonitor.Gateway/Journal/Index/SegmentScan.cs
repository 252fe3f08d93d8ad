using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>
/// What a walk over a segment's records found. The last group of a segment may be torn, since nothing later proves that it
/// had reached stable storage; whatever is damaged before it had, and is a fault of the disk.
/// </summary>
internal sealed class SegmentScan
{
    private readonly List<(long Offset, long Length)> damaged = [];

    /// <summary>Index of the frames found.</summary>
    public MemoryIndex Index { get; } = new();

    /// <summary>Where the last group starts.</summary>
    public long LastGroupOffset { get; private set; } = SegmentHeader.Bytes;

    /// <summary>End of the last record that is kept.</summary>
    public long End { get; private set; } = SegmentHeader.Bytes;

    /// <summary>Walks over a sealed segment, all of whose bytes up to <paramref name="limit"/> had been durable.</summary>
    public static SegmentScan Run(SegmentStore store, Segment segment, long limit) => Run(store, segment, limit, long.MaxValue);

    /// <summary>
    /// Walks over a segment whose end is not known: finds the last group, then takes of it only what comes before the
    /// first bytes that are no record.
    /// </summary>
    public static SegmentScan RunOpen(SegmentStore store, Segment segment, long limit)
    {
        using var lease = store.Borrow(segment);
        var scanner = new RecordScanner(lease.File, segment.Header, SegmentHeader.Bytes, limit);
        long lastGroup = SegmentHeader.Bytes;
        while (scanner.MoveNext())
        {
            lastGroup = (scanner.Flags & RecordFlags.GroupStart) != 0 ? scanner.Offset : lastGroup;
        }

        // Beyond the last valid record there is nothing to look for a second time.
        return Run(store, segment, scanner.Next, lastGroup);
    }

    private static SegmentScan Run(SegmentStore store, Segment segment, long limit, long lastGroup)
    {
        var scan = new SegmentScan();
        using var lease = store.Borrow(segment);
        var scanner = new RecordScanner(lease.File, segment.Header, SegmentHeader.Bytes, limit);
        while (scanner.MoveNext())
        {
            if (scanner.SkippedBytes > 0)
            {
                long at = scanner.Offset - scanner.SkippedBytes;
                if (at >= lastGroup)
                {
                    break;
                }

                scan.damaged.Add((at, scanner.SkippedBytes));
            }

            scan.End = scanner.Next;
            scan.LastGroupOffset = Math.Min(lastGroup, scan.End);
            scan.Take(store, segment, scanner);
        }

        if (lastGroup == long.MaxValue && scan.End < limit)
        {
            scan.damaged.Add((scan.End, limit - scan.End));
        }

        scan.Index.Commit();
        foreach (var (offset, length) in scan.damaged)
        {
            store.Damage.Note(segment.FileName, offset, length, $"{length} bytes are no valid record");
        }

        return scan;
    }

    private void Take(SegmentStore store, Segment segment, RecordScanner scanner)
    {
        switch (scanner.Flags & RecordFlags.TypeMask)
        {
            case RecordFlags.StreamDefinition:
                var reader = new ByteReader(scanner.Record[RecordCodec.PrefixBytes..]);
                var definition = RecordCodec.ReadStream(ref reader);
                while (Index.StreamCount < definition.Local)
                {
                    // The definition before this one is damaged: keep the numbers in step.
                    Index.Define(new StreamDefinition(Index.StreamCount, new StreamId("", $"{Index.StreamCount}", 0, 0), null));
                }

                Index.Define(definition);
                break;
            case RecordFlags.Frame when RecordCodec.TryReadFrame(scanner.Record, segment.Header.CreatedMicroseconds, out var frame):
                if (Index.Find(frame.Local) is { Definition.Id.Node.Length: > 0 } local)
                {
                    Index.Add(local, frame, AnchorOf(frame, local.Definition), (int)scanner.Offset);
                }
                else
                {
                    store.Damage.Note(
                        segment.FileName, scanner.Offset, scanner.Record.Length, $"frame of stream {frame.Local}, whose definition is lost");
                }

                break;
            default:
                store.Damage.Note(segment.FileName, scanner.Offset, scanner.Record.Length, "a record of a kind that does not belong here");
                break;
        }
    }

    internal static long? AnchorOf(in FrameFacts frame, in StreamDefinition definition) =>
        (frame.Flags & RecordFlags.AnchorHere) != 0 ? frame.Anchor
        : (frame.Flags & RecordFlags.AnchorOfStream) != 0 ? definition.Anchor
        : null;
}
