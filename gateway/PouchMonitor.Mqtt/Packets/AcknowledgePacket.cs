namespace PouchMonitor.Mqtt.Packets;

/// <summary>PUBACK, PUBREC, PUBREL and PUBCOMP (sections 3.4 to 3.7), which are built alike.</summary>
public readonly struct AcknowledgePacket
{
    public ushort PacketIdentifier { get; init; }

    /// <summary>Always success in MQTT 3.1.1.</summary>
    public MqttReason Reason { get; init; }

    public MqttProperties? Properties { get; init; }

    public static MqttFault Read(MqttPacketType type, ReadOnlySpan<byte> body, MqttProtocolVersion version, out AcknowledgePacket packet)
    {
        var reader = new MqttReader(body);
        ushort identifier = reader.ReadPacketIdentifier();
        MqttReason reason = MqttReason.Success;
        MqttProperties? properties = null;
        if (version == MqttProtocolVersion.V5 && !reader.IsAtEnd)
        {
            reason = (MqttReason)reader.ReadByte();
            if (!reason.IsAllowedIn(type))
            {
                reader.Fail(MqttFault.ReasonNotAllowed);
            }

            if (!reader.IsAtEnd)
            {
                properties = MqttProperties.Read(ref reader, (MqttPropertyPlace)type);
            }
        }

        reader.ExpectEnd();
        packet = new AcknowledgePacket { PacketIdentifier = identifier, Reason = reason, Properties = properties };
        return reader.Fault;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttPacketType type, MqttProtocolVersion version)
    {
        writer.Begin(type, type == MqttPacketType.PublishRelease ? 2 : 0);
        writer.WriteUInt16(PacketIdentifier);
        if (version == MqttProtocolVersion.V5 && (Reason != MqttReason.Success || Properties is not null))
        {
            writer.WriteByte((byte)Reason);
            if (Properties is not null)
            {
                writer.WriteProperties(Properties);
            }
        }

        return writer.End();
    }
}
