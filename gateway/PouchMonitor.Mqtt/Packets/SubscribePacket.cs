namespace PouchMonitor.Mqtt.Packets;

/// <summary>When the retained messages of a filter are sent to a new subscription (MQTT 5, section 3.8.3.1).</summary>
public enum MqttRetainHandling : byte
{
    SendAlways = 0,
    SendWhenNew = 1,
    DoNotSend = 2,
}

/// <summary>One filter with its options. In MQTT 3.1.1 only the QoS counts.</summary>
public sealed record MqttTopicFilter(string Filter, MqttQos Qos = MqttQos.AtMostOnce)
{
    /// <summary>Messages that this client published do not come back to it.</summary>
    public bool NoLocal { get; init; }

    /// <summary>The retain flag arrives as the publisher set it.</summary>
    public bool RetainAsPublished { get; init; }

    public MqttRetainHandling RetainHandling { get; init; }
}

/// <summary>SUBSCRIBE (section 3.8).</summary>
public sealed class SubscribePacket
{
    public ushort PacketIdentifier { get; init; }

    public MqttProperties? Properties { get; init; }

    public required IReadOnlyList<MqttTopicFilter> Filters { get; init; }

    public static SubscribePacket? Read(ReadOnlySpan<byte> body, MqttProtocolVersion version, out MqttFault fault)
    {
        var reader = new MqttReader(body);
        ushort identifier = reader.ReadPacketIdentifier();
        MqttProperties? properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref reader, MqttPropertyPlace.Subscribe) : null;
        if (reader.Fault == MqttFault.None && reader.IsAtEnd)
        {
            reader.Fail(MqttFault.NoTopicFilters);
        }

        var filters = new List<MqttTopicFilter>();
        while (!reader.IsAtEnd)
        {
            string filter = reader.ReadText();
            byte options = reader.ReadByte();
            int reserved = version == MqttProtocolVersion.V5 ? 0xC0 : 0xFC;
            bool valid = (options & reserved) == 0 && (options & 3) != 3 && ((options >> 4) & 3) != 3;
            bool isSharedAndNoLocal = (options & 4) != 0 && filter.StartsWith("$share/", StringComparison.Ordinal);
            if (!valid)
            {
                reader.Fail(MqttFault.SubscriptionOptionsInvalid);
            }
            else if (isSharedAndNoLocal)
            {
                reader.Fail(MqttFault.PacketNotExpected); // a protocol error [MQTT-3.8.3-4]
            }

            filters.Add(new MqttTopicFilter(filter, (MqttQos)(options & 3))
            {
                NoLocal = (options & 4) != 0,
                RetainAsPublished = (options & 8) != 0,
                RetainHandling = (MqttRetainHandling)((options >> 4) & 3),
            });
        }

        fault = reader.Fault;
        return fault == MqttFault.None ? new SubscribePacket { PacketIdentifier = identifier, Properties = properties, Filters = filters } : null;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer, MqttProtocolVersion version)
    {
        writer.Begin(MqttPacketType.Subscribe, 2);
        writer.WriteUInt16(PacketIdentifier);
        if (version == MqttProtocolVersion.V5)
        {
            writer.WriteProperties(Properties);
        }

        foreach (MqttTopicFilter filter in Filters)
        {
            writer.WriteText(filter.Filter);
            int options = (int)filter.Qos;
            if (version == MqttProtocolVersion.V5)
            {
                options |= (filter.NoLocal ? 4 : 0) | (filter.RetainAsPublished ? 8 : 0) | ((int)filter.RetainHandling << 4);
            }

            writer.WriteByte((byte)options);
        }

        return writer.End();
    }
}
