using System.Net;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>A client's wish to connect, for the application to judge.</summary>
public sealed class MqttConnectRequest
{
    /// <summary>As sent, or as the server assigned it where the client left it empty.</summary>
    public required string ClientId { get; init; }

    /// <summary>True where the client sent none and the server made one up.</summary>
    public bool ClientIdWasAssigned { get; init; }

    public string? UserName { get; init; }

    /// <summary>The client's secret; never to be logged. Null where none was sent.</summary>
    public ReadOnlyMemory<byte>? Password { get; init; }

    public required IPEndPoint RemoteEndPoint { get; init; }

    /// <summary>Subject of the certificate that the client showed and that was found good; null where there is none.</summary>
    public string? ClientCertificateSubject { get; init; }

    /// <summary>SHA-256 of that certificate, 64 lower-case hexadecimal digits; null where there is none.</summary>
    public string? ClientCertificateSha256 { get; init; }

    public MqttProtocolVersion Version { get; init; }

    public bool CleanStart { get; init; }

    /// <summary>The topic of the will; null where there is none.</summary>
    public string? WillTopic { get; init; }

    public bool WillRetain { get; init; }

    /// <summary>Set by the application: becomes <see cref="MqttSession.Identity"/>.</summary>
    public object? Identity { get; set; }

    /// <summary>
    /// Set by the application: the identity's name, becomes <see cref="MqttSession.IdentityName"/>. Client identifiers count
    /// within one name only, so that nobody takes over a session, and with it the subscriptions, of someone else.
    /// </summary>
    public string? IdentityName { get; set; }

    internal string SessionKey => MqttSession.KeyOf(IdentityName, ClientId);

    /// <summary>Set by the application where a refusal should say more (MQTT 5 reason string); never a secret.</summary>
    public string? RefusalText { get; set; }
}
