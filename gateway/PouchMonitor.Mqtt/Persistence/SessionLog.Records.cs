using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Persistence;

/// <summary>What is worth remembering. Each method gives the number of the frame that holds its record.</summary>
internal sealed partial class SessionLog
{
    private readonly MqttWriter _packets = new();

    public long PutSession(in SessionHeader header, bool reset)
    {
        lock (_gate)
        {
            WriteHeader(Record(reset ? LogRecord.SessionReset : LogRecord.SessionPut), in header);
            return _pendingFrame;
        }
    }

    public long EndSession(long session)
    {
        lock (_gate)
        {
            Record(LogRecord.SessionEnd).Number(session);
            return _pendingFrame;
        }
    }

    public long Subscribe(long session, MqttTopicFilter filter, uint identifier)
    {
        lock (_gate)
        {
            WriteSubscription(session, filter, identifier);
            return _pendingFrame;
        }
    }

    public long Unsubscribe(long session, string filter)
    {
        lock (_gate)
        {
            RecordWriter record = Record(LogRecord.Unsubscribe);
            record.Number(session);
            record.Text(filter);
            return _pendingFrame;
        }
    }

    /// <summary>A message waits for the session, or is in flight already where it has a packet identifier.</summary>
    public long Enqueue(long session, in QueuedMessage queued, ushort identifier)
    {
        lock (_gate)
        {
            WriteOutgoing(session, in queued, identifier, InFlightState.Free);
            return _pendingFrame;
        }
    }

    public long Assign(long session, long delivery, ushort identifier)
    {
        lock (_gate)
        {
            WriteStep(LogRecord.Assign, session, delivery).Number(identifier);
            return _pendingFrame;
        }
    }

    public long Received(long session, long delivery)
    {
        lock (_gate)
        {
            WriteStep(LogRecord.Received, session, delivery);
            return _pendingFrame;
        }
    }

    public long Done(long session, long delivery)
    {
        lock (_gate)
        {
            WriteStep(LogRecord.Done, session, delivery);
            return _pendingFrame;
        }
    }

    public long AddInbound(long session, ushort identifier)
    {
        lock (_gate)
        {
            WriteStep(LogRecord.InboundAdd, session, identifier);
            return _pendingFrame;
        }
    }

    public long RemoveInbound(long session, ushort identifier)
    {
        lock (_gate)
        {
            WriteStep(LogRecord.InboundRemove, session, identifier);
            return _pendingFrame;
        }
    }

    public long Retain(MqttMessage message)
    {
        lock (_gate)
        {
            long number = NumberOf(message);
            Record(LogRecord.Retain).Number(number);
            return _pendingFrame;
        }
    }

    public long ClearRetained(ReadOnlySpan<byte> topic)
    {
        lock (_gate)
        {
            Record(LogRecord.RetainClear).Bytes(topic);
            return _pendingFrame;
        }
    }

    /// <summary>All that a session is, in the place of whatever was known of it. Under the session's lock.</summary>
    public void PutWhole(in SessionHeader header, IEnumerable<Subscription> subscriptions, IEnumerable<(QueuedMessage Queued, ushort Identifier, InFlightState State)> outgoing, IEnumerable<ushort> inbound)
    {
        lock (_gate)
        {
            WriteHeader(Record(LogRecord.SessionReset), in header);
            foreach (Subscription subscription in subscriptions)
            {
                WriteSubscription(header.Number, subscription.Options, subscription.Identifiers is [uint one] ? one : 0);
            }

            foreach ((QueuedMessage queued, ushort identifier, InFlightState state) in outgoing)
            {
                WriteOutgoing(header.Number, in queued, identifier, state);
            }

            foreach (ushort identifier in inbound)
            {
                WriteStep(LogRecord.InboundAdd, header.Number, identifier);
            }
        }
    }

    private void WriteHeader(RecordWriter record, in SessionHeader header)
    {
        record.Number(header.Number);
        record.Text(header.ClientId);
        record.OptionalText(header.IdentityName);
        record.Byte((byte)header.Version);
        record.Number(header.ExpirySeconds);
        record.Int64(header.DisconnectedAtUnixMilliseconds);
        record.Byte(header.Will is null ? (byte)0 : (byte)1);
        if (header.Will is { } will)
        {
            record.Text(will.Topic);
            record.Bytes(will.Payload);
            record.Byte((byte)((int)will.Qos | (will.Retain ? 4 : 0)));
            _packets.Begin(MqttPacketType.Publish);
            _packets.WriteProperties(will.Properties);
            record.Bytes(_packets.End()[^_packets.BodyBytes..]);
        }
    }

    private void WriteSubscription(long session, MqttTopicFilter filter, uint identifier)
    {
        RecordWriter record = Record(LogRecord.Subscribe);
        record.Number(session);
        record.Text(filter.Filter);
        record.Byte((byte)((int)filter.Qos | (filter.NoLocal ? 4 : 0) | (filter.RetainAsPublished ? 8 : 0) | ((int)filter.RetainHandling << 4)));
        record.Number(identifier);
    }

    private void WriteOutgoing(long session, in QueuedMessage queued, ushort identifier, InFlightState state)
    {
        // Once PUBREC has come nothing of the message is needed but its packet identifier.
        long message = queued.Message is null ? 0 : NumberOf(queued.Message);
        RecordWriter record = WriteStep(LogRecord.Enqueue, session, queued.Delivery);
        record.Number(message);
        record.Byte((byte)((int)queued.Qos | (queued.Retain ? 4 : 0)));
        record.Number(queued.Identifiers.Length);
        foreach (uint subscription in queued.Identifiers)
        {
            record.Number(subscription);
        }

        record.Text(queued.Group?.Filter ?? string.Empty);
        if (identifier != 0)
        {
            WriteStep(LogRecord.Assign, session, queued.Delivery).Number(identifier);
        }

        if (state == InFlightState.AwaitsPubComp)
        {
            WriteStep(LogRecord.Received, session, queued.Delivery);
        }
    }

    private RecordWriter WriteStep(LogRecord kind, long session, long number)
    {
        RecordWriter record = Record(kind);
        record.Number(session);
        record.Number(number);
        return record;
    }

    /// <summary>The message's number, after a record of it in this generation of segments.</summary>
    private long NumberOf(MqttMessage message)
    {
        if (message.LogGeneration == _generation && message.LogNumber != 0)
        {
            return message.LogNumber;
        }

        message.LogNumber = message.LogNumber == 0 ? ++_lastMessage : message.LogNumber;
        message.LogGeneration = _generation;
        RecordWriter record = Record(LogRecord.Message);
        record.Number(message.LogNumber);
        record.Bytes(message.TopicUtf8);
        record.Bytes(message.Payload);
        record.Bytes(message.Properties);
        record.Byte((byte)((int)message.Qos | (message.Retain ? 4 : 0)));
        record.Int64(_options.ToUnixMilliseconds(message.ExpiresAtMilliseconds));
        record.OptionalText(message.Publisher);
        return message.LogNumber;
    }
}

/// <summary>What is known of a session besides its subscriptions and messages.</summary>
/// <param name="Number">Never used for another session.</param>
/// <param name="ClientId">The client's identifier.</param>
/// <param name="IdentityName">Whose session it is, as the application named it.</param>
/// <param name="Version">The version of the latest connection.</param>
/// <param name="ExpirySeconds">How long it outlives its connection; 0 where only its will is remembered.</param>
/// <param name="DisconnectedAtUnixMilliseconds">When the connection ended; 0 while there is one.</param>
/// <param name="Will">What is to be published if the connection does not come back.</param>
internal readonly record struct SessionHeader(
    long Number, string ClientId, string? IdentityName, MqttProtocolVersion Version, uint ExpirySeconds, long DisconnectedAtUnixMilliseconds, MqttWill? Will);
