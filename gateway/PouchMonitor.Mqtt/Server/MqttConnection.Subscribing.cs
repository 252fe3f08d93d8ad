using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>SUBSCRIBE and UNSUBSCRIBE.</summary>
public sealed partial class MqttConnection
{
    private BatchEnd HandleSubscribe(ReadOnlySpan<byte> body, FlushList flush)
    {
        SubscribePacket? packet = SubscribePacket.Read(body, Version, out MqttFault fault);
        if (packet is null)
        {
            return Fault(fault);
        }

        uint identifier = packet.Properties?.SubscriptionIdentifiers is [uint one] ? one : 0;
        var reasons = new MqttReason[packet.Filters.Count];
        var retainedFor = new List<Subscription>();
        for (int index = 0; index < reasons.Length; index++)
        {
            reasons[index] = Subscribe(packet.Filters[index], identifier, retainedFor);
        }

        Sender.Add(new FilterAcknowledgePacket
        {
            Type = MqttPacketType.SubscribeAcknowledge,
            PacketIdentifier = packet.PacketIdentifier,
            Reasons = reasons,
        }.Write(_server.WriterOfThread, Version), _server.Log?.FrameOfBatch ?? 0);
        foreach (Subscription subscription in retainedFor)
        {
            Session.DeliverRetained(subscription, _server.Retained, flush);
        }

        return BatchEnd.NeedMore;
    }

    private MqttReason Subscribe(MqttTopicFilter filter, uint identifier, List<Subscription> retainedFor)
    {
        int filterBytes = Encoding.UTF8.GetByteCount(filter.Filter);
        Span<byte> utf8 = filterBytes <= 512 ? stackalloc byte[filterBytes] : new byte[filterBytes];
        Encoding.UTF8.GetBytes(filter.Filter, utf8);
        if (!TopicRules.IsValidFilter(utf8) || TopicRules.CountLevels(utf8) > _server.Options.MaximumTopicLevels)
        {
            return MqttReason.TopicFilterInvalid;
        }

        bool isShared = SharedFilter.IsShared(utf8);
        string judged = filter.Filter;
        if (isShared)
        {
            if (!SharedFilter.TryCut(utf8, out ReadOnlySpan<byte> inner))
            {
                return MqttReason.TopicFilterInvalid;
            }

            judged = Encoding.UTF8.GetString(inner); // what would be read, whatever the group is called
        }

        if (!_server.Handler.MaySubscribe(Session, judged, out MqttReason refusal))
        {
            return refusal.IsFailure() && refusal.IsAllowedIn(MqttPacketType.SubscribeAcknowledge) ? refusal : MqttReason.NotAuthorized;
        }

        var subscription = new Subscription(Session, filter, identifier);
        if (!Session.TrySubscribe(subscription, out bool isNew))
        {
            return MqttReason.QuotaExceeded;
        }

        _server.AddSubscription(subscription);
        if (isShared)
        {
            return (MqttReason)filter.Qos; // retained messages are not sent to a shared subscription
        }

        if (filter.RetainHandling == MqttRetainHandling.SendAlways || (filter.RetainHandling == MqttRetainHandling.SendWhenNew && isNew))
        {
            retainedFor.Add(subscription);
        }

        return (MqttReason)filter.Qos;
    }

    private BatchEnd HandleUnsubscribe(ReadOnlySpan<byte> body)
    {
        UnsubscribePacket? packet = UnsubscribePacket.Read(body, Version, out MqttFault fault);
        if (packet is null)
        {
            return Fault(fault);
        }

        var reasons = new MqttReason[packet.Filters.Count];
        for (int index = 0; index < reasons.Length; index++)
        {
            Subscription? subscription = Session.Unsubscribe(packet.Filters[index]);
            reasons[index] = subscription is null ? MqttReason.NoSubscriptionExisted : MqttReason.Success;
            if (subscription is not null)
            {
                _server.RemoveSubscription(subscription);
            }
        }

        Sender.Add(new FilterAcknowledgePacket
        {
            Type = MqttPacketType.UnsubscribeAcknowledge,
            PacketIdentifier = packet.PacketIdentifier,
            Reasons = reasons,
        }.Write(_server.WriterOfThread, Version), _server.Log?.FrameOfBatch ?? 0);
        return BatchEnd.NeedMore;
    }
}
