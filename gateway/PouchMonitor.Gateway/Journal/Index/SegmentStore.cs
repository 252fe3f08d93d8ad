using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>
/// All segments, their files and their indexes: finds frames and reads records. Segments are added by the journal's
/// thread; everything else is for any thread.
/// </summary>
internal sealed class SegmentStore(IJournalFiles files, long cacheBytes) : IDisposable
{
    private const int OpenFiles = 64;
    private const int GuessedRecordBytes = 1024;
    private readonly FileCache open = new(files, OpenFiles);
    private readonly LeastRecentlyUsed<(long Base, int Local), object> cache = new(cacheBytes);
    private volatile Segment[] segments = [];

    public Segment[] Segments => segments;

    public DamageLog Damage { get; } = new();

    public IJournalFiles Files => files;

    public void Add(Segment segment) => segments = [.. segments, segment];

    /// <summary>The segment that holds a position, or the first after it; null when past the last.</summary>
    public Segment? AtOrAfter(long position)
    {
        var all = segments;
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (all[middle].End > position || (middle == all.Length - 1 && all[middle].Base <= position))
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low < all.Length ? all[low] : null;
    }

    public FileCache.Lease Borrow(Segment segment) => open.Borrow(segment.FileName);

    /// <summary>
    /// Reads a whole record into a buffer that grows as needed; 0 and a note of the damage when it cannot be believed.
    /// </summary>
    public int ReadRecord(Segment segment, int offset, ref byte[] buffer)
    {
        using var lease = Borrow(segment);
        int got = lease.File.ReadAll(offset, buffer.AsSpan(0, Math.Min(buffer.Length, GuessedRecordBytes)));
        int length = RecordCodec.LengthAt(buffer.AsSpan(0, got));
        if (length > got)
        {
            if (length > buffer.Length)
            {
                Array.Resize(ref buffer, length);
            }

            got += lease.File.ReadAll(offset + got, buffer.AsSpan(got, length - got));
        }

        if (length != 0
            && RecordCodec.TryRead(buffer.AsSpan(0, got), segment.Base + offset, segment.Header.Salt, out _, out length))
        {
            return length;
        }

        Damage.Note(segment.FileName, offset, 0, "a record does not match its check sum");
        return 0;
    }

    /// <summary>The stream that frames of a segment mean by a number; null when its definition is lost.</summary>
    public StreamDefinition? DefinitionOf(Segment segment, int local)
    {
        if (segment.Memory is { } memory)
        {
            return memory.Find(local)?.Definition;
        }

        var streams = TableOf(segment).Streams;
        return (uint)local < (uint)streams.Length ? streams[local].Definition : null;
    }

    public SideTable TableOf(Segment segment) =>
        (SideTable)cache.GetOrAdd((segment.Base, -1), () =>
        {
            var table = LoadTable(segment) ?? Remake(segment);
            return (table, table.MemoryBytes);
        });

    public IndexEntry[] BlockOf(Segment segment, SideStream stream) =>
        (IndexEntry[])cache.GetOrAdd((segment.Base, stream.Definition.Local), () =>
        {
            var block = LoadBlock(segment, TableOf(segment), stream);
            if (block is null)
            {
                var table = Remake(segment);
                block = table.Find(stream.Definition.Id) is { } again ? LoadBlock(segment, table, again) ?? [] : [];
            }

            return (block, block.Length * 32);
        });

    /// <summary>Writes the index of a segment durably and lets go of the one in memory.</summary>
    public void Seal(Segment segment)
    {
        if (segment.Memory is { } memory)
        {
            files.Publish(segment.IndexName, SideIndex.Build(memory, segment.Header, segment.Length));
            open.Forget(segment.IndexName);
            segment.Memory = null;
        }
    }

    /// <summary>Reads the table of a sealed segment; null, and a note, when the index is missing or damaged.</summary>
    public SideTable? LoadTable(Segment segment)
    {
        try
        {
            using var lease = open.Borrow(segment.IndexName);
            var file = lease.File;
            var table = SideIndex.ReadTable(
                (offset, bytes) => file.ReadAll(offset, bytes) == bytes.Length,
                file.Length,
                segment.Header,
                out long segmentLength,
                out string reason);
            if (table is not null && segmentLength == segment.Length)
            {
                return table;
            }

            Damage.Note(
                segment.IndexName, 0, 0,
                table is null ? reason : $"the index covers {segmentLength} bytes of a segment of {segment.Length}");
        }
        catch (FileNotFoundException)
        {
            // Never written or lost: made again from the segment, without being a fault.
        }

        return null;
    }

    public void Dispose() => open.Dispose();

    private IndexEntry[]? LoadBlock(Segment segment, SideTable table, SideStream stream)
    {
        using var lease = open.Borrow(segment.IndexName);
        var file = lease.File;
        var block = SideIndex.ReadBlock((offset, bytes) => file.ReadAll(offset, bytes) == bytes.Length, table, stream);
        if (block is null)
        {
            Damage.Note(segment.IndexName, stream.BlockOffset, stream.BlockBytes, $"the frames of {stream.Definition.Id} are damaged");
        }

        return block;
    }

    // Makes a lost or damaged index again from its segment.
    private SideTable Remake(Segment segment)
    {
        lock (segment)
        {
            var scan = SegmentScan.Run(this, segment, segment.Length);
            files.Publish(segment.IndexName, SideIndex.Build(scan.Index, segment.Header, segment.Length));
            open.Forget(segment.IndexName);
            cache.Remove((segment.Base, -1));
        }

        return LoadTable(segment) ?? throw new IOException($"The index of {segment.FileName} cannot be made again.");
    }
}
