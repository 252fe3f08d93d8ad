using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Shared.Tests.Wire;

/// <summary>What a frame costs on the wire, all included.</summary>
public class FrameSizeTests(ITestOutputHelper output)
{
    private const double TargetBytesPerSample = 5.0;

    [Fact]
    public void SixtySamplesOfFiveNoisyColumns_TakeAtMostFiveBytesEach()
    {
        int worst = 0;
        int total = 0;
        for (int seed = 0; seed < 200; seed++)
        {
            int length = Frames.Encode(TypicalFrames.Noisy(60, seed)).Length;
            worst = Math.Max(worst, length);
            total += length;
        }

        output.WriteLine($"mean {total / 200.0 / 60:F3}, worst {worst / 60.0:F3} bytes a sample");
        Assert.True(worst <= 60 * TargetBytesPerSample, $"{worst} bytes for 60 samples, {60 * TargetBytesPerSample} allowed");
    }

    [Fact]
    public void NormalNoise_TakesAtMostFiveBytesEach()
    {
        foreach (int count in new[] { 60, 600, 4096 })
        {
            int worst = 0;
            for (int seed = 0; seed < 50; seed++)
            {
                worst = Math.Max(worst, Frames.Encode(TypicalFrames.NoisyNormal(count, seed)).Length);
            }

            output.WriteLine($"{count} samples: worst {worst / (double)count:F3} bytes a sample; uniform {Frames.Encode(TypicalFrames.Noisy(count, 1)).Length / (double)count:F3}");
            Assert.True(worst <= count * TargetBytesPerSample, $"{worst} bytes for {count} samples");
        }
    }

    [Fact]
    public void LiveMinuteWithAStepAnOutlierAndExtremes_StaysBelowOneKilobyte()
    {
        SampleFrame frame = TypicalFrames.NoisyNormal(60, 1);
        frame.HasVoltageExtremes = true;
        for (int i = 0; i < 60; i++)
        {
            for (int column = 0; column < SampleColumns.FirstExtraSurface; column++)
            {
                frame.Counts[column][i] += i < 30 ? 0 : 1500;
            }

            frame.Counts[SampleColumns.Voltage][i] = i == 45 ? short.MaxValue : frame.Counts[SampleColumns.Voltage][i];
            frame.VoltageMinimumCounts[i] = frame.Counts[SampleColumns.Voltage][i] - (i % 7);
            frame.VoltageMaximumCounts[i] = frame.Counts[SampleColumns.Voltage][i] + (i % 5);
        }

        int length = Frames.Encode(frame).Length;
        output.WriteLine($"{length} bytes");
        Assert.True(length <= 1024, $"{length} bytes");
    }
}
