using System.Collections.Concurrent;
using System.Threading.Channels;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// One thread that owns some of the channels: judges each frame's limits at its arrival, analyses it in order, and
/// publishes what came of it. Nothing else touches the state of its channels.
/// </summary>
internal sealed class ChannelWorker : IDisposable
{
    private const long PublishEveryMicroseconds = 200_000;
    private const long LongestReadMicroseconds = 50_000;
    private const long CheckpointEveryMicroseconds = 3_000_000;
    private readonly Channel<FrameEntry> queue = Channel.CreateUnbounded<FrameEntry>(
        new UnboundedChannelOptions { SingleReader = true });

    private readonly ConcurrentQueue<Action> orders = new();
    private readonly Dictionary<(string Node, string Channel), WorkerChannel> channels = [];
    private readonly List<WorkerChannel> inTurn = [];
    private readonly WorkerServices services;
    private readonly SampleFrame frame = new(SampleFrame.MaximumSamples);
    private readonly SampleFrame scratch = new(SampleFrame.MaximumSamples);
    private readonly CancellationTokenSource stopping = new();
    private readonly Thread thread;
    private readonly Lock reading = new();
    private bool isDoneReading;
    private int depth;
    private int turn;

    public ChannelWorker(int index, WorkerServices services)
    {
        this.services = services;
        thread = new Thread(Run) { IsBackground = true, Name = $"analysis-{index}" };
    }

    /// <summary>Frames waiting.</summary>
    public int Depth => Volatile.Read(ref depth);

    /// <summary>Takes back what was stored of a channel; only before <see cref="Start"/>.</summary>
    public ChannelState Restore(string node, string channel) => Get(node, channel).State;

    public void Start() => thread.Start();

    /// <summary>Takes an entry that the journal has reported; the entry goes back to its pool afterwards.</summary>
    public void Enqueue(FrameEntry entry)
    {
        Interlocked.Increment(ref depth);
        if (!queue.Writer.TryWrite(entry))
        {
            Interlocked.Decrement(ref depth);
            entry.Recycle();
        }
    }

    /// <summary>
    /// Does something with a channel between two frames, within a tick; null stands for a channel that has never been heard.
    /// A worker that has ended does it no more: the caller waits for so long only.
    /// </summary>
    public Task<T> Do<T>(string node, string channel, Func<WorkerChannel?, T> work)
    {
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        orders.Enqueue(() =>
        {
            try
            {
                WorkerChannel? known = channels.GetValueOrDefault((node, channel));
                T result = work(known);
                known?.Publish(services, services.NowMicroseconds());
                done.TrySetResult(result);
            }
#pragma warning disable CA1031 // It is the caller's, who is told.
            catch (Exception error)
#pragma warning restore CA1031
            {
                done.TrySetException(error);
            }
        });
        return done.Task;
    }

    /// <summary>Returns when the worker no longer reads from the journal, which may be closed then; it goes on with what it is given.</summary>
    public void StopReading()
    {
        lock (reading)
        {
            isDoneReading = true;
        }
    }

    /// <summary>Works off what waits, stores a last checkpoint and ends.</summary>
    public void Dispose()
    {
        queue.Writer.TryComplete();
        stopping.Cancel();
        if (thread.IsAlive)
        {
            thread.Join();
        }

        stopping.Dispose();
    }

    private void Run()
    {
        long lastTick = 0;
        bool needsWork = false;
        while (true)
        {
            bool any = Drain();
            while (orders.TryDequeue(out Action? order))
            {
                order();
            }

            long now = services.NowMicroseconds();
            if (!stopping.IsCancellationRequested)
            {
                if (now - lastTick >= PublishEveryMicroseconds || (!any && !needsWork))
                {
                    lastTick = now;
                    needsWork = Tick(now, isIdle: !any);
                }

                needsWork = needsWork && ReadOn(now, isIdle: !any);
            }

            if (stopping.IsCancellationRequested && !any)
            {
                break; // What is still to be read from the journal is read at the next start.
            }

            if (any || needsWork)
            {
                continue;
            }

            WaitForWork();
        }

        Checkpoint(services.NowMicroseconds(), all: true);
    }

    private void WaitForWork()
    {
        using CancellationTokenSource tick = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        tick.CancelAfter(TimeSpan.FromMilliseconds(PublishEveryMicroseconds / 2000));
        try
        {
            queue.Reader.WaitToReadAsync(tick.Token).AsTask().GetAwaiter().GetResult();
        }
        catch (OperationCanceledException)
        {
            // The time for a tick, or for the end.
        }
    }

    private bool Drain()
    {
        int taken = 0;
        while (taken < 1024 && queue.Reader.TryRead(out FrameEntry? entry))
        {
            taken++;
            Interlocked.Decrement(ref depth);
            try
            {
                Take(entry);
            }
            finally
            {
                entry.Recycle();
            }
        }

        return taken > 0;
    }

    private void Take(FrameEntry entry)
    {
        if (SampleFrameDecoder.TryDecode(entry.Buffer, entry.Offset, entry.Length, frame) != DecodeFault.None)
        {
            return; // Cannot be: it was decoded when it arrived.
        }

        WorkerChannel channel = Get(frame.Node, frame.Channel);
        long now = services.NowMicroseconds();
        bool isAnalysed = entry.IsStored && frame.Kind == FrameKind.Samples && TryAnalyse(channel, entry, now);
        if (!entry.IsLiveJudged)
        {
            channel.State.Calibrate(frame);
            channel.Arrived(frame, isAnalysed, entry.ReceivedAtMicroseconds, services, now);
        }

        // After the limit rules, which wait for nothing.
        if (services.Taps.Find(frame.Node, frame.Channel) is { } tap)
        {
            long start = channel.State.BootStart(frame, entry.ReceivedAtMicroseconds);
            services.Taps.Offer(tap, entry.Bytes, start, entry.ReceivedAtMicroseconds, entry.IsStored ? entry.Position : -1);
        }

        channel.IsTouched = true;
    }

    // One channel's fault must not end the judgement of the others: its frames are stored and its live limits judged all the same.
    private bool TryAnalyse(WorkerChannel channel, FrameEntry entry, long now)
    {
        if (channel.HasFailed)
        {
            return false;
        }

        try
        {
            return channel.State.Take(frame, entry.Position, entry.ReceivedAtMicroseconds, now);
        }
#pragma warning disable CA1031 // Told in an alarm and counted.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(channel, error);
            return false;
        }
    }

    /// <returns>False where the journal is about to close and nothing was read.</returns>
    private bool TryWork(WorkerChannel channel, long now, bool isIdle)
    {
        try
        {
            lock (reading)
            {
                if (isDoneReading)
                {
                    return false;
                }

                channel.State.Work(scratch, now, isIdle);
            }

            channel.IsTouched = true;
        }
#pragma warning disable CA1031 // Told in an alarm and counted.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Fail(channel, error);
        }

        return true;
    }

    private void Fail(WorkerChannel channel, Exception error)
    {
        channel.HasFailed = true;
        services.Faulted($"The analysis of {channel.State.Node}/{channel.State.Channel} stopped: {error.Message} "
            + "Its frames are stored and its limits still judged at arrival; a restart of the gateway analyses them anew.");
    }

    /// <returns>True when a channel has more to read from the journal at once.</returns>
    private bool Tick(long now, bool isIdle)
    {
        bool hasMore = false;
        foreach (WorkerChannel channel in channels.Values)
        {
            if (!channel.HasFailed && (HasMore(channel) || (channel.State.NeedsWork && TryWork(channel, now, isIdle))))
            {
                hasMore |= !channel.HasFailed && HasMore(channel);
            }

            if (channel.IsTouched && now - channel.PublishedMicroseconds >= PublishEveryMicroseconds)
            {
                channel.Publish(services, now);
            }
        }

        Checkpoint(now, all: false);
        return hasMore;
    }

    /// <summary>
    /// Reads on in the journal, channel by channel in turn, until all have what is stored or, where something has arrived,
    /// for 50 ms: limits of what is live must not wait for what is old. At least one channel is served, so that under load
    /// it comes to an end too.
    /// </summary>
    /// <returns>True while a channel has more to read.</returns>
    private bool ReadOn(long now, bool isIdle)
    {
        bool hasMore = false;
        bool isBrokenOff = false;
        for (int i = 0; i < inTurn.Count && !isBrokenOff; i++)
        {
            turn = (turn + 1) % inTurn.Count;
            WorkerChannel channel = inTurn[turn];
            if (!channel.HasFailed && HasMore(channel))
            {
                if (!TryWork(channel, now, isIdle))
                {
                    return false;
                }

                hasMore |= !channel.HasFailed && HasMore(channel);
                isBrokenOff = Depth > 0 && services.NowMicroseconds() - now >= LongestReadMicroseconds;
            }
        }

        // Where it was broken off, others may have more; the next call finds out.
        return hasMore || isBrokenOff;
    }

    private static bool HasMore(WorkerChannel channel) => channel.State.Tests.Any(test => test.HasMore);

    private void Checkpoint(long now, bool all)
    {
        foreach (WorkerChannel channel in channels.Values)
        {
            if (all)
            {
                channel.Publish(services, now);
            }

            if (!channel.HasFailed && (all || now - channel.CheckpointMicroseconds >= CheckpointEveryMicroseconds))
            {
                channel.Checkpoint(services, now);
            }
        }
    }

    private WorkerChannel Get(string node, string name)
    {
        if (!channels.TryGetValue((node, name), out WorkerChannel? channel))
        {
            channel = new WorkerChannel(new ChannelState(node, name, services.Channel));
            channels.Add((node, name), channel);
            inTurn.Add(channel);
        }

        return channel;
    }
}
