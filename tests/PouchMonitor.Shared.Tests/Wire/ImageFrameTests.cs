using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>What an image frame keeps to, in the encoder and in the decoder alike.</summary>
public class ImageFrameTests
{
    [Fact]
    public void WholeImages_ComeBackPixelByPixel()
    {
        SampleFrame frame = Vectors.Content("image-2");
        Assert.Equal((FrameKind.Image, 128, 6400L), (frame.Kind, frame.Count, frame.FirstSampleNumber));
        byte[] bytes = Frames.Encode(frame);
        Assert.Null(Frames.Difference(frame, Frames.Decode(bytes)));

        // Within two bytes a pixel, names and head included.
        Assert.InRange(bytes.Length, 64, 200);
    }

    public static TheoryData<string, DecodeFault> Broken() => new()
    {
        { "part of an image", DecodeFault.BadCount },
        { "between two images", DecodeFault.BadCount },
        { "a drop of part of an image", DecodeFault.BadCount },
        { "a pixel at another time", DecodeFault.BadTime },
        { "a voltage", DecodeFault.BadStates },
        { "counters", DecodeFault.ReservedBits },
        { "extremes", DecodeFault.ReservedBits },
    };

    [Theory]
    [MemberData(nameof(Broken))]
    public void AnythingElse_IsRefusedByBothEnds(string what, DecodeFault fault)
    {
        SampleFrame frame = Vectors.Content("image-2");
        switch (what)
        {
            case "part of an image": frame.Count = 127; break;
            case "between two images": frame.FirstSampleNumber = 6401; break;
            case "a drop of part of an image": frame.DroppedBeforeCount = 1; break;
            case "a pixel at another time": frame.UptimeMicroseconds[127] += 1; break;
            case "a voltage": frame.States[5] = SensorStates.With(frame.States[5], SampleColumns.Voltage, SensorState.Good); break;
            case "counters": frame.HasChargeCounters = true; break;
            default: frame.HasVoltageExtremes = true; break;
        }

        ArgumentException refused = Assert.Throws<ArgumentException>(() => Frames.Encode(frame));
        Assert.Contains("whole images of 64 pixels", refused.Message, StringComparison.Ordinal);

        // The same content as a capture is lawful; made an image on the wire it must be refused there too.
        frame.Kind = FrameKind.Capture;
        byte[] bytes = Frames.Encode(frame);
        bytes[3] = (byte)FrameKind.Image;
        uint sum = Crc32C.Compute(bytes, 0, bytes.Length - 4);
        BitConverter.TryWriteBytes(bytes.AsSpan(bytes.Length - 4), sum);
        Assert.Equal(fault, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, new SampleFrame(256)));
    }
}
