namespace PouchMonitor.Gateway.Journal;

/// <summary>Wakes whoever waits; costs nothing while nobody does.</summary>
internal sealed class Signal
{
    private TaskCompletionSource? waiting;

    /// <summary>Completes at the next <see cref="Raise"/>. Ask for it before looking at what is waited for.</summary>
    public Task Next
    {
        get
        {
            var source = Volatile.Read(ref waiting);
            if (source is null)
            {
                var made = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                source = Interlocked.CompareExchange(ref waiting, made, null) ?? made;
            }

            return source.Task;
        }
    }

    public void Raise() => Interlocked.Exchange(ref waiting, null)?.TrySetResult();
}
