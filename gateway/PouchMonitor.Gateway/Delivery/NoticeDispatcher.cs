using System.Collections.Concurrent;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>
/// The outbox: takes each notice once, stores it with one delivery a route before it says so, and sends until each receiver has it.
/// That something is being sent is stored before it is, so that whatever a crash cut off is sent again and says that it may be a
/// repeat. Where the database cannot be written, alarms go out from memory all the same.
/// </summary>
internal sealed class NoticeDispatcher : IAsyncDisposable
{
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan TrimEvery = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(3);

    private readonly SetBackWatch clock = new();
    private readonly OutboxStore store;
    private readonly IRouteSender sender;
    private readonly TimeProvider time;
    private readonly Random random;
    private readonly Lock gate = new();
    private readonly Dictionary<string, RouteLine> lines = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Task, bool> attempts = new();
    private readonly CancellationTokenSource stop = new();
    private readonly CancellationTokenSource abort = new();
    private readonly SemaphoreSlim wake = new(0);
    private long lastTurnMicroseconds;
    private long trimAtMicroseconds;
    private Task work = Task.CompletedTask;

    public NoticeDispatcher(StateDatabase database, DeliveryBook book, IRouteSender sender, TimeProvider time, Random random)
    {
        store = new OutboxStore(database, book.Options.MostLogRows, Counters);
        this.sender = sender;
        this.time = time;
        this.random = random;
        Book = book;
        lastTurnMicroseconds = Now;
        Restore();
    }

    public DeliveryBook Book { get; }

    public DeliveryCounters Counters { get; } = new();

    /// <summary>When the worker last looked, gateway time; a watchdog wants to know.</summary>
    public long LastTurnMicroseconds => Interlocked.Read(ref lastTurnMicroseconds);

    private long Now => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Takes a notice: it is on disk when this returns, or kept in memory where the disk does not take it. The same key is taken once.</summary>
    public void Take(AlarmNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        DateTimeOffset now = time.GetUtcNow();
        List<DeliveryRecord> deliveries = [.. Book.Current.Routes.Select(way => Composition.First(notice, way.Person, way.Route, now))];
        lock (gate)
        {
            if (!store.Take(notice, deliveries))
            {
                return;
            }

            Counters.Took();
            foreach (DeliveryRecord delivery in deliveries.Where(delivery => delivery.IsOpen))
            {
                Line(delivery.Route).Put(delivery);
                GiveUpSurplus(Line(delivery.Route));
            }
        }

        Wake();
    }

    /// <summary>Sends in the background until disposed.</summary>
    public void Start() => work = Task.Run(RunAsync);

    /// <summary>Begins whatever is due; returns at once.</summary>
    public void Step()
    {
        lock (gate)
        {
            long now = Now;
            Interlocked.Exchange(ref lastTurnMicroseconds, now);
            if (clock.Look(now) is > 0 and long back)
            {
                trimAtMicroseconds -= back;
                lines.Values.ToList().ForEach(line => line.SetBack(back));
            }

            store.StoreWaiting();
            Trim();
            foreach (RouteLine line in lines.Values)
            {
                Begin(line);
            }
        }
    }

    /// <summary>Ends when everything that was begun has ended.</summary>
    public async Task IdleAsync()
    {
        while (!attempts.IsEmpty)
        {
            await Task.WhenAll(attempts.Keys);
            await Task.Yield();
        }
    }

    /// <summary>New settings: routes that failed may be tried at once, and what has no route any more is given up.</summary>
    public void SettingsChanged()
    {
        lock (gate)
        {
            foreach (RouteLine line in lines.Values)
            {
                line.Recover();
            }
        }

        Wake();
    }

    /// <summary>How each route fares, those that are set and those that still have something waiting.</summary>
    public IReadOnlyList<RouteStatus> Routes()
    {
        lock (gate)
        {
            return [.. Book.Current.Routes.Select(way => DeliverySettings.KeyOf(way.Person, way.Route)).Union(lines.Keys, StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select(key => (lines.GetValueOrDefault(key) ?? new RouteLine(key)).Status())];
        }
    }

    /// <summary>Sends a test by one route now, whatever its settings, and notes how it went.</summary>
    /// <returns>Null where there is no such route.</returns>
    public async Task<DeliveryRecord?> TestAsync(string key, string person, CancellationToken cancellation)
    {
        DeliverySettings settings = Book.Current;
        if (settings.Find(key) is not { } way)
        {
            return null;
        }

        long now = Now;
        NoticeMessage message = NoticeMessage.Test($"test-{Guid.NewGuid():N}", person, now, settings.Link);
        SendResult result = await TrySendAsync(settings, way.Person, way.Route, message, cancellation);
        DeliveryRecord record = Composition.OfTest(key, person, message, result, Now);
        lock (gate)
        {
            store.Save([record]);
            if (record.State == DeliveryState.Sent && lines.TryGetValue(key, out RouteLine? line))
            {
                line.Recover();
            }
        }

        return record;
    }

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        Wake();
        await work;

        // What is on its way gets a moment; then it stays as being sent, and the next start says that it may be a repeat.
        await Task.WhenAny(IdleAsync(), Task.Delay(PatienceAtEnd, TimeProvider.System));
        await abort.CancelAsync();
        await IdleAsync();
        lock (gate)
        {
            store.StoreWaiting();
        }

        stop.Dispose();
        abort.Dispose();
        wake.Dispose();
    }

    // Whatever was being sent when the gateway ended may have arrived.
    private void Restore()
    {
        List<DeliveryRecord> changed = [];
        foreach (DeliveryRecord stored in store.ReadOpen())
        {
            DeliveryRecord delivery = stored;
            if (stored.State == DeliveryState.Sending)
            {
                delivery = stored with { State = DeliveryState.Pending, MayBeRepeat = true, LastError = "the gateway ended while it was being sent" };
                changed.Add(delivery);
            }

            Line(delivery.Route).Put(delivery);
        }

        store.Save(changed);
    }

    private async Task RunAsync()
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                Step();
                await wake.WaitAsync(LongestPause, stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
#pragma warning disable CA1031 // A fault of one turn is told and must not end the sending of alarms.
            catch (Exception error)
#pragma warning restore CA1031
            {
                Counters.Faulted(error.Message);
                await Task.Delay(LongestPause, CancellationToken.None);
            }
        }
    }

    private void Begin(RouteLine line)
    {
        DeliverySettings settings = Book.Current;
        long now = Now;
        if (line.Open.Count == 0 || line.IsUrgentBusy(now))
        {
            return;
        }

        if (settings.Find(line.Key) is not { } way)
        {
            GiveUp(line, line.Open.Where(delivery => delivery.State != DeliveryState.Sending), "the route is not there any more");
            return;
        }

        long oldest = now - (RetryPlan.GiveUpAfter.Ticks / TimeSpan.TicksPerMicrosecond);
        GiveUp(line, line.Open.Where(delivery => delivery.State == DeliveryState.Pending && delivery.FirstTriedMicroseconds < oldest),
            $"not delivered within {RetryPlan.GiveUpAfter.TotalHours:0} h");
        List<DeliveryRecord> rushed = [];
        IReadOnlyList<DeliveryRecord> next = line.Next(settings.MostPerTenMinutes, now, rushed);
        Change(line, rushed);
        if (next.Count == 0)
        {
            return;
        }

        // A lone one that waited goes as itself; several get a key of their own that stays with them.
        string? group = next[0].Group ?? (next.Count > 1 ? Composition.GroupOf(line.Key, next) : null);
        List<DeliveryRecord> sending = [.. next.Select(delivery => delivery with
        {
            State = DeliveryState.Sending,
            Attempts = delivery.Attempts + 1,
            TriedMicroseconds = now,
            FirstTriedMicroseconds = delivery.FirstTriedMicroseconds ?? now,
            Group = group,
        })];
        line.Began(sending[0].Priority, now);
        bool isRecorded = Change(line, sending);
        Task attempt = Task.Run(() => SendAsync(line, settings, way.Person, way.Route, sending, isRecorded));
        attempts[attempt] = true;
        _ = attempt.ContinueWith(
            done =>
            {
                attempts.TryRemove(done, out _);
                Wake();
            },
            CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    private async Task SendAsync(
        RouteLine line, DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, List<DeliveryRecord> sending, bool isRecorded)
    {
        SendResult result;
        try
        {
            NoticeMessage? message = Composition.MessageOf(settings, person, sending, NoticeOf);
            result = message is null
                ? new SendResult(SendOutcome.Refused, "the notice is not in the database any more")
                : await TrySendAsync(settings, person, route, message with
                {
                    MayBeRepeat = sending.Exists(delivery => delivery.MayBeRepeat),
                    IsUnrecorded = !isRecorded,
                }, abort.Token);
        }
        catch (OperationCanceledException) when (abort.IsCancellationRequested)
        {
            // Stays as being sent.
            return;
        }

        lock (gate)
        {
            line.Ended(sending[0].Priority);
            Note(line, route.Kind, sending, result);
        }
    }

    private async Task<SendResult> TrySendAsync(
        DeliverySettings settings, DeliveryPerson person, DeliveryRoute route, NoticeMessage message, CancellationToken cancellation)
    {
        try
        {
            return await sender.SendAsync(settings, person, route, message, cancellation);
        }
#pragma warning disable CA1031 // A fault of one sender is this attempt's failure and must not end the others.
        catch (Exception error) when (error is not OperationCanceledException || !cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Counters.Faulted(error.Message);
            return new SendResult(SendOutcome.Unknown, error.Message);
        }
    }

    private AlarmNotice? NoticeOf(string key)
    {
        lock (gate)
        {
            return store.Find(key);
        }
    }

    private void Note(RouteLine line, RouteKind kind, List<DeliveryRecord> sending, SendResult result)
    {
        long now = Now;
        Counters.Attempted(result.Outcome, sending.Count);
        if (result.Outcome == SendOutcome.Sent)
        {
            line.Succeeded(sending[0].Priority, now);
            Change(line, [.. sending.Select(delivery => Composition.Sent(delivery, sending.Count, now))]);
            return;
        }

        bool isRefused = result.Outcome == SendOutcome.Refused;
        line.Failed(result.Reason, isRefused ? TimeSpan.Zero : RetryPlan.Wait(kind, line.Failures + 1, result.RetryAfter, random.NextDouble()), now);
        Change(line, [.. sending.Select(delivery => Composition.NotSent(delivery, result))]);
    }

    private void GiveUpSurplus(RouteLine line)
    {
        if (line.Surplus() is { } surplus)
        {
            GiveUp(line, [surplus], $"more than {RouteLine.MostOpen} messages wait for this route");
        }
    }

    private void GiveUp(RouteLine line, IEnumerable<DeliveryRecord> deliveries, string reason)
    {
        List<DeliveryRecord> given = [.. deliveries.Select(delivery => delivery with { State = DeliveryState.GaveUp, Reason = reason })];
        Counters.GaveUp(given.Count);
        Change(line, given);
    }

    // False where it could not be stored; it is tried again then.
    private bool Change(RouteLine line, IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        foreach (DeliveryRecord delivery in deliveries)
        {
            line.Put(delivery);
        }

        return store.Save(deliveries);
    }

    private void Trim()
    {
        long now = Now;
        if (now >= trimAtMicroseconds)
        {
            trimAtMicroseconds = now + (TrimEvery.Ticks / TimeSpan.TicksPerMicrosecond);
            store.Trim();
            foreach (RouteLine line in lines.Values.Where(line => line.Open.Count == 0 && !line.IsBusy && line.UrgentSending == 0 && Book.Current.Find(line.Key) is null).ToList())
            {
                lines.Remove(line.Key);
            }
        }
    }

    private RouteLine Line(string key)
    {
        if (!lines.TryGetValue(key, out RouteLine? line))
        {
            lines.Add(key, line = new RouteLine(key));
        }

        return line;
    }

    private void Wake()
    {
        if (wake.CurrentCount == 0)
        {
            wake.Release();
        }
    }
}
