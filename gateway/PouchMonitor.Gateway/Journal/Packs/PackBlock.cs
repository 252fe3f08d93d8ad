using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Format;

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
