using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Removes the oldest segments by age and by size, whole ones only, never the one being written and never what a forwarder
/// has not delivered.
/// </summary>
internal sealed class Retention(JournalOptions options, SegmentStore store, RemovedFrames removed, Tally tally)
{
    // A segment that is closed never changes, so that its file is asked once.
    private readonly Dictionary<Segment, (long Bytes, long NewestArrival)> closed = [];

    /// <summary>Called by the compactor, whose thread alone replaces segments.</summary>
    public void Apply()
    {
        if (options.RetentionAge is null && options.RetentionBytes is null)
        {
            return;
        }

        var segments = store.Segments;
        foreach (var gone in closed.Keys.Except(segments).ToList())
        {
            closed.Remove(gone);
        }

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

        var oldest = segments[..count];
        removed.Add(store, oldest, now);
        store.RemoveFirst(count);
        store.Leases.Condemn(oldest.SelectMany(segment => segment.FileNames));
        Interlocked.Add(ref tally.RemovedSegments, count);
    }

    private static bool IsRemovable(Segment segment, long delivered) => segment.Memory is null && segment.End <= delivered;

    private bool IsTooOld(Segment segment, long now)
    {
        if (options.RetentionAge is not { } age)
        {
            return false;
        }

        return Facts(segment).NewestArrival < now - (age.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    private long BytesOnDisk(Segment segment) => segment.Memory is null ? Facts(segment).Bytes : segment.Length;

    private (long Bytes, long NewestArrival) Facts(Segment segment)
    {
        if (closed.TryGetValue(segment, out var known))
        {
            return known;
        }

        long newest = store.ContentOf(segment).Select(each => each.Facts.LastArrival).DefaultIfEmpty(long.MinValue).Max();
        using var lease = store.Borrow(segment);
        return closed[segment] = (lease.File.Length, newest);
    }
}
