using System.Net;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Server;

/// <summary>One more address at which a server listens.</summary>
public sealed class MqttListenerOptions
{
    /// <summary>Where to listen. Port 0 picks a free one, told by <see cref="MqttServer.ListenerEndPoints"/>.</summary>
    public required IPEndPoint EndPoint { get; init; }

    /// <summary>Null for plain TCP.</summary>
    public MqttTlsOptions? Tls { get; init; }
}

/// <summary>What a TLS listener wants of a client's certificate.</summary>
public enum MqttClientCertificates : byte
{
    /// <summary>None is asked for.</summary>
    None = 0,

    /// <summary>A client may show one; one that is not good ends the handshake.</summary>
    Optional,

    /// <summary>A client without a good one does not get past the handshake.</summary>
    Required,
}

/// <summary>TLS 1.2 and 1.3 at one listener.</summary>
public sealed class MqttTlsOptions
{
    /// <summary>The server's certificate; taken anew for each handshake, so that one that was replaced comes into use without a restart.</summary>
    public required ReloadingFiles<ServerCertificate> Certificate { get; init; }

    public MqttClientCertificates ClientCertificates { get; init; }

    /// <summary>The authorities of client certificates; needed unless <see cref="ClientCertificates"/> is <see cref="MqttClientCertificates.None"/>.</summary>
    public ReloadingFiles<ClientTrust>? ClientAuthorities { get; init; }

    /// <summary>
    /// Time for the whole handshake: 1 ms and more. Longer than the time for a CONNECT, since ten thousand nodes that come
    /// back at once keep two cores busy with handshakes for many seconds, and giving up would make them begin again.
    /// </summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(30);

    internal void Validate()
    {
        if (HandshakeTimeout < TimeSpan.FromMilliseconds(1))
        {
            throw new ArgumentOutOfRangeException(nameof(HandshakeTimeout), HandshakeTimeout, $"{nameof(HandshakeTimeout)} is {HandshakeTimeout}, 1 ms and more are allowed.");
        }

        if (ClientCertificates != MqttClientCertificates.None && ClientAuthorities is null)
        {
            throw new ArgumentException($"Client certificates are {ClientCertificates}, but no authorities are named to judge them by.", nameof(ClientAuthorities));
        }
    }
}
