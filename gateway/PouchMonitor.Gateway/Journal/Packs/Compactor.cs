using System.Diagnostics;
using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal.Packs;

/// <summary>
/// Compacts sealed segments in the background, removes what they leave behind once nobody reads it, and applies the
/// retention. Takes about half of one core at most, so that storing and judging go before.
/// </summary>
internal sealed class Compactor : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromSeconds(30);
    private readonly JournalOptions options;
    private readonly SegmentStore store;
    private readonly Tally tally;
    private readonly Action retention;
    private readonly Func<bool> isBusy;
    private readonly CancellationTokenSource stop = new();
    private readonly Lock working = new();
    private readonly HashSet<Segment> leftAlone = [];
    private readonly Thread thread;
    private volatile string? problem;
    private long retryAt;

    /// <param name="options">Of the journal.</param>
    /// <param name="store">Its segments.</param>
    /// <param name="tally">Counts.</param>
    /// <param name="retention">Removes what is beyond the retention.</param>
    /// <param name="isBusy">True while frames queue up to be stored: they go before.</param>
    public Compactor(JournalOptions options, SegmentStore store, Tally tally, Action retention, Func<bool> isBusy)
    {
        this.options = options;
        this.store = store;
        this.tally = tally;
        this.retention = retention;
        this.isBusy = isBusy;
        thread = new Thread(Run) { IsBackground = true, Name = "journal compaction" };
    }

    public void Start()
    {
        if (options.CompactsInBackground)
        {
            thread.Start();
        }
    }

    /// <summary>Why a segment could not be compacted; null while there is no reason to look.</summary>
    public string? Problem => problem;

    /// <summary>Does everything there is to do now, without rest.</summary>
    public void RunToEnd(CancellationToken cancellation)
    {
        lock (working)
        {
            using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellation, stop.Token);
            while (Compact(both.Token, rests: false))
            {
                // One piece of work after the other.
            }

            Tidy();
        }
    }

    public void Dispose()
    {
        stop.Cancel();
        if (thread.IsAlive)
        {
            thread.Join();
        }

        stop.Dispose();
    }

    private void Run()
    {
        while (!stop.Token.WaitHandle.WaitOne(Pause))
        {
            try
            {
                lock (working)
                {
                    while (Compact(stop.Token, rests: true))
                    {
                        Tidy();
                    }

                    Tidy();
                }
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                problem = fault.Message;
            }
        }
    }

    private bool Compact(CancellationToken cancellation, bool rests)
    {
        if (retryAt != 0 && options.Time.GetElapsedTime(retryAt) < PauseAfterFailure)
        {
            return false;
        }

        var segments = CompactionPlan.Next(store.Segments, leftAlone.Contains);
        if (segments.Count == 0)
        {
            return false;
        }

        long need = segments.Sum(segment => segment.Length) / 2;
        if (store.Files.AvailableBytes() < need)
        {
            problem = $"{store.Files.Name} has too little room to compact {segments[0].FileName}.";
            retryAt = options.Time.GetTimestamp();
            return false;
        }

        try
        {
            using var lease = store.Leases.Enter();
            long created = options.Time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
            var pack = new PackWriter(store, rests ? new Rest(isBusy, cancellation).Take : cancellation.ThrowIfCancellationRequested).Write(segments, created);
            store.Replace(segments, pack);
            store.Leases.Condemn(segments.SelectMany(segment => segment.FileNames));
            Interlocked.Increment(ref tally.Compactions);
            retryAt = 0;
            problem = null;
        }
        catch (DamagedSegmentException damage)
        {
            foreach (var segment in segments)
            {
                leftAlone.Add(segment);
            }

            problem = damage.Message;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            problem = fault.Message;
            retryAt = options.Time.GetTimestamp();
            return false;
        }

        return true;
    }

    // What is left over of segments that are packs now, and what is beyond the retention.
    private void Tidy()
    {
        retention();
        bool hasDeleted = false;
        while (store.Leases.TakeDeletable() is { } name)
        {
            store.Forget(name);
            if (store.Files.List().Contains(name, StringComparer.Ordinal))
            {
                store.Files.Delete(name);
                hasDeleted = true;
            }
        }

        if (hasDeleted)
        {
            store.Files.SyncDirectory();
        }
    }

    // Rests for as long as it has worked, and longer while frames queue up.
    private sealed class Rest(Func<bool> isBusy, CancellationToken cancellation)
    {
        private static readonly TimeSpan Share = TimeSpan.FromMilliseconds(20);
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(500);
        private long since = Stopwatch.GetTimestamp();

        public void Take()
        {
            cancellation.ThrowIfCancellationRequested();
            var worked = Stopwatch.GetElapsedTime(since);
            if (worked > Share)
            {
                long began = Stopwatch.GetTimestamp();
                do
                {
                    cancellation.WaitHandle.WaitOne(worked);
                }
                while (isBusy() && Stopwatch.GetElapsedTime(began) < Longest);

                cancellation.ThrowIfCancellationRequested();
                since = Stopwatch.GetTimestamp();
            }
        }
    }
}

/// <summary>A segment cannot be compacted since not everything in it can be read.</summary>
internal sealed class DamagedSegmentException(string message) : IOException(message);
