using System.Buffers.Binary;

namespace PouchMonitor.Mqtt.Packets;

/// <summary>Writes a PUBLISH in one pass into room that was measured before.</summary>
public readonly ref struct PublishEncoder
{
    private readonly int _propertyBytes;
    private readonly int _remainingBytes;

    public PublishEncoder(MqttProtocolVersion version, ReadOnlySpan<byte> topic, ReadOnlySpan<byte> payload, MqttQos qos)
        : this(version, topic, payload, qos, default, null, [])
    {
    }

    public PublishEncoder(
        MqttProtocolVersion version,
        ReadOnlySpan<byte> topic,
        ReadOnlySpan<byte> payload,
        MqttQos qos,
        ReadOnlySpan<byte> properties,
        uint? expirySeconds,
        ReadOnlySpan<uint> subscriptionIdentifiers,
        ushort topicAlias = 0)
    {
        Version = version;
        Topic = topic;
        Payload = payload;
        Qos = qos;
        Properties = properties;
        ExpirySeconds = expirySeconds;
        SubscriptionIdentifiers = subscriptionIdentifiers;
        TopicAlias = topicAlias;
        long remaining = 2L + topic.Length + payload.Length + (qos == MqttQos.AtMostOnce ? 0 : 2);
        if (version == MqttProtocolVersion.V5)
        {
            _propertyBytes = properties.Length + (expirySeconds is null ? 0 : 5) + (topicAlias == 0 ? 0 : 3);
            foreach (uint identifier in subscriptionIdentifiers)
            {
                _propertyBytes += 1 + MqttWriter.VariableIntegerBytes(identifier);
            }

            remaining += MqttWriter.VariableIntegerBytes((uint)_propertyBytes) + _propertyBytes;
        }

        if (remaining > MqttWriter.MaximumRemainingLengthBytes || topic.Length > ushort.MaxValue)
        {
            throw new ArgumentException($"A publish of {remaining} bytes with a topic of {topic.Length} exceeds the protocol's 268435455 and 65535.", nameof(payload));
        }

        _remainingBytes = (int)remaining;
    }

    public MqttProtocolVersion Version { get; }

    public ReadOnlySpan<byte> Topic { get; }

    public ReadOnlySpan<byte> Payload { get; }

    public MqttQos Qos { get; }

    /// <summary>Coded properties that are sent as they are; not in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; }

    public uint? ExpirySeconds { get; }

    public ReadOnlySpan<uint> SubscriptionIdentifiers { get; }

    /// <summary>0 for none; with an empty topic it stands for the one it was last sent with. Not in MQTT 3.1.1.</summary>
    public ushort TopicAlias { get; }

    public int PacketBytes => 1 + MqttWriter.VariableIntegerBytes((uint)_remainingBytes) + _remainingBytes;

    /// <summary>Fills <paramref name="target"/>, of exactly <see cref="PacketBytes"/>.</summary>
    public void Write(Span<byte> target, ushort packetIdentifier, bool retain, bool duplicate)
    {
        target[0] = (byte)(((int)MqttPacketType.Publish << 4) | (duplicate ? 8 : 0) | ((int)Qos << 1) | (retain ? 1 : 0));
        int at = 1 + MqttWriter.PutVariableInteger(target[1..], (uint)_remainingBytes);
        BinaryPrimitives.WriteUInt16BigEndian(target[at..], (ushort)Topic.Length);
        Topic.CopyTo(target[(at + 2)..]);
        at += 2 + Topic.Length;
        if (Qos != MqttQos.AtMostOnce)
        {
            BinaryPrimitives.WriteUInt16BigEndian(target[at..], packetIdentifier);
            at += 2;
        }

        if (Version == MqttProtocolVersion.V5)
        {
            at = WriteProperties(target, at);
        }

        Payload.CopyTo(target[at..]);
    }

    private int WriteProperties(Span<byte> target, int at)
    {
        at += MqttWriter.PutVariableInteger(target[at..], (uint)_propertyBytes);
        if (ExpirySeconds is { } expiry)
        {
            target[at] = (byte)MqttPropertyId.MessageExpiryInterval;
            BinaryPrimitives.WriteUInt32BigEndian(target[(at + 1)..], expiry);
            at += 5;
        }

        if (TopicAlias != 0)
        {
            target[at] = (byte)MqttPropertyId.TopicAlias;
            BinaryPrimitives.WriteUInt16BigEndian(target[(at + 1)..], TopicAlias);
            at += 3;
        }

        Properties.CopyTo(target[at..]);
        at += Properties.Length;
        foreach (uint identifier in SubscriptionIdentifiers)
        {
            target[at] = (byte)MqttPropertyId.SubscriptionIdentifier;
            at += 1 + MqttWriter.PutVariableInteger(target[(at + 1)..], identifier);
        }

        return at;
    }
}
