using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Where an outgoing message of QoS 1 or 2 stands.</summary>
internal enum InFlightState : byte
{
    Free = 0,
    AwaitsPubAck,
    AwaitsPubRec,
    AwaitsPubComp,
}

/// <summary>A message with what its subscription makes of it, and the group it came through, if any.</summary>
/// <param name="Message">Null where it need not be kept.</param>
/// <param name="Qos">The lower of the message's and the subscription's.</param>
/// <param name="Retain">The flag as the client gets it.</param>
/// <param name="Identifiers">Of the subscriptions that match.</param>
/// <param name="Group">The shared subscription it came through.</param>
/// <param name="Delivery">Its number among all that this session was to get; rises in the order of sending.</param>
internal readonly record struct QueuedMessage(MqttMessage? Message, MqttQos Qos, bool Retain, uint[] Identifiers, ShareGroup? Group = null, long Delivery = 0);

internal struct InFlightEntry
{
    public ushort Identifier;
    public InFlightState State;

    /// <summary>Sent over the present connection.</summary>
    public bool IsSent;

    /// <summary>Order of first sending, for sending again in that order [MQTT-4.6.0-1].</summary>
    public long Sequence;

    /// <summary>The frame of the session log that holds its latest step; what follows from that step waits for it.</summary>
    public long LoggedIn;
    public QueuedMessage Queued;
}

/// <summary>Outgoing packet identifiers in use. Grows with need, looks up in one step. Guarded by its session's lock.</summary>
internal sealed class InFlightTable
{
    private InFlightEntry[] _entries = [];
    private ushort _last;
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>Takes the next free identifier.</summary>
    public ref InFlightEntry Add(QueuedMessage queued)
    {
        if (Count * 2 >= _entries.Length)
        {
            Grow();
        }

        int mask = _entries.Length - 1;
        do
        {
            _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        }
        while (_entries[_last & mask].State != InFlightState.Free);

        ref InFlightEntry entry = ref _entries[_last & mask];
        entry.Identifier = _last;
        entry.State = queued.Qos == MqttQos.ExactlyOnce ? InFlightState.AwaitsPubRec : InFlightState.AwaitsPubAck;
        entry.IsSent = true;
        entry.Sequence = _sequence++;
        entry.Queued = queued;
        Count++;
        return ref entry;
    }

    /// <summary>Puts back what a former process had in flight.</summary>
    public void Restore(ushort identifier, InFlightState state, QueuedMessage queued)
    {
        while (Count * 2 >= _entries.Length || _entries[identifier & (_entries.Length - 1)].State != InFlightState.Free)
        {
            Grow();
        }

        _entries[identifier & (_entries.Length - 1)] = new InFlightEntry { Identifier = identifier, State = state, Sequence = _sequence++, Queued = queued };
        _last = identifier;
        Count++;
    }

    /// <summary>Everything in flight, in the order of first sending.</summary>
    public IEnumerable<InFlightEntry> InOrder() => _entries.Where(entry => entry.State != InFlightState.Free).OrderBy(entry => entry.Sequence);

    /// <summary>The entry of an identifier, or a null reference.</summary>
    public ref InFlightEntry Find(ushort identifier)
    {
        if (_entries.Length > 0)
        {
            ref InFlightEntry entry = ref _entries[identifier & (_entries.Length - 1)];
            if (entry.State != InFlightState.Free && entry.Identifier == identifier)
            {
                return ref entry;
            }
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<InFlightEntry>();
    }

    public void Remove(ref InFlightEntry entry)
    {
        entry = default;
        Count--;
    }

    /// <summary>All identifiers in the order of their first sending, marked as not sent.</summary>
    public Queue<ushort> MarkAllUnsent()
    {
        var order = new List<(long Sequence, ushort Identifier)>(Count);
        for (int index = 0; index < _entries.Length; index++)
        {
            if (_entries[index].State != InFlightState.Free)
            {
                _entries[index].IsSent = false;
                order.Add((_entries[index].Sequence, _entries[index].Identifier));
            }
        }

        order.Sort();
        return new Queue<ushort>(order.Select(item => item.Identifier));
    }

    /// <summary>Takes out, oldest first, what came through a share group and was not acknowledged at QoS 1.</summary>
    public List<QueuedMessage> TakeShared(Func<ShareGroup, bool> isWanted)
    {
        var taken = new List<(long Sequence, QueuedMessage Queued)>();
        for (int index = 0; index < _entries.Length; index++)
        {
            if (_entries[index] is { State: InFlightState.AwaitsPubAck, Queued: { Group: { } group, Message: not null } queued } && isWanted(group))
            {
                taken.Add((_entries[index].Sequence, queued));
                Remove(ref _entries[index]);
            }
        }

        taken.Sort(static (left, right) => left.Sequence.CompareTo(right.Sequence));
        return taken.ConvertAll(static item => item.Queued);
    }

    private void Grow()
    {
        InFlightEntry[] old = _entries;
        _entries = new InFlightEntry[Math.Max(16, old.Length * 2)];
        foreach (InFlightEntry entry in old)
        {
            if (entry.State != InFlightState.Free)
            {
                _entries[entry.Identifier & (_entries.Length - 1)] = entry;
            }
        }
    }
}
