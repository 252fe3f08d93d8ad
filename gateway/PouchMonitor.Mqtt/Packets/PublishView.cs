namespace PouchMonitor.Mqtt.Packets;

/// <summary>A PUBLISH read in place: nothing is copied, everything is checked.</summary>
public ref struct PublishView
{
    public ReadOnlySpan<byte> Topic { get; private set; }

    public ReadOnlySpan<byte> Payload { get; private set; }

    /// <summary>The coded properties without their length; empty in MQTT 3.1.1.</summary>
    public ReadOnlySpan<byte> Properties { get; private set; }

    public ushort PacketIdentifier { get; private set; }

    public MqttQos Qos { get; private set; }

    public bool Retain { get; private set; }

    public bool Duplicate { get; private set; }

    /// <summary>0 where there is none.</summary>
    public ushort TopicAlias { get; private set; }

    /// <summary>Null where the message does not expire.</summary>
    public uint? ExpirySeconds { get; private set; }

    public int SubscriptionIdentifierCount { get; private set; }

    /// <summary>Whether there are properties to pass on to subscribers, and whether there are others among them.</summary>
    public bool HasPropertiesToForward { get; private set; }

    public bool HasPropertiesToKeepBack { get; private set; }

    /// <summary>Reads the body of a PUBLISH whose header was checked by <see cref="FixedHeader"/>.</summary>
    public static MqttFault Read(int flags, ReadOnlySpan<byte> body, MqttProtocolVersion version, out PublishView view)
    {
        var reader = new MqttReader(body);
        view = default;
        view.Qos = (MqttQos)((flags >> 1) & 3);
        view.Retain = (flags & 1) != 0;
        view.Duplicate = (flags & 8) != 0;
        view.Topic = reader.ReadTextUtf8();
        if (view.Qos != MqttQos.AtMostOnce)
        {
            view.PacketIdentifier = reader.ReadPacketIdentifier();
        }

        if (version == MqttProtocolVersion.V5)
        {
            view.Properties = reader.ReadBytes((int)reader.ReadVariableInteger());
            MqttFault fault = view.Properties.IsEmpty ? MqttFault.None : view.ScanProperties();
            if (fault != MqttFault.None)
            {
                reader.Fail(fault);
            }
        }

        view.Payload = reader.ReadRest();
        return reader.Fault != MqttFault.None ? reader.Fault
            : Topics.TopicRules.HasWildcard(view.Topic) ? MqttFault.TopicHasWildcard
            : view.Topic.IsEmpty && view.TopicAlias == 0 ? MqttFault.TopicEmpty
            : MqttFault.None;
    }

    /// <summary>The coded properties that go on to subscribers. Copies only where others have to be left out.</summary>
    public readonly ReadOnlySpan<byte> PropertiesToForward()
    {
        if (!HasPropertiesToForward)
        {
            return default;
        }

        if (!HasPropertiesToKeepBack)
        {
            return Properties;
        }

        byte[] kept = new byte[Properties.Length];
        int count = 0;
        var scanner = new PropertyScanner(Properties, MqttPropertyPlace.Publish);
        while (scanner.MoveNext())
        {
            if (IsForwarded(scanner.Id))
            {
                scanner.Coded.CopyTo(kept.AsSpan(count));
                count += scanner.Coded.Length;
            }
        }

        return kept.AsSpan(0, count);
    }

    private static bool IsForwarded(MqttPropertyId id)
        => id is not (MqttPropertyId.TopicAlias or MqttPropertyId.MessageExpiryInterval or MqttPropertyId.SubscriptionIdentifier);

    private MqttFault ScanProperties()
    {
        var scanner = new PropertyScanner(Properties, MqttPropertyPlace.Publish);
        while (scanner.MoveNext())
        {
            switch (scanner.Id)
            {
                case MqttPropertyId.TopicAlias:
                    TopicAlias = (ushort)scanner.Number;
                    if (TopicAlias == 0)
                    {
                        return MqttFault.TopicAliasInvalid;
                    }

                    break;
                case MqttPropertyId.MessageExpiryInterval:
                    ExpirySeconds = scanner.Number;
                    break;
                case MqttPropertyId.SubscriptionIdentifier:
                    SubscriptionIdentifierCount++;
                    break;
                case MqttPropertyId.ResponseTopic when Topics.TopicRules.HasWildcard(scanner.Bytes):
                    return MqttFault.TopicHasWildcard;
                default:
                    break;
            }

            HasPropertiesToForward |= IsForwarded(scanner.Id);
            HasPropertiesToKeepBack |= !IsForwarded(scanner.Id);
        }

        return scanner.Fault;
    }
}
