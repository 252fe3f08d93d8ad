using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>What waits for one route, and how the route fares. Not for several threads; the outbox guards it.</summary>
internal sealed class RouteLine(string key)
{
    /// <summary>Messages that may wait for one route; beyond it the oldest that is no emergency is given up, and counted.</summary>
    public const int MostOpen = 1000;

    /// <summary>Notices that go together in one digest.</summary>
    public const int MostInDigest = 200;

    /// <summary>Emergencies of one route that may be on their way at a time.</summary>
    public const int MostUrgent = 3;

    /// <summary>After this an emergency waits no longer for the one before it.</summary>
    public static readonly TimeSpan UrgentPatience = TimeSpan.FromSeconds(3);

    private static readonly long Window = TimeSpan.FromMinutes(10).Ticks / TimeSpan.TicksPerMicrosecond;
    private readonly List<DeliveryRecord> open = [];
    private readonly Queue<long> sent = new();
    private long urgentBeganMicroseconds;

    public string Key { get; } = key;

    public IReadOnlyList<DeliveryRecord> Open => open;

    /// <summary>True while a message that is no emergency is on its way.</summary>
    public bool IsBusy { get; private set; }

    /// <summary>Emergencies on their way.</summary>
    public int UrgentSending { get; private set; }

    /// <summary>
    /// A message is on its way. An emergency goes beside a message that hangs, and alone as long as those before it take no longer
    /// than <see cref="UrgentPatience"/>, so that they arrive in order and the first of several tells for all.
    /// </summary>
    public void Began(AlarmPriority priority, long nowMicroseconds)
    {
        if (Routing.NothingSilences(priority))
        {
            UrgentSending++;
            urgentBeganMicroseconds = nowMicroseconds;
        }
        else
        {
            IsBusy = true;
        }
    }

    /// <summary>It is no longer.</summary>
    public void Ended(AlarmPriority priority)
    {
        if (Routing.NothingSilences(priority))
        {
            UrgentSending--;
        }
        else
        {
            IsBusy = false;
        }
    }

    /// <summary>Whether the next emergency has to wait for those on their way.</summary>
    public bool IsUrgentBusy(long nowMicroseconds) => UrgentSending >= MostUrgent
        || (UrgentSending > 0 && nowMicroseconds - urgentBeganMicroseconds < UrgentPatience.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>Failures in a row.</summary>
    public int Failures { get; private set; }

    /// <summary>Not before this, Unix microseconds; a new emergency does not wait for it.</summary>
    public long RetryAtMicroseconds { get; private set; }

    /// <summary>Since when it fails; null while it does not.</summary>
    public long? FailingSinceMicroseconds { get; private set; }

    public long? LastSentMicroseconds { get; private set; }

    public string? LastError { get; private set; }

    /// <summary>Adds one, or puts a newer state in the place of what is known of the same notice; takes away what is done.</summary>
    public void Put(DeliveryRecord delivery)
    {
        int at = open.FindIndex(known => known.Notice == delivery.Notice);
        if (at < 0 && delivery.IsOpen)
        {
            open.Add(delivery);
        }
        else if (at >= 0 && delivery.IsOpen)
        {
            open[at] = delivery;
        }
        else if (at >= 0)
        {
            open.RemoveAt(at);
        }
    }

    /// <summary>What is too much, the first to go first.</summary>
    public DeliveryRecord? Surplus() => open.Count <= MostOpen ? null
        : open.Where(delivery => delivery.State != DeliveryState.Sending)
            .OrderBy(delivery => Routing.NothingSilences(delivery.Priority)).ThenBy(delivery => delivery.AtMicroseconds).FirstOrDefault();

    /// <summary>What goes next: one notice, several as a digest, or none now.</summary>
    /// <param name="mostPerWindow">Messages in ten minutes.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    /// <param name="rushed">Receives what has to wait because there were too many, in its new state.</param>
    public IReadOnlyList<DeliveryRecord> Next(int mostPerWindow, long nowMicroseconds, List<DeliveryRecord> rushed)
    {
        if (IsUrgentBusy(nowMicroseconds))
        {
            return [];
        }

        bool isResting = nowMicroseconds < RetryAtMicroseconds;
        DeliveryRecord? urgent = open.Where(delivery => Routing.NothingSilences(delivery.Priority) && delivery.State != DeliveryState.Sending
                && (!isResting || delivery.Attempts == 0))
            .OrderBy(delivery => delivery.AtMicroseconds).FirstOrDefault();
        if (urgent is not null)
        {
            return [urgent];
        }

        List<DeliveryRecord> due = isResting || IsBusy ? [] : [.. open.Where(delivery => delivery.State != DeliveryState.Sending && (delivery.NextMicroseconds ?? 0) <= nowMicroseconds)
            .OrderByDescending(delivery => delivery.Group is not null).ThenBy(delivery => delivery.AtMicroseconds).Take(MostInDigest)];
        if (due.Count == 0)
        {
            return [];
        }

        if (due[0].Group is { } group)
        {
            return [.. due.Where(delivery => delivery.Group == group)];
        }

        if (FreeAtMicroseconds(mostPerWindow, nowMicroseconds) is { } freeAt)
        {
            rushed.AddRange(due.Select(delivery => delivery with
            {
                State = DeliveryState.Held,
                NextMicroseconds = freeAt,
                Reason = $"more than {mostPerWindow} messages in ten minutes",
            }));
            return [];
        }

        // What was tried before goes alone again: its key must not change while it may have arrived.
        List<DeliveryRecord> waited = [.. due.Where(delivery => delivery.Attempts == 0)];
        return due[0].Attempts == 0 && waited.Count > 1 && waited.Exists(delivery => delivery.State == DeliveryState.Held) ? waited : [due[0]];
    }

    public void Succeeded(AlarmPriority priority, long nowMicroseconds)
    {
        LastSentMicroseconds = nowMicroseconds;
        LastError = null;
        Recover();
        if (!Routing.NothingSilences(priority))
        {
            sent.Enqueue(nowMicroseconds);
        }
    }

    /// <param name="reason">What went wrong.</param>
    /// <param name="wait">How long to leave it alone; zero where the message and not the route was refused.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    public void Failed(string reason, TimeSpan wait, long nowMicroseconds)
    {
        LastError = reason;
        FailingSinceMicroseconds ??= nowMicroseconds;
        Failures++;
        RetryAtMicroseconds = nowMicroseconds + (wait.Ticks / TimeSpan.TicksPerMicrosecond);
    }

    /// <summary>The clock was set back by so much: it waits no longer than it would have.</summary>
    public void SetBack(long byMicroseconds)
    {
        RetryAtMicroseconds -= byMicroseconds;
        FailingSinceMicroseconds -= byMicroseconds;
        urgentBeganMicroseconds -= byMicroseconds;
        for (int count = sent.Count; count > 0; count--)
        {
            sent.Enqueue(sent.Dequeue() - byMicroseconds);
        }
    }

    /// <summary>Its settings have changed: it may be tried at once.</summary>
    public void Recover()
    {
        Failures = 0;
        RetryAtMicroseconds = 0;
        FailingSinceMicroseconds = null;
    }

    public RouteStatus Status() => new(
        Key, open.Count(delivery => delivery.State != DeliveryState.Held), open.Count(delivery => delivery.State == DeliveryState.Held),
        open.Where(delivery => delivery.State != DeliveryState.Held).Select(delivery => (long?)delivery.AtMicroseconds).Min(),
        FailingSinceMicroseconds, LastSentMicroseconds, LastError);

    // When the window has room again; null where it has.
    private long? FreeAtMicroseconds(int most, long nowMicroseconds)
    {
        while (sent.TryPeek(out long first) && first <= nowMicroseconds - Window)
        {
            sent.Dequeue();
        }

        return sent.Count < most ? null : sent.ElementAt(sent.Count - most) + Window;
    }
}
