using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// What of the session goes to the log, so that it is there after a restart. All of it under the session's lock, so that
/// the log has the steps of one session in the order in which they were taken.
/// </summary>
public sealed partial class MqttSession
{
    private long _deliveries;
    private bool _isInLog;

    /// <summary>When the connection ended; 0 while there is one or where there never was any end.</summary>
    internal long DisconnectedAtUnixMilliseconds { get; private set; }

    private SessionLog? LogOfState => _isInLog && IsKept ? Server.Log : null;

    /// <summary>Notes the session as it is after a CONNECT. One that ends with its connection is noted for its will alone.</summary>
    internal void LogConnected(bool isNew) => LogHeader(disconnectedAtUnixMilliseconds: 0, isNew);

    /// <summary>Notes that the connection is gone, and what became of the will.</summary>
    internal void LogDisconnected(long unixMilliseconds) => LogHeader(unixMilliseconds, isNew: false);

    /// <summary>The whole session anew, for a segment that is to stand without those before it; tells about how many bytes that was.</summary>
    internal long LogWhole()
    {
        lock (_gate)
        {
            if (!_isInLog || _isEnded)
            {
                return 0;
            }

            long disconnectedAt = Connection is null ? Math.Max(1, DisconnectedAtUnixMilliseconds) : 0;
            IEnumerable<(QueuedMessage, ushort, InFlightState)> outgoing = (_inFlight?.InOrder() ?? []).Select(entry => (entry.Queued, entry.Identifier, entry.State))
                .Concat((_queue ?? []).Select(queued => (queued, (ushort)0, InFlightState.Free)));
            Server.Log!.PutWhole(
                Header(disconnectedAt),
                IsKept ? _subscriptions.Values : [],
                IsKept ? outgoing : [],
                IsKept && _received is not null ? _received.Where(entry => entry.Value).Select(entry => entry.Key) : []);
            return _queuedBytes + 256;
        }
    }

    /// <summary>Takes up what the log has of a session. Its subscriptions are given to <paramref name="add"/>.</summary>
    internal void Restore(StoredSession stored, long nowUnixMilliseconds, TopicsOfSession add)
    {
        lock (_gate)
        {
            _isInLog = true;
            DisconnectedAtUnixMilliseconds = stored.Header.DisconnectedAtUnixMilliseconds == 0 ? nowUnixMilliseconds : stored.Header.DisconnectedAtUnixMilliseconds;
            ExpirySeconds = stored.Header.ExpirySeconds;
            Will = stored.Header.Will;
            foreach ((MqttTopicFilter filter, uint identifier) in stored.Subscriptions.Values)
            {
                var subscription = new Subscription(this, filter, identifier);
                _subscriptions[filter.Filter] = subscription;
                add(subscription);
            }

            _received = stored.Inbound.Count == 0 ? null : stored.Inbound.ToDictionary(identifier => identifier, _ => true);
        }
    }

    /// <summary>Takes up the messages on their way, once the groups of all sessions are there.</summary>
    internal void RestoreOutgoing(StoredSession stored, Func<long, MqttMessage?> messageOf, Func<string, ShareGroup?> groupOf)
    {
        lock (_gate)
        {
            foreach ((long delivery, StoredDelivery outgoing) in stored.Outgoing)
            {
                _deliveries = Math.Max(_deliveries, delivery);
                ShareGroup? group = outgoing.GroupFilter.Length == 0 ? null : groupOf(outgoing.GroupFilter);
                MqttMessage? message = outgoing.IsReceived ? null : messageOf(outgoing.Message);
                var queued = new QueuedMessage(message, outgoing.Qos, outgoing.Retain, outgoing.SubscriptionIdentifiers, group, delivery);
                if (outgoing.Identifier != 0)
                {
                    InFlightState state = outgoing.IsReceived ? InFlightState.AwaitsPubComp
                        : outgoing.Qos == MqttQos.ExactlyOnce ? InFlightState.AwaitsPubRec : InFlightState.AwaitsPubAck;
                    (_inFlight ??= new InFlightTable()).Restore(outgoing.Identifier, state, queued);
                }
                else if (message is not null)
                {
                    _queuedBytes += message.CountedBytes;
                    (_queue ??= new Queue<QueuedMessage>()).Enqueue(queued);
                }
            }
        }
    }

    private void LogHeader(long disconnectedAtUnixMilliseconds, bool isNew)
    {
        if (Server.Log is not { } log)
        {
            return;
        }

        lock (_gate)
        {
            DisconnectedAtUnixMilliseconds = disconnectedAtUnixMilliseconds;
            if (IsKept || Will is not null)
            {
                log.PutSession(Header(disconnectedAtUnixMilliseconds), isNew || !_isInLog);
                _isInLog = true;
            }
            else
            {
                LogEnd();
            }
        }
    }

    private SessionHeader Header(long disconnectedAtUnixMilliseconds)
        => new(Number, ClientId, IdentityName, Version, ExpirySeconds, disconnectedAtUnixMilliseconds, Will);

    private void LogEnd()
    {
        if (_isInLog)
        {
            _isInLog = false;
            Server.Log!.EndSession(Number);
        }
    }

    private void LogSubscribed(Subscription subscription)
        => LogOfState?.Subscribe(Number, subscription.Options, subscription.Identifiers is [uint one] ? one : 0);

    private void LogUnsubscribed(string filter) => LogOfState?.Unsubscribe(Number, filter);

    private void LogWaiting(in QueuedMessage queued) => LogOfState?.Enqueue(Number, in queued, identifier: 0);

    /// <summary>Notes the packet identifier, and the message with it where it has not waited before.</summary>
    private long LogSending(in QueuedMessage queued, ushort identifier, bool isLogged)
        => LogOfState is not { } log ? 0
            : isLogged ? log.Assign(Number, queued.Delivery, identifier) : log.Enqueue(Number, in queued, identifier);

    private long LogReceived(long delivery) => LogOfState?.Received(Number, delivery) ?? 0;

    private void LogDone(long delivery) => LogOfState?.Done(Number, delivery);

    private long LogInbound(ushort identifier, bool isAdded)
        => LogOfState is not { } log ? 0 : isAdded ? log.AddInbound(Number, identifier) : log.RemoveInbound(Number, identifier);
}
