namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What has come in since the start, by outcome.</summary>
public sealed class PipelineCounters
{
    private long stored;
    private long samples;
    private long duplicates;
    private long quarantined;
    private long failed;
    private long lastQuarantinedMicroseconds;

    public long StoredFrames => Interlocked.Read(ref stored);

    public long StoredSamples => Interlocked.Read(ref samples);

    public long Duplicates => Interlocked.Read(ref duplicates);

    public long Quarantined => Interlocked.Read(ref quarantined);

    public long Failed => Interlocked.Read(ref failed);

    /// <summary>Gateway time of the newest piece of quarantine; 0 when there was none.</summary>
    public long LastQuarantinedMicroseconds => Interlocked.Read(ref lastQuarantinedMicroseconds);

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
