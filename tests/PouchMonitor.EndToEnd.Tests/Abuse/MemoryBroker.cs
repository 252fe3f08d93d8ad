using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>A link and broker in memory that acknowledges at once while the network is there, and keeps what came in its order.</summary>
internal sealed class MemoryBroker : IFrameLink
{
    private IFrameLinkListener? listener;
    private int nextId = 1;
    private bool isReachable = true;

    /// <summary>False takes the network away.</summary>
    public bool IsReachable
    {
        get => isReachable;
        set
        {
            isReachable = value;
            IsConnected &= value;
        }
    }

    public bool IsConnected { get; private set; }

    /// <summary>What came: topic and bytes.</summary>
    public List<(string Topic, byte[] Payload)> Received { get; } = [];

    public void SetListener(IFrameLinkListener frameListener) => listener = frameListener;

    public bool Connect(string willTopic, string willMessage) => IsConnected = IsReachable;

    public bool Subscribe(string topic) => IsConnected;

    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        if (!IsConnected)
        {
            return 0;
        }

        int id = nextId;
        nextId = nextId == 65535 ? 1 : nextId + 1;
        Received.Add((topic, payload));
        listener!.OnPublished(id, true);
        return id;
    }

    public void Deliver(string topic, string text) => listener!.OnMessage(topic, System.Text.Encoding.UTF8.GetBytes(text));

    public void Close() => IsConnected = false;
}
