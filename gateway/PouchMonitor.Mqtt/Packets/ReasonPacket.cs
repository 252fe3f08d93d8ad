namespace PouchMonitor.Mqtt.Packets;

/// <summary>DISCONNECT and AUTH (sections 3.14 and 3.15): a reason and properties, both of which may be left out. Empty in MQTT 3.1.1.</summary>
public readonly struct ReasonPacket
{
    public MqttReason Reason { get; init; }

    public MqttProperties? Properties { get; init; }

    public static MqttFault Read(MqttPacketType type, ReadOnlySpan<byte> body, MqttProtocolVersion version, out ReasonPacket packet)
    {
        var reader = new MqttReader(body);
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
        packet = new ReasonPacket { Reason = reason, Properties = properties };
        return reader.Fault;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttPacketType type, MqttProtocolVersion version)
    {
        writer.Begin(type);
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
