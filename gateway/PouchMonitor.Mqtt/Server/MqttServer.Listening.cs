using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Net.WebSockets;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Where connections come from: sockets, TLS, and WebSockets that someone else has accepted.</summary>
public sealed partial class MqttServer
{
    private readonly List<Socket> _listeners = [];
    private readonly List<Task> _accepting = [];
    private readonly CancellationTokenSource _handshakesEnd = new();
    private readonly ConnectionGate _gate;
    private readonly SemaphoreSlim _handshakeTurns;

    /// <summary>Where <see cref="MqttServerOptions.Listeners"/> listen, in their order; with the real ports once the server has started.</summary>
    public IReadOnlyList<IPEndPoint> ListenerEndPoints { get; private set; } = [];

    /// <summary>
    /// Serves MQTT over a WebSocket whose subprotocol is <c>mqtt</c>, under the same bounds and rules as a socket's
    /// connection, and completes when the connection has ended and the WebSocket may go. Who accepted it has checked
    /// where it comes from.
    /// </summary>
    public async Task ServeWebSocketAsync(WebSocket socket, IPEndPoint remoteEndPoint)
    {
        ArgumentNullException.ThrowIfNull(socket);
        ArgumentNullException.ThrowIfNull(remoteEndPoint);
        if (!TryEnter(remoteEndPoint.Address, out ConnectionGate.Ticket ticket))
        {
            socket.Abort();
            return;
        }

        var transport = new WebSocketTransport(socket) { TextCame = () => Counters.Fault(MqttFault.TextFrame) };
        Begin(transport, remoteEndPoint, certificate: null, ticket);
        await transport.Disposed.ConfigureAwait(false);
    }

    /// <summary>Binds every address, or none.</summary>
    private void Listen()
    {
        try
        {
            EndPoint = Bind(Options.EndPoint);
            ListenerEndPoints = [.. Options.Listeners.Select(listener => Bind(listener.EndPoint))];
        }
        catch
        {
            _listeners.ForEach(static listener => listener.Dispose());
            throw;
        }

        _accepting.Add(Task.Run(() => AcceptAsync(_listeners[0], tls: null)));
        for (int index = 0; index < Options.Listeners.Count; index++)
        {
            (Socket listener, MqttTlsOptions? tls) = (_listeners[index + 1], Options.Listeners[index].Tls);
            _accepting.Add(Task.Run(() => AcceptAsync(listener, tls)));
        }
    }

    private IPEndPoint Bind(IPEndPoint endPoint)
    {
        var listener = new Socket(endPoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        _listeners.Add(listener);
        listener.Bind(endPoint);
        listener.Listen(Options.ListenBacklog);
        return (IPEndPoint)listener.LocalEndPoint!;
    }

    private async Task StopListeningAsync()
    {
        _listeners.ForEach(static listener => listener.Dispose());
        await _handshakesEnd.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_accepting).ConfigureAwait(false);
    }

    private async Task AcceptAsync(Socket listener, MqttTlsOptions? tls)
    {
        while (Volatile.Read(ref _isStopping) == 0)
        {
            Socket socket;
            try
            {
                socket = await listener.AcceptAsync().ConfigureAwait(false);
            }
            catch (ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // One client gave up before it was accepted, the listener was closed, or the process has no more
                // descriptors; the last must not become a hot loop.
                await Task.Delay(TimeSpan.FromMilliseconds(10)).ConfigureAwait(false);
                continue;
            }

            if (socket.RemoteEndPoint is not IPEndPoint remote || !TryEnter(remote.Address, out ConnectionGate.Ticket ticket))
            {
                socket.Dispose();
                continue;
            }

            Serve(socket, remote, tls, ticket);
        }
    }

    /// <summary>Takes a place for one more connection; counts why there is none.</summary>
    private bool TryEnter(IPAddress address, out ConnectionGate.Ticket ticket)
    {
        ticket = default;
        if (Interlocked.Increment(ref _connectionCount) > Options.MaximumConnections)
        {
            Interlocked.Decrement(ref _connectionCount);
            Interlocked.Increment(ref Counters.ConnectionsOverLimit);
            return false;
        }

        GateAnswer answer = _gate.Enter(address, NowMilliseconds, out ticket);
        if (answer == GateAnswer.Enter)
        {
            return true;
        }

        Interlocked.Decrement(ref _connectionCount);
        Interlocked.Increment(ref answer == GateAnswer.TooFast ? ref Counters.ConnectionsOverRate : ref Counters.ConnectionsOverPending);
        return false;
    }

    private void Serve(Socket socket, IPEndPoint remote, MqttTlsOptions? tls, ConnectionGate.Ticket ticket)
    {
        try
        {
            socket.NoDelay = true;
            if (tls is not null)
            {
                _ = Task.Run(() => ShakeHandsAsync(socket, remote, tls, ticket));
                return;
            }

            socket.Blocking = false;
        }
        catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
        {
            GiveUp(socket, ticket);
            return;
        }

        Begin(new SocketTransport(socket), remote, certificate: null, ticket);
    }

    private async Task ShakeHandsAsync(Socket socket, IPEndPoint remote, MqttTlsOptions tls, ConnectionGate.Ticket ticket)
    {
        SslStream stream;
        SemaphoreSlim turnsOfAddress = ticket.HandshakeTurns;
        (bool hasTurnOfAddress, bool hasTurn) = (false, false);
        try
        {
            await turnsOfAddress.WaitAsync(_handshakesEnd.Token).ConfigureAwait(false);
            hasTurnOfAddress = true;
            await _handshakeTurns.WaitAsync(_handshakesEnd.Token).ConfigureAwait(false);
            hasTurn = true;
            stream = await TlsHandshake.RunAsync(socket, tls, Options.TimeProvider, _handshakesEnd.Token).ConfigureAwait(false);
        }
#pragma warning disable CA1031 // The TLS library throws many things at hostile bytes; each is the end of that handshake and of nothing else.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            bool isLate = exception is OperationCanceledException;
            Interlocked.Increment(ref isLate ? ref Counters.HandshakesTimedOut : ref Counters.HandshakesFailed);
            GiveUp(socket, ticket);
            return;
        }
        finally
        {
            _ = hasTurn ? _handshakeTurns.Release() : 0;
            _ = hasTurnOfAddress ? turnsOfAddress.Release() : 0;
        }

        Begin(new TlsTransport(socket, stream), remote, PeerCertificate.Of(stream.RemoteCertificate), ticket);
    }

    private void GiveUp(Socket socket, ConnectionGate.Ticket ticket)
    {
        ticket.GiveBack();
        Interlocked.Decrement(ref _connectionCount);
        socket.Dispose();
    }

    private void Begin(MqttTransport transport, IPEndPoint remote, PeerCertificate? certificate, ConnectionGate.Ticket ticket)
    {
        var connection = new MqttConnection(this, transport, remote, Interlocked.Increment(ref _lastNumber)) { Certificate = certificate, Ticket = ticket };
        _connections[connection.Number] = connection;
        Interlocked.Increment(ref Counters.ConnectionsAccepted);
        ThreadPool.UnsafeQueueUserWorkItem(static connection => _ = connection.RunAsync(), connection, preferLocal: false);
        if (Volatile.Read(ref _isStopping) != 0)
        {
            connection.Close(MqttReason.ServerShuttingDown); // it came after the others were ended
        }
    }
}
