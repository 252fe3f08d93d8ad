using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Removes the oldest segments by age and by size, whole ones only, never the one being written and never what a forwarder
/// has not delivered.
/// </summary>
internal sealed class Retention(JournalOptions options, SegmentStore store, RemovedFrames removed, Tally tally)
{
    /// <summary>Called by the compactor, whose thread alone replaces segments.</summary>
    public void Apply()
    {
        if (options.RetentionAge is null && options.RetentionBytes is null)
        {
            return;
        }

        var segments = store.Segments;
        long now = options.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        long delivered = options.DeliveredPosition();
        long bytes = options.RetentionBytes is null ? 0 : segments.Sum(BytesOnDisk);
        int count = 0;
        while (count < segments.Length - 1 && IsRemovable(segments[count], delivered)
            && (bytes > (options.RetentionBytes ?? long.MaxValue) || IsTooOld(segments[count], now)))
        {
            bytes -= options.RetentionBytes is null ? 0 : BytesOnDisk(segments[count]);
            count++;
        }

        if (count == 0)
        {
            return;
        }

        var gone = segments[..count];
        removed.Add(store, gone, now);
        store.RemoveFirst(count);
        store.Leases.Condemn(gone.SelectMany(segment => segment.FileNames));
        Interlocked.Add(ref tally.RemovedSegments, count);
    }

    private static bool IsRemovable(Segment segment, long delivered) => segment.Memory is null && segment.End <= delivered;

    private bool IsTooOld(Segment segment, long now)
    {
        if (options.RetentionAge is not { } age)
        {
            return false;
        }

        long newest = long.MinValue;
        foreach (var (_, facts, _, _) in store.ContentOf(segment))
        {
            newest = Math.Max(newest, facts.Frames > 0 ? facts.LastArrival : long.MinValue);
        }

        return newest < now - (age.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    private long BytesOnDisk(Segment segment)
    {
        using var lease = store.Borrow(segment);
        return lease.File.Length;
    }
}
