using System.Runtime.InteropServices;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Times [from, to) in microseconds of a stream's own clock.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TimeRange(long From, long To)
{
    public static readonly TimeRange All = new(long.MinValue, long.MaxValue);

    /// <summary>True when something from <paramref name="first"/> to <paramref name="last"/>, both included, is in.</summary>
    public bool Touches(long first, long last) => first < To && last >= From;
}

/// <summary>
/// Reads one stream in sample-number order: all that was durable when it was made. Frames that came late lie in other
/// segments than their neighbours, so that the segments' indexes are merged. For one thread at a time.
/// </summary>
public sealed class StreamCursor : IDisposable
{
    private readonly SegmentStore store;
    private readonly StreamId stream;
    private readonly long fromNumber;
    private readonly TimeRange times;
    private readonly RecordLoader loader;
    private readonly ReadLeases.Lease lease;
    private readonly PriorityQueue<Run, (long First, long Segment)> runs = new();
    private (long First, int Count) lastRead = (long.MinValue, 0);

    internal StreamCursor(SegmentStore store, StreamId stream, in StreamFacts facts, long fromNumber, TimeRange times)
        : this(store, stream, fromNumber, times)
    {
        if (facts.Frames > 0)
        {
            foreach (var segment in store.Segments)
            {
                // A pack may reach further than the segment it took the place of.
                if (segment.End > facts.FirstSegment && segment.Base <= facts.LastSegment)
                {
                    Add(segment);
                }
            }
        }
    }

    /// <summary>Reads a stream in some segments alone.</summary>
    internal StreamCursor(SegmentStore store, StreamId stream, IEnumerable<Segment> segments)
        : this(store, stream, segments, long.MinValue, TimeRange.All)
    {
    }

    /// <summary>Reads a stream in some segments alone, from a number on and in a range of time.</summary>
    internal StreamCursor(SegmentStore store, StreamId stream, IEnumerable<Segment> segments, long fromNumber, TimeRange times)
        : this(store, stream, fromNumber, times)
    {
        foreach (var segment in segments)
        {
            Add(segment);
        }
    }

    private StreamCursor(SegmentStore store, StreamId stream, long fromNumber, TimeRange times)
    {
        this.store = store;
        this.stream = stream;
        this.fromNumber = fromNumber;
        this.times = times;
        loader = new RecordLoader(store);
        lease = store.Leases.Enter();
    }

    /// <summary>Frames so far that could not be read.</summary>
    internal int Damaged { get; private set; }

    /// <summary>Moves to the next record; null at the end.</summary>
    public JournalRecord? ReadNext()
    {
        while (runs.TryDequeue(out var run, out _))
        {
            int at = run.Entries is null ? Start(run) : run.At;
            if (at >= run.Entries!.Length)
            {
                continue;
            }

            var entry = run.Entries[at];
            if (run.IsUnread)
            {
                // Queued by a bound until now; go back in line under its true first number.
                run.IsUnread = false;
                runs.Enqueue(run, (entry.First, run.Segment.Base));
                continue;
            }

            run.At = at + 1;
            if (run.At < run.Entries.Length)
            {
                runs.Enqueue(run, (run.Entries[run.At].First, run.Segment.Base));
            }

            if (Read(run, at) is { } record)
            {
                return record;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        runs.Clear();
        lease.Dispose();
    }

    private JournalRecord? Read(Run run, int at)
    {
        var entry = run.Entries![at];
        bool isPast = run.IsTimeAscending && at + 1 < run.Entries.Length && run.Entries[at + 1].FirstTime < times.From;
        if (entry.FirstTime >= times.To || isPast || (entry.First, entry.Count) == lastRead)
        {
            return null;
        }

        var record = run.Columns is { } columns
            ? loader.Load(run.Segment, stream, columns, at)
            : loader.Load(run.Segment, entry.Offset);
        Damaged += record is null ? 1 : 0;
        if (record is null || !times.Touches(record.FirstTimeMicroseconds, record.LastTimeMicroseconds))
        {
            return null;
        }

        lastRead = (entry.First, entry.Count);
        return record;
    }

    private void Add(Segment segment)
    {
        if (segment.Pack is not null)
        {
            AddBlocks(segment);
        }
        else if (segment.Memory is { } memory)
        {
            if (memory.Find(stream) is { } local)
            {
                var run = new Run(segment) { Entries = [.. memory.EntriesOf(local, local.CommittedHead)] };
                Begin(run);
                if (run.At < run.Entries.Length)
                {
                    run.IsUnread = false;
                    runs.Enqueue(run, (run.Entries[run.At].First, segment.Base));
                }
            }
        }
        else if (store.TableOf(segment).Find(stream) is { } side
            && side.Facts.HighestEnd > fromNumber
            && times.Touches(side.Facts.LowestTime, side.Facts.HighestTime))
        {
            runs.Enqueue(new Run(segment) { Side = side }, (side.Facts.LowestFirst, segment.Base));
        }
    }

    private void AddBlocks(Segment segment)
    {
        foreach (var block in store.PackTableOf(segment).Find(stream)?.Blocks ?? [])
        {
            if (block.HighestEnd > fromNumber && times.Touches(block.LowestTime, block.HighestTime))
            {
                runs.Enqueue(new Run(segment) { Block = block }, (block.LowestFirst, segment.Base));
            }
        }
    }

    private int Start(Run run)
    {
        if (run.Block is { } block)
        {
            run.Columns = store.FramesOf(run.Segment, stream, block);
            run.Entries = EntriesOf(run.Columns);
            Damaged += run.Columns is null ? block.Frames : 0;
        }
        else
        {
            run.Entries = store.BlockOf(run.Segment, run.Side!);
        }

        Begin(run);
        return run.At;
    }

    private static IndexEntry[] EntriesOf(FrameColumns? columns)
    {
        var entries = new IndexEntry[columns?.Table.Frames ?? 0];
        for (int at = 0; at < entries.Length; at++)
        {
            var table = columns!.Table;
            entries[at].First = table.First[at];
            entries[at].FirstTime = table.FirstTime[at];
            entries[at].Count = (int)table.Count[at];
            entries[at].Offset = (int)table.Offset[at];
        }

        return entries;
    }

    private void Begin(Run run)
    {
        var entries = run.Entries!;
        run.IsTimeAscending = true;
        for (int at = 1; at < entries.Length && run.IsTimeAscending; at++)
        {
            run.IsTimeAscending = entries[at - 1].FirstTime <= entries[at].FirstTime;
        }

        while (run.At < entries.Length && entries[run.At].First + entries[run.At].Count <= fromNumber)
        {
            run.At++;
        }
    }

    private sealed class Run(Segment segment)
    {
        public Segment Segment { get; } = segment;

        public SideStream? Side { get; init; }

        public PackBlock? Block { get; init; }

        public FrameColumns? Columns { get; set; }

        public IndexEntry[]? Entries { get; set; }

        public int At { get; set; }

        public bool IsUnread { get; set; } = true;

        public bool IsTimeAscending { get; set; }
    }
}
