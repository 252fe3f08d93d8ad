using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Fills one reused <see cref="JournalRecord"/> from records of segments.</summary>
internal sealed class RecordLoader(SegmentStore store)
{
    private readonly JournalRecord record = new();
    private Segment? streamsOf;
    private StreamDefinition?[] streams = [];

    /// <summary>Reads a record from its segment; null, the damage noted, when it cannot be believed.</summary>
    public JournalRecord? Load(Segment segment, int offset)
    {
        var buffer = record.Buffer;
        int length = store.ReadRecord(segment, offset, ref buffer);
        record.Buffer = buffer;
        return length == 0 ? null : Fill(segment, offset, length);
    }

    /// <summary>Copies a record that has been read and checked.</summary>
    public JournalRecord? Load(Segment segment, int offset, ReadOnlySpan<byte> bytes)
    {
        if (record.Buffer.Length < bytes.Length)
        {
            record.Buffer = new byte[bytes.Length * 2];
        }

        bytes.CopyTo(record.Buffer);
        return Fill(segment, offset, bytes.Length);
    }

    /// <summary>Takes a frame of a pack.</summary>
    public JournalRecord Load(Segment segment, in StreamId stream, FrameColumns columns, int at)
    {
        record.SetColumns(stream, columns, at, segment.Base);
        return record;
    }

    private JournalRecord? Fill(Segment segment, int offset, int length)
    {
        if (!RecordCodec.TryReadFrame(record.Buffer.AsSpan(0, length), segment.Header.CreatedMicroseconds, out var facts)
            || DefinitionOf(segment, facts.Local) is not { } stream)
        {
            store.Damage.Note(segment.FileName, offset, length, "a frame whose stream is not known");
            return null;
        }

        record.Position = segment.Base + offset;
        record.Stream = stream.Id;
        record.FirstSampleNumber = facts.First;
        record.Count = facts.Count;
        record.DroppedBeforeCount = facts.Dropped;
        record.FirstTimeMicroseconds = facts.FirstTime;
        record.LastTimeMicroseconds = facts.LastTime;
        record.AnchorUnixMicroseconds = SegmentScan.AnchorOf(facts, stream);
        record.ReceivedAtMicroseconds = facts.ReceivedAt;
        record.IsLive = (facts.Flags & RecordFlags.Live) != 0;
        record.EndsTest = (facts.Flags & RecordFlags.EndsTest) != 0;
        record.SetBytes(facts.BytesOffset, length - facts.BytesOffset);
        return record;
    }

    private StreamDefinition? DefinitionOf(Segment segment, int local)
    {
        if (streamsOf != segment)
        {
            streamsOf = segment;
            streams = [];
        }

        if (local >= streams.Length)
        {
            Array.Resize(ref streams, Math.Min(Math.Max(local + 1, streams.Length * 2), local + 65536));
        }

        return streams[local] ??= store.DefinitionOf(segment, local);
    }
}

/// <summary>A segment's file, open for as long as it is read.</summary>
internal sealed class FileLease(SegmentStore store, Segment segment) : IDisposable
{
    private readonly FileCache.Lease lease = store.Borrow(segment);

    public IJournalFile File => lease.File;

    public void Dispose() => lease.Dispose();
}
