namespace PouchMonitor.Mqtt.Packets;

/// <summary>CONNACK (section 3.2).</summary>
public sealed class ConnectAcknowledgePacket
{
    public bool SessionPresent { get; init; }

    public MqttReason Reason { get; init; }

    public MqttProperties? Properties { get; init; }

    public static ConnectAcknowledgePacket? Read(ReadOnlySpan<byte> body, MqttProtocolVersion version, out MqttFault fault)
    {
        var reader = new MqttReader(body);
        byte flags = reader.ReadByte();
        if (flags > 1)
        {
            reader.Fail(MqttFault.ReservedFlags);
        }

        byte code = reader.ReadByte();
        MqttReason reason = version == MqttProtocolVersion.V5 ? (MqttReason)code : MqttReasons.FromReturnCode311(code);
        if (version == MqttProtocolVersion.V5 && !reason.IsAllowedIn(MqttPacketType.ConnectAcknowledge))
        {
            reader.Fail(MqttFault.ReasonNotAllowed);
        }

        MqttProperties? properties = null;
        if (version == MqttProtocolVersion.V5 && (reader.RemainingBytes > 0 || !reason.IsFailure()))
        {
            // A server that refuses may not have understood the version, and then sends no properties.
            properties = MqttProperties.Read(ref reader, MqttPropertyPlace.ConnectAcknowledge);
        }

        reader.ExpectEnd();
        fault = reader.Fault;
        return fault == MqttFault.None ? new ConnectAcknowledgePacket { SessionPresent = flags == 1, Reason = reason, Properties = properties } : null;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttProtocolVersion version)
    {
        writer.Begin(MqttPacketType.ConnectAcknowledge);
        writer.WriteByte(SessionPresent ? (byte)1 : (byte)0);
        writer.WriteByte(version == MqttProtocolVersion.V5 ? (byte)Reason : MqttReasons.ToReturnCode311(Reason));
        if (version == MqttProtocolVersion.V5)
        {
            writer.WriteProperties(Properties);
        }

        return writer.End();
    }
}
