using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>A message that waits somewhere: in a queue, in flight, or in the retained store. It does not change.</summary>
public sealed class MqttMessage
{
    /// <summary>Means that a message does not expire.</summary>
    internal const long Never = long.MaxValue;

    public required byte[] TopicUtf8 { get; init; }

    public required byte[] Payload { get; init; }

    /// <summary>Coded MQTT 5 properties that travel with it: all but topic alias, expiry and subscription identifiers.</summary>
    public byte[] Properties { get; init; } = [];

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>Who wrote it (<see cref="MqttSession.IdentityName"/>); null where that has no name or is the application itself.</summary>
    public string? Publisher { get; init; }

    /// <summary>The application publishes it anew after a restart: the retained store's log does not hold it.</summary>
    internal bool IsTransient { get; init; }

    /// <summary>Its number in the session log; 0 where it is not there.</summary>
    internal long LogNumber { get; set; }

    /// <summary>The generation of segments that holds it. Both are guarded by the log.</summary>
    internal long LogGeneration { get; set; }

    /// <summary>When it expires, in milliseconds of the server's monotonic clock.</summary>
    internal long ExpiresAtMilliseconds { get; init; } = Never;

    /// <summary>What it is counted with against byte bounds.</summary>
    internal int CountedBytes => TopicUtf8.Length + Payload.Length + Properties.Length + 16;

    internal bool IsExpired(long nowMilliseconds) => ExpiresAtMilliseconds <= nowMilliseconds;
}

/// <summary>A message on its way to subscribers; it becomes a <see cref="MqttMessage"/> only where one has to keep it.</summary>
internal ref struct PassingMessage
{
    public PassingMessage()
    {
    }

    public PassingMessage(MqttMessage stored)
    {
        Stored = stored;
        Topic = stored.TopicUtf8;
        Payload = stored.Payload;
        Properties = stored.Properties;
        Qos = stored.Qos;
        Retain = stored.Retain;
        ExpiresAtMilliseconds = stored.ExpiresAtMilliseconds;
        Publisher = stored.Publisher;
        IsTransient = stored.IsTransient;
    }

    public ReadOnlySpan<byte> Topic;
    public ReadOnlySpan<byte> Payload;
    public ReadOnlySpan<byte> Properties;
    public MqttQos Qos;
    public bool Retain;
    public long ExpiresAtMilliseconds = MqttMessage.Never;
    public string? Publisher;
    public bool IsTransient;
    public MqttMessage? Stored;

    public readonly int CountedBytes => Topic.Length + Payload.Length + Properties.Length + 16;

    public MqttMessage Store() => Stored ??= new MqttMessage
    {
        TopicUtf8 = Topic.ToArray(),
        Payload = Payload.ToArray(),
        Properties = Properties.ToArray(),
        Qos = Qos,
        Retain = Retain,
        ExpiresAtMilliseconds = ExpiresAtMilliseconds,
        Publisher = Publisher,
        IsTransient = IsTransient,
    };
}
