using System.Security.Cryptography;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal;

/// <summary>The segment that is written now: takes records, writes them in large pieces and forces them to disk.</summary>
internal sealed class ActiveSegment : IDisposable
{
    private const int PieceBytes = 1 << 20;
    private readonly JournalOptions options;
    private readonly IJournalFile file;
    private readonly ByteBuffer buffer = new(PieceBytes + 65536);
    private long bufferOffset;
    private bool hasGroup;

    public ActiveSegment(JournalOptions options, Segment segment, IJournalFile file)
    {
        this.options = options;
        this.file = file;
        Segment = segment;
        Index = segment.Memory!;
        bufferOffset = segment.Length;
    }

    public Segment Segment { get; }

    public MemoryIndex Index { get; }

    /// <summary>True when the group under way has put something into the file, whose state a failure leaves unknown.</summary>
    public bool HasWritten { get; private set; }

    /// <summary>True when the group under way has records.</summary>
    public bool HasRecords => hasGroup;

    public static ActiveSegment Create(JournalOptions options, long basePosition)
    {
        long created = options.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        var header = new SegmentHeader(basePosition, created, BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(8)));
        var file = Segment.CreateFile(options.Files, Segment.NameOf(basePosition), header, options.SegmentBytes);
        return new ActiveSegment(options, new Segment(header, SegmentHeader.Bytes) { Memory = new MemoryIndex() }, file);
    }

    /// <summary>True when it has frames and was begun longer ago than this.</summary>
    public bool IsOlderThan(TimeSpan age) =>
        Index.Count > 0
        && (options.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000) - Segment.Header.CreatedMicroseconds > age.Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>True when an entry fits, with the definition of its stream where that is new to the segment.</summary>
    public bool HasRoomFor(JournalEntry entry)
    {
        var id = entry.Stream;
        int most = RecordCodec.FrameOverheadBytes + entry.Length
            + RecordCodec.PrefixBytes + 48 + (3 * (id.Node.Length + id.Channel.Length));
        return bufferOffset + buffer.Length + most <= options.SegmentBytes && Index.Count < options.SegmentRecords;
    }

    /// <summary>Adds a frame to the group under way and returns its position.</summary>
    public long Append(JournalEntry entry, StreamState state, out FrameFacts facts)
    {
        var local = state.Local;
        if (local is null || local.Owner != Index)
        {
            local = Index.Find(entry.Stream) ?? Define(entry, state);
            state.Local = local;
        }

        long offset = bufferOffset + buffer.Length;
        int start = RecordCodec.Begin(buffer);
        var flags = RecordCodec.WriteFrame(buffer, entry, local.Definition, Segment.Header.CreatedMicroseconds) | GroupStart();
        RecordCodec.End(buffer, start, flags, Segment.Base + offset, Segment.Header.Salt);
        facts = new FrameFacts
        {
            Flags = flags,
            Local = local.Definition.Local,
            First = entry.FirstSampleNumber,
            Count = entry.Count,
            Dropped = entry.DroppedBeforeCount,
            FirstTime = entry.FirstTimeMicroseconds,
            LastTime = entry.LastTimeMicroseconds,
            ReceivedAt = entry.ReceivedAtMicroseconds,
        };
        Index.Add(local, facts, entry.HasAnchor ? entry.AnchorUnixMicroseconds : null, (int)offset);
        if (buffer.Length >= PieceBytes)
        {
            Write();
        }

        return Segment.Base + offset;
    }

    /// <summary>The record at an offset when it is not in the file yet; empty when it is.</summary>
    public ReadOnlySpan<byte> Unwritten(int offset) =>
        offset < bufferOffset ? default : buffer.Written[(int)(offset - bufferOffset)..];

    /// <summary>Makes the group durable; throws when it cannot be. Returns the bytes it took.</summary>
    public long Sync()
    {
        Write();
        file.SyncData();
        long bytes = bufferOffset - Segment.Length;
        Segment.Length = bufferOffset;
        Index.Commit();
        hasGroup = false;
        HasWritten = false;
        return bytes;
    }

    /// <summary>Forgets the group under way.</summary>
    public void RollBack()
    {
        buffer.Clear();
        bufferOffset = Segment.Length;
        Index.RollBack();
        hasGroup = false;
    }

    public void Dispose() => file.Dispose();

    private LocalStream Define(JournalEntry entry, StreamState state)
    {
        long? anchor = entry.HasAnchor ? entry.AnchorUnixMicroseconds : state.Working.Anchor;
        var definition = new StreamDefinition(Index.StreamCount, entry.Stream, anchor);
        long offset = bufferOffset + buffer.Length;
        int start = RecordCodec.Begin(buffer);
        RecordCodec.WriteStream(buffer, definition);
        RecordCodec.End(
            buffer, start, RecordFlags.StreamDefinition | GroupStart(), Segment.Base + offset, Segment.Header.Salt);
        return Index.Define(definition);
    }

    private RecordFlags GroupStart()
    {
        bool isFirst = !hasGroup;
        hasGroup = true;
        return isFirst ? RecordFlags.GroupStart : RecordFlags.None;
    }

    private void Write()
    {
        if (buffer.Length > 0)
        {
            HasWritten = true;
            file.WriteAll(bufferOffset, buffer.Written);
            bufferOffset += buffer.Length;
            buffer.Clear();
        }
    }
}
