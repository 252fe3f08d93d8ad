using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation.Abuse;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary>
/// Emulated abuses of every kind and outcome through the firmware: nothing of the seconds before the trigger is missing, the trigger
/// input's time holds, and what the sensors show is what really happened.
/// </summary>
public sealed class AbuseNodeTests(ITestOutputHelper output)
{
    // The thermistor's curve and converter, and a reading that is up to 80 ms old.
    private const double SurfaceK = 0.6;

    private const long FastMicroseconds = 20_000;

    // A sector of the flash that is erased holds the node up; then points of the grid are left out and no number is missing.
    private const long ErasingMicroseconds = 500_000;

    public static TheoryData<EmulatedAbuseKind> Kinds => [.. Enum.GetValues<EmulatedAbuseKind>()];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void EveryOutcome_ArrivesWholeAndAsItWas(EmulatedAbuseKind kind)
    {
        foreach (EmulatedAbuseOutcome outcome in Enum.GetValues<EmulatedAbuseOutcome>())
        {
            ulong seed = (ulong)Random.Shared.Next(1, 1_000_000);
            AbuseScript script = AbuseScript.Create(kind, outcome, seed: seed, ovenCPerMinute: 30);
            AbuseTruth truth = AbuseTruth.Of(script, 1200);
            output.WriteLine($"{kind} {outcome} seed {seed}: {truth.MaximumSurfaceC:F1} C after {truth.MaximumAtS:F2} s, vented {truth.VentedAtS:F2} s");
            AbuseBench bench = new(script);
            bench.RunUntilAfterEvent(truth.MaximumAtS + 5);
            Sample[] samples = FastSamples(bench);
            AssertWhole(samples, bench.EventS - 30);
            AssertTrigger(bench);

            double seen = samples.Where(sample => sample.IsGood(SampleColumns.Surface)).Max(sample => sample.Values[SampleColumns.Surface]);

            // The thermistor's divider shows a short circuit from some 240 C on.
            Assert.InRange(seen, Math.Min(200, truth.MaximumSurfaceC - SurfaceK), Math.Min(250, truth.MaximumSurfaceC + SurfaceK));
            double thermocouple = samples.Where(sample => sample.IsGood(SampleColumns.FirstExtraSurface)).Max(sample => sample.Values[SampleColumns.FirstExtraSurface]);
            Assert.Equal(truth.MaximumSurfaceC, thermocouple, SurfaceK);
            AssertOutcome(script, truth);
        }
    }

    /// <summary>At the worst moment: thermistor and thermocouple go, the infrared thermometer is at its end, and every loss is a state.</summary>
    [Fact]
    public void LostSensors_AreStatesAndHideNothing()
    {
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Runaway, EmulatedAbuseFault.SensorLoss, seed: 4);
        AbuseTruth truth = AbuseTruth.Of(script, 120);
        AbuseBench bench = new(script);
        bench.RunUntilAfterEvent(60);
        Sample[] samples = FastSamples(bench);
        AssertWhole(samples, bench.EventS - 30);
        Sample atPeak = samples.First(sample => sample.TimeMicroseconds / 1e6 >= bench.EventS + truth.MaximumAtS);
        Assert.Equal(SensorState.Saturated, atPeak.StateOf(SampleColumns.Infrared));
        Assert.NotEqual(SensorState.Good, atPeak.StateOf(SampleColumns.Surface));
        Assert.NotEqual(SensorState.Good, atPeak.StateOf(SampleColumns.FirstExtraSurface));
        double lostS = samples.First(sample => sample.TimeMicroseconds / 1e6 > bench.EventS && !sample.IsGood(SampleColumns.Surface)).TimeMicroseconds / 1e6;
        Assert.Equal(truth.HotAtS(150)!.Value, lostS - bench.EventS, 0.1);
    }

    [Fact]
    public void TheImage_ShowsTheHotSpot()
    {
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.NearMiss, seed: 9);
        AbuseBench bench = new(script);
        bench.RunUntilAfterEvent(60);
        AbuseImage image = bench.Images().Last();
        Assert.Equal((8, 8, 64), (image.Rows, image.Columns, image.TemperaturesC.Count));
        double hottest = image.TemperaturesC.Max();
        Assert.Equal(bench.Node.Abuse!.Cell.SurfaceC, hottest, 2.0);
        Assert.True(hottest - image.TemperaturesC.Min() > 4, $"from {image.TemperaturesC.Min()} to {hottest} C");
        int at = image.TemperaturesC.ToList().IndexOf(hottest);
        Assert.InRange(at / 8, 1, 6);
        Assert.InRange(at % 8, 1, 6);
    }

    /// <summary>The network is away from before the event until after it: all of it comes later, the trigger's word as well.</summary>
    [Fact]
    public void WithoutNetworkForTheWholeEvent_AllComesLater()
    {
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Crush, EmulatedAbuseOutcome.Runaway, seed: 5);
        AbuseBench bench = new(script);
        bench.Broker.IsReachable = false;
        bench.RunUntilAfterEvent(300);
        Assert.True(FastSamples(bench)[^1].TimeMicroseconds / 1e6 < bench.EventS - 20);
        bench.Broker.IsReachable = true;
        bench.Run(120);
        Sample[] samples = FastSamples(bench);
        AssertWhole(samples, bench.EventS - 30, ErasingMicroseconds);
        Assert.True(samples[^1].TimeMicroseconds / 1e6 > bench.EventS + 410);
        AssertTrigger(bench);
        Assert.Contains(bench.Frames(FrameKind.Samples), frame => !frame.IsLive);
    }

    /// <summary>The node is cut off two seconds after the event and starts anew: it goes on fast by itself, and what is missing is the gap.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void ANodeThatStartsAnewInTheMiddle_GoesOnByItself(bool hasNetwork)
    {
        AbuseScript script = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.Vent, seed: 6);
        AbuseBench bench = new(script);
        bench.RunUntilAfterEvent(2);
        bench.Broker.IsReachable = hasNetwork;
        bench.Run(20);
        double cutS = AbuseBench.StartS + bench.NowS;
        ulong before = bench.Node.Node.Boot;
        bench.Node.Reboot();
        bench.Run(20);
        Assert.Equal("1", bench.Node.Node.Abuse.FastChannel);
        bench.Broker.IsReachable = true;
        bench.Run(60);
        Assert.NotEqual(before, bench.Node.Node.Boot);
        Sample[] samples = FastSamples(bench);
        Sample[] earlier = [.. samples.Where(sample => sample.TimeMicroseconds / 1e6 < cutS)];
        Sample[] later = [.. samples.Where(sample => sample.TimeMicroseconds / 1e6 >= cutS)];
        output.WriteLine($"lost {cutS - (earlier[^1].TimeMicroseconds / 1e6):F2} s before the cut and {(later[0].TimeMicroseconds / 1e6) - cutS:F2} s after it");
        AssertWhole(earlier, bench.EventS - 30, ErasingMicroseconds);
        AssertWhole(later, later[0].TimeMicroseconds / 1e6, ErasingMicroseconds);
        Assert.InRange(cutS - (earlier[^1].TimeMicroseconds / 1e6), 0, hasNetwork ? 0.3 : 10);
        Assert.InRange((later[0].TimeMicroseconds / 1e6) - cutS, 0, 0.1);
        Assert.Equal(0, later[0].Number);
    }

    /// <summary>A relay that opens cuts the source of an overcharge; the cell cools.</summary>
    [Fact]
    public void ATrip_EndsWhatTheSourceDoes()
    {
        AbuseBench bench = new(AbuseScript.Create(EmulatedAbuseKind.Overcharge, EmulatedAbuseOutcome.Runaway, seed: 3));
        EmulatedPins lines = bench.Node.Board.Lines;
        lines.SetRelay(0, true);
        bench.RunUntilAfterEvent(200);
        Assert.Equal(6, bench.Node.Abuse!.Cell.CurrentA, 0.01);
        lines.SetRelay(0, false);
        bench.Run(1);
        Assert.Equal(0, bench.Node.Abuse!.Cell.CurrentA);
        double then = bench.Node.Abuse!.Cell.SurfaceC;
        bench.Run(120);
        Assert.True(bench.Node.Abuse!.Cell.SurfaceC < then);
    }

    private static void AssertOutcome(AbuseScript script, AbuseTruth truth)
    {
        switch (script.Outcome)
        {
            case EmulatedAbuseOutcome.Runaway:
                Assert.InRange(truth.MaximumSurfaceC, 400, 700);
                Assert.NotNull(truth.RunsAwayAtS());
                Assert.NotNull(truth.VentedAtS);
                Assert.InRange(truth.MassLostG, 0.25 * script.MassG, 0.4 * script.MassG);
                break;
            case EmulatedAbuseOutcome.NearMiss:
                Assert.InRange(truth.MaximumSurfaceC, 30, 140);
                Assert.Null(truth.RunsAwayAtS());
                Assert.Null(truth.VentedAtS);
                break;
            default:
                Assert.InRange(truth.MaximumSurfaceC, 70, 160);
                Assert.Null(truth.RunsAwayAtS());
                Assert.NotNull(truth.VentedAtS);
                break;
        }
    }

    private static void AssertTrigger(AbuseBench bench)
    {
        JsonElement happened = bench.TriggerEvent() ?? throw new InvalidOperationException("The trigger input told nothing.");
        double at = AbuseBench.StartS + (happened.GetProperty("uptimeUs").GetInt64() / 1e6);
        double uncertainty = happened.GetProperty("uncertaintyUs").GetInt64() / 1e6;
        Assert.InRange(uncertainty, 0, 0.012);
        Assert.InRange(bench.EventS, at - uncertainty - 1e-6, at + uncertainty + 1e-6);
    }

    /// <summary>Without a gap, fast, and from at most so late on.</summary>
    private static void AssertWhole(Sample[] samples, double fromS, long longestMicroseconds = 5 * FastMicroseconds)
    {
        Assert.True(samples[0].TimeMicroseconds / 1e6 <= fromS, $"begins at {samples[0].TimeMicroseconds / 1e6}, must by {fromS}");
        for (int i = 1; i < samples.Length; i++)
        {
            Assert.Equal(samples[i - 1].Number + 1, samples[i].Number);
            long apart = samples[i].TimeMicroseconds - samples[i - 1].TimeMicroseconds;
            Assert.InRange(apart, 1000, longestMicroseconds);
        }
    }

    /// <summary>Those since the node samples fast.</summary>
    private static Sample[] FastSamples(AbuseBench bench)
    {
        Sample[] samples = bench.Samples();
        int first = Enumerable.Range(1, samples.Length - 1).First(i => samples[i].TimeMicroseconds - samples[i - 1].TimeMicroseconds <= FastMicroseconds + 5000);
        return samples[first..];
    }
}
