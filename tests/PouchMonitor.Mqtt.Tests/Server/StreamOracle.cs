using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Packets;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>
/// What a server must say to a stream of packets that follows an accepted CONNECT: nothing, or the fault it must end the
/// connection with. Written from the specification, packet by packet, without the server's own order of work.
/// </summary>
internal sealed class StreamOracle(MqttProtocolVersion version, int maximumPacketBytes, int topicAliasMaximum)
{
    private readonly HashSet<ushort> _aliases = [];

    /// <summary>The first fault; <see cref="MqttFault.None"/> where the stream ends first, be it by the client's DISCONNECT.</summary>
    public MqttFault Judge(ReadOnlySpan<byte> stream, out bool isDisconnected)
    {
        isDisconnected = false;
        while (!stream.IsEmpty)
        {
            if (!FixedHeader.TryRead(stream, maximumPacketBytes, out FixedHeader header, out MqttFault fault))
            {
                return fault;
            }

            if (stream.Length < header.PacketBytes)
            {
                return MqttFault.None; // more was to come
            }

            fault = JudgePacket(header, stream[..header.PacketBytes], out isDisconnected);
            if (fault != MqttFault.None || isDisconnected)
            {
                return fault;
            }

            stream = stream[header.PacketBytes..];
        }

        return MqttFault.None;
    }

    /// <summary>The reason code that section 4.13 of the specification and its appendix name for each class of fault.</summary>
    public static MqttReason ReasonFor(MqttFault fault)
    {
        switch (fault)
        {
            case MqttFault.PacketTooLarge:
                return MqttReason.PacketTooLarge; // [MQTT-3.1.2-24]
            case MqttFault.ProtocolNameInvalid or MqttFault.ProtocolVersionUnsupported:
                return MqttReason.UnsupportedProtocolVersion; // [MQTT-3.1.2-1], [MQTT-3.1.2-2]
            case MqttFault.TopicHasWildcard:
                return MqttReason.TopicNameInvalid;
            case MqttFault.TopicFilterInvalid:
                return MqttReason.TopicFilterInvalid;
            case MqttFault.TopicAliasInvalid:
                return MqttReason.TopicAliasInvalid;
            case MqttFault.PropertyNotAllowed or MqttFault.PropertyRepeated or MqttFault.PropertyValueInvalid // "It is a Protocol Error to include ..."
                or MqttFault.NoTopicFilters // [MQTT-3.8.3-2]
                or MqttFault.PacketNotExpected or MqttFault.ReasonNotAllowed or MqttFault.PacketIdentifierZero or MqttFault.TopicEmpty:
                return MqttReason.ProtocolError;
            default:
                return MqttReason.MalformedPacket; // what cannot be parsed according to the specification
        }
    }

    private MqttFault JudgePacket(in FixedHeader header, ReadOnlySpan<byte> packet, out bool isDisconnected)
    {
        isDisconnected = false;
        bool isFromServerOnly = header.Type is MqttPacketType.ConnectAcknowledge or MqttPacketType.SubscribeAcknowledge
            or MqttPacketType.UnsubscribeAcknowledge or MqttPacketType.PingResponse;
        if (header.Type == MqttPacketType.Authenticate && version == MqttProtocolVersion.V311)
        {
            return MqttFault.UnknownPacketType;
        }

        if (isFromServerOnly || header.Type is MqttPacketType.Connect or MqttPacketType.Authenticate)
        {
            return MqttFault.PacketNotExpected; // a second CONNECT, and AUTH where CONNECT named no method, are protocol errors
        }

        MqttFault fault = SamplePackets.ReadAndWrite(packet, version, out _);
        ReadOnlySpan<byte> body = packet[header.HeaderBytes..];
        if (fault == MqttFault.None && header.Type == MqttPacketType.Publish)
        {
            return JudgePublish(header.Flags, body);
        }

        if (fault == MqttFault.None && header.Type == MqttPacketType.Disconnect)
        {
            isDisconnected = true;
            ReasonPacket.Read(MqttPacketType.Disconnect, body, version, out ReasonPacket disconnect);
            return disconnect.Properties?.SessionExpirySeconds > 0 ? MqttFault.PropertyNotAllowed : MqttFault.None; // [MQTT-3.14.2-2]: it was zero in CONNECT
        }

        return fault;
    }

    private MqttFault JudgePublish(int flags, ReadOnlySpan<byte> body)
    {
        PublishView.Read(flags, body, version, out PublishView publish);
        if (publish.SubscriptionIdentifierCount > 0)
        {
            return MqttFault.PropertyNotAllowed; // [MQTT-3.3.4-6]
        }

        if (publish.TopicAlias == 0)
        {
            return MqttFault.None;
        }

        if (publish.TopicAlias > topicAliasMaximum || (publish.Topic.IsEmpty && !_aliases.Contains(publish.TopicAlias)))
        {
            return MqttFault.TopicAliasInvalid; // [MQTT-3.3.2-9]
        }

        _aliases.Add(publish.TopicAlias);
        return MqttFault.None;
    }
}
