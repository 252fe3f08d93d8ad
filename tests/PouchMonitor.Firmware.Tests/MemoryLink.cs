using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Tests;

/// <summary>
/// A link and broker in memory with M2Mqtt's semantics: ids, a later word on each message, no reconnection of its own.
/// The test decides when the network is there, when words come and which messages are given up.
/// </summary>
internal sealed class MemoryLink : IFrameLink
{
    private readonly List<int> unsettled = [];
    private IFrameLinkListener? listener;
    private int nextId = 1;

    /// <summary>False refuses connections.</summary>
    public bool IsReachable { get; set; } = true;

    public bool IsConnected { get; private set; }

    /// <summary>True acknowledges within <see cref="Publish"/>, before its id is known to the caller.</summary>
    public bool AcknowledgesAtOnce { get; set; } = true;

    /// <summary>Messages that fit; further ones get id 0.</summary>
    public int QueueLimit { get; set; } = int.MaxValue;

    /// <summary>Thrown by <see cref="Publish"/>; null for nothing.</summary>
    public Exception? PublishFailure { get; set; }

    public int ConnectAttempts { get; private set; }

    public string? WillTopic { get; private set; }

    public string? WillMessage { get; private set; }

    public List<(string Topic, byte[] Payload, bool IsRetained)> Received { get; } = [];

    public IEnumerable<byte[]> Frames =>
        Received.Where(message => message.Topic.EndsWith("/frame", StringComparison.Ordinal)).Select(message => message.Payload);

    /// <summary>False refuses subscriptions.</summary>
    public bool TakesSubscriptions { get; set; } = true;

    /// <summary>Topics subscribed to on the connection that stands.</summary>
    public List<string> Subscriptions { get; } = [];

    public int UnsettledCount => unsettled.Count;

    public void SetListener(IFrameLinkListener frameListener) => listener = frameListener;

    public bool Connect(string willTopic, string willMessage)
    {
        ConnectAttempts++;
        WillTopic = willTopic;
        WillMessage = willMessage;
        IsConnected = IsReachable;
        Subscriptions.Clear();
        return IsConnected;
    }

    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        if (PublishFailure is { } failure)
        {
            throw failure;
        }

        if (!IsConnected || unsettled.Count >= QueueLimit)
        {
            return 0;
        }

        int id = nextId;
        nextId = nextId == 65535 ? 1 : nextId + 1;
        Received.Add((topic, payload, isRetained));
        if (AcknowledgesAtOnce)
        {
            listener!.OnPublished(id, true);
        }
        else
        {
            unsettled.Add(id);
        }

        return id;
    }

    public bool Subscribe(string topic)
    {
        if (!IsConnected || !TakesSubscriptions)
        {
            return false;
        }

        Subscriptions.Add(topic);
        return true;
    }

    /// <summary>Brings a message to the node when it asked for the topic.</summary>
    public void Deliver(string topic, byte[] payload)
    {
        if (IsConnected && Subscriptions.Contains(topic, StringComparer.Ordinal))
        {
            listener!.OnMessage(topic, payload);
        }
    }

    /// <summary>Gives word on everything that waits for one.</summary>
    public void Settle(bool isPublished)
    {
        foreach (int id in unsettled.ToArray())
        {
            listener!.OnPublished(id, isPublished);
        }

        unsettled.Clear();
    }

    /// <summary>The network goes, and with it every message without a word.</summary>
    public void Cut()
    {
        IsReachable = false;
        IsConnected = false;
        unsettled.Clear();
    }

    public void Close()
    {
        IsConnected = false;
        unsettled.Clear();
    }
}
