namespace PouchMonitor.Gateway.Api;

/// <summary>Bounds of the live stream.</summary>
internal sealed record LiveStreamLimits
{
    /// <summary>Most clients at once.</summary>
    public int Clients { get; init; } = 1000;

    /// <summary>Alarms, incidents and the like that a client may have missed and still be given: most of them ...</summary>
    public int LastingEvents { get; init; } = 8192;

    /// <summary>... and most bytes of them.</summary>
    public long LastingBytes { get; init; } = 8 << 20;

    /// <summary>Bytes of cells a client may lag behind before it is given the newest of each channel alone.</summary>
    public long CellBytes { get; init; } = 2 << 20;

    /// <summary>A client that takes nothing for this long is closed.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long cells are still numbered one by one after the last client has gone, so that it finds what it missed.</summary>
    public TimeSpan Linger { get; init; } = TimeSpan.FromSeconds(60);
}
