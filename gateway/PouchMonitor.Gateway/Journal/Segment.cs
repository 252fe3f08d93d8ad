using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// A file of frames, a log or a pack. The position of a frame is the base position plus the offset of its record in the log as
/// it was first written.
/// </summary>
internal sealed class Segment(SegmentHeader header, long length)
{
    private const string Prefix = "frames-";
    private const string Suffix = ".log";
    private const string IndexSuffix = ".index";
    private long length = length;
    private volatile MemoryIndex? memory;

    public SegmentHeader Header { get; } = header;

    public long Base => Header.BasePosition;

    /// <summary>The pack its frames were compacted into; null for a log.</summary>
    public Pack? Pack { get; init; }

    public string FileName => Pack?.FileName ?? NameOf(Base);

    public string IndexName => string.Concat(Prefix, Base.ToString("x16", null), IndexSuffix);

    /// <summary>Its files.</summary>
    public IReadOnlyList<string> FileNames => Pack is null ? [IndexName, FileName] : [FileName];

    /// <summary>Bytes that are durable, head included.</summary>
    public long Length
    {
        get => Volatile.Read(ref length);
        set => Volatile.Write(ref length, value);
    }

    /// <summary>Position after the last durable record.</summary>
    public long End => Base + Length;

    /// <summary>Index in memory; null once the index file beside the segment is durable.</summary>
    public MemoryIndex? Memory
    {
        get => memory;
        set => memory = value;
    }

    public static string NameOf(long basePosition) => string.Concat(Prefix, basePosition.ToString("x16", null), Suffix);

    /// <summary>A segment, or several neighbours, as a pack.</summary>
    public static Segment Of(Pack pack) =>
        new(new SegmentHeader(pack.Header.BasePosition, pack.Header.CreatedMicroseconds, 0), pack.Header.EndPosition - pack.Header.BasePosition)
        {
            Pack = pack,
        };

    /// <summary>Base position in a log's file name.</summary>
    public static bool TryParseName(string name, out long basePosition) => TryParse(name, Suffix, out basePosition);

    /// <summary>Base position in the file name of a log's index.</summary>
    public static bool TryParseIndexName(string name, out long basePosition) => TryParse(name, IndexSuffix, out basePosition);

    /// <summary>Writes a new file's head and makes file and name durable; removes what is left of an earlier attempt.</summary>
    public static IJournalFile CreateFile(IJournalFiles files, string name, SegmentHeader header, long reservedBytes)
    {
        if (files.List().Contains(name, StringComparer.Ordinal))
        {
            files.Delete(name);
        }

        var file = files.Create(name, reservedBytes);
        try
        {
            var head = new byte[SegmentHeader.Bytes];
            header.Write(head);
            file.WriteAll(0, head);
            file.SyncData();
            files.SyncDirectory();
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    private static bool TryParse(string name, string suffix, out long basePosition)
    {
        basePosition = 0;
        return name.Length == Prefix.Length + 16 + suffix.Length
            && name.StartsWith(Prefix, StringComparison.Ordinal)
            && name.EndsWith(suffix, StringComparison.Ordinal)
            && long.TryParse(
                name.AsSpan(Prefix.Length, 16), System.Globalization.NumberStyles.AllowHexSpecifier, null, out basePosition);
    }
}
