using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>From one message to the sessions that want it.</summary>
public sealed partial class MqttServer
{
    [ThreadStatic]
    private static List<Subscription>? _matches;

    /// <summary>Keeps the message where it is to be retained, and delivers it. False, with nothing delivered to anyone, at the retained store's bound.</summary>
    internal bool Route(ref PassingMessage message, PublishRouting routing, MqttSession? publisher, FlushList flush)
    {
        if (message.Retain && (routing & PublishRouting.Retained) != 0 && !Retained.TrySet(ref message))
        {
            Counters.Dropped(MqttDropReason.RetainedStoreFull);
            return false;
        }

        if ((routing & PublishRouting.Subscribers) == 0)
        {
            return true;
        }

        if (_groupTree.Count > 0)
        {
            RouteToGroups(ref message, flush);
        }

        List<Subscription> matches = _matches ??= [];
        Subscriptions.Match(message.Topic, matches);
        try
        {
            if (matches.Count == 1)
            {
                Deliver(ref message, matches[0], publisher, flush);
            }
            else if (matches.Count > 1)
            {
                DeliverToMany(ref message, matches, publisher, flush);
            }
        }
        finally
        {
            matches.Clear();
        }

        return true;
    }

    private static void Deliver(ref PassingMessage message, Subscription subscription, MqttSession? publisher, FlushList flush)
    {
        MqttTopicFilter options = subscription.Options;
        if (options.NoLocal && subscription.Session == publisher)
        {
            return;
        }

        var qos = (MqttQos)Math.Min((byte)message.Qos, (byte)options.Qos);
        subscription.Session.Deliver(ref message, qos, message.Retain && options.RetainAsPublished, subscription.Identifiers, flush);
    }

    /// <summary>A session whose filters overlap gets the message once, at the highest QoS of them [MQTT-3.3.4-2].</summary>
    private static void DeliverToMany(ref PassingMessage message, List<Subscription> matches, MqttSession? publisher, FlushList flush)
    {
        if (matches.Count > 2)
        {
            matches.Sort(static (left, right) => left.Session.Number.CompareTo(right.Session.Number));
        }

        for (int start = 0; start < matches.Count;)
        {
            MqttSession session = matches[start].Session;
            int end = start + 1;
            while (end < matches.Count && matches[end].Session == session)
            {
                end++;
            }

            if (end - start == 1)
            {
                Deliver(ref message, matches[start], publisher, flush);
            }
            else
            {
                DeliverMerged(ref message, matches.GetRange(start, end - start), publisher, flush);
            }

            start = end;
        }
    }

    private static void DeliverMerged(ref PassingMessage message, List<Subscription> overlapping, MqttSession? publisher, FlushList flush)
    {
        overlapping.RemoveAll(subscription => subscription.Options.NoLocal && subscription.Session == publisher);
        if (overlapping.Count == 0)
        {
            return;
        }

        byte highest = overlapping.Max(subscription => (byte)subscription.Options.Qos);
        bool keepsRetain = overlapping.Exists(subscription => subscription.Options.RetainAsPublished);
        uint[] identifiers = [.. overlapping.SelectMany(subscription => subscription.Identifiers)];
        var qos = (MqttQos)Math.Min((byte)message.Qos, highest);
        overlapping[0].Session.Deliver(ref message, qos, message.Retain && keepsRetain, identifiers, flush);
    }
}
