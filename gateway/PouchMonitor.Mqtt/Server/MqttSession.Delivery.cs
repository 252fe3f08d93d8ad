using System.Runtime.CompilerServices;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Messages towards the client: sent at once where it keeps up, queued within bounds where it does not.</summary>
public sealed partial class MqttSession
{
    /// <summary>QoS 1 and 2 wait in the queue, not in the socket's buffer, beyond this many bytes.</summary>
    private const int SocketHighWaterBytes = 256 * 1024;

    private InFlightTable? _inFlight;
    private Queue<QueuedMessage>? _queue;
    private Queue<ushort>? _toSendAgain;
    private long _queuedBytes;
    private int _unacknowledged;
    private int _window;

    /// <summary>Messages of QoS 1 and 2 that wait, those in flight not among them.</summary>
    public int QueuedMessages => _queue?.Count ?? 0;

    internal MqttServer Server { get; init; } = null!;

    /// <summary>Whether messages wait for this client; a glance without the lock.</summary>
    internal bool IsBehind => QueuedMessages > 0 || Connection?.Sender.QueuedBytes >= SocketHighWaterBytes;

    /// <summary>Sends or queues one message. With a group, false where this member cannot take it; otherwise losses are counted here.</summary>
    internal bool Deliver(ref PassingMessage message, MqttQos qos, bool retain, uint[] identifiers, FlushList flush, ShareGroup? group = null)
    {
        MqttConnection? overflowed = null;
        lock (_gate)
        {
            MqttConnection? connection = Connection;
            if (group is not null && (_isEnded || (connection is null && !(IsKept && qos != MqttQos.AtMostOnce))))
            {
                return false;
            }

            int waitingBytes = connection?.Sender.QueuedBytes ?? 0;
            if (qos == MqttQos.AtMostOnce)
            {
                if (connection is null)
                {
                    return true; // a session does not collect QoS 0 while its client is away
                }

                if (waitingBytes + _queuedBytes + message.CountedBytes > Server.Options.MaximumQueuedBytesPerSession)
                {
                    if (group is not null)
                    {
                        return false;
                    }

                    Dropped(MqttDropReason.SubscriberSlow);
                }
                else
                {
                    Send(connection, ref message, qos, 0, retain, duplicate: false, identifiers, flush);
                }
            }
            else if (connection is not null && CanSendNow(waitingBytes))
            {
                SendFirst(connection, ref message, new QueuedMessage(KeepsInFlight(group, qos) ? message.Store() : null, qos, retain, identifiers, group, ++_deliveries), isLogged: false, flush);
            }
            else if (!TryQueue(ref message, new QueuedMessage(null, qos, retain, identifiers, group, ++_deliveries), waitingBytes))
            {
                if (group is not null)
                {
                    return false;
                }

                Dropped(MqttDropReason.QueueFull);
                overflowed = connection;
            }

            if (connection is not null && IsCongested(waitingBytes))
            {
                flush.Congested = this;
            }
        }

        overflowed?.Close(MqttReason.QuotaExceeded);
        return true;
    }

    /// <summary>PUBACK or PUBCOMP came, or a PUBREC that refuses.</summary>
    internal void OnAcknowledged(ushort identifier, InFlightState expected, FlushList flush)
    {
        lock (_gate)
        {
            ref InFlightEntry entry = ref Find(identifier);
            if (!Unsafe.IsNullRef(ref entry) && entry.State == expected)
            {
                _unacknowledged -= entry.IsSent ? 1 : 0;
                LogDone(entry.Queued.Delivery);
                _inFlight!.Remove(ref entry);
                Pump(flush);
            }
        }
    }

    /// <summary>PUBREC came. False where the identifier is not known. The PUBREL must wait for the frame.</summary>
    internal bool OnReceived(ushort identifier, out long frame)
    {
        frame = 0;
        lock (_gate)
        {
            ref InFlightEntry entry = ref Find(identifier);
            if (Unsafe.IsNullRef(ref entry) || entry.State == InFlightState.AwaitsPubAck)
            {
                return false;
            }

            if (entry.State != InFlightState.AwaitsPubComp)
            {
                entry.LoggedIn = LogReceived(entry.Queued.Delivery);
            }

            frame = entry.LoggedIn;
            entry.State = InFlightState.AwaitsPubComp;
            entry.Queued = entry.Queued with { Message = null };
            return true;
        }
    }

    /// <summary>Room has become free in the socket's buffer.</summary>
    internal void OnSent()
    {
        if (Volatile.Read(ref _queue) is { Count: > 0 } || _drained is not null)
        {
            FlushList flush = FlushList.OfThread;
            lock (_gate)
            {
                Pump(flush);
            }

            flush.Flush();
        }
    }

    /// <summary>Sends again what a former connection left unacknowledged, then what waited.</summary>
    private void StartSending(int window, FlushList flush)
    {
        _window = window;
        _unacknowledged = 0;
        _toSendAgain = _inFlight is { Count: > 0 } inFlight ? inFlight.MarkAllUnsent() : null;
        Pump(flush);
    }

    private bool CanSendNow(int waitingBytes)
        => _unacknowledged < _window && waitingBytes < SocketHighWaterBytes && QueuedMessages == 0 && _toSendAgain is not { Count: > 0 };

    private void Pump(FlushList flush)
    {
        if (Connection is { } connection)
        {
            while (_unacknowledged < _window && connection.Sender.QueuedBytes < SocketHighWaterBytes && SendNext(connection, flush))
            {
                // Until the window is full, the socket busy or the queue empty.
            }
        }

        NoteDrained();
    }

    private bool SendNext(MqttConnection connection, FlushList flush)
    {
        if (_toSendAgain is { Count: > 0 } again)
        {
            SendAgain(connection, again.Dequeue(), flush);
            return true;
        }

        if (_queue is not { Count: > 0 } queue)
        {
            return false;
        }

        QueuedMessage next = queue.Dequeue();
        var message = new PassingMessage(next.Message!);
        _queuedBytes -= message.CountedBytes;
        if (message.Stored!.IsExpired(Server.NowMilliseconds))
        {
            Dropped(MqttDropReason.Expired);
            LogDone(next.Delivery);
        }
        else
        {
            SendFirst(connection, ref message, KeepsInFlight(next.Group, next.Qos) ? next : next with { Message = null }, isLogged: true, flush);
        }

        return true;
    }

    private void SendFirst(MqttConnection connection, ref PassingMessage message, QueuedMessage queued, bool isLogged, FlushList flush)
    {
        ref InFlightEntry entry = ref (_inFlight ??= new InFlightTable()).Add(queued);
        entry.LoggedIn = LogSending(in queued, entry.Identifier, isLogged);
        if (Send(connection, ref message, in entry, duplicate: false, flush))
        {
            _unacknowledged++;
        }
        else
        {
            LogDone(queued.Delivery);
            _inFlight.Remove(ref entry);
        }
    }

    private void SendAgain(MqttConnection connection, ushort identifier, FlushList flush)
    {
        ref InFlightEntry entry = ref Find(identifier);
        if (Unsafe.IsNullRef(ref entry))
        {
            return;
        }

        entry.IsSent = true;
        _unacknowledged++;
        if (entry.State == InFlightState.AwaitsPubComp)
        {
            connection.SendAcknowledge(MqttPacketType.PublishRelease, identifier, MqttReason.Success, entry.LoggedIn);
            return;
        }

        var message = new PassingMessage(entry.Queued.Message!);
        if (!Send(connection, ref message, in entry, duplicate: true, flush))
        {
            _unacknowledged--;
            LogDone(entry.Queued.Delivery);
            _inFlight!.Remove(ref entry);
        }
    }

    /// <summary>A QoS 2 message waits until its packet identifier is durable: sent under another one after a crash it would arrive twice.</summary>
    private bool Send(MqttConnection connection, ref PassingMessage message, in InFlightEntry entry, bool duplicate, FlushList flush)
        => Send(
            connection, ref message, entry.Queued.Qos, entry.Identifier, entry.Queued.Retain, duplicate, entry.Queued.Identifiers, flush,
            entry.Queued.Qos == MqttQos.ExactlyOnce ? entry.LoggedIn : 0);

    private bool Send(
        MqttConnection connection, ref PassingMessage message, MqttQos qos, ushort identifier, bool retain, bool duplicate, uint[] identifiers, FlushList flush,
        long afterFrame = 0)
    {
        uint? expirySeconds = message.ExpiresAtMilliseconds == MqttMessage.Never
            ? null
            : (uint)Math.Max(1, (message.ExpiresAtMilliseconds - Server.NowMilliseconds + 999) / 1000);
        var encoder = new PublishEncoder(Version, message.Topic, message.Payload, qos, message.Properties, expirySeconds, identifiers);
        if (encoder.PacketBytes > connection.PeerMaximumPacketBytes)
        {
            Dropped(MqttDropReason.TooLargeForSubscriber);
            return false;
        }

        ushort alias = 0;
        bool isKnown = false;
        if (connection.Aliases is { } aliases && encoder.PacketBytes + 8 <= connection.PeerMaximumPacketBytes)
        {
            alias = aliases.Find(message.Topic, out isKnown);
            if (alias != 0)
            {
                encoder = new PublishEncoder(Version, isKnown ? default : message.Topic, message.Payload, qos, message.Properties, expirySeconds, identifiers, alias);
            }
        }

        bool mustFlush;
        lock (connection.Sender.Gate)
        {
            connection.Sender.HoldUntil(afterFrame);
            Span<byte> room = connection.Sender.Reserve(encoder.PacketBytes);
            if (room.IsEmpty)
            {
                return true; // the connection is ending; what is in flight stays so
            }

            encoder.Write(room, identifier, retain, duplicate);
            mustFlush = connection.Sender.Mark();
        }

        if (alias != 0 && !isKnown)
        {
            connection.Aliases!.NoteTold(message.Topic, alias);
        }

        connection.CountSent(encoder.PacketBytes);
        if (mustFlush)
        {
            flush.Add(connection);
        }

        return true;
    }

    private bool TryQueue(ref PassingMessage message, in QueuedMessage queued, int waitingBytes)
    {
        _queue ??= new Queue<QueuedMessage>();
        if (_queue.Count >= Server.Options.MaximumQueuedMessagesPerSession
            || waitingBytes + _queuedBytes + message.CountedBytes > Server.Options.MaximumQueuedBytesPerSession)
        {
            return false;
        }

        _queuedBytes += message.CountedBytes;
        QueuedMessage kept = queued with { Message = message.Store() };
        LogWaiting(in kept);
        _queue.Enqueue(kept);
        return true;
    }

    private ref InFlightEntry Find(ushort identifier)
    {
        if (_inFlight is { } inFlight)
        {
            return ref inFlight.Find(identifier);
        }

        return ref Unsafe.NullRef<InFlightEntry>();
    }
}
