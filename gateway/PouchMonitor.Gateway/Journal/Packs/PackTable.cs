using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

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
