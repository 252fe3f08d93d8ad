using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Mqtt.Client;

namespace PouchMonitor.Gateway.Influx;

/// <summary>How the forwarder does, as of one moment.</summary>
public sealed record ForwarderFigures
{
    /// <summary>Journal bytes that are durable and not delivered.</summary>
    public long LagBytes { get; init; }

    /// <summary>Frames not delivered, estimated from the bytes.</summary>
    public long LagFrames { get; init; }

    /// <summary>Since when there has always been something that was not delivered, seconds; 0 when everything is.</summary>
    public double LagSeconds { get; init; }

    public long DeliveredPosition { get; init; }

    public long DeliveredSamples { get; init; }

    public long DeliveredLines { get; init; }

    public long Batches { get; init; }

    public long FailedAttempts { get; init; }

    /// <summary>Refused for good by the server, ever.</summary>
    public long RejectedLines { get; init; }

    /// <summary>Boots whose frames wait for a time.</summary>
    public long DeferredBoots { get; init; }

    /// <summary>How old a point may be for the server to keep it, as it says, seconds; null where it does not say.</summary>
    public double? ServerRetentionSeconds { get; init; }

    public long GivenUpBoots { get; init; }

    public long SameTimeSamples { get; init; }

    public long UnreadableFrames { get; init; }

    /// <summary>Why the last attempt failed; null after a success.</summary>
    public string? LastError { get; init; }
}

/// <summary>
/// Feeds a time-series server from the journal and the state database, in the background. A batch is noted as delivered after
/// the server has it, so that a crash sends it again, as the same points, and never passes it over. Nothing waits for it.
/// </summary>
internal sealed class InfluxForwarder : IAsyncDisposable
{
    private readonly FrameJournal journal;
    private readonly InfluxOptions options;
    private readonly IInfluxWriter writer;
    private readonly ForwarderState state;
    private readonly StateChanges changes;
    private readonly SampleFeed samples;
    private readonly RecordFeed records;
    private readonly BatchDelivery delivery;
    private readonly BackOff backOff;
    private readonly Settling settling;
    private readonly TimeProvider time;
    private readonly CancellationTokenSource stop = new();
    private readonly LineBuffer batch = new();
    private Task work = Task.CompletedTask;
    private ForwarderFigures figures = new();
    private long deliveredPosition;
    private long settledPosition;
    private long connections;
    private long caughtUpTicks;
    private long deliveredFrames;
    private long deliveredBytes;
    private long meanRecordBytes = 300; // as of a frame of 32 samples, until some have been seen

    /// <param name="journal">What is forwarded.</param>
    /// <param name="dataDirectory">Where <c>state.db</c> is and <c>forwarder.db</c> goes.</param>
    /// <param name="options">Where to.</param>
    /// <param name="writer">By what; owned from now on.</param>
    /// <param name="cellNow">Cell on a channel where no stored test says.</param>
    /// <param name="time">Clock of pauses and ages.</param>
    /// <param name="random">Draws the pauses.</param>
    public InfluxForwarder(
        FrameJournal journal, string dataDirectory, InfluxOptions options, IInfluxWriter writer, Func<string, string, string> cellNow,
        TimeProvider time, Random random)
    {
        this.journal = journal;
        this.options = options;
        this.writer = writer;
        this.time = time;
        state = new ForwarderState(Path.Combine(dataDirectory, "forwarder.db"), options.Target);
        changes = new StateChanges(Path.Combine(dataDirectory, "state.db"));
        samples = new SampleFeed(journal, state, options, (node, channel, boot, number) =>
            changes.CellOf(node, channel, boot, number) ?? cellNow(node, channel));
        records = new RecordFeed(changes, state, options);
        delivery = new BatchDelivery(writer);
        backOff = new BackOff(options.Retry.First, options.Retry.Longest, random);
        settling = new Settling(options.SettlingTime);
        if (settling.IsNeeded)
        {
            GoBackToSettled();
        }

        caughtUpTicks = time.GetTimestamp();
        Measure();
    }

    /// <summary>
    /// Journal position below which everything has been delivered for good, frames that wait for their time included: what the
    /// retention may remove.
    /// </summary>
    public long DeliveredPosition => Interlocked.Read(ref settledPosition);

    public InfluxOptions Options => options;

    public ForwarderFigures Figures
    {
        get
        {
            ForwarderFigures known = Volatile.Read(ref figures);
            long lag = Math.Max(0, journal.CommittedPosition - Interlocked.Read(ref deliveredPosition));
            bool isBehind = lag > 0 || known.LastError is not null;
            return known with
            {
                LagBytes = lag,
                LagFrames = lag == 0 ? 0 : Math.Max(1, lag / Interlocked.Read(ref meanRecordBytes)),
                LagSeconds = isBehind ? time.GetElapsedTime(Interlocked.Read(ref caughtUpTicks)).TotalSeconds : 0,
            };
        }
    }

    public void Start() => work = Task.Run(RunAsync);

    /// <summary>The newest lines that the server refused for good, newest first.</summary>
    public IReadOnlyList<(long AtMicroseconds, RejectedLine Line)> Rejected(int most) => state.Rejected(most);

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        await work;
        await writer.DisposeAsync();
        changes.Dispose();
        state.Dispose();
        stop.Dispose();
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await ForwardAsync();
            }
            catch (Exception error) when (error is OperationCanceledException or ObjectDisposedException)
            {
                return; // The gateway ends; what is not noted as delivered is sent after the next start.
            }
#pragma warning disable CA1031 // Whatever goes wrong here is shown and tried again; it must not end the forwarding.
            catch (Exception error)
#pragma warning restore CA1031
            {
                string where = error is SqliteException or IOException ? "forwarder.db or state.db" : error.GetType().Name;
                Failed($"{where}: {error.Message}");
                await PauseAsync(null);
                samples.Reset();
            }
        }
    }

    private async Task ForwardAsync()
    {
        batch.Clear();
        samples.BeginBatch();
        records.BeginBatch();
        long began = time.GetTimestamp();
        long from = samples.Position;
        Fill();
        if (!samples.IsFull(batch))
        {
            // The first line waits for company; where there is none, something may have come by then.
            await Task.Delay(options.BatchAge, time, stop.Token);
            began = time.GetTimestamp();
            Fill();
        }

        if (batch.LineCount > 0 || samples.Position > from || samples.HasReplayed || records.HasProgress)
        {
            List<RejectedLine> rejected = [];
            await DeliverAsync(rejected);
            Save(rejected, samples.Position - from);
            if (settling.IsNeeded && writer.Connections != connections)
            {
                // Another connection may mean another start of the server, which forgot what it had not written to its disk. All
                // that this start of the gateway has sent went by the first one.
                bool isFirst = connections == 0 && writer.Connections == 1;
                connections = writer.Connections;
                if (!isFirst)
                {
                    GoBackToSettled();
                }
            }
        }

        if (samples.IsAtEnd && records.IsAtEnd)
        {
            Interlocked.Exchange(ref caughtUpTicks, began);
        }

        Measure();
    }

    private void Fill()
    {
        samples.Fill(batch, stop.Token);
        records.Fill(batch, samples.IsFull);
    }

    private async Task DeliverAsync(List<RejectedLine> rejected)
    {
        while (batch.LineCount > 0)
        {
            rejected.Clear();
            InfluxWriteResult result = await delivery.DeliverAsync(batch.Lines, rejected, stop.Token);
            if (result.Outcome == InfluxOutcome.Accepted)
            {
                backOff.Reset();
                return;
            }

            Failed(result.Reason);
            await PauseAsync(result.RetryAfter);
        }
    }

    private void Save(List<RejectedLine> rejected, long bytes)
    {
        long now = NowMicroseconds();
        settling.Delivered(state.Places("journal", "changed", "alarm"), now);
        state.Together(() =>
        {
            samples.SaveDelivered(now);
            records.SaveDelivered();
            state.Reject(rejected, now);
            if (writer.ServerRetention?.TotalSeconds is { } kept && kept != figures.ServerRetentionSeconds)
            {
                state.Set(ForwarderState.ServerRetention, (long)kept);
            }
        });
        deliveredFrames += samples.Frames;
        deliveredBytes += bytes;
        if (deliveredFrames > 0)
        {
            Interlocked.Exchange(ref meanRecordBytes, Math.Max(1, deliveredBytes / deliveredFrames));
        }

        ForwarderFigures known = figures;
        Volatile.Write(ref figures, known with
        {
            DeliveredSamples = known.DeliveredSamples + samples.Samples - rejected.Count(IsSample),
            DeliveredLines = known.DeliveredLines + batch.LineCount - rejected.Count,
            Batches = known.Batches + 1,
            LastError = null,
            ServerRetentionSeconds = writer.ServerRetention?.TotalSeconds,
        });
    }

    private static bool IsSample(RejectedLine line) => line.Line.StartsWith(InfluxSchema.Samples.Name + ",", StringComparison.Ordinal);

    private void Measure()
    {
        long position = Math.Min(state.Number("journal"), state.FirstDeferred() ?? long.MaxValue);
        Interlocked.Exchange(ref deliveredPosition, position);
        Interlocked.Exchange(ref settledPosition, settling.IsNeeded ? Math.Min(position, SettledSamples()) : position);
        Volatile.Write(ref figures, figures with
        {
            DeliveredPosition = DeliveredPosition,
            RejectedLines = state.Number("rejected"),
            DeferredBoots = state.DeferredCount(),
            GivenUpBoots = samples.GivenUpBoots,
            SameTimeSamples = samples.SameTimeSamples,
            UnreadableFrames = samples.UnreadableFrames,
        });
    }

    // What went out a while ago is settled; noted so that it is not sent once more after a start.
    private ForwarderPlaces Settle()
    {
        var before = state.Places("settledJournal", "settledChanged", "settledAlarm");
        var settled = settling.Settled(state.Places("journal", "changed", "alarm"), NowMicroseconds());
        if (settled != before)
        {
            state.SaveSettled(settled);
        }

        return settled;
    }

    private long SettledSamples()
    {
        long settledBefore = NowMicroseconds() - (options.SettlingTime.Ticks / TimeSpan.TicksPerMicrosecond);
        return Math.Min(Settle().Samples, state.FirstReplayed(settledBefore) ?? long.MaxValue);
    }

    private void GoBackToSettled()
    {
        state.GoBackToSettled();
        samples.Reset();
        records.BeginBatch();
    }

    private long NowMicroseconds() => time.GetUtcNow().ToUnixTimeMilliseconds() * 1000;

    private void Failed(string reason)
    {
        ForwarderFigures known = figures;
        Volatile.Write(ref figures, known with { FailedAttempts = known.FailedAttempts + 1, LastError = reason });
    }

    private async Task PauseAsync(TimeSpan? asked)
    {
        TimeSpan own = backOff.Next();
        try
        {
            await Task.Delay(asked > own ? asked.Value : own, time, stop.Token);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Seen by the caller's loop.
        }
    }
}
