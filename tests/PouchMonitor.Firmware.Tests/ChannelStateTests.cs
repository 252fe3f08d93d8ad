using PouchMonitor.Firmware.Sensing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>What a channel says of its sensors when parts, wires and segments fail.</summary>
public sealed class ChannelStateTests
{
    private const long Second = ScriptedBench.Second;

    [Fact]
    public void Sensors_GiveTheirQuantities()
    {
        ScriptedBench bench = Whole();
        bench.Rigs[0].VoltageV = _ => 4.2;
        bench.Rigs[0].CurrentA = _ => -1.5;
        bench.Rigs[0].SurfaceC = _ => 31;
        bench.Rigs[0].AmbientC = _ => 22;
        bench.Rigs[0].InfraredC = _ => 32;
        bench.Rigs[0].ThermocoupleC = _ => 33;
        bench.Rigs[0].PixelC = (pixel, _) => pixel == 42 ? 34 : 25;
        bench.RunUntil(3);
        CellSample last = Last(bench);
        Assert.Equal(22_400, last.Counts[SampleColumns.Voltage]);
        Assert.Equal(-19_200, last.Counts[SampleColumns.Current]);
        Assert.Equal(3100, last.Counts[SampleColumns.Surface], 1.0);
        Assert.Equal(2200, last.Counts[SampleColumns.Ambient], 1.0);
        Assert.Equal(3200, last.Counts[SampleColumns.Infrared], 2.0);
        Assert.Equal(3300, last.Counts[ChannelSensors.ThermocoupleColumn], 3.0);
        Assert.Equal(3400, last.Counts[ChannelSensors.HottestColumn]);
        Assert.All(Enumerable.Range(0, 7), column => Assert.Equal(SensorState.Good, last.StateOf(column)));
        Assert.All(Enumerable.Range(7, 3), column => Assert.Equal(SensorState.Absent, last.StateOf(column)));
        Assert.Equal(0, Sensors(bench).BusErrorCount);
    }

    [Fact]
    public void ASensorThatIsNotConfigured_IsAbsentAndOneThatIsGoneIsABusError()
    {
        var bench = new ScriptedBench(2, node =>
        {
            node.Channels[1].InfraredAddress = 0;
            node.Channels[1].DividerAddress = 0;
        });
        bench.RunUntil(2);
        foreach (int column in (int[])[SampleColumns.Surface, SampleColumns.Infrared, SampleColumns.Ambient, 5, 6])
        {
            Assert.Equal(column < 5 ? SensorState.Good : SensorState.Absent, Last(bench).StateOf(column));
            Assert.Equal(SensorState.Absent, Last(bench, 1).StateOf(column));
        }

        bench.Multiplexer.Segment(0).Detach(0x4A);
        bench.Multiplexer.Segment(0).Detach(0x5A);
        bench.RunUntil(4);
        foreach (int column in (int[])[SampleColumns.Surface, SampleColumns.Infrared, SampleColumns.Ambient])
        {
            Assert.Equal(SensorState.BusError, Last(bench).StateOf(column));
            Assert.Equal(SensorState.Absent, Last(bench, 1).StateOf(column));
        }

        Assert.Equal(SensorState.Good, Last(bench).StateOf(SampleColumns.Voltage));
    }

    [Theory]
    [InlineData(5000, 2_000_000, 6.2, 4096)]
    [InlineData(4000, 1_000_000, 3.9, 4096)]
    [InlineData(30_000, 10_000_000, 29.5, 4096)]
    public void ABoardProfile_ScalesTheVoltage(int fullScaleMillivolts, int ratio, double volts, int range)
    {
        var bench = new ScriptedBench(1, node =>
        {
            node.Channels[0].VoltageRangeMillivolts = range;
            node.Channels[0].VoltageRatioMillionths = ratio;
        });
        bench.Rigs[0].VoltageV = _ => volts;
        bench.RunUntil(3);
        SampleFrame frame = bench.Frames(FrameKind.Samples)[^1];
        ColumnScale scale = frame.Scales[SampleColumns.Voltage];
        double measured = (double)frame.Counts[SampleColumns.Voltage][0] * scale.Numerator / scale.Denominator;
        Assert.Equal(volts, measured, range / 1e3 / 32768 * ratio / 1e6);
        Assert.InRange(fullScaleMillivolts, 1, 32_767L * 1000 * scale.Numerator / scale.Denominator);
    }

    [Fact]
    public void AVoltageBeyondTheScale_IsSaturatedAtItsBound()
    {
        var bench = new ScriptedBench(1);
        bench.Rigs[0].VoltageV = s => s > 1.05 ? 6.2 : 3.7;
        bench.Rigs[0].CurrentA = s => s > 1.05 ? -2.6 : 0;
        bench.RunUntil(2);
        Assert.Equal((SensorState.Saturated, 32_767L), (Last(bench).StateOf(SampleColumns.Voltage), Last(bench).Counts[SampleColumns.Voltage]));
        Assert.Equal((SensorState.Saturated, -32_768L), (Last(bench).StateOf(SampleColumns.Current), Last(bench).Counts[SampleColumns.Current]));
    }

    [Fact]
    public void AGlitchInATransfer_CostsOneReadingAndIsCounted()
    {
        ScriptedBench bench = Whole();
        bench.RunUntil(5);
        for (int skipped = 0; skipped < 12; skipped++)
        {
            // Each time another transfer of a pass is the one that is disturbed.
            int errors = Sensors(bench).BusErrorCount + bench.Multiplexer.ResetCount;
            int faults = 0;
            int seen = 0;
            bench.Board.Bus.GlitchAfterTransfers = skipped;
            bench.RunUntil(5 + ((skipped + 1) * 2), () =>
            {
                CellSample pass = Last(bench);
                seen++;
                for (int column = 0; column < SampleColumns.Count; column++)
                {
                    SensorState state = pass.StateOf(column);
                    faults += state is SensorState.Good or SensorState.Absent ? 0 : 1;
                    Assert.True(state is SensorState.Good or SensorState.Absent or SensorState.BusError, $"{column} is {state}");
                    if (state == SensorState.Good)
                    {
                        int expected = column switch { 0 => 19_733, 1 => 0, _ => 2500 };
                        Assert.Equal(expected, pass.Counts[column], 4.0);
                    }
                }
            });
            Assert.Equal(20, seen, 1.0);
            Assert.InRange(faults, 1, 24);
            Assert.InRange(Sensors(bench).BusErrorCount + bench.Multiplexer.ResetCount - errors, 0, 2);
        }
    }

    [Fact]
    public void AHeldSegment_LosesItsChannelAndLeavesTheOthersTheirPasses()
    {
        var bench = new ScriptedBench(4);
        bench.RunUntil(10);
        bench.Multiplexer.Segment(1).IsStuck = true;
        long[] before = Passes();
        bench.RunUntil(70);
        long[] made = [.. Passes().Zip(before, (now, then) => now - then)];
        Assert.Equal(SensorState.BusError, Last(bench, 1).StateOf(SampleColumns.Voltage));
        Assert.Equal(SensorState.BusError, Last(bench, 1).StateOf(SampleColumns.Surface));

        // Tried twice at once, then again after 1, 2, 4, 8, 16, 16 s, at a second each: the others lose eight of sixty seconds.
        Assert.All((int[])[0, 2, 3], i => Assert.InRange(made[i], 520, 600));
        Assert.All((int[])[0, 2, 3], i => Assert.Equal(SensorState.Good, Last(bench, i).StateOf(SampleColumns.Voltage)));
        Assert.InRange(Sensors(bench, 1).Guard.TimeoutCount, 5, 8);
        Assert.Equal(bench.Multiplexer.ResetCount, Sensors(bench, 1).Guard.TimeoutCount);
        bench.Multiplexer.Segment(1).IsStuck = false;
        bench.RunUntil(90);
        Assert.Equal(SensorState.Good, Last(bench, 1).StateOf(SampleColumns.Voltage));
        Assert.Equal(SensorState.Good, Last(bench, 1).StateOf(SampleColumns.Surface));

        long[] Passes() => [.. bench.Node.Channels.Select(channel => channel.PassCount)];
    }

    [Fact]
    public void AMultiplexerThatDoesNotSwitch_NeverGivesTheCellNextDoor()
    {
        var bench = new ScriptedBench(2);
        bench.Rigs[0].VoltageV = _ => 3.0;
        bench.Rigs[1].VoltageV = _ => 4.0;
        bench.RunUntil(5);
        bench.Multiplexer.IsDeaf = true;
        int[] good = new int[2];
        bench.RunUntil(10, () =>
        {
            for (int i = 0; i < 2; i++)
            {
                bool isGood = Last(bench, i).StateOf(SampleColumns.Voltage) == SensorState.Good;
                good[i] += isGood ? 1 : 0;
                Assert.True(!isGood || Last(bench, i).Counts[SampleColumns.Voltage] == (i == 0 ? 16_000 : 21_333));
            }
        });
        Assert.Contains(good, count => count <= 1);
    }

    [Fact]
    public void Thermocouple_OpenShortHaltedAndBack()
    {
        ScriptedBench bench = Whole();
        bench.RunUntil(2);
        Assert.Equal(SensorState.Good, State());
        bench.Rigs[0].Thermocouple.IsOpen = true;
        bench.RunUntil(3);
        Assert.Equal(SensorState.Open, State());
        bench.Rigs[0].Thermocouple.IsOpen = false;
        bench.Rigs[0].Thermocouple.IsShorted = true;
        bench.RunUntil(4);
        Assert.Equal(SensorState.Short, State());
        bench.Rigs[0].Thermocouple.IsShorted = false;
        bench.Rigs[0].Thermocouple.IsHalted = true;
        bench.RunUntil(5.9);
        Assert.Equal(SensorState.Frozen, State());
        bench.Rigs[0].Thermocouple.IsHalted = false;
        bench.RunUntil(7);
        Assert.Equal(SensorState.Good, State());

        SensorState State() => Last(bench).StateOf(ChannelSensors.ThermocoupleColumn);
    }

    [Theory]
    [InlineData(2.0, true)]
    [InlineData(0.2, false)]
    public void AThermistorThatBurnsAfterAFastRise_CountsAsHot(double kelvinPerSecond, bool isHot)
    {
        var bench = new ScriptedBench(1);
        bench.Rigs[0].SurfaceC = s => s < 20.05 ? 25 + (kelvinPerSecond * Math.Max(0, s - 10)) : 400;
        bench.RunUntil(21);
        CellSample last = Last(bench);
        Assert.Equal(isHot, Sensors(bench).Saturation.IsAnyHot);
        Assert.Equal(isHot, Sensors(bench).Saturation.IsHot(SampleColumns.Surface));
        Assert.Equal(isHot ? SensorState.Saturated : SensorState.Short, last.StateOf(SampleColumns.Surface));
        Assert.Equal(isHot ? 4490 : 0, last.Counts[SampleColumns.Surface], 60.0);
    }

    [Fact]
    public void Hot_LastsUntilTheSensorIsBelievedAgain()
    {
        var judge = new SaturationJudge(1000, 30);
        var pass = new CellSample();
        for (int second = 0; second <= 20; second++)
        {
            Take(second, SensorState.Good, 2500 + (second * 50));
        }

        Take(21, SensorState.BusError, 0);
        Assert.Equal((false, SensorState.BusError), (judge.IsAnyHot, pass.StateOf(SampleColumns.Infrared)));
        Take(22, SensorState.Saturated, 38_000);
        Assert.Equal((true, 38_000L), (judge.IsAnyHot, pass.Counts[SampleColumns.Infrared]));
        Take(3000, SensorState.Open, 0);
        Assert.Equal((SensorState.Saturated, 3500L), (pass.StateOf(SampleColumns.Infrared), pass.Counts[SampleColumns.Infrared]));
        Take(3001, SensorState.Good, 2600);
        Assert.False(judge.IsAnyHot);
        Take(3002, SensorState.Open, 0);
        Assert.Equal((false, SensorState.Open), (judge.IsAnyHot, pass.StateOf(SampleColumns.Infrared)));

        void Take(int second, SensorState state, long count)
        {
            pass.Clear();
            pass.UptimeMicroseconds = second * Second;
            pass.Set(SampleColumns.Infrared, state, count);
            judge.Take(pass);
        }
    }

    [Theory]
    [InlineData(999, false)]
    [InlineData(1000, true)]
    [InlineData(1001, true)]
    public void Hot_NeedsTheWholeRise(int rise, bool isHot)
    {
        var judge = new SaturationJudge(1000, 30);
        var pass = new CellSample();
        foreach ((int second, int count) in ((int, int)[])[(100, 2500), (129, 2500 + rise), (130, -1)])
        {
            pass.Clear();
            pass.UptimeMicroseconds = second * Second;
            pass.Set(SampleColumns.Surface, count < 0 ? SensorState.Open : SensorState.Good, Math.Max(0, count));
            judge.Take(pass);
        }

        Assert.Equal(isHot, judge.IsAnyHot);
    }

    private static ScriptedBench Whole() => new(1, node =>
    {
        node.Channels[0].ThermocoupleAddress = 0x60;
        node.Channels[0].ArrayAddress = 0x69;
    });

    private static CellSample Last(ScriptedBench bench, int channel = 0) => bench.Node.Channels[channel].LastSample;

    private static ChannelSensors Sensors(ScriptedBench bench, int channel = 0) => bench.Node.Sensors[channel];
}
