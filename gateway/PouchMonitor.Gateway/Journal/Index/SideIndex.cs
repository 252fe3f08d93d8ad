using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>One stream in the index of a sealed segment.</summary>
internal sealed class SideStream
{
    public required StreamDefinition Definition { get; init; }

    public required LocalFacts Facts { get; init; }

    /// <summary>Stored sample numbers; empty for a keyed stream.</summary>
    public required SampleRange[] Stored { get; init; }

    /// <summary>Sample numbers declared dropped.</summary>
    public required SampleRange[] Declared { get; init; }

    public int BlockOffset { get; init; }

    public int BlockBytes { get; init; }

    public uint BlockSum { get; init; }
}

/// <summary>
/// The index file beside a sealed segment: a head of 48 bytes (magic, base position, length and salt of the segment, bytes
/// and CRC-32C of the table, CRC-32C of the head), a table of the segment's streams, and for each stream a block with its
/// frames in order of their sample numbers. Everything in it can be made again from the segment.
/// </summary>
internal static class SideIndex
{
    private const int HeadBytes = 48;
    private const ulong Magic = 0x3130_5844_494A_4D50; // "PMJIDX01", low byte first

    /// <summary>Builds the file's content from what is durable in a memory index.</summary>
    public static byte[] Build(MemoryIndex index, SegmentHeader segment, long segmentLength)
    {
        var streams = index.AllStreams();
        var declared = index.Declared.ToLookup(each => each.Local, each => each.Range);
        var blocks = new ByteBuffer(64 * 1024);
        var table = new ByteBuffer(4096);
        table.Unsigned((ulong)streams.Length);
        foreach (var stream in streams)
        {
            var entries = index.EntriesOf(stream, stream.CommittedHead);
            int start = blocks.Length;
            var stored = WriteBlock(blocks, CollectionsMarshal.AsSpan(entries), stream.Definition.Id.IsKeyed);
            var dropped = default(RangeSet);
            foreach (var range in declared[stream.Definition.Local])
            {
                dropped.Add(range.First, range.End);
            }

            RecordCodec.WriteStream(table, stream.Definition);
            WriteFacts(table, stream.Committed);
            WriteRanges(table, stored.ToArray());
            WriteRanges(table, dropped.ToArray());
            table.Unsigned((ulong)start);
            table.Unsigned((ulong)(blocks.Length - start));
            table.Unsigned(CheckSum.Of(blocks.Written[start..]));
        }

        var file = new byte[HeadBytes + table.Length + blocks.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, Magic);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(8), segment.BasePosition);
        BinaryPrimitives.WriteInt64LittleEndian(file.AsSpan(16), segmentLength);
        BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(24), segment.Salt);
        BinaryPrimitives.WriteInt32LittleEndian(file.AsSpan(32), table.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(36), CheckSum.Of(table.Written));
        BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(44), CheckSum.Of(file.AsSpan(0, 44)));
        table.Written.CopyTo(file.AsSpan(HeadBytes));
        blocks.Written.CopyTo(file.AsSpan(HeadBytes + table.Length));
        return file;
    }

    /// <summary>Reads and checks head and table; null, with the reason, when they cannot be believed or belong elsewhere.</summary>
    public static SideTable? ReadTable(ReadBytes read, long fileLength, SegmentHeader segment, out long segmentLength, out string reason)
    {
        segmentLength = 0;
        Span<byte> head = stackalloc byte[HeadBytes];
        reason = "the index's head is damaged";
        if (!read(0, head)
            || BinaryPrimitives.ReadUInt64LittleEndian(head) != Magic
            || BinaryPrimitives.ReadUInt32LittleEndian(head[44..]) != CheckSum.Of(head[..44]))
        {
            return null;
        }

        segmentLength = BinaryPrimitives.ReadInt64LittleEndian(head[16..]);
        int tableBytes = BinaryPrimitives.ReadInt32LittleEndian(head[32..]);
        reason = "the index belongs to another segment";
        if (BinaryPrimitives.ReadInt64LittleEndian(head[8..]) != segment.BasePosition
            || BinaryPrimitives.ReadUInt64LittleEndian(head[24..]) != segment.Salt)
        {
            return null;
        }

        reason = "the index's table is damaged";
        if (tableBytes < 0 || tableBytes > fileLength - HeadBytes)
        {
            return null;
        }

        var table = new byte[tableBytes];
        if (!read(HeadBytes, table) || BinaryPrimitives.ReadUInt32LittleEndian(head[36..]) != CheckSum.Of(table))
        {
            return null;
        }

        reason = "";
        return ParseTable(table);
    }

    /// <summary>Reads and checks the frames of one stream; null when they cannot be believed.</summary>
    public static IndexEntry[]? ReadBlock(ReadBytes read, SideTable table, SideStream stream)
    {
        var bytes = new byte[stream.BlockBytes];
        if (!read(HeadBytes + table.Bytes + stream.BlockOffset, bytes) || CheckSum.Of(bytes) != stream.BlockSum)
        {
            return null;
        }

        var reader = new ByteReader(bytes);
        var entries = new IndexEntry[reader.Count(bytes.Length)];
        var before = default(IndexEntry);
        for (int at = 0; at < entries.Length; at++)
        {
            before.First += reader.Signed();
            before.Count = reader.Count(int.MaxValue);
            before.Offset += (int)reader.Signed();
            before.FirstTime = unchecked(before.FirstTime + reader.Signed());
            before.Local = stream.Definition.Local;
            entries[at] = before;
        }

        return reader.Failed ? null : entries;
    }

    private static RangeSet WriteBlock(ByteBuffer buffer, ReadOnlySpan<IndexEntry> entries, bool isKeyed)
    {
        var stored = default(RangeSet);
        var before = default(IndexEntry);
        buffer.Unsigned((ulong)entries.Length);
        foreach (ref readonly var entry in entries)
        {
            buffer.Signed(entry.First - before.First);
            buffer.Unsigned((ulong)entry.Count);
            buffer.Signed(entry.Offset - before.Offset);
            buffer.Signed(unchecked(entry.FirstTime - before.FirstTime));
            before = entry;
            if (!isKeyed)
            {
                stored.Add(entry.First, entry.First + entry.Count);
            }
        }

        return stored;
    }

    internal static void WriteFacts(ByteBuffer table, in LocalFacts facts)
    {
        table.Unsigned((ulong)facts.Frames);
        table.Unsigned((ulong)facts.Samples);
        table.Signed(facts.LowestFirst);
        table.Signed(facts.HighestFirst);
        table.Signed(facts.HighestEnd);
        table.Signed(facts.LowestTime);
        table.Signed(facts.HighestTime);
        table.Signed(facts.FirstArrival);
        table.Signed(facts.LastArrival);
        table.Byte((byte)((facts.Anchor.HasValue ? 1 : 0) | (facts.EndsTest ? 2 : 0)));
        table.Fixed64(facts.Anchor.GetValueOrDefault());
    }

    internal static LocalFacts ReadFacts(ref ByteReader reader)
    {
        var facts = new LocalFacts
        {
            Frames = (long)reader.Unsigned(),
            Samples = (long)reader.Unsigned(),
            LowestFirst = reader.Signed(),
            HighestFirst = reader.Signed(),
            HighestEnd = reader.Signed(),
            LowestTime = reader.Signed(),
            HighestTime = reader.Signed(),
            FirstArrival = reader.Signed(),
            LastArrival = reader.Signed(),
        };
        byte flags = reader.Byte();
        long anchor = reader.Fixed64();
        facts.Anchor = (flags & 1) != 0 ? anchor : null;
        facts.EndsTest = (flags & 2) != 0;
        return facts;
    }

    internal static void WriteRanges(ByteBuffer table, SampleRange[] ranges)
    {
        table.Unsigned((ulong)ranges.Length);
        long before = 0;
        foreach (var range in ranges)
        {
            table.Signed(range.First - before);
            table.Unsigned((ulong)(range.End - range.First));
            before = range.End;
        }
    }

    internal static SampleRange[] ReadRanges(ref ByteReader reader, int most)
    {
        var ranges = new SampleRange[reader.Count(most)];
        long before = 0;
        for (int at = 0; at < ranges.Length; at++)
        {
            long first = before + reader.Signed();
            before = first + (long)reader.Unsigned();
            ranges[at] = new SampleRange(first, before);
        }

        return ranges;
    }

    private static SideTable? ParseTable(byte[] table)
    {
        var reader = new ByteReader(table);
        var streams = new SideStream[reader.Count(table.Length)];
        for (int at = 0; at < streams.Length; at++)
        {
            streams[at] = new SideStream
            {
                Definition = RecordCodec.ReadStream(ref reader),
                Facts = ReadFacts(ref reader),
                Stored = ReadRanges(ref reader, table.Length),
                Declared = ReadRanges(ref reader, table.Length),
                BlockOffset = reader.Count(int.MaxValue),
                BlockBytes = reader.Count(int.MaxValue),
                BlockSum = (uint)reader.Unsigned(),
            };
        }

        return reader.Failed ? null : new SideTable(streams, table.Length);
    }
}

/// <summary>Reads exactly the bytes asked for, or returns false.</summary>
internal delegate bool ReadBytes(long offset, Span<byte> bytes);

/// <summary>The streams of a sealed segment.</summary>
internal sealed class SideTable(SideStream[] streams, int bytes)
{
    private readonly Dictionary<StreamId, SideStream> byId = streams.DistinctBy(stream => stream.Definition.Id)
        .ToDictionary(stream => stream.Definition.Id);

    /// <summary>Streams by their number in the segment.</summary>
    public SideStream[] Streams { get; } = streams;

    /// <summary>Length of the table in the file.</summary>
    public int Bytes { get; } = bytes;

    /// <summary>What it takes in memory, roughly.</summary>
    public int MemoryBytes => (Streams.Length * 400) + Bytes;

    public SideStream? Find(StreamId id) => byId.GetValueOrDefault(id);
}
