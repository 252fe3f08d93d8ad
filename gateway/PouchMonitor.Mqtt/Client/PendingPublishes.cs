using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>What to do when a publish is acknowledged: complete a waiter, or tell the callback the tag.</summary>
internal struct PendingPublish
{
    public ushort Identifier;
    public bool IsUsed;

    /// <summary>QoS 2, and PUBREC has come.</summary>
    public bool IsReceived;
    public bool IsExactlyOnce;
    public long Tag;
    public TaskCompletionSource<MqttReason>? Waiter;
}

/// <summary>Publishes of QoS 1 and 2 on their way. Not thread-safe; the link guards it.</summary>
internal sealed class PendingPublishes(int window)
{
    private readonly PendingPublish[] _entries = new PendingPublish[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)window * 2)];
    private ushort _last;

    public int Count { get; private set; }

    /// <summary>Takes the next identifier that neither a publish nor one of <paramref name="questions"/> uses.</summary>
    public ushort Add(bool isExactlyOnce, long tag, TaskCompletionSource<MqttReason>? waiter, Dictionary<ushort, TaskCompletionSource<FilterAcknowledgePacket>> questions)
    {
        int mask = _entries.Length - 1;
        do
        {
            _last = _last == ushort.MaxValue ? (ushort)1 : (ushort)(_last + 1);
        }
        while (_entries[_last & mask].IsUsed || (questions.Count > 0 && questions.ContainsKey(_last)));

        _entries[_last & mask] = new PendingPublish { Identifier = _last, IsUsed = true, IsExactlyOnce = isExactlyOnce, Tag = tag, Waiter = waiter };
        Count++;
        return _last;
    }

    public bool IsInUse(ushort identifier)
        => _entries[identifier & (_entries.Length - 1)] is { IsUsed: true } entry && entry.Identifier == identifier;

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
