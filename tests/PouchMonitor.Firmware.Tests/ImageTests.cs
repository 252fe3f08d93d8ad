using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Images of the infrared array, from the part's registers to the frame.</summary>
public sealed class ImageTests
{
    private const int HotPixel = 29;

    [Fact]
    public void AnImage_IsSentAtItsIntervalWithEveryPixelInItsPlace()
    {
        var bench = new ScriptedBench(1, node => node.Channels[0].ArrayAddress = 0x69);
        bench.Rigs[0].PixelC = (pixel, _) => pixel == HotPixel ? 61.25 : pixel == 3 ? 95 : -0.25;
        bench.RunUntil(30);
        List<SampleFrame> images = bench.Frames(FrameKind.Image);
        Assert.InRange(images.Count, 5, 7);
        for (int k = 0; k < images.Count; k++)
        {
            SampleFrame image = images[k];
            Assert.Equal((64, 64L * k, 0L), (image.Count, image.FirstSampleNumber, image.DroppedBeforeCount));
            Assert.Equal(4, image.Scales[SampleColumns.Infrared].Denominator);
            Assert.Equal(61.25 * 4, image.Counts[SampleColumns.Infrared][HotPixel]);
            Assert.Equal(-1, image.Counts[SampleColumns.Infrared][0]);
            Assert.Equal(SensorState.Saturated, SensorStates.Get(image.States[3], SampleColumns.Infrared));
            Assert.Equal(SensorState.Good, SensorStates.Get(image.States[HotPixel], SampleColumns.Infrared));
        }

        Assert.All(images.Skip(1).Zip(images), pair => Assert.InRange(
            pair.First.UptimeMicroseconds[0] - pair.Second.UptimeMicroseconds[0], 5_000_000, 6_100_000));
    }

    [Fact]
    public void WithoutAnArrayOrWithoutAnInterval_NoImageIsSent()
    {
        var without = new ScriptedBench(1);
        without.RunUntil(20);
        Assert.Empty(without.Frames(FrameKind.Image));
        var off = new ScriptedBench(1, node =>
        {
            node.Channels[0].ArrayAddress = 0x69;
            node.Channels[0].ImageIntervalSeconds = 0;
        });
        off.RunUntil(20);
        Assert.Empty(off.Frames(FrameKind.Image));
    }

    [Fact]
    public void AnArrayThatDoesNotAnswer_SendsNoImageOfTheOneBefore()
    {
        var bench = new ScriptedBench(1, node => node.Channels[0].ArrayAddress = 0x69);
        bench.RunUntil(12);
        int before = bench.Frames(FrameKind.Image).Count;
        Assert.True(bench.Multiplexer.Segment(0).Detach(0x69));
        bench.RunUntil(24);
        Assert.Equal(before, bench.Frames(FrameKind.Image).Count);
    }
}
