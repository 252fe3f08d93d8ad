namespace PouchMonitor.Gateway.Api;

/// <summary>What the live stream has had to do about its clients, since the start.</summary>
internal sealed class LiveStreamFigures
{
    private long refused;
    private long resumed;
    private long gaps;
    private long coalesced;
    private long stalled;

    /// <summary>Clients that were too many.</summary>
    public long Refused => Volatile.Read(ref refused);

    /// <summary>Clients that went on where they had been.</summary>
    public long Resumed => Volatile.Read(ref resumed);

    /// <summary>Times that a client had to be given everything anew, since it had missed what is no longer kept.</summary>
    public long Gaps => Volatile.Read(ref gaps);

    /// <summary>Events in which a slow client got the newest of its channels alone.</summary>
    public long Coalesced => Volatile.Read(ref coalesced);

    /// <summary>Clients closed since they took nothing for too long.</summary>
    public long Stalled => Volatile.Read(ref stalled);

    public void Refuse() => Interlocked.Increment(ref refused);

    public void Resume() => Interlocked.Increment(ref resumed);

    public void Gap() => Interlocked.Increment(ref gaps);

    public void Coalesce() => Interlocked.Increment(ref coalesced);

    public void Stall() => Interlocked.Increment(ref stalled);
}
