using System.Collections.Concurrent;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// What the retention has removed: of each stream the numbers that had been stored, so that a frame sent again years later
/// is still known, and how far the beginning of the journal is gone. Kept in one file that is replaced as a whole, durably,
/// before anything is deleted.
/// </summary>
internal sealed class RemovedFrames(IJournalFiles files, DamageLog damage)
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "removed.ledger";

    private readonly ConcurrentDictionary<StreamId, PackedStream> streams = new();

    /// <summary>Frames before this position are gone.</summary>
    public long Below { get; private set; }

    public IEnumerable<PackedStream> Streams => streams.Values;

    /// <summary>Number after the highest sample that was removed of a stream; 0 when none was.</summary>
    public long EndOf(StreamId stream) => streams.TryGetValue(stream, out var removed) ? removed.Facts.HighestEnd : 0;

    /// <summary>True when all of [first, end) had been stored and removed.</summary>
    public bool Covers(StreamId stream, long first, long end)
    {
        if (!streams.TryGetValue(stream, out var removed))
        {
            return false;
        }

        int at = Array.BinarySearch(removed.Stored, new SampleRange(first, end), Comparer<SampleRange>.Create(
            static (left, right) => left.First.CompareTo(right.First)));
        at = at < 0 ? ~at - 1 : at;
        return at >= 0 && removed.Stored[at].End >= end;
    }

    /// <summary>Reads the file, where there is one.</summary>
    public void Load()
    {
        if (!files.List().Contains(FileName, StringComparer.Ordinal))
        {
            return;
        }

        using var file = files.Open(FileName, forWriting: false);
        var head = new byte[PackHeader.Bytes];
        PackTable? table = null;
        if (file.ReadAll(0, head) == head.Length && PackHeader.TryRead(head, out var header))
        {
            Below = header.EndPosition;
            table = new Pack(header, 0).ReadTable(file);
        }

        if (table is null)
        {
            damage.Note(FileName, 0, file.Length, "the list of removed frames is damaged; removed frames that are sent again are stored again");
            return;
        }

        foreach (var stream in table.Streams)
        {
            streams[stream.Id] = stream;
        }
    }

    /// <summary>Adds what some segments hold and makes it durable; they may be deleted then.</summary>
    public void Add(SegmentStore store, IReadOnlyList<Segment> segments, long createdMicroseconds)
    {
        var next = new Dictionary<StreamId, PackedStream>(streams);
        foreach (var segment in segments)
        {
            foreach (var (id, facts, stored, declared) in store.ContentOf(segment))
            {
                next[id] = next.TryGetValue(id, out var before) ? Join(before, facts, stored, declared) : new PackedStream
                {
                    Id = id, Facts = facts, Stored = stored, Declared = declared, Blocks = [], RollUps = [],
                };
            }
        }

        var plain = new PackTable([.. next.Values], 0).ToBytes();
        var packed = Compression.Pack(plain);
        var content = new byte[PackHeader.Bytes + packed.Length];
        new PackHeader(0, segments[^1].End, createdMicroseconds, PackHeader.Bytes, packed.Length, plain.Length, Format.CheckSum.Of(packed))
            .Write(content);
        packed.CopyTo(content, PackHeader.Bytes);
        files.Publish(FileName, content);
        foreach (var (id, stream) in next)
        {
            streams[id] = stream;
        }

        Below = segments[^1].End;
    }

    private static PackedStream Join(PackedStream before, in LocalFacts facts, SampleRange[] stored, SampleRange[] declared)
    {
        var sum = before.Facts;
        sum.Add(facts);
        return new PackedStream
        {
            Id = before.Id,
            Facts = sum,
            Stored = Union(before.Stored, stored),
            Declared = Union(before.Declared, declared),
            Blocks = [],
            RollUps = [],
        };
    }

    private static SampleRange[] Union(SampleRange[] one, SampleRange[] other)
    {
        var all = default(RangeSet);
        foreach (var range in one.Concat(other).OrderBy(range => range.First))
        {
            all.Add(range.First, range.End);
        }

        return all.ToArray();
    }
}
