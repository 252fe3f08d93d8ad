using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>Takes what a range of a stream consists of: buckets where they are kept, samples elsewhere. In no order.</summary>
internal interface ISummationSink
{
    /// <summary>A bucket that lies wholly in the range.</summary>
    void Take(RollUpRows rows, int at, int level);

    /// <summary>One sample.</summary>
    void Take(SampleFrame frame, int at);
}

/// <summary>
/// Adds up a range of one stream, from roll-ups as far as they reach: samples are read only of segments that have none at the
/// level asked for, and of buckets that the range cuts through. Roll-ups of the same bucket in several packs (frames that came
/// late) come one after the other and add up.
/// </summary>
internal sealed class StreamSummation(SegmentStore store, StreamId stream, TimeRange times, SampleRange numbers)
{
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);

    /// <param name="level">Index into <see cref="RollUpBuilder.LevelMicroseconds"/>; -1 reads samples alone.</param>
    /// <param name="sink">Receives buckets and samples.</param>
    /// <param name="cancellation">Ends the reading.</param>
    public void Run(int level, ISummationSink sink, CancellationToken cancellation)
    {
        using var reading = store.Leases.Enter();
        var raw = new List<Segment>();
        foreach (var segment in store.Segments)
        {
            if (segment.Pack is null || level < 0)
            {
                raw.Add(segment);
            }
            else if (store.PackTableOf(segment).Find(stream) is { } packed && times.Touches(packed.Facts.LowestTime, packed.Facts.HighestTime))
            {
                if (!RunBuckets(segment, packed, level, sink, cancellation))
                {
                    raw.Add(segment);
                }
            }
        }

        RunSamples(raw, times, sink, cancellation);
    }

    // False when the pack has no buckets of this level, or they cannot be read: then nothing has been given.
    private bool RunBuckets(Segment segment, PackedStream packed, int level, ISummationSink sink, CancellationToken cancellation)
    {
        long width = RollUpBuilder.LevelMicroseconds[level];
        var blocks = new List<RollUpRows>();
        bool hasLevel = false;
        foreach (var block in packed.RollUps)
        {
            hasLevel |= block.Level == level;
            if (block.Level == level && times.Touches(Wide(block.LowestBucket, width), Wide(block.HighestBucket + 1, width)))
            {
                cancellation.ThrowIfCancellationRequested();
                if (store.RollUpsOf(segment, stream, block) is not { } rows)
                {
                    return false;
                }

                blocks.Add(rows);
            }
        }

        var cut = new HashSet<long>();
        foreach (var rows in blocks)
        {
            for (int at = 0; at < rows.Count; at++)
            {
                long bucket = rows.Bucket[at];
                long from = Wide(bucket, width);
                long to = Wide(bucket + 1, width);
                if (from >= times.To || to <= times.From || rows.End[at] <= numbers.First || rows.First[at] >= numbers.End)
                {
                    continue;
                }

                if (from >= times.From && to <= times.To && rows.First[at] >= numbers.First && rows.End[at] <= numbers.End)
                {
                    sink.Take(rows, at, level);
                }
                else
                {
                    cut.Add(bucket);
                }
            }
        }

        foreach (long bucket in cut)
        {
            RunCut(segment, packed, level, bucket, sink, cancellation);
        }

        return hasLevel;
    }

    // Of a bucket that is cut, in whichever rows of it are not whole, the samples in the range.
    private void RunCut(Segment segment, PackedStream packed, int level, long bucket, ISummationSink sink, CancellationToken cancellation)
    {
        long width = RollUpBuilder.LevelMicroseconds[level];
        var within = new TimeRange(Math.Max(times.From, Wide(bucket, width)), Math.Min(times.To, Wide(bucket + 1, width)));
        var taken = new List<SampleRange>();
        foreach (var block in packed.RollUps)
        {
            if (block.Level == level && block.LowestBucket <= bucket && bucket <= block.HighestBucket
                && store.RollUpsOf(segment, stream, block) is { } rows)
            {
                for (int at = 0; at < rows.Count; at++)
                {
                    bool isWhole = within.From == Wide(bucket, width) && within.To == Wide(bucket + 1, width)
                        && rows.First[at] >= numbers.First && rows.End[at] <= numbers.End;
                    if (rows.Bucket[at] == bucket && isWhole)
                    {
                        taken.Add(new SampleRange(rows.First[at], rows.End[at]));
                    }
                }
            }
        }

        RunSamples([segment], within, new Without(sink, taken), cancellation);
    }

    private void RunSamples(IReadOnlyList<Segment> segments, TimeRange within, ISummationSink sink, CancellationToken cancellation)
    {
        using var cursor = new StreamCursor(store, stream, segments, numbers.First, within);
        while (cursor.ReadNext() is { } record)
        {
            cancellation.ThrowIfCancellationRequested();
            if (record.FirstSampleNumber >= numbers.End)
            {
                break;
            }

            if (!record.TryDecode(frame))
            {
                continue;
            }

            for (int at = 0; at < frame.Count; at++)
            {
                long number = frame.FirstSampleNumber + at;
                long time = frame.UptimeMicroseconds[at];
                if (number >= numbers.First && number < numbers.End && time >= within.From && time < within.To)
                {
                    sink.Take(frame, at);
                }
            }
        }
    }

    private static long Wide(long bucket, long width) => (long)Int128.Clamp((Int128)bucket * width, long.MinValue, long.MaxValue);

    private sealed class Without(ISummationSink sink, List<SampleRange> taken) : ISummationSink
    {
        public void Take(RollUpRows rows, int at, int level) => sink.Take(rows, at, level);

        public void Take(SampleFrame frame, int at)
        {
            long number = frame.FirstSampleNumber + at;
            if (!taken.Exists(range => number >= range.First && number < range.End))
            {
                sink.Take(frame, at);
            }
        }
    }
}
