using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Writes the frames of neighbouring sealed segments into one pack. What was written is read back and compared with the
/// frames before the pack gets its name; a segment with damage is left as it is, so that nothing is tidied away that a
/// person might still save.
/// </summary>
internal sealed class PackWriter
{
    /// <summary>Most frames in a block.</summary>
    public const int MostFramesPerBlock = 16384;

    private const int MostSamplesPerBlock = 8192;
    private const int LeastSamplesPerBlock = 128;
    private const int SamplesOfAllStreams = 1 << 19;
    private readonly SegmentStore store;
    private readonly Action breathe;
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly byte[] again = new byte[SampleFrame.MaximumEncodedBytes];
    private readonly FrameColumns columns = new();
    private readonly RollUpBuilder rollUps;
    private readonly List<RollUpBlock> rollUpBlocks = [];
    private readonly ByteBuffer plain = new(1 << 20);
    private IJournalFile file = null!;
    private long at;
    private int mostSamples;

    /// <param name="store">Where the segments are.</param>
    /// <param name="breathe">Called between frames; may rest, or throw to end it.</param>
    public PackWriter(SegmentStore store, Action breathe)
    {
        this.store = store;
        this.breathe = breathe;
        rollUps = new RollUpBuilder(WriteRollUps);
    }

    /// <summary>Writes and names the pack durably. The segments are still in the store and on disk.</summary>
    /// <exception cref="IOException">It could not be written, or does not hold what it should.</exception>
    public Pack Write(IReadOnlyList<Segment> segments, long createdMicroseconds)
    {
        long basePosition = segments[0].Base;
        string name = Pack.NameOf(basePosition, segments[^1].End);
        string temporary = name + ".new";
        if (store.Files.List().Contains(temporary, StringComparer.Ordinal))
        {
            store.Files.Delete(temporary);
        }

        PackHeader header;
        long frameCount;
        using (file = store.Files.Create(temporary, 0))
        {
            at = PackHeader.Bytes;
            if (segments.FirstOrDefault(segment => store.Damage.Has(segment.FileName)) is { } damaged)
            {
                throw new DamagedSegmentException($"{damaged.FileName} has damaged places and is left as it is.");
            }

            var sources = Sources(segments);
            mostSamples = Math.Clamp(SamplesOfAllStreams / Math.Max(1, sources.Count), LeastSamplesPerBlock, MostSamplesPerBlock);
            var streams = new List<PackedStream>();
            foreach (var (id, source) in sources)
            {
                streams.Add(WriteStream(id, source, segments, basePosition));
            }

            frameCount = streams.Sum(stream => stream.Facts.Frames);
            var table = new PackTable([.. streams], 0).ToBytes();
            var piece = WritePiece(table);
            at += PackHeader.BytesBetweenTables;
            WritePiece(table);
            header = new PackHeader(
                basePosition, segments[^1].End, createdMicroseconds, piece.Offset, piece.Bytes, piece.PlainBytes, piece.Sum)
            {
                HasTableTwice = true,
            };
            var head = new byte[PackHeader.Bytes];
            header.Write(head);
            file.WriteAll(0, head);
            file.SyncData();
        }

        store.Files.Rename(temporary, name);
        store.Files.SyncDirectory();
        return new Pack(header, frameCount);
    }

    private Dictionary<StreamId, Source> Sources(IReadOnlyList<Segment> segments)
    {
        var sources = new Dictionary<StreamId, Source>();
        foreach (var segment in segments)
        {
            foreach (var (id, facts, _, declared) in store.ContentOf(segment))
            {
                if (!sources.TryGetValue(id, out var source))
                {
                    sources[id] = source = new Source();
                }

                source.Facts.Add(facts);
                foreach (var range in declared)
                {
                    source.Declared.Add(range.First, range.End);
                }
            }
        }

        return sources;
    }

    private PackedStream WriteStream(StreamId id, Source source, IReadOnlyList<Segment> segments, long basePosition)
    {
        var blocks = new List<PackBlock>();
        var stored = default(RangeSet);
        long frames = 0;
        long samples = 0;
        columns.Clear();
        rollUps.Begin();
        rollUpBlocks.Clear();
        using var cursor = new StreamCursor(store, id, segments);
        while (cursor.ReadNext() is { } record)
        {
            breathe();
            bool isFull = columns.Samples + record.Count > mostSamples || columns.Table.Frames >= MostFramesPerBlock
                || columns.IsFull || columns.MemoryBytes > 1 << 24;
            if (isFull && columns.Table.Frames > 0)
            {
                blocks.Add(WriteBlock(id));
            }

            Take(record, basePosition);
            frames++;
            samples += record.Count;
            if (!id.IsKeyed)
            {
                stored.Add(record.FirstSampleNumber, record.FirstSampleNumber + record.Count);
            }
        }

        if (cursor.Damaged > 0)
        {
            throw new DamagedSegmentException($"Frames of {id} cannot be read; {segments[0].FileName} is left as it is.");
        }

        if (columns.Table.Frames > 0)
        {
            blocks.Add(WriteBlock(id));
        }

        rollUps.End();
        for (int level = 0; level < rollUps.Levels.Length; level++)
        {
            WriteRollUps(level);
        }

        source.Facts.Frames = frames;
        source.Facts.Samples = samples;
        return new PackedStream
        {
            Id = id,
            Facts = source.Facts,
            Stored = stored.ToArray(),
            Declared = source.Declared.ToArray(),
            Blocks = [.. blocks],
            RollUps = [.. rollUpBlocks],
        };
    }

    private void Take(JournalRecord record, long basePosition)
    {
        int offset = (int)(record.Position - basePosition);
        if (!record.TryDecode(frame))
        {
            columns.AddRaw(record, offset);
            return;
        }

        if (record.Stream.Kind == FrameKind.Samples)
        {
            rollUps.Take(frame);
        }

        if (IsWrittenTheSame(record))
        {
            columns.Add(record, offset, frame);
        }
        else
        {
            columns.AddRaw(record, offset);
        }
    }

    private bool IsWrittenTheSame(JournalRecord record)
    {
        try
        {
            int length = SampleFrameEncoder.Encode(frame, again, 0);
            return again.AsSpan(0, length).SequenceEqual(record.Bytes)
                && frame.FirstSampleNumber == record.FirstSampleNumber && frame.Count == record.Count
                && frame.UptimeMicroseconds[0] == record.FirstTimeMicroseconds
                && new StreamId(frame.Node, frame.Channel, frame.Boot, frame.Kind) == record.Stream;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private PackBlock WriteBlock(in StreamId id)
    {
        var table = columns.Table;
        plain.Clear();
        table.Write(plain, id.Boot == 0);
        var tablePiece = WritePiece(plain.Written);
        plain.Clear();
        columns.Write(plain);
        var samplesPiece = WritePiece(plain.Written);
        var block = Describe(table, tablePiece, samplesPiece, Compare(id, tablePiece, samplesPiece));
        columns.Clear();
        return block;
    }

    private static PackBlock Describe(FrameTable table, PackPiece tablePiece, PackPiece samplesPiece, FrameColumns read)
    {
        long highestEnd = long.MinValue;
        long lowestTime = long.MaxValue;
        long highestTime = long.MinValue;
        for (int each = 0; each < table.Frames; each++)
        {
            highestEnd = Math.Max(highestEnd, table.First[each] + table.Count[each]);
            lowestTime = Math.Min(lowestTime, table.FirstTime[each]);
            highestTime = Math.Max(highestTime, read.LastTimeOf(each));
        }

        return new PackBlock
        {
            Frames = table.Frames,
            LowestFirst = table.First[0],
            HighestFirst = table.First[table.Frames - 1],
            HighestEnd = highestEnd,
            LowestTime = lowestTime,
            HighestTime = highestTime,
            Table = tablePiece,
            Samples = samplesPiece,
        };
    }

    // What is on its way to the disk must give every column back before the segment it came from is let go.
    private FrameColumns Compare(in StreamId id, PackPiece table, PackPiece samples) =>
        PackPieces.ReadFrames(file, columns.Table.Frames, table, samples, id.Boot == 0) is { } read && read.IsSame(columns)
            ? read
            : throw new IOException($"A block of {id} does not read back as it was written.");

    private void WriteRollUps(int level)
    {
        var rows = rollUps.Levels[level];
        if (rows.Count == 0)
        {
            return;
        }

        // Where hardly more than a sample falls into a bucket, the samples themselves say it in less room. That is decided for a
        // stream once, by its first rows.
        bool isFirst = !rollUpBlocks.Exists(block => block.Level == level);
        if (isFirst && level < rollUps.Levels.Length - 1 && rows.Count * 4L > rollUps.Samples)
        {
            rollUps.Drop(level);
            return;
        }

        plain.Clear();
        rows.Write(plain);
        long lowest = rows.Bucket[0];
        long highest = rows.Bucket[0];
        foreach (long bucket in rows.Bucket.Values)
        {
            lowest = Math.Min(lowest, bucket);
            highest = Math.Max(highest, bucket);
        }

        rollUpBlocks.Add(new RollUpBlock(level, rows.Count, lowest, highest, WritePiece(plain.Written)));
        rows.Clear();
    }

    private PackPiece WritePiece(ReadOnlySpan<byte> bytes)
    {
        var packed = Compression.Pack(bytes);
        file.WriteAll(at, packed);
        var piece = new PackPiece(at, packed.Length, bytes.Length, CheckSum.Of(packed));
        at += packed.Length;
        return piece;
    }

    private sealed class Source
    {
        public LocalFacts Facts;
        public RangeSet Declared;
    }
}
