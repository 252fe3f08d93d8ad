using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>A compressed piece of a pack.</summary>
/// <param name="Offset">Where it starts in the file.</param>
/// <param name="Bytes">Its length in the file.</param>
/// <param name="PlainBytes">Its length uncompressed.</param>
/// <param name="Sum">CRC-32C of its bytes in the file.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PackPiece(long Offset, int Bytes, int PlainBytes, uint Sum)
{
    public void Write(ByteBuffer to)
    {
        to.Unsigned((ulong)Offset);
        to.Unsigned((ulong)Bytes);
        to.Unsigned((ulong)PlainBytes);
        to.Unsigned(Sum);
    }

    public static PackPiece Read(ref ByteReader from) =>
        new((long)from.Unsigned(), from.Count(int.MaxValue), from.Count(int.MaxValue), (uint)from.Unsigned());
}

/// <summary>A run of frames of one stream: a piece with the table of the frames, and one with their samples.</summary>
internal sealed record PackBlock
{
    public required int Frames { get; init; }

    public required long LowestFirst { get; init; }

    public required long HighestFirst { get; init; }

    public required long HighestEnd { get; init; }

    public required long LowestTime { get; init; }

    public required long HighestTime { get; init; }

    public required PackPiece Table { get; init; }

    public required PackPiece Samples { get; init; }

    public void Write(ByteBuffer to)
    {
        to.Unsigned((ulong)Frames);
        to.Signed(LowestFirst);
        to.Signed(HighestFirst);
        to.Signed(HighestEnd);
        to.Signed(LowestTime);
        to.Signed(HighestTime);
        Table.Write(to);
        Samples.Write(to);
    }

    public static PackBlock Read(ref ByteReader from) => new()
    {
        Frames = from.Count(int.MaxValue),
        LowestFirst = from.Signed(),
        HighestFirst = from.Signed(),
        HighestEnd = from.Signed(),
        LowestTime = from.Signed(),
        HighestTime = from.Signed(),
        Table = PackPiece.Read(ref from),
        Samples = PackPiece.Read(ref from),
    };
}

/// <summary>A run of rows of roll-ups of one stream.</summary>
internal sealed record RollUpBlock(int Level, int Rows, long LowestBucket, long HighestBucket, PackPiece Piece)
{
    public void Write(ByteBuffer to)
    {
        to.Unsigned((ulong)Level);
        to.Unsigned((ulong)Rows);
        to.Signed(LowestBucket);
        to.Signed(HighestBucket);
        Piece.Write(to);
    }

    public static RollUpBlock Read(ref ByteReader from) =>
        new(from.Count(RollUpBuilder.LevelMicroseconds.Length - 1), from.Count(int.MaxValue), from.Signed(), from.Signed(), PackPiece.Read(ref from));
}

/// <summary>One stream in a pack.</summary>
internal sealed class PackedStream
{
    public required StreamId Id { get; init; }

    public required LocalFacts Facts { get; init; }

    /// <summary>Stored sample numbers; empty for a keyed stream.</summary>
    public required SampleRange[] Stored { get; init; }

    /// <summary>Sample numbers declared dropped.</summary>
    public required SampleRange[] Declared { get; init; }

    /// <summary>Frames, in order of their numbers.</summary>
    public required PackBlock[] Blocks { get; init; }

    public required RollUpBlock[] RollUps { get; init; }
}

/// <summary>What a pack holds.</summary>
internal sealed class PackTable(PackedStream[] streams, int bytes)
{
    private readonly Dictionary<StreamId, PackedStream> byId = streams.ToDictionary(stream => stream.Id);

    public PackedStream[] Streams { get; } = streams;

    /// <summary>What it takes in memory, roughly.</summary>
    public int MemoryBytes { get; } = (streams.Length * 400) + (streams.Sum(stream => stream.Blocks.Length + stream.RollUps.Length) * 160) + bytes;

    public PackedStream? Find(StreamId id) => byId.GetValueOrDefault(id);

    public byte[] ToBytes()
    {
        var to = new ByteBuffer(4096);
        to.Unsigned((ulong)Streams.Length);
        foreach (var stream in Streams)
        {
            RecordCodec.WriteStream(to, new StreamDefinition(0, stream.Id, null));
            SideIndex.WriteFacts(to, stream.Facts);
            SideIndex.WriteRanges(to, stream.Stored);
            SideIndex.WriteRanges(to, stream.Declared);
            to.Unsigned((ulong)stream.Blocks.Length);
            foreach (var block in stream.Blocks)
            {
                block.Write(to);
            }

            to.Unsigned((ulong)stream.RollUps.Length);
            foreach (var block in stream.RollUps)
            {
                block.Write(to);
            }
        }

        return to.Written.ToArray();
    }

    /// <summary>Reads what <see cref="ToBytes"/> wrote; null when it makes no sense.</summary>
    public static PackTable? Read(ReadOnlySpan<byte> bytes)
    {
        var from = new ByteReader(bytes);
        var streams = new PackedStream[from.Count(bytes.Length)];
        for (int at = 0; at < streams.Length; at++)
        {
            streams[at] = new PackedStream
            {
                Id = RecordCodec.ReadStream(ref from).Id,
                Facts = SideIndex.ReadFacts(ref from),
                Stored = SideIndex.ReadRanges(ref from, bytes.Length),
                Declared = SideIndex.ReadRanges(ref from, bytes.Length),
                Blocks = ReadBlocks(ref from, bytes.Length),
                RollUps = ReadRollUps(ref from, bytes.Length),
            };
            if (from.Failed)
            {
                return null;
            }
        }

        return from.AtEnd ? new PackTable(streams, bytes.Length) : null;
    }

    private static PackBlock[] ReadBlocks(ref ByteReader from, int most)
    {
        var blocks = new PackBlock[from.Count(most)];
        for (int at = 0; at < blocks.Length; at++)
        {
            blocks[at] = PackBlock.Read(ref from);
        }

        return blocks;
    }

    private static RollUpBlock[] ReadRollUps(ref ByteReader from, int most)
    {
        var blocks = new RollUpBlock[from.Count(most)];
        for (int at = 0; at < blocks.Length; at++)
        {
            blocks[at] = RollUpBlock.Read(ref from);
        }

        return blocks;
    }
}
