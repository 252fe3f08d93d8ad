using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// A file into which one or several neighbouring segments were compacted: their frames stream by stream, compressed, each
/// with its place in commit order, and the roll-ups of their samples. Written once, never changed.
/// </summary>
/// <param name="header">Its head.</param>
/// <param name="frames">Frames in it.</param>
internal sealed class Pack(PackHeader header, long frames)
{
    private const string Prefix = "frames-";
    private const string Suffix = ".pack";

    public PackHeader Header { get; } = header;

    public long Frames { get; } = frames;

    public string FileName => NameOf(Header.BasePosition, Header.EndPosition);

    public static string NameOf(long basePosition, long endPosition) =>
        string.Concat(Prefix, basePosition.ToString("x16", null), "-", endPosition.ToString("x16", null) + Suffix);

    /// <summary>Base and end position in a pack's file name.</summary>
    public static bool TryParseName(string name, out long basePosition, out long endPosition)
    {
        (basePosition, endPosition) = (0, 0);
        const System.Globalization.NumberStyles hex = System.Globalization.NumberStyles.AllowHexSpecifier;
        return name.Length == Prefix.Length + 33 + Suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(Suffix, StringComparison.Ordinal)
            && long.TryParse(name.AsSpan(Prefix.Length, 16), hex, null, out basePosition)
            && long.TryParse(name.AsSpan(Prefix.Length + 17, 16), hex, null, out endPosition);
    }

    /// <summary>Reads and checks head and table; null, with the reason, when they cannot be believed.</summary>
    public static (Pack Pack, PackTable Table)? Open(IJournalFile file, string name, out string reason)
    {
        var head = new byte[PackHeader.Bytes];
        reason = "the head of the pack is damaged";
        if (file.ReadAll(0, head) != head.Length
            || !PackHeader.TryRead(head, out var header)
            || !string.Equals(NameOf(header.BasePosition, header.EndPosition), name, StringComparison.Ordinal))
        {
            return null;
        }

        reason = "the table of the pack is damaged";
        return ReadTable(file, header) is { } table
            ? (new Pack(header, table.Streams.Sum(stream => stream.Facts.Frames)), table)
            : null;
    }

    /// <summary>The table, or where it is damaged its second copy; null where there is none that can be believed.</summary>
    public PackTable? ReadTable(IJournalFile file) => ReadTable(file, Header);

    /// <summary>The places of the table: one, or two where it is there twice.</summary>
    public IEnumerable<PackPiece> Tables => TablesOf(Header);

    private static PackTable? ReadTable(IJournalFile file, in PackHeader header)
    {
        foreach (var piece in TablesOf(header))
        {
            if (PackPieces.Read(file, piece) is { } plain && PackTable.Read(plain) is { } table)
            {
                return table;
            }
        }

        return null;
    }

    private static PackPiece[] TablesOf(in PackHeader header)
    {
        var first = new PackPiece(header.TableOffset, header.TableBytes, header.TablePlainBytes, header.TableSum);
        return header.HasTableTwice ? [first, first with { Offset = first.Offset + first.Bytes + PackHeader.BytesBetweenTables }] : [first];
    }
}
