namespace PouchMonitor.Mqtt.Packets;

/// <summary>Why bytes are not a packet this end may accept. <see cref="MqttFaults.ReasonFor"/> gives the code to answer with.</summary>
public enum MqttFault : byte
{
    None = 0,

    /// <summary>A field runs past the end of its packet.</summary>
    Truncated,

    /// <summary>Bytes are left after the last field.</summary>
    TrailingBytes,

    /// <summary>A variable byte integer of more than four bytes.</summary>
    VariableIntegerTooLong,

    /// <summary>A variable byte integer that uses more bytes than its value needs [MQTT-1.5.5-1].</summary>
    VariableIntegerNotMinimal,

    /// <summary>The packet is larger than this end accepts.</summary>
    PacketTooLarge,

    /// <summary>Packet type 0, or 15 before MQTT 5.</summary>
    UnknownPacketType,

    /// <summary>The lower half of the first byte is not what the packet type prescribes.</summary>
    ReservedFlags,

    /// <summary>Text is not well-formed UTF-8.</summary>
    InvalidUtf8,

    /// <summary>Text holds U+0000.</summary>
    NulInText,
    UnknownProperty,
    PropertyNotAllowed,
    PropertyRepeated,
    PropertyValueInvalid,
    ProtocolNameInvalid,
    ProtocolVersionUnsupported,
    ConnectFlagsInvalid,

    /// <summary>MQTT 3.1.1: a password without a user name.</summary>
    PasswordWithoutUserName,
    PacketIdentifierZero,

    /// <summary>QoS 3.</summary>
    QosInvalid,

    /// <summary>DUP on a QoS 0 message [MQTT-3.3.1-2].</summary>
    DuplicateWithoutQos,
    TopicEmpty,
    TopicHasWildcard,
    TopicFilterInvalid,
    NoTopicFilters,
    SubscriptionOptionsInvalid,
    ReasonNotAllowed,
    TopicAliasInvalid,

    /// <summary>The packet may not come now, or not in this direction.</summary>
    PacketNotExpected,

    /// <summary>A publish beyond the receive maximum that was granted.</summary>
    ReceiveMaximumExceeded,

    /// <summary>A WebSocket's text frame, where only binary ones may come [MQTT-6.0.0-1].</summary>
    TextFrame,
}

/// <summary>The answer that each fault deserves.</summary>
public static class MqttFaults
{
    /// <summary>The MQTT 5 reason code with which the connection is closed (section 4.13).</summary>
    public static MqttReason ReasonFor(MqttFault fault) => fault switch
    {
        MqttFault.None => MqttReason.Success,
        MqttFault.PacketTooLarge => MqttReason.PacketTooLarge,
        MqttFault.ProtocolVersionUnsupported or MqttFault.ProtocolNameInvalid => MqttReason.UnsupportedProtocolVersion,
        MqttFault.PropertyNotAllowed or MqttFault.PropertyRepeated or MqttFault.PropertyValueInvalid
            or MqttFault.NoTopicFilters or MqttFault.PacketNotExpected or MqttFault.ReasonNotAllowed
            or MqttFault.PacketIdentifierZero or MqttFault.TopicEmpty => MqttReason.ProtocolError,
        MqttFault.TopicHasWildcard => MqttReason.TopicNameInvalid,
        MqttFault.TopicFilterInvalid => MqttReason.TopicFilterInvalid,
        MqttFault.TopicAliasInvalid => MqttReason.TopicAliasInvalid,
        MqttFault.ReceiveMaximumExceeded => MqttReason.ReceiveMaximumExceeded,
        _ => MqttReason.MalformedPacket,
    };
}
