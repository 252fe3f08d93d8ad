using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>Reads the pieces of a pack and checks them.</summary>
internal static class PackPieces
{
    private const int MostPlainBytes = 1 << 30;

    /// <summary>The plain bytes of a piece; null when it is damaged.</summary>
    public static byte[]? Read(IJournalFile file, in PackPiece piece)
    {
        if (piece.Offset < 0 || piece.Bytes < 0 || piece.Offset > file.Length - piece.Bytes || (uint)piece.PlainBytes > MostPlainBytes)
        {
            return null;
        }

        var packed = new byte[piece.Bytes];
        return file.ReadAll(piece.Offset, packed) == packed.Length && CheckSum.Of(packed) == piece.Sum
            ? Compression.Unpack(packed, piece.PlainBytes)
            : null;
    }

    /// <summary>The table of a block's frames; null when it is damaged.</summary>
    public static FrameTable? ReadTable(IJournalFile file, PackBlock block, bool isForeign)
    {
        var table = new FrameTable();
        return Read(file, block.Table) is { } plain && Fill(table, plain, block.Frames, isForeign) ? table : null;
    }

    /// <summary>A block's frames with their samples; null when they are damaged.</summary>
    public static FrameColumns? ReadFrames(IJournalFile file, PackBlock block, bool isForeign) =>
        ReadFrames(file, block.Frames, block.Table, block.Samples, isForeign);

    public static FrameColumns? ReadFrames(IJournalFile file, int frames, in PackPiece table, in PackPiece samples, bool isForeign)
    {
        var columns = new FrameColumns();
        return Read(file, table) is { } tablePlain && Fill(columns.Table, tablePlain, frames, isForeign)
            && Read(file, samples) is { } samplesPlain && columns.TryRead(samplesPlain) ? columns : null;
    }

    /// <summary>Rows of roll-ups; null when they are damaged.</summary>
    public static RollUpRows? ReadRollUps(IJournalFile file, RollUpBlock block)
    {
        var rows = new RollUpRows();
        return Read(file, block.Piece) is { } plain && rows.TryRead(plain, block.Rows) ? rows : null;
    }

    private static bool Fill(FrameTable table, ReadOnlySpan<byte> plain, int frames, bool isForeign)
    {
        // Bounded before anything is taken: a damaged number must not ask for gigabytes.
        var from = new ByteReader(plain);
        return frames is > 0 and <= PackWriter.MostFramesPerBlock && table.TryRead(ref from, frames, isForeign) && from.AtEnd;
    }
}
