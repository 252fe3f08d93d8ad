using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Reads one channel over time, boot after boot: all that was durable when it was made. For one thread at a time.</summary>
public sealed class ChannelCursor : IDisposable
{
    private readonly Queue<StreamCursor> boots = new();

    internal ChannelCursor(SegmentStore store, IEnumerable<StreamState> streams, long fromUnixMicroseconds, long toUnixMicroseconds)
    {
        var anchored = streams
            .Select(state => (state.Id, Facts: state.Committed()))
            .Where(each => each.Facts.Frames > 0 && (each.Id.Boot == 0 || each.Facts.Anchor.HasValue))
            .Select(each => (each.Id, each.Facts, Anchor: each.Id.Boot == 0 ? 0 : each.Facts.Anchor!.Value))
            .OrderBy(each => each.Anchor + each.Facts.LowestTime);
        foreach (var (id, facts, anchor) in anchored)
        {
            var times = new TimeRange(Before(fromUnixMicroseconds, anchor), Before(toUnixMicroseconds, anchor));
            if (times.Touches(facts.LowestTime, facts.HighestTime))
            {
                boots.Enqueue(new StreamCursor(store, id, facts, long.MinValue, times));
            }
        }
    }

    /// <summary>Moves to the next record; null at the end.</summary>
    public JournalRecord? ReadNext()
    {
        while (boots.TryPeek(out var boot))
        {
            if (boot.ReadNext() is { } record)
            {
                return record;
            }

            boots.Dequeue().Dispose();
        }

        return null;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        while (boots.TryDequeue(out var boot))
        {
            boot.Dispose();
        }
    }

    // time - anchor, held at the ends of what 64 bits hold.
    private static long Before(long time, long anchor) =>
        (long)Int128.Clamp((Int128)time - anchor, long.MinValue, long.MaxValue);
}
