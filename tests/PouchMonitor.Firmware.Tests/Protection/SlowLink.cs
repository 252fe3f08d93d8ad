using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Tests.Protection;

/// <summary>A link whose connection costs a handshake of virtual time, in which nothing else runs, and which keeps only reports.</summary>
internal sealed class SlowLink(VirtualClock time) : IFrameLink
{
    private IFrameLinkListener? listener;
    private int nextId = 1;

    public bool IsReachable { get; set; } = true;

    public bool Acknowledges { get; set; } = true;

    public bool IsConnected { get; private set; }

    /// <summary>How long the TLS handshake holds the runtime up.</summary>
    public long HandshakeMicroseconds { get; set; }

    /// <summary>Told of each handshake after it.</summary>
    public Action<long>? Shaken { get; set; }

    /// <summary>Events and status, oldest first.</summary>
    public List<string> Reports { get; } = [];

    public void SetListener(IFrameLinkListener frameListener) => listener = frameListener;

    public bool Connect(string willTopic, string willMessage)
    {
        IsConnected = IsReachable;
        if (IsReachable && HandshakeMicroseconds > 0)
        {
            time.WaitMicroseconds(HandshakeMicroseconds);
            Shaken?.Invoke(HandshakeMicroseconds);
        }

        return IsConnected;
    }

    public int Publish(string topic, byte[] payload, bool isRetained)
    {
        int id = nextId;
        nextId = nextId == 65535 ? 1 : nextId + 1;
        if (!topic.EndsWith("/frame", StringComparison.Ordinal))
        {
            Reports.Add(System.Text.Encoding.UTF8.GetString(payload));
        }

        if (Acknowledges)
        {
            listener!.OnPublished(id, true);
        }

        return id;
    }

    public bool Subscribe(string topic) => true;

    public void Close() => IsConnected = false;
}
