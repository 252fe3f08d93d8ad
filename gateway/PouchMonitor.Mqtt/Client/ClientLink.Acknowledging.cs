using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Mqtt.Client;

/// <summary>Received messages: offering them to the application, and answering when it has decided.</summary>
internal sealed partial class ClientLink
{
    /// <summary>Guarded by the sender's gate.</summary>
    private readonly AcknowledgementRing _due = new();
    private readonly CancellationTokenSource _ending = new();
    private TaskCompletionSource? _answersWanted;
    private bool _isHeld;

    /// <summary>How many answers had left when there was no place.</summary>
    private long _answeredWhenFull;

    private enum Offered
    {
        Done,

        /// <summary>The application has no room: the same message is offered again later.</summary>
        Busy,

        /// <summary>As many answers are due as the receive maximum allows; MQTT 3.1.1 servers are not told of it and may go on.</summary>
        Full,
        TooMany,
    }

    /// <summary>Received messages that wait for the application's word.</summary>
    public int UndecidedMessages
    {
        get
        {
            lock (_sender.Gate)
            {
                return _due.Count;
            }
        }
    }

    /// <summary>Called by a token, from any thread.</summary>
    internal void CompleteDeferred(long number, MqttReason reason)
    {
        if (Resolve(number, reason))
        {
            _sender.FlushSoon();
        }
    }

    private Offered Offer(in PublishView publish)
    {
        if (publish.Qos == MqttQos.AtMostOnce)
        {
            return Ask(in publish, default).Verdict == PublishVerdict.Busy ? Offered.Busy : Offered.Done;
        }

        bool isExactlyOnce = publish.Qos == MqttQos.ExactlyOnce;
        bool isRepeated = isExactlyOnce && !_session.AddReceived(publish.PacketIdentifier);
        Offered place = TakePlace(publish.PacketIdentifier, isExactlyOnce, isRepeated, out long number);
        PublishOutcome outcome = PublishOutcome.Acknowledge;
        if (place == Offered.Done && !isRepeated)
        {
            outcome = Ask(in publish, new MqttClientAckToken(this, number));
            if (outcome.Verdict == PublishVerdict.Busy)
            {
                lock (_sender.Gate)
                {
                    _due.TakeBack();
                }

                place = Offered.Busy;
            }
        }

        if (place != Offered.Done)
        {
            if (isExactlyOnce && !isRepeated)
            {
                _session.RemoveReceived(publish.PacketIdentifier);
            }

            return place;
        }

        if (outcome.Verdict != PublishVerdict.Deferred)
        {
            Resolve(number, outcome.Reason);
        }

        return Offered.Done;
    }

    private PublishOutcome Ask(in PublishView publish, MqttClientAckToken token)
    {
        var message = new MqttReceivedMessage
        {
            TopicUtf8 = publish.Topic,
            Payload = publish.Payload,
            Properties = publish.Properties,
            Qos = publish.Qos,
            Retain = publish.Retain,
            Duplicate = publish.Duplicate,
            Token = token,
        };
        if (_options.MessageOffered is { } offered)
        {
            return offered(in message);
        }

        _options.MessageReceived?.Invoke(in message);
        return PublishOutcome.Acknowledge;
    }

    private Offered TakePlace(ushort identifier, bool isExactlyOnce, bool isRepeated, out long number)
    {
        // With this message, where it is of QoS 2 and new.
        int unreleased = _session.ReceivedCount - (isExactlyOnce && !isRepeated ? 1 : 0);
        lock (_sender.Gate)
        {
            number = -1;
            int unfinished = isRepeated ? _due.Count : Math.Max(_due.Count, _due.Count - _due.ExactlyOnceCount + unreleased);
            if (unfinished >= _options.ReceiveMaximum)
            {
                _answeredWhenFull = _due.Answered;
                return _due.Count > 0 && _options.Version == MqttProtocolVersion.V311 ? Offered.Full : Offered.TooMany;
            }

            number = _due.Take(identifier, isExactlyOnce);
            return Offered.Done;
        }
    }

    /// <summary>Notes an answer and writes all that may leave now; true where any was.</summary>
    private bool Resolve(long number, MqttReason reason)
    {
        TaskCompletionSource? wanted = null;
        bool any = false;
        lock (_sender.Gate)
        {
            if (!_due.TryResolve(number, reason, out AcknowledgementRing.Place resolved))
            {
                return false;
            }

            if (resolved.IsExactlyOnce && reason.IsFailure())
            {
                _session.RemoveReceived(resolved.Identifier); // no PUBREL is to come (section 4.3.3)
            }

            while (_due.TryTakeDone(out AcknowledgementRing.Place place))
            {
                any = true;
                WriteAcknowledge(place.IsExactlyOnce ? MqttPacketType.PublishReceived : MqttPacketType.PublishAcknowledge, place.Identifier, place.Reason);
            }

            if (any)
            {
                (wanted, _answersWanted) = (_answersWanted, null);
            }
        }

        wanted?.TrySetResult();
        return any;
    }

    /// <summary>Waits, without reading, until the message that was not taken may be offered again.</summary>
    private async ValueTask WaitUntilReadyAsync(Offered why)
    {
        Volatile.Write(ref _isHeld, true);
        try
        {
            if (why == Offered.Busy)
            {
                await (_options.WhenReady?.Invoke(_ending.Token) ?? ValueTask.CompletedTask).ConfigureAwait(false);
            }
            else
            {
                Task answers;
                lock (_sender.Gate)
                {
                    if (_due.Answered != _answeredWhenFull)
                    {
                        return; // answers have left in between
                    }

                    _answersWanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                    answers = _answersWanted.Task;
                }

                await answers.WaitAsync(_ending.Token).ConfigureAwait(false);
            }
        }
        finally
        {
            _pingIsOpen = false; // its answer may lie unread behind the message
            Volatile.Write(ref _isHeld, false);
        }
    }

    private void WriteAcknowledge(MqttPacketType type, ushort identifier, MqttReason reason)
    {
        bool hasReason = _options.Version == MqttProtocolVersion.V5 && reason != MqttReason.Success;
        ReadOnlySpan<byte> packet =
        [
            (byte)(((int)type << 4) | (type == MqttPacketType.PublishRelease ? 2 : 0)), hasReason ? (byte)3 : (byte)2,
            (byte)(identifier >> 8), (byte)identifier, (byte)reason,
        ];
        packet = hasReason ? packet : packet[..4];
        Span<byte> room = _sender.Reserve(packet.Length);
        if (!room.IsEmpty)
        {
            packet.CopyTo(room);
        }
    }

    /// <summary>
    /// The connection has ended: tokens of its messages do nothing any more. A QoS 2 message that the application had not
    /// finished is forgotten, so that it is offered again when the server sends it again.
    /// </summary>
    private void AbandonDue()
    {
        List<ushort> unfinished;
        lock (_sender.Gate)
        {
            unfinished = _due.Abandon();
        }

        unfinished.ForEach(_session.RemoveReceived);
    }
}
