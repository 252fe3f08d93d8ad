using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The seconds around an event arrive at the fast rate, through the real encoder, as a kind of their own.</summary>
public sealed class CaptureTests(ITestOutputHelper output)
{
    private const long Second = ScriptedBench.Second;
    private const double VoltsPerCount = 187.5e-6;

    [Fact]
    public void ADipOf20Milliseconds_IsInNoSampleAndInTheCapture()
    {
        var bench = new ScriptedBench(1, node =>
        {
            node.AcquireIntervalMilliseconds = 20;
            node.SampleIntervalMilliseconds = 1000;
        });
        bench.Rigs[0].VoltageNoiseV = 60e-6;
        bench.Rigs[0].VoltageV = s => s is >= 30.49 and < 30.51 ? 3.7 - 0.015 : 3.7;
        bench.RunUntil(60);
        CaptureRecorder captures = bench.Node.Channels[0].Captures!;
        Assert.Equal((1, 0, CaptureCause.Dip), (captures.CaptureCount, captures.HeldOffCount, captures.LastCause));

        long quiet = (long)(3.695 / VoltsPerCount);
        Assert.All(bench.Frames(FrameKind.Samples), frame => Assert.All(
            frame.Counts[SampleColumns.Voltage].Take(frame.Count), count => Assert.True(count > quiet)));

        List<SampleFrame> parts = bench.Frames(FrameKind.Capture);
        Assert.All(parts, part => Assert.InRange(part.Count, 1, CaptureWriter.FrameLimit));
        Assert.Equal(0, parts[0].FirstSampleNumber);
        long[] uptime = [.. parts.SelectMany(part => part.UptimeMicroseconds.Take(part.Count))];
        long[] voltage = [.. parts.SelectMany(part => part.Counts[SampleColumns.Voltage].Take(part.Count))];
        Assert.Equal(captures.NextNumber, uptime.Length);
        output.WriteLine($"{uptime.Length} passes in {parts.Count} frames from {uptime[0]} to {uptime[^1]} us, lowest {voltage.Min() * VoltsPerCount:F4} V");
        Assert.Equal(25.5 * Second, uptime[0], 30_000.0);
        Assert.Equal(31.5 * Second, uptime[^1], 30_000.0);
        Assert.All(uptime.Skip(1).Zip(uptime), pair => Assert.Equal(20_000, pair.First - pair.Second));
        Assert.Single(voltage, count => count < quiet);
        Assert.Equal(3.685, voltage.Min() * VoltsPerCount, 0.0005);
        Assert.Equal(30.5 * Second, uptime[Array.IndexOf(voltage, voltage.Min())], 10_000.0);
        Assert.All(parts, part => Assert.False(part.HasChargeCounters));
        Assert.Contains(bench.Link.Received, message => message.Topic == "pouch/v1/n1/event"
            && System.Text.Encoding.UTF8.GetString(message.Payload).Contains("\"event\":\"capture\"", StringComparison.Ordinal));
    }

    [Fact]
    public void ADipOf20Milliseconds_IsInvisibleAtOneHertz()
    {
        var bench = new ScriptedBench(1, node =>
        {
            node.AcquireIntervalMilliseconds = 1000;
            node.SampleIntervalMilliseconds = 1000;
        });
        bench.Rigs[0].VoltageV = s => s is >= 30.49 and < 30.51 ? 3.7 - 0.015 : 3.7;
        bench.RunUntil(60);
        Assert.Empty(bench.Frames(FrameKind.Capture));
        Assert.All(bench.Frames(FrameKind.Samples), frame => Assert.All(
            frame.Counts[SampleColumns.Voltage].Take(frame.Count), count => Assert.Equal(3.7, count * VoltsPerCount, 1e-4)));
    }

    [Theory]
    [InlineData(106, false)]
    [InlineData(107, true)]
    [InlineData(108, true)]
    [InlineData(-106, false)]
    [InlineData(-107, true)]
    public void AStepOf20Millivolts_TriggersFromItsLevelOn(int counts, bool triggers)
    {
        var bench = new ScriptedBench(1, node => node.Channels[0].CaptureDipMillivolts = 0);
        bench.Rigs[0].VoltageV = s => (20_000 + (s > 10.05 ? counts : 0)) * VoltsPerCount;
        bench.RunUntil(20);
        Assert.Equal(triggers ? CaptureCause.Step : CaptureCause.None, bench.Node.Channels[0].Captures!.LastCause);
        Assert.Equal(triggers, bench.Frames(FrameKind.Capture).Count > 0);
    }

    [Theory]
    [InlineData(42, false)]
    [InlineData(43, true)]
    public void ADipBelowTheLastSecond_TriggersFromItsLevelOn(int counts, bool triggers)
    {
        // Falls slowly enough for no step, within the second.
        var bench = new ScriptedBench(1, node => node.Channels[0].CaptureStepMillivolts = 0);
        bench.Rigs[0].VoltageV = s => (20_000 - (s > 10.05 ? counts : 0)) * VoltsPerCount;
        bench.RunUntil(20);
        Assert.Equal(triggers ? CaptureCause.Dip : CaptureCause.None, bench.Node.Channels[0].Captures!.LastCause);
    }

    [Theory]
    [InlineData(0.2, false)]
    [InlineData(0.02, true)]
    public void AStepOfTheCurrent_ExplainsOneOfTheVoltage(double amperes, bool triggers)
    {
        var bench = new ScriptedBench(1);
        bench.Rigs[0].VoltageV = s => s > 10.05 ? 3.65 : 3.7;
        bench.Rigs[0].CurrentA = s => s > 10.05 ? -amperes : 0;
        bench.RunUntil(20);
        Assert.Equal(triggers ? 1 : 0, bench.Node.Channels[0].Captures!.CaptureCount);
    }

    [Theory]
    [InlineData(0.45, false)]
    [InlineData(0.55, true)]
    public void Heating_Triggers(double kelvinPerSecond, bool triggers)
    {
        var bench = new ScriptedBench(1);
        bench.Rigs[0].SurfaceC = s => 25 + (kelvinPerSecond * Math.Max(0, s - 10));
        bench.RunUntil(20);
        Assert.Equal(triggers ? CaptureCause.Heating : CaptureCause.None, bench.Node.Channels[0].Captures!.LastCause);
    }

    [Fact]
    public void ACommand_TakesOneWhateverTheHoldOff()
    {
        var bench = new ScriptedBench(1);
        bench.RunUntil(10);
        CaptureRecorder captures = bench.Node.Channels[0].Captures!;
        captures.Ask(CaptureCause.Command);
        bench.RunUntil(20);
        captures.Ask(CaptureCause.Command);
        bench.RunUntil(30);
        Assert.Equal((2, CaptureCause.Command), (captures.CaptureCount, captures.LastCause));
        long next = 0;
        foreach (SampleFrame part in bench.Frames(FrameKind.Capture))
        {
            Assert.Equal(next, part.FirstSampleNumber);
            next += part.Count;
        }

        Assert.Equal(captures.NextNumber, next);
    }

    [Fact]
    public void TriggersInTheHoldOff_AreCountedOnly()
    {
        var bench = new ScriptedBench(1, node => node.Channels[0].CaptureHoldOffSeconds = 30);
        bench.Rigs[0].VoltageV = s => Math.Floor(s - 0.05) % 10 == 5 ? 3.6 : 3.7;
        bench.RunUntil(64);
        CaptureRecorder captures = bench.Node.Channels[0].Captures!;

        // Steps at 5, 6, 15, 16, ...; taken at 5 (again from 36 on) and at 45.
        Assert.Equal(2, captures.CaptureCount);
        Assert.True(captures.HeldOffCount >= 8);
    }

    [Fact]
    public void AFullStore_LosesCapturesWithACount()
    {
        var bench = new ScriptedBench(1, node =>
        {
            node.StoreFrameCount = 20;
            node.SampleIntervalMilliseconds = 1000;
        });
        bench.Link.IsReachable = false;
        bench.RunUntil(60);
        CaptureRecorder captures = bench.Node.Channels[0].Captures!;
        captures.Ask(CaptureCause.Command);
        bench.RunUntil(70);
        Assert.True(captures.DroppedPassCount > 0);
        Assert.Equal(captures.NextNumber, captures.DroppedPassCount);
        long lost = captures.NextNumber;
        bench.Link.IsReachable = true;
        bench.RunUntil(200);
        captures.Ask(CaptureCause.Command);
        bench.RunUntil(210);
        SampleFrame first = bench.Frames(FrameKind.Capture)[0];
        Assert.Equal((lost, lost), (first.FirstSampleNumber, first.DroppedBeforeCount));
    }

    [Fact]
    public void Ring_KeepsTheNewestPasses()
    {
        var ring = new CaptureRing(5);
        var pass = new CellSample();
        for (int i = 0; i < 12; i++)
        {
            pass.Clear();
            pass.UptimeMicroseconds = i * 100;
            pass.SetGood(SampleColumns.Voltage, i);
            pass.Set(SampleColumns.Surface, SensorState.Open, 0);
            ring.Add(pass);
        }

        Assert.Equal((7, 12), (ring.Oldest, ring.Next));
        var frame = new SampleFrame(5);
        ring.CopyTo(frame, 8, 4);
        Assert.Equal([8, 9, 10, 11], frame.Counts[SampleColumns.Voltage].Take(4));
        Assert.Equal([800, 900, 1000, 1100], frame.UptimeMicroseconds.Take(4));
        Assert.Equal(SensorState.Open, ring.StateOf(7, SampleColumns.Surface));
    }

    [Theory]
    [InlineData("captureStepMillivolts", 5001, "captureStepMillivolts of channel 1 is 5001, must be 0 to 5000")]
    [InlineData("captureBeforeMilliseconds", 30_001, "captureBeforeMilliseconds of channel 1 is 30001, must be 0 to 30000")]
    [InlineData("captureAfterMilliseconds", 19, "captureAfterMilliseconds of channel 1 is 19, must be 20 to 10000")]
    [InlineData("captureHoldOffSeconds", -1, "captureHoldOffSeconds of channel 1 is -1, must be 0 to 86400")]
    public void Settings_HaveLimits(string setting, int value, string expected)
    {
        Assert.Null(ConfigurationText.Read($"node = n\nbrokerHost = h\nchannel.1.{setting} = {value}", out string fault));
        Assert.Equal(expected, fault);
    }
}
