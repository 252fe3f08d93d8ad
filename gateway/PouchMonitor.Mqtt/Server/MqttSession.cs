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

    /// <summary>The version of the latest connection.</summary>
    public MqttProtocolVersion Version { get; internal set; }

    /// <summary>Whom the application took this client for, at its latest CONNECT.</summary>
    public object? Identity { get; internal set; }

    /// <summary>The name of that identity, which outlives connections; null where the application gave none.</summary>
    public string? IdentityName { get; init; }

    internal long Number { get; init; }

    /// <summary>Under which the server finds the session. No name and no client identifier holds U+0000.</summary>
    internal string Key => KeyOf(IdentityName, ClientId);

    /// <summary>The connection in use; null while the client is away.</summary>
    public MqttConnection? Connection { get; internal set; }

    internal static string KeyOf(string? identityName, string clientId) => identityName is null ? clientId : $"{identityName}\0{clientId}";
}
