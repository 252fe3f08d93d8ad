namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// Holding publishers back while this subscriber catches up. The hold is bounded in time, and a subscriber that used
/// it up holds nobody again until its queue has been empty, so that one dead client cannot stop the ingest.
/// </summary>
public sealed partial class MqttSession
{
    private TaskCompletionSource? _drained;
    private bool _patienceIsSpent;

    /// <summary>Completes when the queue has fallen to a quarter of its bound, when the client is gone, or after the patience set.</summary>
    internal async ValueTask WaitUntilDrainedAsync(CancellationToken cancellationToken)
    {
        Task drained;
        lock (_gate)
        {
            if (_patienceIsSpent || Connection is not { } connection || !IsCongested(connection.Sender.QueuedBytes))
            {
                return;
            }

            _drained ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            drained = _drained.Task;
        }

        Interlocked.Increment(ref Server.Counters.SlowSubscriberHolds);
        try
        {
            await drained.WaitAsync(Server.Options.SlowSubscriberPatience, Server.Options.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _patienceIsSpent = true;
            }
        }
        catch (OperationCanceledException)
        {
            // The waiting publisher is being closed.
        }
    }

    private bool IsCongested(int waitingBytes)
        => !_patienceIsSpent && Server.Options.SlowSubscriberPatience > TimeSpan.Zero && IsFilledTo(2, waitingBytes);

    private bool IsFilledTo(int divisor, int waitingBytes)
        => waitingBytes + _queuedBytes > Server.Options.MaximumQueuedBytesPerSession / divisor
            || QueuedMessages > Server.Options.MaximumQueuedMessagesPerSession / divisor;

    private void NoteDrained()
    {
        int waitingBytes = Connection?.Sender.QueuedBytes ?? 0;
        if (_patienceIsSpent && QueuedMessages == 0 && !IsFilledTo(8, waitingBytes))
        {
            _patienceIsSpent = false;
        }

        if (_drained is { } drained && (Connection is null || !IsFilledTo(4, waitingBytes)))
        {
            _drained = null;
            drained.SetResult();
        }
    }
}
