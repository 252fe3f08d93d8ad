using System.Runtime.CompilerServices;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What each packet does. Everything here is synchronous and works in the receive buffer.</summary>
public sealed partial class MqttConnection
{
    private byte[][]? _aliases;
    private ConnectPacket? _connect;
    private MqttSession? _slowSubscriber;
    private int _messagesInBatch;

    private bool IsConnected => Session is not null;

    private BatchEnd WorkThrough(ReadOnlySpan<byte> bytes, FlushList flush, ref int consumed)
    {
        _neededBytes = 0;
        while (true)
        {
            if (flush.Congested is { } slow)
            {
                flush.Congested = null;
                if (slow != Session)
                {
                    _slowSubscriber = slow;
                    return BatchEnd.SubscriberSlow;
                }
            }

            ReadOnlySpan<byte> rest = bytes[consumed..];
            if (!FixedHeader.TryRead(rest, IsConnected ? _server.Options.MaximumPacketBytes : MaximumConnectBytes, out FixedHeader header, out MqttFault fault))
            {
                return fault == MqttFault.None ? BatchEnd.NeedMore : IsConnected ? Fault(fault) : FaultBeforeConnect(fault, header, rest);
            }

            if (!IsConnected && header.Type != MqttPacketType.Connect)
            {
                return Fault(MqttFault.PacketNotExpected);
            }

            if (rest.Length < header.PacketBytes)
            {
                _neededBytes = header.PacketBytes;
                return BatchEnd.NeedMore;
            }

            BatchEnd end = Handle(header, rest.Slice(header.HeaderBytes, header.RemainingBytes), flush);
            if (end is BatchEnd.NeedMore or BatchEnd.Connect)
            {
                consumed += header.PacketBytes;
            }

            if (end != BatchEnd.NeedMore)
            {
                return end;
            }
        }
    }

    /// <summary>Handles one packet; <see cref="BatchEnd.NeedMore"/> means go on with the next.</summary>
    private BatchEnd Handle(in FixedHeader header, ReadOnlySpan<byte> body, FlushList flush)
    {
        switch (header.Type)
        {
            case MqttPacketType.Publish:
                return HandlePublish(header.Flags, body, flush);
            case MqttPacketType.Connect:
                return HandleConnect(body);
            case MqttPacketType.PublishAcknowledge:
            case MqttPacketType.PublishReceived:
            case MqttPacketType.PublishRelease:
            case MqttPacketType.PublishComplete:
                return HandleAcknowledge(header.Type, body, flush);
            case MqttPacketType.Subscribe:
                return HandleSubscribe(body, flush);
            case MqttPacketType.Unsubscribe:
                return HandleUnsubscribe(body);
            case MqttPacketType.PingRequest:
                if (!body.IsEmpty)
                {
                    return Fault(MqttFault.TrailingBytes);
                }

                Sender.Add([(int)MqttPacketType.PingResponse << 4, 0]);
                return BatchEnd.NeedMore;
            case MqttPacketType.Disconnect:
                return HandleDisconnect(body);
            case MqttPacketType.Authenticate when Version == MqttProtocolVersion.V311:
                return Fault(MqttFault.UnknownPacketType);
            default:
                return Fault(MqttFault.PacketNotExpected); // AUTH without a method, or a packet that only servers send
        }
    }

    private BatchEnd HandlePublish(int flags, ReadOnlySpan<byte> body, FlushList flush)
    {
        MqttFault fault = PublishView.Read(flags, body, Version, out PublishView publish);
        if (fault == MqttFault.None && publish.SubscriptionIdentifierCount > 0)
        {
            fault = MqttFault.PropertyNotAllowed;
        }

        ReadOnlySpan<byte> topic = publish.Topic;
        if (fault == MqttFault.None && publish.TopicAlias != 0 && !TryResolveAlias(publish.TopicAlias, ref topic))
        {
            fault = MqttFault.TopicAliasInvalid;
        }

        if (fault != MqttFault.None)
        {
            return Fault(fault);
        }

        if (publish.Qos != MqttQos.AtMostOnce && _server.InFlight.IsFull)
        {
            return BatchEnd.ServerFull;
        }

        long sequence = -1;
        bool isExactlyOnce = publish.Qos == MqttQos.ExactlyOnce;
        if (publish.Qos != MqttQos.AtMostOnce)
        {
            bool isRepeated = isExactlyOnce && Session.HasReceived(publish.PacketIdentifier);
            Place place = TakePlace(publish.PacketIdentifier, isExactlyOnce, isRepeated, publish.Payload.Length, out sequence);
            if (place != Place.Taken)
            {
                return place == Place.Wait ? BatchEnd.AcknowledgementsDue : Fault(MqttFault.ReceiveMaximumExceeded);
            }

            if (isRepeated)
            {
                // Offered before; only the answer was lost.
                Resolve(sequence, MqttReason.Success, endsRouting: true, _server.Log?.NewestFrame ?? 0);
                return BatchEnd.NeedMore;
            }

            if (isExactlyOnce)
            {
                Session.AddReceived(publish.PacketIdentifier);
            }
        }

        PublishOutcome outcome = SystemTopics.IsReserved(topic) ? PublishOutcome.Refuse(MqttReason.NotAuthorized) : _server.Handler.OnPublish(new MqttInboundPublish
        {
            TopicUtf8 = topic,
            Payload = publish.Payload,
            Properties = publish.Properties,
            Qos = publish.Qos,
            Retain = publish.Retain,
            Duplicate = publish.Duplicate,
            Session = Session,
            Connection = this,
            Token = sequence < 0 ? default : new MqttAckToken(this, sequence),
        });
        if (outcome.Verdict == PublishVerdict.Busy)
        {
            TakeBack(sequence, isExactlyOnce, publish.PacketIdentifier);
            return BatchEnd.Busy;
        }

        _messagesInBatch++;
        MqttReason reason = outcome.Reason;
        if (outcome.Routing != PublishRouting.None && !Route(publish, topic, outcome.Routing, flush) && outcome.Verdict == PublishVerdict.Acknowledge)
        {
            reason = MqttReason.QuotaExceeded;
        }

        if (reason.IsFailure())
        {
            _server.Counters.PublishRefused(reason);
        }

        if (sequence >= 0 && outcome.Verdict != PublishVerdict.Deferred)
        {
            Resolve(sequence, reason, endsRouting: true, _server.Log?.FrameOfBatch ?? 0);
        }
        else if (sequence >= 0 && _server.Log is { } log)
        {
            EndRouting(sequence, outcome.Routing == PublishRouting.None ? 0 : log.FrameOfBatch);
        }

        return BatchEnd.NeedMore;
    }

    private bool Route(in PublishView publish, ReadOnlySpan<byte> topic, PublishRouting routing, FlushList flush)
    {
        bool retains = publish.Retain && (routing & PublishRouting.Retained) != 0;
        if (!retains && _server.HasNoSubscriptions)
        {
            return true;
        }

        var message = new PassingMessage
        {
            Topic = topic,
            Payload = publish.Payload,
            Properties = publish.PropertiesToForward(),
            Qos = publish.Qos,
            Retain = publish.Retain,
            Publisher = Session.IdentityName,
            ExpiresAtMilliseconds = publish.ExpirySeconds is { } seconds ? _server.NowMilliseconds + (seconds * 1000L) : MqttMessage.Never,
        };
        return _server.Route(ref message, routing, Session, flush);
    }

    private bool TryResolveAlias(ushort alias, ref ReadOnlySpan<byte> topic)
    {
        if (alias > _server.Options.TopicAliasMaximum)
        {
            return false;
        }

        _aliases ??= new byte[_server.Options.TopicAliasMaximum + 1][];
        if (!topic.IsEmpty)
        {
            if (!topic.SequenceEqual(_aliases[alias]))
            {
                _aliases[alias] = topic.ToArray();
            }

            return true;
        }

        topic = _aliases[alias];
        return !topic.IsEmpty;
    }

    private BatchEnd HandleAcknowledge(MqttPacketType type, ReadOnlySpan<byte> body, FlushList flush)
    {
        MqttFault fault = AcknowledgePacket.Read(type, body, Version, out AcknowledgePacket packet);
        if (fault != MqttFault.None)
        {
            return Fault(fault);
        }

        ushort identifier = packet.PacketIdentifier;
        switch (type)
        {
            case MqttPacketType.PublishAcknowledge:
                Session.OnAcknowledged(identifier, InFlightState.AwaitsPubAck, flush);
                break;
            case MqttPacketType.PublishReceived when packet.Reason.IsFailure():
                Session.OnAcknowledged(identifier, InFlightState.AwaitsPubRec, flush);
                break;
            case MqttPacketType.PublishReceived:
                bool known = Session.OnReceived(identifier, out long receivedIn);
                SendAcknowledge(MqttPacketType.PublishRelease, identifier, known ? MqttReason.Success : MqttReason.PacketIdentifierNotFound, receivedIn);
                break;
            case MqttPacketType.PublishRelease:
                bool released = Session.RemoveReceived(identifier, out long releasedIn);
                SendAcknowledge(MqttPacketType.PublishComplete, identifier, released ? MqttReason.Success : MqttReason.PacketIdentifierNotFound, releasedIn);
                break;
            default:
                Session.OnAcknowledged(identifier, InFlightState.AwaitsPubComp, flush);
                break;
        }

        return BatchEnd.NeedMore;
    }

    private BatchEnd HandleDisconnect(ReadOnlySpan<byte> body)
    {
        MqttFault fault = ReasonPacket.Read(MqttPacketType.Disconnect, body, Version, out ReasonPacket packet);
        if (fault != MqttFault.None)
        {
            return Fault(fault);
        }

        if (packet.Properties?.SessionExpirySeconds is { } expiry)
        {
            if (expiry > 0 && Session.ExpirySeconds == 0)
            {
                return Fault(MqttFault.PropertyNotAllowed); // [MQTT-3.14.2-2]
            }

            Session.ExpirySeconds = _server.CapExpiry(expiry);
        }

        if (packet.Reason == MqttReason.Success)
        {
            Session.Will = null;
        }

        _isPeerDone = true;
        TryBeginClose(packet.Reason);
        return BatchEnd.Closed;
    }

    /// <summary>Under the lock of its session.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void CountSent(int bytes)
    {
        MessagesSent++;
        BytesSent += bytes;
        Interlocked.Increment(ref _server.Counters.MessagesSent);
        Interlocked.Add(ref _server.Counters.BytesSent, bytes);
    }
}
