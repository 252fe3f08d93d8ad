using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// What the server remembers of a client, over one connection or several: its subscriptions, the messages waiting for
/// it, and those in flight.
/// </summary>
public sealed partial class MqttSession
{
    private readonly Lock _gate = new();

    internal MqttSession(string clientId, MqttProtocolVersion version)
    {
        ClientId = clientId;
        Version = version;
    }

    public string ClientId { get; }

    /// <summary>Whose session it is, as the application named it; another owner's client of the same identifier has a session of its own.</summary>
    public string Owner { get; init; } = string.Empty;

    /// <summary>The version of the latest connection.</summary>
    public MqttProtocolVersion Version { get; internal set; }

    /// <summary>Whom the application took this client for, at its latest CONNECT.</summary>
    public object? Identity { get; internal set; }

    internal long Number { get; init; }

    /// <summary>The connection in use; null while the client is away.</summary>
    public MqttConnection? Connection { get; internal set; }
}
