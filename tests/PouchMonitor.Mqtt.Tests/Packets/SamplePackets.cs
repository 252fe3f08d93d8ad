using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Packets;

/// <summary>One packet of every type, with every property that may stand in it.</summary>
internal static class SamplePackets
{
    /// <summary>Everything that <paramref name="place"/> allows, by the table of the specification.</summary>
    public static MqttProperties AllProperties(MqttPropertyPlace place)
    {
        var all = new MqttProperties();
        bool isMessage = place is MqttPropertyPlace.Publish or MqttPropertyPlace.Will;
        bool isConnect = place == MqttPropertyPlace.Connect;
        bool isConnAck = place == MqttPropertyPlace.ConnectAcknowledge;
        bool isAuth = place == MqttPropertyPlace.Authenticate;
        bool isDisconnect = place == MqttPropertyPlace.Disconnect;
        if (isMessage)
        {
            all.PayloadIsText = true;
            all.MessageExpirySeconds = uint.MaxValue;
            all.ContentType = "text/plain";
            all.ResponseTopic = "answer/ä";
            all.CorrelationData = [0, 1, 255];
        }

        all.WillDelaySeconds = place == MqttPropertyPlace.Will ? 7 : null;
        all.TopicAlias = place == MqttPropertyPlace.Publish ? ushort.MaxValue : null;
        if (place is MqttPropertyPlace.Publish or MqttPropertyPlace.Subscribe)
        {
            all.SubscriptionIdentifiers.AddRange(place == MqttPropertyPlace.Publish ? [1, 127, 128, 268_435_455] : [128]);
        }

        if (isConnect || isConnAck)
        {
            all.ReceiveMaximum = 1;
            all.TopicAliasMaximum = 0;
            all.MaximumPacketBytes = uint.MaxValue;
        }

        all.SessionExpirySeconds = isConnect || isConnAck || isDisconnect ? 0xFFFF_FFFF : null;
        all.AuthenticationMethod = isConnect || isConnAck || isAuth ? "SCRAM-SHA-1" : null;
        all.AuthenticationData = isConnect || isConnAck || isAuth ? [] : null;
        all.RequestProblemInformation = isConnect ? false : null;
        all.RequestResponseInformation = isConnect ? true : null;
        all.ServerReference = isConnAck || isDisconnect ? "other:1883" : null;
        if (isConnAck)
        {
            all.AssignedClientIdentifier = "auto-1";
            all.ServerKeepAliveSeconds = 30;
            all.ResponseInformation = "r/";
            all.MaximumQos = 1;
            all.RetainAvailable = false;
            all.WildcardSubscriptionAvailable = true;
            all.SubscriptionIdentifierAvailable = false;
            all.SharedSubscriptionAvailable = true;
        }

        bool isAnswer = place is not (MqttPropertyPlace.Will or MqttPropertyPlace.Connect or MqttPropertyPlace.Publish
            or MqttPropertyPlace.Subscribe or MqttPropertyPlace.Unsubscribe);
        all.ReasonString = isAnswer ? "because" : null;
        all.UserProperties.Add(new("a", "1"));
        all.UserProperties.Add(new("a", string.Empty));
        return all;
    }

    /// <summary>All fifteen types, plain and with everything in them.</summary>
    public static IEnumerable<(MqttPacketType Type, byte[] Bytes)> All(MqttProtocolVersion version)
    {
        bool isV5 = version == MqttProtocolVersion.V5;
        var writer = new MqttWriter();
        MqttProperties? Properties(MqttPropertyPlace place) => isV5 ? AllProperties(place) : null;
        yield return (MqttPacketType.Connect, new ConnectPacket { Version = version }.Write(writer).ToArray());
        yield return (MqttPacketType.Connect, new ConnectPacket
        {
            Version = version,
            ClientId = "node-1",
            CleanStart = false,
            KeepAliveSeconds = 65_535,
            UserName = "üser",
            Password = [1, 2, 3],
            Properties = Properties(MqttPropertyPlace.Connect),
            Will = new MqttWill { Topic = "will/t", Payload = [9, 8], Qos = MqttQos.ExactlyOnce, Retain = true, Properties = Properties(MqttPropertyPlace.Will) },
        }.Write(writer).ToArray());
        yield return (MqttPacketType.ConnectAcknowledge, new ConnectAcknowledgePacket { SessionPresent = true, Properties = Properties(MqttPropertyPlace.ConnectAcknowledge) }.Write(writer, version).ToArray());
        yield return (MqttPacketType.Publish, PublishBytes(version));
        foreach (MqttPacketType type in (MqttPacketType[])[MqttPacketType.PublishAcknowledge, MqttPacketType.PublishReceived, MqttPacketType.PublishRelease, MqttPacketType.PublishComplete])
        {
            yield return (type, new AcknowledgePacket { PacketIdentifier = 65_535 }.Write(writer, type, version).ToArray());
            yield return (type, new AcknowledgePacket { PacketIdentifier = 1, Properties = Properties((MqttPropertyPlace)type) }.Write(writer, type, version).ToArray());
        }

        yield return (MqttPacketType.Subscribe, new SubscribePacket
        {
            PacketIdentifier = 10,
            Properties = Properties(MqttPropertyPlace.Subscribe),
            Filters = [new("a/b", MqttQos.AtLeastOnce), new("c/#", MqttQos.ExactlyOnce) { NoLocal = isV5, RetainAsPublished = isV5, RetainHandling = isV5 ? MqttRetainHandling.DoNotSend : 0 }],
        }.Write(writer, version).ToArray());
        foreach (MqttPacketType type in (MqttPacketType[])[MqttPacketType.SubscribeAcknowledge, MqttPacketType.UnsubscribeAcknowledge])
        {
            yield return (type, new FilterAcknowledgePacket
            {
                Type = type,
                PacketIdentifier = 10,
                Properties = Properties((MqttPropertyPlace)type),
                Reasons = isV5 || type == MqttPacketType.SubscribeAcknowledge ? [MqttReason.Success, MqttReason.UnspecifiedError] : [],
            }.Write(writer, version).ToArray());
        }

        yield return (MqttPacketType.Unsubscribe, new UnsubscribePacket { PacketIdentifier = 11, Properties = Properties(MqttPropertyPlace.Unsubscribe), Filters = ["a/b", "c/#"] }.Write(writer, version).ToArray());
        yield return (MqttPacketType.PingRequest, [0xC0, 0]);
        yield return (MqttPacketType.PingResponse, [0xD0, 0]);
        yield return (MqttPacketType.Disconnect, new ReasonPacket { Properties = Properties(MqttPropertyPlace.Disconnect) }.Write(writer, MqttPacketType.Disconnect, version).ToArray());
        if (isV5)
        {
            yield return (MqttPacketType.Authenticate, new ReasonPacket { Reason = MqttReason.ContinueAuthentication, Properties = Properties(MqttPropertyPlace.Authenticate) }.Write(writer, MqttPacketType.Authenticate, version).ToArray());
        }
    }

    /// <summary>Reads a whole packet as its type demands, and writes what was read.</summary>
    public static MqttFault ReadAndWrite(ReadOnlySpan<byte> packet, MqttProtocolVersion version, out byte[] again)
    {
        again = [];
        if (!FixedHeader.TryRead(packet, MqttWriter.MaximumRemainingLengthBytes + 5, out FixedHeader header, out MqttFault fault) || packet.Length < header.PacketBytes)
        {
            return fault == MqttFault.None ? MqttFault.Truncated : fault;
        }

        var writer = new MqttWriter();
        ReadOnlySpan<byte> body = packet.Slice(header.HeaderBytes, header.RemainingBytes);
        MqttPacketType type = header.Type;
        switch (type)
        {
            case MqttPacketType.Connect:
                again = ConnectPacket.Read(body, out fault) is { } connect ? connect.Write(writer).ToArray() : [];
                return fault;
            case MqttPacketType.ConnectAcknowledge:
                again = ConnectAcknowledgePacket.Read(body, version, out fault) is { } connAck ? connAck.Write(writer, version).ToArray() : [];
                return fault;
            case MqttPacketType.Publish:
                fault = PublishView.Read(header.Flags, body, version, out PublishView publish);
                if (fault == MqttFault.None)
                {
                    var encoder = new PublishEncoder(version, publish.Topic, publish.Payload, publish.Qos, publish.Properties, null, []);
                    again = new byte[encoder.PacketBytes];
                    encoder.Write(again, publish.PacketIdentifier, publish.Retain, publish.Duplicate);
                    publish.PropertiesToForward();
                }

                return fault;
            case MqttPacketType.PublishAcknowledge or MqttPacketType.PublishReceived or MqttPacketType.PublishRelease or MqttPacketType.PublishComplete:
                fault = AcknowledgePacket.Read(type, body, version, out AcknowledgePacket acknowledge);
                again = fault == MqttFault.None ? acknowledge.Write(writer, type, version).ToArray() : [];
                return fault;
            case MqttPacketType.Subscribe:
                again = SubscribePacket.Read(body, version, out fault) is { } subscribe ? subscribe.Write(writer, version).ToArray() : [];
                return fault;
            case MqttPacketType.SubscribeAcknowledge or MqttPacketType.UnsubscribeAcknowledge:
                again = FilterAcknowledgePacket.Read(type, body, version, out fault) is { } answer ? answer.Write(writer, version).ToArray() : [];
                return fault;
            case MqttPacketType.Unsubscribe:
                again = UnsubscribePacket.Read(body, version, out fault) is { } unsubscribe ? unsubscribe.Write(writer, version).ToArray() : [];
                return fault;
            case MqttPacketType.PingRequest or MqttPacketType.PingResponse:
                again = packet.ToArray();
                return body.IsEmpty ? MqttFault.None : MqttFault.TrailingBytes;
            default:
                fault = ReasonPacket.Read(type, body, version, out ReasonPacket reason);
                again = fault == MqttFault.None ? reason.Write(writer, type, version).ToArray() : [];
                return fault;
        }
    }

    private static byte[] PublishBytes(MqttProtocolVersion version)
    {
        byte[] properties = [];
        if (version == MqttProtocolVersion.V5)
        {
            var writer = new MqttWriter();
            writer.Begin(MqttPacketType.Publish);
            writer.WriteProperties(AllProperties(MqttPropertyPlace.Publish));
            byte[] packet = writer.End().ToArray();
            // header, then the list's own length, both one or two bytes here
            int skip = 1 + MqttWriter.VariableIntegerBytes((uint)writer.BodyBytes);
            properties = packet[(skip + (packet[skip] < 128 ? 1 : 2))..];
        }

        var encoder = new PublishEncoder(version, "a/ü"u8, [1, 2, 3, 4], MqttQos.ExactlyOnce, properties, null, []);
        byte[] bytes = new byte[encoder.PacketBytes];
        encoder.Write(bytes, 4711, retain: true, duplicate: true);
        return bytes;
    }
}
