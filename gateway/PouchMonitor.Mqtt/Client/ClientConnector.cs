using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Client;

/// <summary>Makes one connection: reaches the server, secures it where asked to, and exchanges CONNECT and CONNACK.</summary>
internal static class ClientConnector
{
    /// <summary>
    /// Throws <see cref="MqttClientException"/> where the server refuses, is not who it should be or does not answer in
    /// time, and <see cref="SocketException"/> where it cannot be reached.
    /// </summary>
    public static async Task<(ClientLink Link, ConnectAcknowledgePacket Answer)> ConnectAsync(
        MqttClientOptions options, string clientId, bool cleanStart, ClientSession session, Action<MqttReason, Exception?> onEnded,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(options.AnswerTimeout, options.TimeProvider);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        ClientLink? link = null;
        try
        {
            await socket.ConnectAsync(options.Host, options.Port, both.Token).ConfigureAwait(false);
            link = new ClientLink(options, socket, await SecureAsync(socket, options, both.Token).ConfigureAwait(false), session, onEnded);
            return (link, await link.OpenAsync(clientId, cleanStart, both.Token).ConfigureAwait(false));
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (link is not null)
            {
                await link.Completion.ConfigureAwait(false);
            }

            if (exception is OperationCanceledException && timeout.IsCancellationRequested)
            {
                throw new MqttClientException($"{options.Host}:{options.Port} did not answer within {options.AnswerTimeout.TotalSeconds} s.", exception);
            }

            throw;
        }
    }

    private static async Task<MqttTransport> SecureAsync(Socket socket, MqttClientOptions options, CancellationToken cancellationToken)
    {
        if (options.Tls is not { } tls)
        {
            socket.Blocking = false;
            return new SocketTransport(socket);
        }

        var stream = new SslStream(new NetworkStream(socket, ownsSocket: false), leaveInnerStreamOpen: false);
        try
        {
            await stream.AuthenticateAsClientAsync(tls.Options(options.Host), cancellationToken).ConfigureAwait(false);
            return new TlsTransport(socket, stream);
        }
        catch (Exception exception) when (exception is AuthenticationException or IOException)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw new MqttClientException($"{options.Host}:{options.Port} cannot be reached by TLS: {exception.Message}", exception);
        }
    }
}
