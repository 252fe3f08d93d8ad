using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>A publish on its way to the server, and who waits for the answer.</summary>
internal sealed record WaitingPublish(KeptPublish Publish, TaskCompletionSource<MqttReason> Waiter)
{
    public int Bytes => Publish.Topic.Length + Publish.Payload.Length;
}

/// <summary>Publishes that wait to be sent, in order, bounded by number and bytes.</summary>
internal sealed class PublishQueue(int mostPublishes, long mostBytes, MqttQueuePolicy policy)
{
    private readonly Lock _gate = new();
    private readonly Queue<WaitingPublish> _waiting = [];

    /// <summary>Callers for whom there was no room, in the order in which they came.</summary>
    private readonly LinkedList<(WaitingPublish Publish, TaskCompletionSource Room)> _outside = [];
    private TaskCompletionSource _arrived = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _bytes;
    private long _refused;
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _waiting.Count;
            }
        }
    }

    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>Takes a publish, at once or when there is room, or refuses it, as the policy says.</summary>
    public async ValueTask AddAsync(WaitingPublish publish, CancellationToken cancellationToken)
    {
        LinkedListNode<(WaitingPublish Publish, TaskCompletionSource Room)>? place = null;
        lock (_gate)
        {
            ThrowIfClosed();
            if (_outside.Count == 0 && HasRoomFor(publish))
            {
                Take(publish);
                return;
            }

            if (policy == MqttQueuePolicy.Wait)
            {
                place = _outside.AddLast((publish, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)));
            }
        }

        if (place is null)
        {
            Interlocked.Increment(ref _refused);
            throw new MqttClientException($"A publish of {publish.Bytes} bytes was refused: {Count} wait already, at most {mostPublishes} publishes and {mostBytes} bytes may.")
            {
                Reason = MqttReason.QuotaExceeded,
            };
        }

        try
        {
            await place.Value.Room.Task.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            lock (_gate)
            {
                if (place.List is not null)
                {
                    _outside.Remove(place);
                    LetIn();
                    throw;
                }
            }

            // It was let in at the same moment, and is on its way.
        }
    }

    /// <summary>The next publish, which stays in the queue until <see cref="Remove"/>.</summary>
    public async ValueTask<WaitingPublish> PeekAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task arrived;
            lock (_gate)
            {
                if (_waiting.TryPeek(out WaitingPublish? first))
                {
                    return first;
                }

                arrived = _arrived.Task;
            }

            await arrived.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>The first publish has been sent.</summary>
    public void Remove()
    {
        lock (_gate)
        {
            _bytes -= _waiting.Dequeue().Bytes;
            LetIn();
        }
    }

    /// <summary>Takes no more, and gives those that were not sent.</summary>
    public List<WaitingPublish> Close(MqttClientException reason)
    {
        lock (_gate)
        {
            _isClosed = true;
            foreach ((_, TaskCompletionSource room) in _outside)
            {
                room.TrySetException(reason);
            }

            _outside.Clear();
            List<WaitingPublish> left = [.. _waiting];
            _waiting.Clear();
            _bytes = 0;
            return left;
        }
    }

    private bool HasRoomFor(WaitingPublish publish)
        => _waiting.Count == 0 || (_waiting.Count < mostPublishes && _bytes + publish.Bytes <= mostBytes);

    private void Take(WaitingPublish publish)
    {
        _waiting.Enqueue(publish);
        _bytes += publish.Bytes;
        if (_waiting.Count == 1)
        {
            _arrived.TrySetResult();
            _arrived = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }

    private void LetIn()
    {
        while (_outside.First is { } first && HasRoomFor(first.Value.Publish))
        {
            _outside.RemoveFirst();
            Take(first.Value.Publish);
            first.Value.Room.TrySetResult();
        }
    }

    private void ThrowIfClosed()
    {
        if (_isClosed)
        {
            throw new MqttClientException("The client has been stopped.");
        }
    }
}
