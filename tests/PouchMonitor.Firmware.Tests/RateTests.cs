using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Passes and published samples have rates of their own; what lies between two samples is not lost.</summary>
public sealed class RateTests(ITestOutputHelper output)
{
    private const long Second = ScriptedBench.Second;

    // 187.5 uV and 100 mOhm at 7.8125 uV.
    private const double VoltsPerCount = 187.5e-6;
    private const double AmperesPerCount = 78.125e-6;

    [Fact]
    public void TenPassesASample_CarryTheExtremesBetweenThem()
    {
        var bench = new ScriptedBench(1, node => node.SampleIntervalMilliseconds = 1000);
        bench.Rigs[0].VoltageV = s => s is > 4.45 and < 4.55 ? 3.6 : s is > 6.25 and < 6.35 ? 3.9 : 3.7;
        bench.RunUntil(20);
        ChannelSampler channel = bench.Node.Channels[0];
        Assert.Equal(201, channel.PassCount);
        Assert.Equal(21, channel.SampleCount);
        List<(long Low, long Value, long High)> samples = [.. bench.Frames(FrameKind.Samples).SelectMany(Read)];
        int quiet = Count(3.7);
        Assert.All(samples, sample => Assert.Equal(quiet, sample.Value));
        for (int i = 0; i < samples.Count; i++)
        {
            Assert.Equal(i == 5 ? Count(3.6) : quiet, samples[i].Low);
            Assert.Equal(i == 7 ? Count(3.9) : quiet, samples[i].High);
        }

        static IEnumerable<(long Low, long Value, long High)> Read(SampleFrame frame)
        {
            Assert.True(frame.HasVoltageExtremes);
            return Enumerable.Range(0, frame.Count).Select(i =>
                (frame.VoltageMinimumCounts[i], frame.Counts[SampleColumns.Voltage][i], frame.VoltageMaximumCounts[i]));
        }
    }

    [Fact]
    public void APassASample_CarriesNoExtremes()
    {
        var bench = new ScriptedBench(1);
        bench.RunUntil(5);
        Assert.Equal(bench.Node.Channels[0].PassCount, bench.Node.Channels[0].SampleCount);
        Assert.All(bench.Frames(FrameKind.Samples), frame => Assert.False(frame.HasVoltageExtremes));
    }

    [Fact]
    public void AVoltageThatIsNotBelieved_IsNoExtreme()
    {
        var extremes = new VoltageExtremes();
        var pass = new CellSample();
        pass.Set(SampleColumns.Voltage, SensorState.BusError, 0);
        extremes.Add(pass);
        pass.SetGood(SampleColumns.Voltage, 20_000);
        extremes.Add(pass);
        pass.Set(SampleColumns.Voltage, SensorState.Saturated, 32_767);
        extremes.Add(pass);
        pass.Set(SampleColumns.Voltage, SensorState.OutOfRange, 5);
        extremes.Add(pass);
        Assert.Equal((20_000, 32_767), (extremes.Lowest, extremes.Highest));
        extremes.Clear();
        Assert.Equal((0, 0), (extremes.Lowest, extremes.Highest));
    }

    [Fact]
    public void Charge_IsCountedFromEveryPassNotFromTheSamples()
    {
        // Half a second of 2 A in each ten, never at the moment of a sample.
        var bench = new ScriptedBench(1, node =>
        {
            node.SampleIntervalMilliseconds = 10_000;
            node.PublishIntervalMilliseconds = 10_000;
        });
        bench.Rigs[0].CurrentA = s => s % 10 is > 4.96 and < 5.46 ? 2 : 0;
        bench.RunUntil(100.5);
        double chargedAs = bench.Node.Channels[0].Counter.Charged * AmperesPerCount / 1e6;
        output.WriteLine($"{chargedAs:F4} A s");
        Assert.Equal(10 * 2 * 0.5, chargedAs, 1e-3);
        Assert.All(bench.Frames(FrameKind.Samples), frame => Assert.All(
            frame.Counts[SampleColumns.Current].Take(frame.Count), count => Assert.Equal(0, count)));
    }

    [Fact]
    public void FourChannelsAtTenHertz_FitWithAMargin()
    {
        var bench = new ScriptedBench(4, node =>
        {
            node.SampleIntervalMilliseconds = 1000;
            foreach (var channel in node.Channels)
            {
                channel.ThermocoupleAddress = 0x60;
                channel.ArrayAddress = 0x69;
            }
        });
        long busy = 0;
        long worstAge = 0;
        long before = 0;
        bench.RunUntil(60, () =>
        {
            ChannelSampler served = bench.Node.Channels.MaxBy(channel => channel.LastSample.UptimeMicroseconds)!;
            busy += bench.Board.Time.UptimeMicroseconds - served.LastSample.UptimeMicroseconds;
            long age = served.LastSample.UptimeMicroseconds - served.Sensors.ReadAtMicroseconds(SampleColumns.Surface);
            worstAge = Math.Max(worstAge, age);
            before++;
        });
        double share = busy / (60.0 * Second);
        output.WriteLine($"bus and waiting {share:P1} of the time, worst age of a surface reading {worstAge} us, {before} passes");

        // Channels take turns every 25 ms, so even a pass of everything at once is over in half of its turn.
        foreach (ChannelSampler channel in bench.Node.Channels)
        {
            output.WriteLine($"channel {channel.Channel}: longest pass {channel.LongestPassMicroseconds} us, worst lateness {channel.WorstLatenessMicroseconds} us");
            Assert.Equal(0, channel.MissedPassCount);
            Assert.Equal(0, channel.WorstLatenessMicroseconds);
            Assert.Equal(600, channel.PassCount, 1.0);
            Assert.InRange(channel.LongestPassMicroseconds, 1000, 12_500);
        }

        // The runtime of the device takes about as long again between transfers as the wires do.
        Assert.InRange(share, 0.05, 0.25);
        Assert.InRange(worstAge, 0, 200_000);
    }

    [Fact]
    public void VoltageAndCurrent_StartWithin300Microseconds()
    {
        var bench = new ScriptedBench(4);
        long worst = 0;
        bench.RunUntil(10, () =>
        {
            foreach (var rig in bench.Rigs.Where(rig => rig.CurrentConverter.ConversionCount > 0))
            {
                long skew = rig.CurrentConverter.StartedMicroseconds - rig.VoltageConverter.StartedMicroseconds;
                Assert.True(skew >= 0);
                worst = Math.Max(worst, skew);
            }
        });
        output.WriteLine($"worst skew {worst} us");
        Assert.InRange(worst, 1, 300);
    }

    [Fact]
    public void Abuse_RunsOneChannelAtFiftyHertzAndTheOthersAtOne()
    {
        var bench = new ScriptedBench(4, node => node.SampleIntervalMilliseconds = 1000);
        bench.Node.Channels[3].KeepsRate = true;
        bench.RunUntil(10);
        Assert.Null(bench.Node.Abuse.Begin(1, out _));
        Assert.Contains("channel 2 is in abuse mode", bench.Node.Abuse.Begin(2, out _), StringComparison.Ordinal);
        long[] passes = Passes();
        long[] missed = [.. bench.Node.Channels.Select(channel => channel.MissedPassCount)];
        bench.RunUntil(30);
        Assert.Equal([20, 1000, 20, 200], Passes().Zip(passes, (now, then) => now - then), Near);
        Assert.Equal(missed, bench.Node.Channels.Select(channel => channel.MissedPassCount));
        Assert.InRange(bench.Node.Channels[1].WorstLatenessMicroseconds, 0, 12_000);
        Assert.InRange(bench.Node.Channels[1].Lateness.MeanMicroseconds, 0, 1_000);
        output.WriteLine($"abused channel: mean lateness {bench.Node.Channels[1].Lateness.MeanMicroseconds} us, worst {bench.Node.Channels[1].WorstLatenessMicroseconds} us");
        List<SampleFrame> fast = [.. bench.Frames(FrameKind.Samples, "2").Where(frame => frame.UptimeMicroseconds[0] > 12 * Second)];
        Assert.True(fast.Count >= 80, $"{fast.Count} frames");
        Assert.All(fast, frame => Assert.InRange(frame.UptimeMicroseconds[frame.Count - 1] - frame.UptimeMicroseconds[0], 0, 220_000));
        bench.Node.Abuse.End();
        passes = Passes();
        bench.RunUntil(40);
        Assert.Equal([100, 100, 100, 100], Passes().Zip(passes, (now, then) => now - then), Near);

        long[] Passes() => [.. bench.Node.Channels.Select(channel => channel.PassCount)];
        static bool Near(long a, long b) => Math.Abs(a - b) <= 2;
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(2)]
    public void Abuse_OfAChannelThatIsNotThere_IsRefused(int index)
    {
        var bench = new ScriptedBench(2);
        Assert.Equal($"channel index is {index}, must be 0 to 1", bench.Node.Abuse.Begin(index, out _));
    }

    [Fact]
    public void Lateness_IsAHistogramWithMeanAndWorst()
    {
        var record = new LatenessRecord();
        foreach (long lateness in (long[])[-5, 0, 100, 101, 1000, 19_999, 20_000, 20_001, 1_000_000, 1_000_001])
        {
            record.Add(lateness);
        }

        long[] counts = [.. Enumerable.Range(0, LatenessRecord.ClassCount).Select(record.CountOf)];
        Assert.Equal([3, 2, 0, 0, 0, 2, 1, 0, 1, 1], counts);
        Assert.Equal(10, record.Count);
        Assert.Equal(1_000_001, record.WorstMicroseconds);
        Assert.Equal(206_120, record.MeanMicroseconds);
        Assert.Equal(100, LatenessRecord.UpperEndMicroseconds(0));
    }

    [Fact]
    public void AStall_LosesGridPointsThatAreCounted()
    {
        var bench = new ScriptedBench(1, node => node.SampleIntervalMilliseconds = 1000);
        bench.RunUntil(9.95);
        bench.Board.Time.WaitMicroseconds(3_400_000);
        bench.RunUntil(20);
        ChannelSampler channel = bench.Node.Channels[0];
        Assert.Equal(201, channel.PassCount + channel.MissedPassCount);
        Assert.Equal(33, channel.MissedPassCount);
        Assert.Equal(21, channel.SampleCount + channel.MissedCount);
        Assert.Equal(3, channel.MissedCount);
        Assert.Equal(3_350_000, channel.WorstLatenessMicroseconds);
    }

    [Fact]
    public void EndTest_SendsALastSampleBetweenTwoSamples()
    {
        var bench = new ScriptedBench(1, node =>
        {
            node.SampleIntervalMilliseconds = 10_000;
            node.PublishIntervalMilliseconds = 10_000;
        });
        bench.RunUntil(25);
        bench.Node.EndTest(0);
        bench.RunUntil(26);
        SampleFrame last = bench.Frames(FrameKind.Samples)[^1];
        Assert.True(last.EndsTest);
        Assert.Equal(bench.Node.Channels[0].SampleCount, last.FirstSampleNumber + last.Count);
    }

    [Fact]
    public void Passes_AllocateNothingBetweenFrames()
    {
        var bench = new ScriptedBench(4, node =>
        {
            node.SampleIntervalMilliseconds = 1000;
            node.FrameSampleCount = 4000;
            node.PublishIntervalMilliseconds = 86_400_000;
            node.Channels[0].ThermocoupleAddress = 0x60;
            node.Channels[0].ArrayAddress = 0x69;

            // An image is a frame as well.
            node.Channels[0].ImageIntervalSeconds = 3600;
        });
        long fewest = long.MaxValue;
        for (int until = 20; until <= 100; until += 20)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            while (bench.Node.Loop.RunNext(until * Second))
            {
            }

            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
        Assert.True(bench.Node.Channels[0].PassCount > 990);
    }

    private static int Count(double volts) => (int)Math.Round(volts / VoltsPerCount);
}
