using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal.Index;

/// <summary>
/// All segments, their files and their indexes: finds frames and reads records. Segments are added by the journal's
/// thread and replaced by the compactor's; everything else is for any thread that holds a lease of <see cref="Leases"/>.
/// </summary>
internal sealed class SegmentStore(IJournalFiles files, long cacheBytes) : IDisposable
{
    private const int OpenFiles = 64;
    private const int GuessedRecordBytes = 1024;
    private const long FramesCacheBytes = 48L * 1024 * 1024;
    private const long RollUpsCacheBytes = 32L * 1024 * 1024;
    private readonly LeastRecentlyUsed<(Segment, long Offset), RollUpRows> rollUps = new(RollUpsCacheBytes);
    private readonly Lock changing = new();
    private readonly LeastRecentlyUsed<(Segment, long Offset), FrameColumns> frames = new(FramesCacheBytes);
    private readonly FileCache open = new(files, OpenFiles);
    private readonly LeastRecentlyUsed<(Segment, int Local), object> cache = new(cacheBytes);
    private volatile Segment[] segments = [];

    public Segment[] Segments => segments;

    public DamageLog Damage { get; } = new();

    public IJournalFiles Files => files;

    public ReadLeases Leases { get; } = new();

    public void Add(Segment segment)
    {
        lock (changing)
        {
            segments = [.. segments, segment];
        }
    }

    /// <summary>Puts a pack in the place of the neighbouring segments it was made from.</summary>
    public Segment Replace(IReadOnlyList<Segment> old, Pack pack)
    {
        var packed = Segment.Of(pack);
        lock (changing)
        {
            int at = Array.IndexOf(segments, old[0]);
            segments = [.. segments[..at], packed, .. segments[(at + old.Count)..]];
        }

        return packed;
    }

    /// <summary>Takes the oldest segments out of sight.</summary>
    public void RemoveFirst(int count)
    {
        lock (changing)
        {
            segments = segments[count..];
        }
    }

    /// <summary>Forgets an open file that is about to be removed.</summary>
    public void Forget(string name) => open.Forget(name);

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

    /// <summary>The frames of a block; null, and a note of the damage, when they cannot be believed.</summary>
    public FrameColumns? FramesOf(Segment segment, in StreamId stream, PackBlock block)
    {
        bool isForeign = stream.Boot == 0;
        try
        {
            return frames.GetOrAdd((segment, block.Table.Offset), () =>
            {
                using var lease = Borrow(segment);
                var columns = PackPieces.ReadFrames(lease.File, block, isForeign) ?? throw new InvalidDataException();
                return (columns, columns.MemoryBytes);
            });
        }
        catch (InvalidDataException)
        {
            NoteDamage(segment, stream, block);
            return null;
        }
    }

    /// <summary>Rows of roll-ups; null, and a note of the damage, when they cannot be believed.</summary>
    public RollUpRows? RollUpsOf(Segment segment, in StreamId stream, RollUpBlock block)
    {
        try
        {
            return rollUps.GetOrAdd((segment, block.Piece.Offset), () =>
            {
                using var lease = Borrow(segment);
                var rows = PackPieces.ReadRollUps(lease.File, block) ?? throw new InvalidDataException();
                return (rows, rows.MemoryBytes);
            });
        }
        catch (InvalidDataException)
        {
            Damage.Note(segment.FileName, block.Piece.Offset, block.Piece.Bytes, $"{block.Rows} roll-ups of {stream} are damaged");
            return null;
        }
    }

    public void NoteDamage(Segment segment, in StreamId stream, PackBlock block) => Damage.Note(
        segment.FileName, block.Table.Offset, block.Table.Bytes + block.Samples.Bytes,
        $"{block.Frames} frames of {stream} from number {block.LowestFirst} on are damaged");

    /// <summary>Table of a pack.</summary>
    public PackTable PackTableOf(Segment segment) =>
        (PackTable)cache.GetOrAdd((segment, -1), () =>
        {
            using var lease = Borrow(segment);
            var table = segment.Pack!.ReadTable(lease.File)
                ?? throw new IOException($"The table of {segment.FileName} is damaged.");
            return (table, table.MemoryBytes);
        });

    /// <summary>
    /// The streams of a segment that is no longer written: what it holds of each, the numbers stored (none for a keyed
    /// stream) and those declared dropped.
    /// </summary>
    public IEnumerable<(StreamId Id, LocalFacts Facts, SampleRange[] Stored, SampleRange[] Declared)> ContentOf(Segment segment) =>
        segment.Pack is not null
            ? PackTableOf(segment).Streams.Select(stream => (stream.Id, stream.Facts, stream.Stored, stream.Declared))
            : TableOf(segment).Streams.Where(stream => stream.Facts.Frames > 0)
                .Select(stream => (stream.Definition.Id, stream.Facts, stream.Stored, stream.Declared));

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
        (SideTable)cache.GetOrAdd((segment, -1), () =>
        {
            var table = LoadTable(segment) ?? Remake(segment);
            return (table, table.MemoryBytes);
        });

    public IndexEntry[] BlockOf(Segment segment, SideStream stream) =>
        (IndexEntry[])cache.GetOrAdd((segment, stream.Definition.Local), () =>
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
            cache.Remove((segment, -1));
        }

        return LoadTable(segment) ?? throw new IOException($"The index of {segment.FileName} cannot be made again.");
    }
}
