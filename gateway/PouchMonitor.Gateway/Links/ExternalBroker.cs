using System.Text;
using PouchMonitor.Gateway.Mqtt;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Links;

/// <summary>
/// The gateway's dealings with an external broker: what nodes publish there takes the same way as what comes to the own
/// endpoint and is acknowledged to the broker after the commit; <c>stored</c> and the alarms are published there. Who may
/// write which topic is that broker's business; a frame must name the node and channel of its topic all the same.
/// </summary>
internal sealed class ExternalBroker : IBrokerLinkHandler, IAsyncDisposable
{
    private const int MostTopics = 65_536;
    private const int MostAtOnce = 256;
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LastWordTime = TimeSpan.FromSeconds(2);

    private readonly IBrokerLink link;
    private static readonly TimeSpan TellPatience = TimeSpan.FromSeconds(5);

    private readonly MessageRouter router;
    private readonly SamplePipeline pipeline;
    private readonly MqttServer own;
    private readonly byte[] prefix;
    private readonly string prefixText;
    private readonly PublisherTopics topics;
    private readonly RetainedOutbox outbox = new(MostTopics);
    private readonly SemaphoreSlim wanted = new(0, 1);
    private readonly CancellationTokenSource stop = new();
    private Task sending = Task.CompletedTask;
    private long received;
    private long busy;
    private long published;
    private long refused;
    private long outside;
    private int underWay;
    private volatile string? publishError;

    public ExternalBroker(BrokerLinkOptions options, IBrokerLink link, SamplePipeline pipeline, MessageRouter router, MqttServer own)
    {
        this.link = link;
        this.pipeline = pipeline;
        this.router = router;
        this.own = own;
        Address = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{options.Host}:{options.Port}");
        prefixText = options.TopicPrefix;
        prefix = Encoding.UTF8.GetBytes(options.TopicPrefix);
        topics = new PublisherTopics(pipeline.WorkerOf, MostTopics);
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    public ExternalBrokerFigures Figures
    {
        get
        {
            BrokerLinkState state = link.State;
            return new ExternalBrokerFigures(
                state with { LastError = state.LastError ?? publishError }, Interlocked.Read(ref received), Interlocked.Read(ref busy),
                Interlocked.Read(ref published), Interlocked.Read(ref refused), outbox.Waiting + Volatile.Read(ref underWay), Interlocked.Read(ref outside));
        }
    }

    public void Start()
    {
        sending = Task.Run(SendAsync);
        link.Start(this);
    }

    /// <summary>Publishes a retained message there, now or when the broker can be reached; a later one of the same topic takes its place.</summary>
    public void Say(string topic, byte[] payload)
    {
        if (!outbox.TrySet(prefixText + topic, payload))
        {
            Interlocked.Increment(ref outside);
            publishError = $"'{topic}' is not published: {MostTopics} topics are the most.";
            return;
        }

        Wake();
    }

    /// <summary>Publishes a message there once, if the broker can be reached now; who sent it sees that no answer comes if not.</summary>
    public async Task TellAsync(string topic, byte[] payload)
    {
        try
        {
            MqttReason reason = await link.PublishAsync(prefixText + topic, payload, retain: false, stop.Token).WaitAsync(TellPatience);
            publishError = reason.IsFailure() ? $"{Address} refuses what the gateway publishes on '{topic}' with {reason}." : publishError;
        }
        catch (Exception error) when (error is BrokerLinkException or TimeoutException or OperationCanceledException)
        {
            publishError = error.Message;
        }
    }

    /// <inheritdoc/>
    public MessageVerdict OnMessage(in IncomingMessage message)
    {
        ReadOnlySpan<byte> topic = message.TopicUtf8;
        if (!topic.StartsWith(prefix))
        {
            return MessageVerdict.Refuse; // the broker sends what was not asked for
        }

        PublisherTopics.Entry entry = topics.Get(topic[prefix.Length..]);
        MessageVerdict verdict = router.Take(entry, in message);
        if (verdict == MessageVerdict.Acknowledge && entry.Parts.Kind == TopicKind.Status)
        {
            // Which cell a node's channel has is known from its status, after a restart too.
            own.Publish(entry.TopicUtf8, message.Payload, MqttQos.AtLeastOnce, retain: true, outlives: true);
        }

        if (verdict == MessageVerdict.Busy)
        {
            Interlocked.Increment(ref busy);
        }
        else
        {
            Interlocked.Increment(ref received);
        }

        return verdict;
    }

    /// <inheritdoc/>
    public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => pipeline.WhenReadyAsync(cancellationToken);

    /// <inheritdoc/>
    public void OnConnected()
    {
        outbox.MakeAllDue();
        Wake();
    }

    /// <summary>Sends its last words for a moment, where there is a connection, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
            using CancellationTokenSource limit = new(LastWordTime);
            while (link.State.IsConnected && outbox.Waiting + Volatile.Read(ref underWay) > 0)
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // It is said again after the next start.
        }

        await stop.CancelAsync();
        await link.DisposeAsync();
        await sending;
        stop.Dispose();
        wanted.Dispose();
    }

    private void Wake()
    {
        try
        {
            wanted.Release();
        }
        catch (SemaphoreFullException)
        {
            // It has been woken already.
        }
        catch (ObjectDisposedException)
        {
            // The gateway ends.
        }
    }

    private async Task SendAsync()
    {
        try
        {
            while (true)
            {
                await wanted.WaitAsync(stop.Token);
                while (outbox.Take(MostAtOnce) is { Count: > 0 } due)
                {
                    Volatile.Write(ref underWay, due.Count);
                    bool[] done = await Task.WhenAll(due.Select(item => SendAsync(item.Topic, item.Payload)));
                    Volatile.Write(ref underWay, 0);
                    if (!done.All(sent => sent))
                    {
                        await wanted.WaitAsync(RetryPause, stop.Token);
                    }
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway ends.
        }
    }

    /// <summary>False where it has to be tried again.</summary>
    private async Task<bool> SendAsync(string topic, byte[] payload)
    {
        try
        {
            MqttReason reason = await link.PublishAsync(topic, payload, retain: true, stop.Token);
            if (reason.IsFailure())
            {
                // Trying again would meet the same rule of the broker; the next change of the topic is tried all the same.
                Interlocked.Increment(ref refused);
                publishError = $"{Address} refuses what the gateway publishes on '{topic}' with {reason} (0x{(byte)reason:X2}).";
                return true;
            }

            Interlocked.Increment(ref published);
            return true;
        }
        catch (Exception error) when (error is BrokerLinkException or ArgumentException or InvalidOperationException)
        {
            publishError = error.Message;
            outbox.MakeDue(topic);
            return false;
        }
    }
}

/// <summary>What the external broker's link has counted.</summary>
/// <param name="Link">Where the link stands.</param>
/// <param name="ReceivedMessages">Messages taken from the broker.</param>
/// <param name="BusyPauses">Times that reading stopped because the pipeline was full.</param>
/// <param name="PublishedMessages">Messages that the broker has acknowledged to the gateway.</param>
/// <param name="RefusedPublishes">Messages that the broker's rules did not allow.</param>
/// <param name="WaitingPublishes">Topics whose latest message the broker does not have yet.</param>
/// <param name="TopicsLeftOut">Messages not kept since there were too many topics.</param>
internal sealed record ExternalBrokerFigures(
    BrokerLinkState Link, long ReceivedMessages, long BusyPauses, long PublishedMessages, long RefusedPublishes, int WaitingPublishes, long TopicsLeftOut);
