using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>One message as it lies in the receive buffer; copy what is to be kept.</summary>
public readonly ref struct MqttInboundPublish
{
    /// <summary>The topic: not empty, well-formed UTF-8, no wildcards, aliases already resolved.</summary>
    public ReadOnlySpan<byte> TopicUtf8 { get; init; }

    public ReadOnlySpan<byte> Payload { get; init; }

    /// <summary>The coded MQTT 5 properties, already checked; read them with <see cref="PropertyScanner"/>.</summary>
    public ReadOnlySpan<byte> Properties { get; init; }

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>The sender says it may have sent this before.</summary>
    public bool Duplicate { get; init; }

    /// <summary>The session's will, published by the server; there is no connection and nothing to acknowledge.</summary>
    public bool IsWill { get; init; }

    public MqttSession Session { get; init; }

    /// <summary>The connection it came over; null for a will.</summary>
    public MqttConnection? Connection { get; init; }

    /// <summary>What to complete after <see cref="PublishOutcome.Deferred"/>; does nothing at QoS 0.</summary>
    public MqttAckToken Token { get; init; }
}
