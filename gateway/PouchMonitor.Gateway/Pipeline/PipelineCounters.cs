namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What has come in since the start, by outcome.</summary>
public sealed class PipelineCounters
{
    private long stored;
    private long samples;
    private long duplicates;
    private long quarantined;
    private long failed;
    private long faults;
    private string? fault;
    private long lastQuarantinedMicroseconds;

    public long StoredFrames => Interlocked.Read(ref stored);

    public long StoredSamples => Interlocked.Read(ref samples);

    public long Duplicates => Interlocked.Read(ref duplicates);

    public long Quarantined => Interlocked.Read(ref quarantined);

    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Gateway time of the newest piece of quarantine; 0 when there was none.</summary>
    public long LastQuarantinedMicroseconds => Interlocked.Read(ref lastQuarantinedMicroseconds);

    /// <summary>The first fault of the program itself since the start, in words; null while there was none.</summary>
    public string? Fault => fault;

    /// <summary>Faults of the program itself since the start.</summary>
    public long Faults => Interlocked.Read(ref faults);

    internal void AddFault(string what)
    {
        Interlocked.Increment(ref faults);
        Interlocked.CompareExchange(ref fault, what, null);
    }

    /// <summary>Does a part of what goes on for ever: where it fails, that is counted and told, and the next goes on.</summary>
    /// <returns>False where it failed.</returns>
    internal bool Guard(Action work, string what)
    {
        try
        {
            work();
            return true;
        }
#pragma warning disable CA1031 // Whatever it is, nothing that watches may end unseen.
        catch (Exception error) when (error is not OperationCanceledException)
#pragma warning restore CA1031
        {
            AddFault($"{what} failed: {error.Message}");
            return false;
        }
    }

    internal void AddStored(int sampleCount)
    {
        Interlocked.Increment(ref stored);
        Interlocked.Add(ref samples, sampleCount);
    }

    internal void AddDuplicate() => Interlocked.Increment(ref duplicates);

    internal void AddQuarantined(long nowMicroseconds)
    {
        Interlocked.Increment(ref quarantined);
        Interlocked.Exchange(ref lastQuarantinedMicroseconds, nowMicroseconds);
    }

    internal void AddFailed() => Interlocked.Increment(ref failed);
}
