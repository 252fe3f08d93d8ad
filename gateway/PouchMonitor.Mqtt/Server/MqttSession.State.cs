using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>The session's life: coming and going connections, its subscriptions, and inbound QoS 2 identifiers.</summary>
public sealed partial class MqttSession
{
    private readonly Dictionary<string, Subscription> _subscriptions = new(StringComparer.Ordinal);

    /// <summary>Inbound QoS 2 identifiers until their PUBREL, and whether PUBREC has been decided.</summary>
    private Dictionary<ushort, bool>? _received;

    /// <summary>Seconds that the session outlives its connection; 0 ends with it, 0xFFFFFFFF never does.</summary>
    internal uint ExpirySeconds { get; set; }

    /// <summary>When a session without a connection ends, in milliseconds of the server's clock.</summary>
    internal long ExpiresAtMilliseconds { get; set; } = MqttMessage.Never;

    internal MqttWill? Will { get; set; }

    /// <summary>When a delayed will is published; <see cref="MqttMessage.Never"/> where none waits.</summary>
    internal long WillAtMilliseconds { get; set; } = MqttMessage.Never;

    /// <summary>Whether messages are kept for a later connection.</summary>
    internal bool IsKept => ExpirySeconds > 0;

    internal int InboundReceivedCount => _received?.Count ?? 0;

    /// <summary>The connection is in use from now on. Its CONNACK is already with the sender.</summary>
    internal void Attach(MqttConnection connection, int window, FlushList flush)
    {
        lock (_gate)
        {
            Connection = connection;
            StartSending(window, flush);
        }
    }

    /// <summary>Forgets the connection, and everything where the session ends with it.</summary>
    internal void Detach()
    {
        lock (_gate)
        {
            Connection = null;
            LeaveToOthers(group => group.HasOtherConnected(this));
            NoteDrained();
        }
    }

    /// <summary>The session ends: what waited is counted as dropped.</summary>
    internal void End(TopicsOfSession remove)
    {
        lock (_gate)
        {
            Connection = null;
            foreach (Subscription subscription in _subscriptions.Values)
            {
                remove(subscription);
            }

            _subscriptions.Clear();
            _isEnded = true;
            LeaveToOthers(static _ => true);
            LogEnd();
            long lost = QueuedMessages + (_inFlight?.Count ?? 0);
            if (lost > 0)
            {
                Server.Counters.Dropped(MqttDropReason.SessionEnded, lost);
            }

            _queue = null;
            _inFlight = null;
            _queuedBytes = 0;
            _received = null;
            NoteDrained();
        }
    }

    /// <summary>Notes a subscription; null at the bound, else the one it replaces or itself.</summary>
    internal bool TrySubscribe(Subscription subscription, out bool isNew)
    {
        lock (_gate)
        {
            isNew = !_subscriptions.ContainsKey(subscription.Options.Filter);
            if (isNew && _subscriptions.Count >= Server.Options.MaximumSubscriptionsPerSession)
            {
                return false;
            }

            _subscriptions[subscription.Options.Filter] = subscription;
            LogSubscribed(subscription);
            return true;
        }
    }

    internal Subscription? Unsubscribe(string filter)
    {
        lock (_gate)
        {
            if (!_subscriptions.Remove(filter, out Subscription? subscription))
            {
                return null;
            }

            LogUnsubscribed(filter);
            return subscription;
        }
    }

    /// <summary>Delivers retained messages to a new subscription, with no live message slipping in between [MQTT-3.3.1-6].</summary>
    internal void DeliverRetained(Subscription subscription, RetainedStore retained, FlushList flush)
    {
        var matches = new List<MqttMessage>();
        lock (_gate)
        {
            retained.Match(subscription.FilterUtf8, Server.NowMilliseconds, matches);
            if (SystemTopics.IsReserved(subscription.FilterUtf8))
            {
                Server.SystemTopics.Retained.Match(subscription.FilterUtf8, Server.NowMilliseconds, matches);
            }

            foreach (MqttMessage match in matches)
            {
                if (!Server.Handler.MayDeliverRetained(match))
                {
                    Dropped(MqttDropReason.AccessRevoked);
                    continue;
                }

                var message = new PassingMessage(match);
                MqttQos qos = (MqttQos)Math.Min((byte)match.Qos, (byte)subscription.Options.Qos);
                Deliver(ref message, qos, retain: true, subscription.Identifiers, flush);
            }
        }
    }

    /// <summary>Notes an inbound QoS 2 identifier, until its PUBREL.</summary>
    internal void AddReceived(ushort identifier)
    {
        lock (_gate)
        {
            (_received ??= [])[identifier] = false;
        }
    }

    /// <summary>The application has taken the message of an inbound QoS 2 identifier. Its PUBREC must wait for the frame.</summary>
    internal long NoteAnswered(ushort identifier)
    {
        lock (_gate)
        {
            if (_received is null || !_received.ContainsKey(identifier))
            {
                return 0;
            }

            _received[identifier] = true;
            return LogInbound(identifier, isAdded: true);
        }
    }

    internal bool HasReceived(ushort identifier)
    {
        lock (_gate)
        {
            return _received?.ContainsKey(identifier) ?? false;
        }
    }

    /// <summary>Forgets an inbound QoS 2 identifier. A PUBCOMP must wait for the frame: were the removal lost, a new message of this identifier would pass for the old one.</summary>
    internal bool RemoveReceived(ushort identifier, out long frame)
    {
        frame = 0;
        lock (_gate)
        {
            if (_received is null || !_received.Remove(identifier, out bool isAnswered))
            {
                return false;
            }

            frame = isAnswered ? LogInbound(identifier, isAdded: false) : 0;
            return true;
        }
    }
}

/// <summary>Takes a subscription out of the tree.</summary>
internal delegate void TopicsOfSession(Subscription subscription);
