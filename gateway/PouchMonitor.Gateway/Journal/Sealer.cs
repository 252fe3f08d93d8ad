using PouchMonitor.Gateway.Journal.Index;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Writes the index of segments that are full, beside the journal's thread, and gives back the room they did not use. At
/// most a few wait with their index in memory; while it cannot be written, no further segment is begun.
/// </summary>
internal sealed class Sealer(SegmentStore store)
{
    private const int MostWaiting = 3;
    private readonly object gate = new();
    private readonly Queue<Segment> waiting = new();
    private Task work = Task.CompletedTask;
    private bool isWorking;
    private string? fault;

    public void Add(Segment segment)
    {
        lock (gate)
        {
            waiting.Enqueue(segment);
            Start();
        }
    }

    /// <summary>Waits while too many are waiting; throws when they cannot be written.</summary>
    public void RequireRoom()
    {
        lock (gate)
        {
            if (waiting.Count < MostWaiting)
            {
                return;
            }

            fault = null;
            Start();
            while (waiting.Count >= MostWaiting && fault is null)
            {
                Monitor.Wait(gate);
            }

            if (waiting.Count >= MostWaiting)
            {
                throw new IOException(fault);
            }
        }
    }

    /// <summary>Waits for what is under way and tries the rest once more.</summary>
    public async Task FinishAsync()
    {
        Task current;
        lock (gate)
        {
            Start();
            current = work;
        }

        await current.ConfigureAwait(false);
    }

    private void Start()
    {
        if (!isWorking && waiting.Count > 0)
        {
            isWorking = true;
            work = Task.Factory.StartNew(Work, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        }
    }

    private void Work()
    {
        while (true)
        {
            Segment next;
            lock (gate)
            {
                if (waiting.Count == 0)
                {
                    isWorking = false;
                    Monitor.PulseAll(gate);
                    return;
                }

                next = waiting.Peek();
            }

            string? failure = TrySeal(next);
            lock (gate)
            {
                fault = failure;
                if (failure is null)
                {
                    waiting.Dequeue();
                }

                Monitor.PulseAll(gate);
                if (failure is not null)
                {
                    isWorking = false;
                    return;
                }
            }
        }
    }

    private string? TrySeal(Segment segment)
    {
        try
        {
            using (var file = store.Files.Open(segment.FileName, forWriting: true))
            {
                file.Cut(segment.Length, segment.Length);
            }

            store.Seal(segment);
            return null;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return $"The index of {segment.FileName} cannot be written: {failure.Message}";
        }
    }
}
