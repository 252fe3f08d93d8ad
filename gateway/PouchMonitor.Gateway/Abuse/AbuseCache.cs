
namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// The watches that plots and images are read from: the one of an open test, or one made from the journal for a test that has
/// ended, of which a few are kept.
/// </summary>
internal sealed class AbuseCache(GatewayServices gateway, AbuseBook book)
{
    private const int Most = 4;
    private readonly Lock gate = new();
    private readonly List<(string Id, long SampleCount, WatchFeed Feed)> kept = [];
    private readonly SemaphoreSlim building = new(1);

    /// <summary>The feed of a test; null where there is no such test.</summary>
    public async Task<WatchFeed?> FindAsync(string id, CancellationToken cancellation)
    {
        AbuseSession? session = book.Find(id);
        if (session is { Feed: { } live } && session.Record.IsOpen())
        {
            return live;
        }

        if ((session?.Shown ?? book.Read(id)) is not { } record)
        {
            return null;
        }

        long samples = record.Figures?.SampleCount ?? 0;
        await building.WaitAsync(cancellation);
        try
        {
            if (Kept(id, samples) is { } known)
            {
                return known;
            }

            WatchFeed made = await Task.Run(() => new AbuseReplay(gateway.Journal, gateway.Nodes.Calibrations)
                .Build(record, AbuseSetup.ProfileOf(gateway, record), gateway.NowMicroseconds() / 1e6, cancellation), cancellation);
            lock (gate)
            {
                kept.RemoveAll(one => one.Id == id);
                kept.Insert(0, (id, samples, made));
                if (kept.Count > Most)
                {
                    kept.RemoveAt(Most);
                }
            }

            return made;
        }
        finally
        {
            building.Release();
        }
    }

    private WatchFeed? Kept(string id, long samples)
    {
        lock (gate)
        {
            int at = kept.FindIndex(one => one.Id == id && one.SampleCount == samples);
            if (at < 0)
            {
                return null;
            }

            (string Id, long SampleCount, WatchFeed Feed) found = kept[at];
            kept.RemoveAt(at);
            kept.Insert(0, found);
            return found.Feed;
        }
    }
}
