using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Encodes stretches of a ring as frames of kind capture and hands them to the store. One for all channels of a node, since
/// they are served one after the other; a long capture goes out as several frames, one a pass, so that no pass is held up
/// for long. Captures are evidence beside the samples: never integrated, numbered by their own count.
/// </summary>
public sealed class CaptureWriter
{
    /// <summary>Passes of one frame at most.</summary>
    public const int FrameLimit = 100;

    private const int HeaderBytes = 1024;
    private const int BytesPerPass = 128;

    private readonly BootAnchor anchor;
    private readonly FrameStore store;
    private readonly NodeReports reports;
    private readonly SampleFrame frame;
    private readonly byte[] buffer = new byte[HeaderBytes + (FrameLimit * BytesPerPass)];

    public CaptureWriter(BootAnchor anchor, FrameStore store, NodeReports reports, string node, ulong boot)
    {
        this.anchor = anchor;
        this.store = store;
        this.reports = reports;
        frame = new SampleFrame(FrameLimit) { Node = node, Boot = boot, Kind = FrameKind.Capture };
    }

    /// <summary>
    /// Stores passes <paramref name="from"/> to from + <paramref name="count"/> as capture samples from number
    /// <paramref name="firstNumber"/> on, of which <paramref name="droppedBefore"/> before it are lost; false when the store
    /// had no room.
    /// </summary>
    public bool Write(
        string channel, string topic, ICellSensors sensors, CaptureRing ring, long from, int count, long firstNumber,
        long droppedBefore)
    {
        frame.Channel = channel;
        frame.FirstSampleNumber = firstNumber;
        frame.DroppedBeforeCount = droppedBefore;
        frame.IsLive = store.IsFlowing;
        frame.HasBootAnchor = anchor.TryGet(out long anchorUnixMicroseconds);
        frame.BootAnchorUnixMicroseconds = anchorUnixMicroseconds;
        sensors.FillScales(frame.Scales);
        ring.CopyTo(frame, from, count);
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        return store.TryAdd(topic, buffer, length, count, false);
    }

    /// <summary>Says that a capture was taken, and why.</summary>
    public void Report(string channel, CaptureCause cause)
    {
        reports.AddEvent("capture", channel, (long)cause);
    }
}
