using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Firmware.Timing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>Encodes an infrared image as a frame of kind image and hands it to the store. One for all channels of a node.</summary>
public sealed class ImageWriter
{
    private const int HeaderBytes = 1024;
    private const int BytesPerPixel = 16;
    private const int CountsPerDegree = 4;

    // 80 C in quarters of a degree: the pixel is at or beyond the part's range.
    private const int HighestCount = CountsPerDegree * Amg8833.HighestMillidegreesCelsius / 1000;

    private readonly BootAnchor anchor;
    private readonly FrameStore store;
    private readonly CellSample pixel = new CellSample();
    private readonly SampleFrame frame;
    private readonly byte[] buffer = new byte[HeaderBytes + (ImageRules.Pixels * BytesPerPixel)];

    public ImageWriter(BootAnchor anchor, FrameStore store, string node, ulong boot)
    {
        this.anchor = anchor;
        this.store = store;
        frame = new SampleFrame(ImageRules.Pixels) { Node = node, Boot = boot, Kind = FrameKind.Image };
        frame.Scales[SampleColumns.Infrared].Denominator = CountsPerDegree;
    }

    /// <summary>
    /// Stores the array's last reading as image pixels from number <paramref name="firstNumber"/> on, of which
    /// <paramref name="droppedBefore"/> before it are lost; false when the store had no room.
    /// </summary>
    public bool Write(string channel, string topic, Amg8833 array, long uptimeMicroseconds, long firstNumber, long droppedBefore)
    {
        frame.Clear();
        for (int i = 0; i < ImageRules.Pixels; i++)
        {
            int count = array.Pixel(i);
            pixel.Clear();
            pixel.Number = firstNumber + i;
            pixel.UptimeMicroseconds = uptimeMicroseconds;
            pixel.Set(SampleColumns.Infrared, count >= HighestCount ? SensorState.Saturated : SensorState.Good, count);
            frame.Add(pixel);
        }

        frame.Channel = channel;
        frame.DroppedBeforeCount = droppedBefore;
        frame.IsLive = store.IsFlowing;
        frame.HasBootAnchor = anchor.TryGet(out long anchorUnixMicroseconds);
        frame.BootAnchorUnixMicroseconds = anchorUnixMicroseconds;
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        return store.TryAdd(topic, buffer, length, 0, false);
    }
}
