namespace PouchMonitor.Gateway.Journal;

/// <summary>What is durably stored of one stream, as of one moment.</summary>
public sealed class StreamSummary
{
    /// <summary>Which stream.</summary>
    public required StreamId Id { get; init; }

    /// <summary>Unix microseconds at uptime zero of the boot, as last stated by a frame; null where no frame stated it.</summary>
    public long? AnchorUnixMicroseconds { get; init; }

    /// <summary>
    /// Unix microseconds at uptime zero: the anchor, an estimate from the first arrival where there is none, 0 for foreign devices.
    /// </summary>
    public long UptimeZeroMicroseconds =>
        Id.Boot == 0 ? 0 : AnchorUnixMicroseconds ?? (FirstArrivalMicroseconds - FirstTimeMicroseconds);

    /// <summary>Unix microseconds at which the first frame of the stream arrived.</summary>
    public long FirstArrivalMicroseconds { get; init; }

    /// <summary>Unix microseconds at which the newest frame of the stream arrived.</summary>
    public long LastArrivalMicroseconds { get; init; }

    /// <summary>Lowest sample time, in microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long FirstTimeMicroseconds { get; init; }

    /// <summary>Highest sample time, in microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long LastTimeMicroseconds { get; init; }

    /// <summary>Frames stored.</summary>
    public long FrameCount { get; init; }

    /// <summary>Samples stored.</summary>
    public long SampleCount { get; init; }

    /// <summary>Highest n such that all samples below n are stored or declared dropped; 0 for a keyed stream.</summary>
    public long CommittedBelow { get; init; }

    /// <summary>True when a stored frame ended the test.</summary>
    public bool EndsTest { get; init; }

    /// <summary>Stored sample numbers, ascending and disjoint; for a keyed stream one range from the lowest to the highest.</summary>
    public required IReadOnlyList<SampleRange> Stored { get; init; }

    /// <summary>Sample numbers stored or declared dropped, ascending and disjoint; empty for a keyed stream.</summary>
    public required IReadOnlyList<SampleRange> Accounted { get; init; }
}
