namespace PouchMonitor.Gateway.Journal;

/// <summary>One stored frame, read back. Reused by its cursor: valid until the cursor moves on.</summary>
public sealed class JournalRecord
{
    internal byte[] Buffer { get; set; } = new byte[4096];

    internal int BytesOffset { get; set; }
    internal int BytesLength { get; set; }

    /// <summary>Position in commit order.</summary>
    public long Position { get; internal set; }

    /// <summary>Stream of the frame.</summary>
    public StreamId Stream { get; internal set; }

    /// <summary>Number of the first sample.</summary>
    public long FirstSampleNumber { get; internal set; }

    /// <summary>Samples in the frame.</summary>
    public int Count { get; internal set; }

    /// <summary>Samples declared lost just before the first.</summary>
    public long DroppedBeforeCount { get; internal set; }

    /// <summary>Time of the first sample, microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long FirstTimeMicroseconds { get; internal set; }

    /// <summary>Time of the last sample, microseconds of uptime (Unix microseconds for boot 0).</summary>
    public long LastTimeMicroseconds { get; internal set; }

    /// <summary>Unix microseconds at uptime zero as this frame stated it; null where it did not.</summary>
    public long? AnchorUnixMicroseconds { get; internal set; }

    /// <summary>Unix microseconds at which the gateway received it.</summary>
    public long ReceivedAtMicroseconds { get; internal set; }

    /// <summary>True when it was sent as it was measured.</summary>
    public bool IsLive { get; internal set; }

    /// <summary>True when the test ends with it.</summary>
    public bool EndsTest { get; internal set; }

    /// <summary>The raw bytes as they came.</summary>
    public ReadOnlySpan<byte> Bytes => Buffer.AsSpan(BytesOffset, BytesLength);

    /// <summary>The array that holds the raw bytes, for decoders that take an array.</summary>
    public byte[] Array => Buffer;

    /// <summary>Where the raw bytes start in <see cref="Array"/>.</summary>
    public int ArrayOffset => BytesOffset;

    /// <summary>Number of raw bytes.</summary>
    public int Length => BytesLength;
}
