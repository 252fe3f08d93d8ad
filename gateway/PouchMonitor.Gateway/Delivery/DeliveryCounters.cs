namespace PouchMonitor.Gateway.Delivery;

/// <summary>How a route fares.</summary>
/// <param name="Route">Its key.</param>
/// <param name="Waiting">Messages to be sent now.</param>
/// <param name="Held">Messages that wait for the end of quiet hours or a rush.</param>
/// <param name="OldestMicroseconds">Since when the oldest to be sent now waits.</param>
/// <param name="FailingSinceMicroseconds">Since when it fails; null while it does not.</param>
/// <param name="LastSentMicroseconds">When it last took something since the start.</param>
/// <param name="LastError">Why the last attempt failed.</param>
internal sealed record RouteStatus(
    string Route, int Waiting, int Held, long? OldestMicroseconds, long? FailingSinceMicroseconds, long? LastSentMicroseconds, string? LastError);

/// <summary>What has been sent since the start.</summary>
internal sealed class DeliveryCounters
{
    private long taken;
    private long sent;
    private long failedAttempts;
    private long unknown;
    private long refused;
    private long gaveUp;
    private long dropped;
    private long faults;
    private long trimmed;
    private volatile string? fault;
    private volatile string? storeProblem;

    public long TakenCount => Interlocked.Read(ref taken);

    public long SentCount => Interlocked.Read(ref sent);

    public long FailedAttempts => Interlocked.Read(ref failedAttempts);

    /// <summary>Attempts that may have arrived.</summary>
    public long UnknownCount => Interlocked.Read(ref unknown);

    public long RefusedCount => Interlocked.Read(ref refused);

    public long GaveUpCount => Interlocked.Read(ref gaveUp);

    /// <summary>Notices lost because the database could not be written and memory was full.</summary>
    public long DroppedCount => Interlocked.Read(ref dropped);

    public long FaultCount => Interlocked.Read(ref faults);

    /// <summary>Done rows removed from the log.</summary>
    public long TrimmedCount => Interlocked.Read(ref trimmed);

    /// <summary>Newest fault of the program itself.</summary>
    public string? Fault => fault;

    /// <summary>Why the outbox cannot be stored; null while it can.</summary>
    public string? StoreProblem => storeProblem;

    public void Took() => Interlocked.Increment(ref taken);

    public void Attempted(SendOutcome outcome, int count)
    {
        switch (outcome)
        {
            case SendOutcome.Sent:
                Interlocked.Add(ref sent, count);
                return;
            case SendOutcome.Unknown:
                Interlocked.Increment(ref unknown);
                break;
            case SendOutcome.Refused:
                Interlocked.Add(ref refused, count);
                break;
            default:
                break;
        }

        Interlocked.Increment(ref failedAttempts);
    }

    public void GaveUp(int count) => Interlocked.Add(ref gaveUp, count);

    public void Dropped() => Interlocked.Increment(ref dropped);

    public void Trimmed(int count) => Interlocked.Add(ref trimmed, count);

    public void StoreFailed(string? problem) => storeProblem = problem;

    public void Faulted(string message)
    {
        fault = message;
        Interlocked.Increment(ref faults);
    }
}
