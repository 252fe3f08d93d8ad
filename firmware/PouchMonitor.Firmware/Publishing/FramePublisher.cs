namespace PouchMonitor.Firmware.Publishing;

/// <summary>
/// Brings the stored frames to the broker, oldest first: connects and reconnects with back-off, keeps a bounded number in
/// flight, sends again what was given up or was in flight when the connection went, and frees a frame only on its
/// acknowledgement, however late. One thread calls <see cref="Pump"/>.
/// </summary>
public sealed class FramePublisher
{
    // M2Mqtt gives up after three attempts a second apart; a second of quiet keeps a busy broker from being flooded.
    private const long ShortestRetryMicroseconds = 1000000;
    private const long LongestRetryMicroseconds = 16000000;

    // The gateway's config, command and stored, and some to spare.
    private const int SubscriptionLimit = 8;

    private readonly FrameStore store;
    private readonly IFrameLink link;
    private readonly NodeReports reports;
    private readonly LinkInbox inbox;
    private readonly PublishedWords words;
    private readonly string[] topics = new string[SubscriptionLimit];
    private readonly bool[] isAsked = new bool[SubscriptionLimit];
    private readonly BackOff backOff;
    private readonly int inFlightLimit;
    private readonly long statusIntervalMicroseconds;
    private bool wasConnected;
    private long nextAttemptMicroseconds;
    private long nextStatusMicroseconds;
    private long notBeforeMicroseconds;
    private readonly StoredReport stored;
    private readonly int backlogLimit;
    private long retryPauseMicroseconds = ShortestRetryMicroseconds;
    private bool isStatusWanted;
    private int topicCount;

    public FramePublisher(
        FrameStore store, IFrameLink link, NodeReports reports, ulong boot, int inFlightLimit, long statusIntervalMicroseconds)
    {
        this.store = store;
        this.link = link;
        this.reports = reports;
        this.inFlightLimit = inFlightLimit;
        this.statusIntervalMicroseconds = statusIntervalMicroseconds;
        backOff = new BackOff(boot);

        // A quarter of the window stays free of backlog, so that live frames always find a place.
        backlogLimit = inFlightLimit - (inFlightLimit / 4);
        stored = new StoredReport(store, reports.Node, boot);
        inbox = new LinkInbox(reports.StoredTopic);
        words = inbox.Words;
        link.SetListener(inbox);
        Subscribe(reports.StoredTopic);
    }

    /// <summary>Connections made since boot.</summary>
    public int ConnectionCount { get; private set; }

    /// <summary>Frames handed to the link since boot, repetitions included.</summary>
    public long SentFrameCount { get; private set; }

    /// <summary>Frames acknowledged since boot.</summary>
    public long AcknowledgedFrameCount { get; private set; }

    /// <summary>Uptime at which the last frame was acknowledged; 0 for none yet.</summary>
    public long LastAcknowledgedMicroseconds { get; private set; }

    /// <summary>Frames given up by the link since boot; each was sent again.</summary>
    public long GivenUpFrameCount { get; private set; }

    /// <summary>Messages that came on the topics subscribed to; whoever owns them takes them.</summary>
    public ReceivedMessages Received => inbox.Messages;

    /// <summary>Frames now in flight.</summary>
    public int InFlightCount => store.InFlightCount;

    /// <summary>
    /// Asks for the messages of a topic, on this and every later connection; false when there is no place for one more.
    /// </summary>
    public bool Subscribe(string topic)
    {
        if (topicCount == SubscriptionLimit)
        {
            return false;
        }

        topics[topicCount] = topic;
        isAsked[topicCount] = false;
        topicCount++;
        return true;
    }

    /// <summary>Does what can be done now; returns without waiting (connecting excepted).</summary>
    public void Pump(long nowMicroseconds)
    {
        store.Tick(nowMicroseconds);
        if (!EnsureConnected(nowMicroseconds))
        {
            store.IsFlowing = false;
            return;
        }

        TakeWords(nowMicroseconds);
        AskForTopics();
        byte[]? word = inbox.TakeStored();
        if (word != null && stored.Apply(word) > 0)
        {
            // Frames do arrive, however slow the acknowledgements are: no need to hold back.
            retryPauseMicroseconds = ShortestRetryMicroseconds;
            notBeforeMicroseconds = nowMicroseconds;
        }

        SendReports(nowMicroseconds);
        SendFrames(nowMicroseconds);
        store.IsFlowing = !store.HasLiveWaiting;
    }

    /// <summary>Something has changed that the status tells; any thread.</summary>
    public void SendStatusSoon() => isStatusWanted = true;

    /// <summary>Says by our own word that the node goes offline; closing the connection is the caller's.</summary>
    public void SayOffline()
    {
        if (link.IsConnected)
        {
            link.Publish(reports.StatusTopic, reports.OfflineBytes(), true);
        }
    }

    private bool EnsureConnected(long now)
    {
        if (link.IsConnected)
        {
            return true;
        }

        if (wasConnected)
        {
            wasConnected = false;
            Forget();
            nextAttemptMicroseconds = now + backOff.NextMicroseconds();
        }

        if (now < nextAttemptMicroseconds)
        {
            return false;
        }

        Forget();
        if (!link.Connect(reports.StatusTopic, reports.WillText))
        {
            nextAttemptMicroseconds = now + backOff.NextMicroseconds();
            return false;
        }

        wasConnected = true;
        ConnectionCount++;
        nextStatusMicroseconds = now;
        notBeforeMicroseconds = now;
        return true;
    }

    /// <summary>What was in flight on the old connection waits again, and no word on it counts any more.</summary>
    private void Forget()
    {
        link.Close();
        words.Clear();
        store.RecallInFlight();
        for (int i = 0; i < topicCount; i++)
        {
            isAsked[i] = false;
        }
    }

    private void AskForTopics()
    {
        for (int i = 0; i < topicCount; i++)
        {
            isAsked[i] = isAsked[i] || link.Subscribe(topics[i]);
        }
    }

    private void TakeWords(long now)
    {
        bool isGivenUp = false;
        while (words.TryTake(out int id, out bool isPublished))
        {
            if (!store.Settle(id, isPublished))
            {
                continue;
            }

            if (isPublished)
            {
                AcknowledgedFrameCount++;
                LastAcknowledgedMicroseconds = now;
                retryPauseMicroseconds = ShortestRetryMicroseconds;
                backOff.Reset();
            }
            else
            {
                GivenUpFrameCount++;
                isGivenUp = true;
            }
        }

        if (isGivenUp)
        {
            notBeforeMicroseconds = now + retryPauseMicroseconds;
            retryPauseMicroseconds = retryPauseMicroseconds * 2 > LongestRetryMicroseconds
                ? LongestRetryMicroseconds
                : retryPauseMicroseconds * 2;
        }

        if (words.TakeOverflow())
        {
            store.RecallInFlight();
        }
    }

    private void SendReports(long now)
    {
        bool isWanted = isStatusWanted;
        isStatusWanted = false;
        if ((isWanted || now >= nextStatusMicroseconds)
            && link.Publish(reports.StatusTopic, reports.OnlineBytes(), true) != 0)
        {
            nextStatusMicroseconds = now + statusIntervalMicroseconds;
            isWanted = false;
        }

        isStatusWanted = isStatusWanted || isWanted;

        byte[]? report = reports.PeekEvent();
        while (report != null && link.Publish(reports.EventTopic, report, false) != 0)
        {
            reports.RemoveEvent();
            report = reports.PeekEvent();
        }
    }

    private void SendFrames(long now)
    {
        if (now < notBeforeMicroseconds)
        {
            return;
        }

        while (store.InFlightCount < inFlightLimit)
        {
            bool takesBacklog = store.InFlightCount < backlogLimit;
            int frame = store.TryNext(takesBacklog, out string topic, out byte[] payload);
            if (frame < 0)
            {
                return;
            }

            int id = link.Publish(topic, payload, false);
            if (id == 0)
            {
                return;
            }

            store.MarkInFlight(frame, id);
            SentFrameCount++;
        }
    }
}
