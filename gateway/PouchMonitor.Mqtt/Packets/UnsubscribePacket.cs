namespace PouchMonitor.Mqtt.Packets;

/// <summary>UNSUBSCRIBE (section 3.10).</summary>
public sealed class UnsubscribePacket
{
    public ushort PacketIdentifier { get; init; }

    public MqttProperties? Properties { get; init; }

    public required IReadOnlyList<string> Filters { get; init; }

    public static UnsubscribePacket? Read(ReadOnlySpan<byte> body, MqttProtocolVersion version, out MqttFault fault)
    {
        var reader = new MqttReader(body);
        ushort identifier = reader.ReadPacketIdentifier();
        MqttProperties? properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref reader, MqttPropertyPlace.Unsubscribe) : null;
        if (reader.Fault == MqttFault.None && reader.IsAtEnd)
        {
            reader.Fail(MqttFault.NoTopicFilters);
        }

        var filters = new List<string>();
        while (!reader.IsAtEnd)
        {
            filters.Add(reader.ReadText());
        }

        fault = reader.Fault;
        return fault == MqttFault.None ? new UnsubscribePacket { PacketIdentifier = identifier, Properties = properties, Filters = filters } : null;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttProtocolVersion version)
    {
        writer.Begin(MqttPacketType.Unsubscribe, 2);
        writer.WriteUInt16(PacketIdentifier);
        if (version == MqttProtocolVersion.V5)
        {
            writer.WriteProperties(Properties);
        }

        foreach (string filter in Filters)
        {
            writer.WriteText(filter);
        }

        return writer.End();
    }
}
