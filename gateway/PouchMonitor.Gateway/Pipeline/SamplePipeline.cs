using PouchMonitor.Gateway.Journal;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// The whole route of a sample through the gateway:
/// <code>
/// MQTT publish -> TakeFrame / TakeJson   decode, check against the topic      (connection's thread)
///              -> FrameJournal           append, group commit, fsync          (journal's thread)
///              -> Committed              PUBACK                               (journal's thread)
///              -> ChannelWorker          limits at arrival, ordered analysis  (worker that owns the channel)
///              -> ChannelView, AlarmBook, TestCheckpoint -> API, dashboard, MQTT, database
/// </code>
/// What cannot be understood takes the same way into the quarantine and is acknowledged from there. A frame that cannot be
/// made durable is not acknowledged: it is kept and tried again, and its limits are judged meanwhile.
/// </summary>
internal sealed class SamplePipeline : IAsyncDisposable
{
    private const int MostWaitingPerWorker = 16384;
    private const int MostRetrying = 4096;
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan BusyPause = TimeSpan.FromMilliseconds(2);

    [ThreadStatic]
    private static SampleFrame? decoded;

    private readonly FrameJournal journal;
    private readonly ChannelWorker[] workers;
    private readonly PipelineCounters counters;
    private readonly Func<long> nowMicroseconds;
    private readonly ChannelAdmission channels = new();
    private readonly FrameEntryPool pool;
    private readonly Queue<FrameEntry> retrying = new();
    private readonly Timer retryTimer;
    private int retryingCount;

    public SamplePipeline(FrameJournal journal, ChannelWorker[] workers, PipelineCounters counters, Func<long> nowMicroseconds)
    {
        this.journal = journal;
        this.workers = workers;
        this.counters = counters;
        this.nowMicroseconds = nowMicroseconds;
        pool = new FrameEntryPool(this);
        retryTimer = new Timer(_ => Retry(), null, RetryPause, RetryPause);
    }

    /// <summary>Frames waiting for analysis.</summary>
    public int WaitingFrames => workers.Sum(worker => worker.Depth);

    /// <summary>The worker that owns a channel; null where its node has as many channels as one may have.</summary>
    public ChannelWorker? WorkerOf(string node, string channel) =>
        channels.Admit(node, channel) ? workers[WorkerIndex(node, channel, workers.Length)] : null;

    public static int WorkerIndex(string node, string channel, int workerCount)
    {
        uint hash = 2166136261;
        foreach (char c in node)
        {
            hash = (hash ^ c) * 16777619;
        }

        hash = (hash ^ '/') * 16777619;
        foreach (char c in channel)
        {
            hash = (hash ^ c) * 16777619;
        }

        return (int)(hash % (uint)workerCount);
    }

    /// <summary>Takes a published frame; the acknowledgement follows its commit.</summary>
    public MessageVerdict TakeFrame(PublisherChannel channel, in IncomingMessage message)
    {
        if (IsFull(channel.Worker))
        {
            return MessageVerdict.Busy;
        }

        SampleFrame frame = decoded ??= new SampleFrame(SampleFrame.MaximumSamples);
        frame.Node = channel.Node;
        frame.Channel = channel.Channel;
        FrameEntry entry = pool.Rent();
        entry.Fill(message.Payload);
        DecodeFault fault = SampleFrameDecoder.TryDecode(entry.Buffer, 0, entry.Length, frame);
        string? reason = fault != DecodeFault.None ? fault.ToString()
            : frame.Node != channel.Node || frame.Channel != channel.Channel ? "TopicMismatch"
            : frame.Boot == BootLine.Foreign ? "ReservedBoot"
            : null;
        if (reason is not null)
        {
            return Quarantine(entry, channel, reason, in message);
        }

        entry.Describe(frame);
        entry.Topic = channel.Topic;
        return Append(entry, channel, in message);
    }

    /// <summary>Takes JSON samples; the message is acknowledged when all of them are durable.</summary>
    public MessageVerdict TakeJson(PublisherChannel channel, in IncomingMessage message)
    {
        if (IsFull(channel.Worker))
        {
            return MessageVerdict.Busy;
        }

        List<SampleFrame> frames = [];
        if (JsonSamples.TryRead(message.Payload, channel.Node, channel.Channel, frames) is { } problem)
        {
            FrameEntry bad = pool.Rent();
            bad.Fill(message.Payload);
            return Quarantine(bad, channel, "Json: " + problem, in message);
        }

        MessageGroup group = new(frames.Count);
        byte[] encoded = new byte[1024];
        foreach (SampleFrame frame in frames)
        {
            FrameEntry entry = pool.Rent();
            entry.Fill(encoded.AsSpan(0, SampleFrameEncoder.Encode(frame, encoded, 0)));
            entry.Describe(frame);
            entry.Topic = channel.Topic;
            entry.Group = group;

            // Busy: offered again as a whole; what was taken is a duplicate then, and this group never completes.
            if (!TryAppend(entry, channel, in message))
            {
                return MessageVerdict.Busy;
            }
        }

        return frames.Count == 0 ? MessageVerdict.Acknowledge : MessageVerdict.Deferred;
    }

    /// <summary>Keeps a message raw that is not a frame and not understood.</summary>
    public MessageVerdict TakeUnknown(string topic, string reason, in IncomingMessage message)
    {
        FrameEntry entry = pool.Rent();
        entry.Fill(message.Payload);
        return Quarantine(entry, new PublisherChannel(topic, "", "", workers[0]), reason, in message);
    }

    /// <summary>Waits until a message that was refused as busy may be offered again.</summary>
    public async ValueTask WhenReadyAsync(CancellationToken cancellation)
    {
        await journal.WhenRoomAsync(cancellation);
        while (Volatile.Read(ref retryingCount) >= MostRetrying || Array.Exists(workers, worker => worker.Depth >= MostWaitingPerWorker))
        {
            await Task.Delay(BusyPause, cancellation);
        }
    }

    /// <summary>The journal reports an entry, in the order of appending, after the commit.</summary>
    public void Committed(FrameEntry entry, AppendOutcome outcome, string? failure)
    {
        switch (outcome)
        {
            case AppendOutcome.Stored:
                counters.AddStored(entry.Count);
                entry.IsStored = true;
                Acknowledge(entry, MqttReason.Success);
                entry.Worker!.Enqueue(entry);
                break;
            case AppendOutcome.Duplicate:
                counters.AddDuplicate();
                Acknowledge(entry, MqttReason.Success);
                entry.Recycle();
                break;
            case AppendOutcome.Failed:
                counters.AddFailed();
                KeepForRetry(entry);
                break;
            default:
                counters.AddQuarantined(nowMicroseconds());
                Acknowledge(entry, MqttReason.PayloadFormatInvalid);
                entry.Recycle();
                break;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await retryTimer.DisposeAsync();
        foreach (ChannelWorker worker in workers)
        {
            worker.StopReading();
        }

        // Closing it makes durable what was taken and reports it, so that the workers have it before they end.
        await journal.DisposeAsync();
        foreach (ChannelWorker worker in workers)
        {
            worker.Dispose();
        }
    }

    private static void Acknowledge(FrameEntry entry, MqttReason reason)
    {
        if (entry.IsAcknowledgeable && (entry.Group is null || entry.Group.CompletesWithThis()))
        {
            entry.Receipt.Complete(reason);
        }
    }

    private bool IsFull(ChannelWorker worker) =>
        worker.Depth >= MostWaitingPerWorker || Volatile.Read(ref retryingCount) >= MostRetrying;

    private MessageVerdict Quarantine(FrameEntry entry, PublisherChannel channel, string reason, in IncomingMessage message)
    {
        entry.QuarantineReason = reason;
        entry.Topic = channel.Topic;
        return Append(entry, channel, in message);
    }

    private MessageVerdict Append(FrameEntry entry, PublisherChannel channel, in IncomingMessage message) =>
        TryAppend(entry, channel, in message) ? MessageVerdict.Deferred : MessageVerdict.Busy;

    // Once taken, the entry belongs to the journal and may be back in the pool before this returns.
    private bool TryAppend(FrameEntry entry, PublisherChannel channel, in IncomingMessage message)
    {
        entry.Worker = channel.Worker;
        entry.ReceivedAtMicroseconds = nowMicroseconds();
        entry.Receipt = message.Receipt;
        entry.IsAcknowledgeable = true;
        if (journal.TryAppend(entry))
        {
            return true;
        }

        entry.Recycle();
        return false;
    }

    // The disk does not take it: limits and alarms go on from memory, the acknowledgement waits.
    private void KeepForRetry(FrameEntry entry)
    {
        lock (retrying)
        {
            retrying.Enqueue(entry);
            Volatile.Write(ref retryingCount, retrying.Count);
        }

        if (!entry.IsLiveJudged && entry.QuarantineReason is null)
        {
            entry.IsLiveJudged = true;
            FrameEntry copy = pool.Rent();
            copy.Fill(entry.Bytes);
            copy.ReceivedAtMicroseconds = entry.ReceivedAtMicroseconds;
            entry.Worker!.Enqueue(copy);
        }
    }

    private void Retry()
    {
        // The journal is never called under the lock, which its own thread takes in KeepForRetry.
        for (int left = Volatile.Read(ref retryingCount); left > 0; left--)
        {
            FrameEntry? entry;
            lock (retrying)
            {
                if (!retrying.TryDequeue(out entry))
                {
                    return;
                }
            }

            bool isTaken = journal.TryAppend(entry);
            lock (retrying)
            {
                if (!isTaken)
                {
                    retrying.Enqueue(entry);
                }

                Volatile.Write(ref retryingCount, retrying.Count);
            }

            if (!isTaken)
            {
                return;
            }
        }
    }
}

/// <summary>A channel as one publisher's connection knows it: kept beside the connection, so that each frame costs no look-up.</summary>
internal sealed record PublisherChannel(string Topic, string Node, string Channel, ChannelWorker Worker);
