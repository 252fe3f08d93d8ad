using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>One boot of a node on one channel: where its uptime zero lies on the clock.</summary>
internal sealed class BootLine
{
    /// <summary>Boot number that stands for JSON samples, whose sample number is their Unix microsecond.</summary>
    public const ulong Foreign = 0;

    private long anchorNumber = long.MinValue;

    public BootLine(SampleFrame first, long receivedMicroseconds)
    {
        Boot = first.Boot;
        StartMicroseconds = receivedMicroseconds - first.UptimeMicroseconds[first.Count - 1];
        UnassignedSinceMicroseconds = receivedMicroseconds;
        ReceivedMicroseconds = receivedMicroseconds;
        Arrived(first);
        UpdateAnchor(first);
    }

    /// <summary>Number after the highest that has arrived.</summary>
    public long EndNumber { get; private set; } = long.MinValue;

    public ulong Boot { get; }

    /// <summary>Unix microseconds at uptime zero: the anchor, or an estimate from the first arrival.</summary>
    public long StartMicroseconds { get; private set; }

    public bool IsAnchored { get; private set; }

    /// <summary>True when numbers are sparse, so that a gap between them means nothing.</summary>
    public bool IsSparse => Boot == Foreign;

    /// <summary>True once its samples belong to a test.</summary>
    public bool IsAssigned { get; set; }

    public long UnassignedSinceMicroseconds { get; }

    /// <summary>When the newest of its frames arrived.</summary>
    public long ReceivedMicroseconds { get; set; }

    /// <summary>True when nothing is missing between a number and a frame of this boot, but what the frame declares lost.</summary>
    public bool IsContiguous(SampleFrame frame, long nextNumber) =>
        frame.FirstSampleNumber >= nextNumber && (IsSparse || frame.FirstSampleNumber - frame.DroppedBeforeCount <= nextNumber);

    /// <summary>Notes that a frame has arrived.</summary>
    public void Arrived(SampleFrame frame) => EndNumber = Math.Max(EndNumber, frame.FirstSampleNumber + frame.Count);

    /// <summary>Takes the anchor of the frame with the highest number, whatever the order of arrival.</summary>
    /// <returns>True when uptime zero has moved.</returns>
    public bool UpdateAnchor(SampleFrame frame)
    {
        if (!frame.HasBootAnchor || frame.FirstSampleNumber < anchorNumber)
        {
            return false;
        }

        anchorNumber = frame.FirstSampleNumber;
        IsAnchored = true;
        bool moved = StartMicroseconds != frame.BootAnchorUnixMicroseconds;
        StartMicroseconds = frame.BootAnchorUnixMicroseconds;
        return moved;
    }
}
