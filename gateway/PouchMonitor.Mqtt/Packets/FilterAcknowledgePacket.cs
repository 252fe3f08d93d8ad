namespace PouchMonitor.Mqtt.Packets;

/// <summary>
/// SUBACK and UNSUBACK (sections 3.9 and 3.11): one reason for each filter, in their order. In MQTT 3.1.1 UNSUBACK
/// carries none, and every failure in SUBACK is 0x80.
/// </summary>
public sealed class FilterAcknowledgePacket
{
    public required MqttPacketType Type { get; init; }

    public ushort PacketIdentifier { get; init; }

    public MqttProperties? Properties { get; init; }

    public IReadOnlyList<MqttReason> Reasons { get; init; } = [];

    public static FilterAcknowledgePacket? Read(MqttPacketType type, ReadOnlySpan<byte> body, MqttProtocolVersion version, out MqttFault fault)
    {
        var reader = new MqttReader(body);
        ushort identifier = reader.ReadPacketIdentifier();
        MqttProperties? properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref reader, (MqttPropertyPlace)type) : null;
        bool expectsReasons = version == MqttProtocolVersion.V5 || type == MqttPacketType.SubscribeAcknowledge;
        var reasons = new List<MqttReason>();
        while (expectsReasons && !reader.IsAtEnd)
        {
            var reason = (MqttReason)reader.ReadByte();
            if (!reason.IsAllowedIn(type))
            {
                reader.Fail(MqttFault.ReasonNotAllowed);
            }

            reasons.Add(reason);
        }

        reader.ExpectEnd();
        fault = reader.Fault;
        return fault == MqttFault.None
            ? new FilterAcknowledgePacket { Type = type, PacketIdentifier = identifier, Properties = properties, Reasons = reasons }
            : null;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttProtocolVersion version)
    {
        writer.Begin(Type);
        writer.WriteUInt16(PacketIdentifier);
        if (version == MqttProtocolVersion.V5)
        {
            writer.WriteProperties(Properties);
        }

        foreach (MqttReason reason in Reasons)
        {
            if (version == MqttProtocolVersion.V5)
            {
                writer.WriteByte((byte)reason);
            }
            else if (Type == MqttPacketType.SubscribeAcknowledge)
            {
                writer.WriteByte(reason.IsFailure() ? (byte)0x80 : (byte)reason);
            }
        }

        return writer.End();
    }
}
