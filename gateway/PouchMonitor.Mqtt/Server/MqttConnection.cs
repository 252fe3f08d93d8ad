using System.Net;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Server;

/// <summary>One client's network connection to the server.</summary>
public sealed partial class MqttConnection : ISenderOwner
{
    private readonly MqttServer _server;
    private readonly MqttTransport _transport;
    private readonly Lock _waitGate = new();
    private CancellationTokenSource? _wait;
    private ConnectionGate.Ticket _ticket;
    private int _isClosing;
    private MqttReason _closeReason;

    internal MqttConnection(MqttServer server, MqttTransport transport, IPEndPoint remoteEndPoint, long number)
    {
        _server = server;
        _transport = transport;
        Number = number;
        RemoteEndPoint = remoteEndPoint;
        Sender = new SocketSender(transport, this) { Log = server.Log };
        LastHeardMilliseconds = BeganMilliseconds = server.NowMilliseconds;
    }

    /// <summary>The client's address and port.</summary>
    public IPEndPoint RemoteEndPoint { get; }

    /// <summary>The session it carries. Set before the application sees the connection.</summary>
    public MqttSession Session { get; private set; } = null!;

    public MqttProtocolVersion Version { get; private set; } = MqttProtocolVersion.V311;

    /// <summary>A place for the application, such as what it looked up for the last topic. Used by one thread at a time in <see cref="IMqttServerHandler.OnPublish"/>.</summary>
    public object? State { get; set; }

    /// <summary>Publishes since the connection began; a glance, exact once it is quiet.</summary>
    internal long MessagesReceived { get; private set; }

    internal long MessagesSent { get; private set; }

    internal long BytesReceived { get; private set; }

    internal long BytesSent { get; private set; }

    internal long Number { get; }

    /// <summary>When the connection came, in milliseconds of the server's clock.</summary>
    internal long BeganMilliseconds { get; }

    /// <summary>The certificate that the client showed; null where there is none.</summary>
    internal PeerCertificate? Certificate { get; init; }

    /// <summary>Its place among those that have not logged in.</summary>
    internal ConnectionGate.Ticket Ticket { init => _ticket = value; }

    internal SocketSender Sender { get; }

    /// <summary>The largest packet the client takes, in bytes.</summary>
    internal uint PeerMaximumPacketBytes { get; private set; } = uint.MaxValue;

    /// <summary>Null where the client takes no topic aliases.</summary>
    internal OutgoingAliases? Aliases { get; private set; }

    internal bool IsClosing => Volatile.Read(ref _isClosing) != 0;

    /// <summary>Completed under the server's session lock once the session no longer belongs to this connection.</summary>
    internal TaskCompletionSource? Detached { get; set; }

    internal bool IsDetached { get; set; }

    /// <summary>Ends the connection with a reason: DISCONNECT first where the version has it. Safe from any thread.</summary>
    public void Close(MqttReason reason)
    {
        if (!TryBeginClose(reason))
        {
            return;
        }

        _transport.StopReceiving(); // wakes the reader, which does the rest
        lock (_waitGate)
        {
            _wait?.Cancel();
        }
    }

    /// <summary>The last step, some time after the end, so that the client could read the reason before the socket goes.</summary>
    internal void Dispose()
    {
        Sender.Close();
        _transport.Dispose();
    }

    void ISenderOwner.OnSent() => Session?.OnSent();

    void ISenderOwner.OnSendFailed() => Close(MqttReason.UnspecifiedError);

    /// <summary>Cancelled when the connection is to close; made only where something is waited for.</summary>
    private CancellationToken WaitToken()
    {
        lock (_waitGate)
        {
            _wait ??= new CancellationTokenSource();
            if (IsClosing)
            {
                _wait.Cancel();
            }

            return _wait.Token;
        }
    }

    private bool TryBeginClose(MqttReason reason)
    {
        if (Interlocked.CompareExchange(ref _isClosing, 1, 0) != 0)
        {
            return false;
        }

        _closeReason = reason;
        return true;
    }

    /// <summary>Ends the connection because of what the client sent.</summary>
    private BatchEnd Fault(MqttFault fault)
    {
        _server.Counters.Fault(fault);
        TryBeginClose(MqttFaults.ReasonFor(fault));
        return BatchEnd.Closed;
    }
}
