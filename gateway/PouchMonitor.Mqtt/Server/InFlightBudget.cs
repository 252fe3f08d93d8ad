namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// Bytes that all connections together have handed to the application and that it has not acknowledged. When they reach
/// the bound, readers wait until some are. Connections report in steps, not for every message.
/// </summary>
internal sealed class InFlightBudget(long maximumBytes)
{
    private readonly Lock _gate = new();
    private long _bytes;
    private TaskCompletionSource? _roomWanted;

    public long Bytes => Interlocked.Read(ref _bytes);

    public bool IsFull => Volatile.Read(ref _bytes) >= maximumBytes;

    public void Add(long bytes)
    {
        if (Interlocked.Add(ref _bytes, bytes) >= maximumBytes || bytes >= 0 || Volatile.Read(ref _roomWanted) is null)
        {
            return;
        }

        TaskCompletionSource? room;
        lock (_gate)
        {
            (room, _roomWanted) = (_roomWanted, null);
        }

        room?.SetResult();
    }

    /// <summary>Completes when there is room again.</summary>
    public async ValueTask WaitForRoomAsync(CancellationToken cancellationToken)
    {
        Task room;
        lock (_gate)
        {
            _roomWanted ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            room = _roomWanted.Task;
        }

        // Whoever makes room after this sees that it is wanted; whoever made it before is seen here.
        Interlocked.MemoryBarrier();
        if (IsFull)
        {
            await room.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }
}
