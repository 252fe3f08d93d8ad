using System.Buffers.Binary;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// Acknowledgements towards the publisher. Each publish of QoS 1 or 2 takes the next place in a ring when it comes; its
/// answer is written when it and all before it are known, so that answers leave in the order of arrival whatever the
/// order in which the application finishes.
/// </summary>
public sealed partial class MqttConnection
{
    private AcknowledgementSlot[] _slots = [];
    private long _oldest;
    private long _next;
    private int _exactlyOnceDue;
    private TaskCompletionSource? _roomWanted;

    /// <summary>What <see cref="_oldest"/> was when there was no room.</summary>
    private long _oldestWhenFull;

    private struct AcknowledgementSlot
    {
        public ushort Identifier;
        public int PayloadBytes;
        public bool IsExactlyOnce;
        public bool IsDone;

        /// <summary>The message is still on its way to those it was routed to.</summary>
        public bool IsRouting;
        public MqttReason Reason;

        /// <summary>The frame of the session log without which the answer would promise too much.</summary>
        public long AfterFrame;
    }

    /// <summary>Called by a token, from any thread.</summary>
    internal void CompleteDeferred(long sequence, MqttReason reason)
    {
        if (Resolve(sequence, reason))
        {
            ReportInFlight();
            Sender.FlushSoon();
        }
    }

    /// <summary>Adds PUBACK, PUBREC, PUBREL or PUBCOMP, to leave when a frame of the log is durable.</summary>
    internal void SendAcknowledge(MqttPacketType type, ushort identifier, MqttReason reason, long afterFrame)
    {
        lock (Sender.Gate)
        {
            Sender.HoldUntil(afterFrame);
            WriteAcknowledge(type, identifier, reason);
        }
    }

    private enum Place
    {
        Taken,

        /// <summary>Answers are due; when some have gone there may be room.</summary>
        Wait,

        /// <summary>The client has more unfinished than the receive maximum allows.</summary>
        TooMany,
    }

    /// <summary>Takes a place for an answer, unless as much is unfinished as the receive maximum allows.</summary>
    private Place TakePlace(ushort identifier, bool isExactlyOnce, bool isRepeated, int payloadBytes, out long sequence)
    {
        int unreleased = Session.InboundReceivedCount;
        lock (Sender.Gate)
        {
            sequence = _next;
            int due = (int)(_next - _oldest);
            int unfinished = isRepeated ? due : Math.Max(due, due - _exactlyOnceDue + unreleased);
            if (unfinished >= _server.Options.ReceiveMaximum)
            {
                _oldestWhenFull = _oldest;
                return due > 0 && Version == MqttProtocolVersion.V311 ? Place.Wait : Place.TooMany;
            }

            if (!HasRoomInFlight(payloadBytes))
            {
                _oldestWhenFull = _oldest;
                return Place.Wait;
            }

            if (due == _slots.Length)
            {
                GrowSlots();
            }

            _inFlightBytes += payloadBytes;
            _slots[_next & (_slots.Length - 1)] = new AcknowledgementSlot
            {
                Identifier = identifier,
                PayloadBytes = payloadBytes,
                IsExactlyOnce = isExactlyOnce,
                IsRouting = _server.Log is not null,
            };
            _next++;
            _exactlyOnceDue += isExactlyOnce ? 1 : 0;
            return Place.Taken;
        }
    }

    /// <summary>
    /// The connection has ended: tokens of its messages do nothing any more. A QoS 2 message that the application had not
    /// finished is forgotten, so that it is offered again, not just acknowledged, when the client sends it again.
    /// </summary>
    private void AbandonDue()
    {
        var unfinished = new List<ushort>();
        lock (Sender.Gate)
        {
            for (; _oldest < _next; _oldest++)
            {
                AcknowledgementSlot slot = _slots[_oldest & (_slots.Length - 1)];
                if (slot is { IsExactlyOnce: true, IsDone: false })
                {
                    unfinished.Add(slot.Identifier);
                }
            }

            _exactlyOnceDue = 0;
            _inFlightBytes = 0;
        }

        ReportInFlight();
        unfinished.ForEach(identifier => Session.RemoveReceived(identifier, out _));
    }

    /// <summary>Gives the latest place back: the message was not taken and will be offered again.</summary>
    private void TakeBack(long sequence, bool isExactlyOnce, ushort identifier)
    {
        if (sequence < 0)
        {
            return;
        }

        lock (Sender.Gate)
        {
            _next = sequence;
            _inFlightBytes -= _slots[sequence & (_slots.Length - 1)].PayloadBytes;
            _exactlyOnceDue -= isExactlyOnce ? 1 : 0;
        }

        if (isExactlyOnce)
        {
            Session.RemoveReceived(identifier, out _);
        }
    }

    /// <summary>Notes an answer and writes all that are due now; true where any was.</summary>
    private bool Resolve(long sequence, MqttReason reason, bool endsRouting = false, long afterFrame = 0)
    {
        ushort exactlyOnce;
        lock (Sender.Gate)
        {
            if (!IsDue(sequence))
            {
                return false;
            }

            ref AcknowledgementSlot slot = ref _slots[sequence & (_slots.Length - 1)];
            if (!slot.IsExactlyOnce)
            {
                return Decide(ref slot, reason, endsRouting, afterFrame);
            }

            exactlyOnce = slot.Identifier;
        }

        // A refused QoS 2 message has no PUBREL to come (section 4.3.3); a taken one must be known after a restart. The
        // session's lock comes before the sender's, so it is asked between.
        if (reason.IsFailure())
        {
            Session.RemoveReceived(exactlyOnce, out _);
        }
        else
        {
            afterFrame = Math.Max(afterFrame, Session.NoteAnswered(exactlyOnce));
        }

        lock (Sender.Gate)
        {
            return IsDue(sequence) && Decide(ref _slots[sequence & (_slots.Length - 1)], reason, endsRouting, afterFrame);
        }
    }

    /// <summary>A deferred message is with all whom it was routed to, in memory and in that frame of the log; 0 where nothing is there.</summary>
    private void EndRouting(long sequence, long afterFrame)
    {
        lock (Sender.Gate)
        {
            ref AcknowledgementSlot slot = ref _slots[sequence & (_slots.Length - 1)];
            slot.IsRouting = false;
            slot.AfterFrame = Math.Max(slot.AfterFrame, afterFrame);
            WriteDue();
        }
    }

    private bool Decide(ref AcknowledgementSlot slot, MqttReason reason, bool endsRouting, long afterFrame)
    {
        slot.IsDone = true;
        slot.IsRouting &= !endsRouting;
        slot.Reason = reason;
        slot.AfterFrame = Math.Max(slot.AfterFrame, afterFrame);
        return WriteDue();
    }

    private bool WriteDue()
    {
        bool any = false;
        while (_oldest < _next && _slots[_oldest & (_slots.Length - 1)] is { IsDone: true, IsRouting: false } due)
        {
            _oldest++;
            _inFlightBytes -= due.PayloadBytes;
            _exactlyOnceDue -= due.IsExactlyOnce ? 1 : 0;
            any = true;
            Sender.HoldUntil(due.AfterFrame);
            WriteAcknowledge(due.IsExactlyOnce ? MqttPacketType.PublishReceived : MqttPacketType.PublishAcknowledge, due.Identifier, due.Reason);
        }

        if (any && _roomWanted is { } room)
        {
            _roomWanted = null;
            room.SetResult(); // its continuation runs elsewhere
        }

        return any;
    }

    private bool IsDue(long sequence)
        => sequence >= _oldest && sequence < _next && !_slots[sequence & (_slots.Length - 1)].IsDone;

    private async ValueTask AcknowledgementsSentAsync(CancellationToken cancellationToken)
    {
        Task room;
        lock (Sender.Gate)
        {
            if (_oldest != _oldestWhenFull)
            {
                return; // answers have gone since room was looked for, and there may be no others to wait for
            }

            _roomWanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _roomWanted.Task;
        }

        await room.WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    private void WriteAcknowledge(MqttPacketType type, ushort identifier, MqttReason reason)
    {
        bool hasReason = Version == MqttProtocolVersion.V5 && reason != MqttReason.Success;
        Span<byte> room = Sender.Reserve(hasReason ? 5 : 4);
        if (room.IsEmpty)
        {
            return;
        }

        room[0] = (byte)(((int)type << 4) | (type == MqttPacketType.PublishRelease ? 2 : 0));
        room[1] = hasReason ? (byte)3 : (byte)2;
        BinaryPrimitives.WriteUInt16BigEndian(room[2..], identifier);
        if (hasReason)
        {
            room[4] = (byte)reason;
        }
    }

    private void GrowSlots()
    {
        var larger = new AcknowledgementSlot[Math.Max(8, _slots.Length * 2)];
        for (long sequence = _oldest; sequence < _next; sequence++)
        {
            larger[sequence & (larger.Length - 1)] = _slots[sequence & (_slots.Length - 1)];
        }

        _slots = larger;
    }
}
