using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>A publish with its content, kept to be sent again.</summary>
internal sealed record KeptPublish(byte[] Topic, ReadOnlyMemory<byte> Payload, MqttQos Qos, bool Retain);

/// <summary>What to do when a publish is acknowledged: complete a waiter, or tell the callback the tag.</summary>
internal struct PendingPublish
{
    public ushort Identifier;
    public bool IsUsed;

    /// <summary>QoS 2, and PUBREC has come.</summary>
    public bool IsReceived;
    public bool IsExactlyOnce;

    /// <summary>The server may have had it in its present session, so that sending it again is marked as such.</summary>
    public bool WasSent;

    /// <summary>Order of first sending, for sending again in that order [MQTT-4.6.0-1].</summary>
    public long Sequence;
    public long Tag;
    public TaskCompletionSource<MqttReason>? Waiter;

    /// <summary>Null in a session that ends with its connection.</summary>
    public KeptPublish? Kept;
}

/// <summary>Publishes of QoS 1 and 2 on their way. Not thread-safe; the session's gate guards it.</summary>
internal sealed class PendingPublishes(int window)
{
    private readonly PendingPublish[] _entries = new PendingPublish[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)window * 2)];
    private ushort _last;
    private long _sequence;

    public int Count { get; private set; }

    /// <summary>Takes the next identifier that neither a publish nor one of <paramref name="questions"/> uses.</summary>
    public ushort Add(
        bool isExactlyOnce, long tag, TaskCompletionSource<MqttReason>? waiter, KeptPublish? kept,
        Dictionary<ushort, TaskCompletionSource<FilterAcknowledgePacket>> questions)
    {
        int mask = _entries.Length - 1;
        do
        {
            _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        }
        while (_entries[_last & mask].IsUsed || (questions.Count > 0 && questions.ContainsKey(_last)));

        _entries[_last & mask] = new PendingPublish
        {
            Identifier = _last, IsUsed = true, IsExactlyOnce = isExactlyOnce, WasSent = true, Sequence = _sequence++, Tag = tag,
            Waiter = waiter, Kept = kept,
        };
        Count++;
        return _last;
    }

    public bool IsInUse(ushort identifier)
        => _entries[identifier & (_entries.Length - 1)] is { IsUsed: true } entry && entry.Identifier == identifier;

    /// <summary>The entry of an identifier that is in use, or a null reference.</summary>
    public ref PendingPublish Find(ushort identifier)
    {
        ref PendingPublish slot = ref _entries[identifier & (_entries.Length - 1)];
        if (slot.IsUsed && slot.Identifier == identifier)
        {
            return ref slot;
        }

        return ref System.Runtime.CompilerServices.Unsafe.NullRef<PendingPublish>();
    }

    /// <summary>Takes an entry out; false where the identifier is not in use or the answer does not fit its QoS.</summary>
    public bool TryRemove(ushort identifier, MqttPacketType answer, MqttReason reason, out PendingPublish entry)
    {
        ref PendingPublish slot = ref _entries[identifier & (_entries.Length - 1)];
        entry = slot;
        bool fits = slot.IsUsed && slot.Identifier == identifier && answer switch
        {
            MqttPacketType.PublishAcknowledge => !slot.IsExactlyOnce,
            MqttPacketType.PublishReceived => slot.IsExactlyOnce && reason.IsFailure(),
            _ => slot.IsReceived,
        };
        if (fits)
        {
            slot = default;
            Count--;
        }

        return fits;
    }

    public bool NoteReceived(ushort identifier)
    {
        ref PendingPublish slot = ref _entries[identifier & (_entries.Length - 1)];
        if (!slot.IsUsed || slot.Identifier != identifier || !slot.IsExactlyOnce)
        {
            return false;
        }

        slot.IsReceived = true;
        return true;
    }

    /// <summary>All identifiers in the order of their first sending. Where the server has lost the session, all are as new.</summary>
    public Queue<ushort> MarkAllUnsent(bool isSessionPresent)
    {
        var order = new List<(long Sequence, ushort Identifier)>(Count);
        for (int index = 0; index < _entries.Length; index++)
        {
            ref PendingPublish entry = ref _entries[index];
            if (entry.IsUsed)
            {
                entry.WasSent &= isSessionPresent;
                entry.IsReceived &= isSessionPresent;
                order.Add((entry.Sequence, entry.Identifier));
            }
        }

        order.Sort();
        return new Queue<ushort>(order.Select(item => item.Identifier));
    }

    public List<TaskCompletionSource<MqttReason>> TakeWaiters()
    {
        var waiters = new List<TaskCompletionSource<MqttReason>>();
        foreach (PendingPublish entry in _entries)
        {
            if (entry.Waiter is not null)
            {
                waiters.Add(entry.Waiter);
            }
        }

        Array.Clear(_entries);
        Count = 0;
        return waiters;
    }
}
