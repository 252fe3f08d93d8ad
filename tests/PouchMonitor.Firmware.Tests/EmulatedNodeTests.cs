using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Sampling;
using PouchMonitor.Measurement;
using PouchMonitor.Simulation;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The whole firmware on the emulated board, in virtual time, judged by the frames that leave it.</summary>
public sealed class EmulatedNodeTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;
    private const long Hour = 3600 * Second;
    private const long Start = 1_763_700_000_000_000;
    private readonly MemoryLink link = new();

    [Fact]
    public void Samples_AreOnTheirGridAndNumberedWithoutAGap()
    {
        EmulatedNode node = Node("dne-pouch");
        Run(node, Hour);
        List<SampleFrame> frames = Frames();
        long number = 0;
        foreach (SampleFrame frame in frames)
        {
            Assert.Equal(number, frame.FirstSampleNumber);
            Assert.True(frame.HasBootAnchor);
            Assert.Equal(Start, frame.BootAnchorUnixMicroseconds);
            Assert.InRange(frame.Count, 1, 60);
            for (int i = 0; i < frame.Count; i++)
            {
                Assert.Equal((number + i) * 15 * Second, frame.UptimeMicroseconds[i]);
            }

            number += frame.Count;
        }

        Assert.Equal(241, number + node.Node.Channels[0].Builder.PendingSampleCount);
        Assert.Equal(0, node.Node.Channels[0].WorstLatenessMicroseconds);
    }

    [Fact]
    public void Readings_AreTheEmulatedTruthWithinTheBoardsNoise()
    {
        EmulatedNode node = Node("tve-pouch");
        CellSample sample = node.Node.Channels[0].LastSample;
        for (int i = 1; i < 60; i++)
        {
            node.SampleUntil(i * 600 * Second);
            CellOnCycler truth = node.Rig.Now();
            Assert.Equal(truth.VoltageV, sample.Counts[SampleColumns.Voltage] * 187.5e-6, 6e-4);
            Assert.Equal(truth.CurrentA, sample.Counts[SampleColumns.Current] * 156.25e-6, 6e-4);
            Assert.Equal(truth.SurfaceC, sample.Counts[SampleColumns.Surface] / 100.0, 0.1);
            Assert.Equal(truth.SurfaceC, sample.Counts[SampleColumns.Infrared] / 100.0, 0.4);
            Assert.Equal(truth.AmbientC, sample.Counts[SampleColumns.Ambient] / 100.0, 0.1);
            Assert.Equal(SensorState.Absent, sample.StateOf(SampleColumns.FirstExtraSurface));
        }
    }

    [Fact]
    public void ChargingIsPositiveAndDischargingNegative()
    {
        EmulatedNode node = Node("dne-pouch", interval: 60);
        var seen = new HashSet<int>();
        for (int i = 1; i < 600; i++)
        {
            node.SampleUntil(i * 60 * Second);
            long count = node.Node.Channels[0].LastSample.Counts[SampleColumns.Current];
            int expected = node.Phase switch
            {
                CyclerPhase.ConstantCurrentCharge or CyclerPhase.ConstantVoltageCharge => 1,
                CyclerPhase.Discharge => -1,
                _ => 0,
            };
            Assert.Equal(expected, Math.Abs(count) < 20 ? 0 : Math.Sign(count));
            seen.Add(expected);
        }

        Assert.Equal(3, seen.Count);
    }

    [Fact]
    public void Counters_AreTheEmulatedTruthWhateverTheNetworkDoes()
    {
        EmulatedNode node = Node("dne-pouch", interval: 1, cycles: 2);
        link.IsReachable = false;
        double chargedAh = 0;
        double dischargedAh = 0;
        for (long second = 1; second <= 8 * 3600; second++)
        {
            node.SampleUntil(second * Second);
            double ah = node.Rig.Now().CurrentA / 3600;
            chargedAh += Math.Max(0, ah);
            dischargedAh += Math.Max(0, -ah);
        }

        ChargeCounter counter = node.Node.Channels[0].Counter;
        double toAh = 1.0 / 12800 / 1e6 / 3600;
        output.WriteLine($"charged {counter.Charged * toAh:F6} of {chargedAh:F6} Ah, discharged {counter.Discharged * toAh:F6} of {dischargedAh:F6} Ah");
        Assert.Equal(chargedAh, counter.Charged * toAh, 2e-4);
        Assert.Equal(dischargedAh, counter.Discharged * toAh, 2e-4);
        Assert.True(dischargedAh > 0.9);
    }

    [Fact]
    public void NetworkGoneForDays_ThenEverySampleArrivesOnceInOrder()
    {
        EmulatedNode node = Node("dne-pouch", interval: 10);
        Run(node, Hour);
        link.Cut();
        Run(node, 49 * Hour);
        link.IsReachable = true;
        Run(node, 50 * Hour);
        List<SampleFrame> frames = Frames();
        Assert.Equal(0, node.DroppedSampleCount);
        AssertEverySampleOnce(frames, node);
        Assert.Contains(frames, frame => !frame.IsLive);
        Assert.True(frames[0].IsLive);
        Assert.True(frames[^1].IsLive);
    }

    [Fact]
    public void StoreOverflowing_DeclaresExactlyWhatIsMissing()
    {
        EmulatedNode node = Node("dne-pouch", interval: 1, frameSamples: 10);
        link.IsReachable = false;
        Run(node, 14 * Hour);
        Assert.Equal(4096, node.Node.Store.Count);
        Assert.True(node.DroppedSampleCount > 0);
        link.IsReachable = true;
        Run(node, 17 * Hour);

        // Live frames do not wait for the backlog.
        List<SampleFrame> frames = [.. Frames().OrderBy(frame => frame.FirstSampleNumber)];
        AssertEverySampleOnce(frames, node);
        Assert.Equal(node.DroppedSampleCount, frames.Sum(frame => frame.DroppedBeforeCount));
    }

    [Fact]
    public void ProgrammeOver_EndsTheTestOnItsLastSampleAndTheNodeStaysOnline()
    {
        EmulatedNode node = Node("dne-pouch", interval: 30, cycles: 1);
        Run(node, 12 * Hour);
        Assert.True(node.HasEnded);
        List<SampleFrame> frames = Frames();
        Assert.All(frames.SkipLast(1), frame => Assert.False(frame.EndsTest));
        Assert.True(frames[^1].EndsTest);
        Assert.All(frames.Skip(1), frame => Assert.False(frame.StartsTest));
        Assert.True(frames[0].StartsTest);
        AssertEverySampleOnce(frames, node);
        int reports = link.Received.Count;
        Run(node, 13 * Hour);
        Assert.True(link.IsConnected);
        Assert.True(link.Received.Count > reports);
        Assert.Equal(frames.Count, Frames().Count);
    }

    [Fact]
    public void NextTest_StartsWithItsOwnFlagAndGoesOnCounting()
    {
        EmulatedNode node = Node("dne-pouch");
        Run(node, Hour);
        node.Node.EndTest(0);
        Run(node, 2 * Hour);
        long taken = node.SampleCount;
        node.Node.Channels[0].StartTest(node.Board.Time.UptimeMicroseconds);
        Run(node, 3 * Hour);
        List<SampleFrame> frames = Frames();
        int end = frames.FindIndex(frame => frame.EndsTest);
        Assert.True(frames[end + 1].StartsTest);
        Assert.Equal(taken, frames[end + 1].FirstSampleNumber);
        Assert.InRange(frames[end + 1].UptimeMicroseconds[0], (2 * Hour) - (30 * Second), (2 * Hour) + (30 * Second));
        AssertEverySampleOnce(frames, node);
    }

    [Fact]
    public void ThermalEvent_CollapsesTheVoltageAndHeatsPast60C()
    {
        EmulatedNode node = Node(
            "copc-anode-free-baseline", interval: 5,
            fault: new EmulatedFault { Kind = EmulatedFaultKind.ThermalEvent, AtS = 4 * 3600 });
        Run(node, 6 * Hour);
        List<SampleFrame> frames = Frames();
        double hottest = frames.Max(frame => frame.Counts[SampleColumns.Surface].Take(frame.Count).Max()) / 100.0;
        double before = VoltageAt(frames, (4 * 3600) - 10);
        double after = VoltageAt(frames, (4 * 3600) + 30);
        output.WriteLine($"{before:F3} V -> {after:F3} V, hottest {hottest:F1} C");
        Assert.InRange(hottest, 60.5, 600);
        Assert.True(after < 0.75 * before);
    }

    [Theory]
    [InlineData(EmulatedFaultKind.SurfaceSensorOpen, SampleColumns.Surface, SensorState.Open)]
    [InlineData(EmulatedFaultKind.SurfaceSensorShort, SampleColumns.Surface, SensorState.Short)]
    [InlineData(EmulatedFaultKind.InfraredAbsent, SampleColumns.Infrared, SensorState.BusError)]
    public void BrokenSensor_IsAStateAndTheOthersGoOn(EmulatedFaultKind kind, int column, SensorState expected)
    {
        EmulatedNode node = Node("dne-pouch", fault: new EmulatedFault { Kind = kind, AtS = 1800 });
        Run(node, Hour);
        foreach (SampleFrame frame in Frames())
        {
            for (int i = 0; i < frame.Count; i++)
            {
                // The part is found gone in the pass after the fault.
                bool isBroken = frame.UptimeMicroseconds[i] > 1815 * Second;
                bool isWhole = frame.UptimeMicroseconds[i] < 1800 * Second;
                SensorState state = SensorStates.Get(frame.States[i], column);
                Assert.True(!isBroken || state == expected);
                Assert.True(!isWhole || state == SensorState.Good);
                Assert.Equal(SensorState.Good, SensorStates.Get(frame.States[i], SampleColumns.Voltage));
                Assert.Equal(SensorState.Good, SensorStates.Get(frame.States[i], SampleColumns.Ambient));
            }
        }
    }

    [Fact]
    public void StuckBus_IsAStateAndCostsASecondNowAndThen()
    {
        EmulatedNode node = Node("dne-pouch", interval: 1);
        node.SampleUntil(10 * Second);
        node.Board.Bus.IsStuck = true;
        long transfers = node.Board.Bus.TransferCount;
        node.SampleUntil(60 * Second);
        ChannelSampler channel = node.Node.Channels[0];
        Assert.Equal(SensorState.BusError, channel.LastSample.StateOf(SampleColumns.Voltage));
        Assert.Equal(SensorState.BusError, channel.LastSample.StateOf(SampleColumns.Surface));

        // Left alone for 1, 2, 4, 8 and 16 s in turn, each transfer that is tried taking a second.
        Assert.InRange(node.Board.Bus.TransferCount - transfers, 4, 7);
        node.Board.Bus.IsStuck = false;
        node.SampleUntil(120 * Second);
        Assert.Equal(121, channel.SampleCount + channel.MissedCount);
        Assert.InRange(channel.MissedCount, 0, 7);
        Assert.Equal(SensorState.Good, channel.LastSample.StateOf(SampleColumns.Voltage));
        Assert.True(channel.Counter.UncountedMicroseconds > 40 * Second);
    }

    [Fact]
    public void OneSeed_GivesTheSameBytes()
    {
        byte[][] first = BytesOf(seed: 5);
        Assert.Equal(first, BytesOf(seed: 5));
        Assert.NotEqual(first, BytesOf(seed: 6));

        static byte[][] BytesOf(ulong seed)
        {
            var own = new MemoryLink();
            EmulatedNode node = new(Options("tve-pouch") with { Seed = seed, Boot = 77, IsVaried = true }, own);
            node.SampleUntil(2 * Hour);
            node.Node.Publisher.Pump(0);
            for (int i = 0; i < 50; i++)
            {
                node.Node.Publisher.Pump(i);
            }

            return [.. own.Frames];
        }
    }

    [Fact]
    public void SamplingLoop_AllocatesNothingBetweenFrames()
    {
        EmulatedNode node = Node("dne-pouch", interval: 1, frameSamples: 4000);
        long fewest = long.MaxValue;
        for (int until = 100; until <= 900; until += 200)
        {
            // One stretch may pay for what the runtime makes once; what a sample itself allocated would be in all of them.
            long before = GC.GetAllocatedBytesForCurrentThread();
            node.SampleUntil(until * Second);
            fewest = Math.Min(fewest, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        Assert.Equal(0, fewest);
        Assert.Equal(901, node.SampleCount);
    }

    [Theory]
    [InlineData("alarm", 15, "node 'alarm'")]
    [InlineData("n 1", 15, "node 'n 1'")]
    [InlineData("n1", 0.019, "sampleIntervalMilliseconds is 19, must be 20")]
    public void BadOptions_AreRefusedWithTheirNameAndLimit(string name, double interval, string expected)
    {
        EmulatedNodeOptions options = Options("dne-pouch") with { Node = name, SampleInterval = TimeSpan.FromSeconds(interval) };
        ArgumentException error = Assert.Throws<ArgumentException>(() => new EmulatedNode(options, link));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
    }

    private static EmulatedNodeOptions Options(string cell) => new()
    {
        Node = "n1", CellName = cell, SampleInterval = TimeSpan.FromSeconds(15), VirtualStartUnixMicroseconds = Start, Acceleration = 3600,
    };

    private EmulatedNode Node(
        string cell, double interval = 15, int cycles = 100, int frameSamples = 60, EmulatedFault? fault = null) =>
        new(
            Options(cell) with
            {
                SampleInterval = TimeSpan.FromSeconds(interval),
                Cycles = cycles,
                FrameSampleCount = frameSamples,
                InjectedFault = fault,
            },
            link);

    /// <summary>Samples and publishes in turn, in virtual time, up to an uptime.</summary>
    private static void Run(EmulatedNode node, long untilMicroseconds)
    {
        for (long at = node.Board.Time.UptimeMicroseconds; at <= untilMicroseconds; at += 30 * Second)
        {
            node.SampleUntil(at);
            node.Node.Publisher.Pump(at);
        }

        node.Node.Publisher.Pump(untilMicroseconds);
    }

    private List<SampleFrame> Frames()
    {
        var frames = new List<SampleFrame>();
        foreach (byte[] bytes in link.Frames)
        {
            var frame = new SampleFrame(60);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
            frames.Add(frame);
        }

        return frames;
    }

    private static double VoltageAt(List<SampleFrame> frames, double second)
    {
        foreach (SampleFrame frame in frames)
        {
            for (int i = 0; i < frame.Count; i++)
            {
                if (frame.UptimeMicroseconds[i] >= second * Second)
                {
                    return frame.Counts[SampleColumns.Voltage][i] * 187.5e-6;
                }
            }
        }

        throw new InvalidOperationException("no sample that late");
    }

    private static void AssertEverySampleOnce(List<SampleFrame> frames, EmulatedNode node)
    {
        long next = 0;
        foreach (SampleFrame frame in frames)
        {
            Assert.Equal(next + frame.DroppedBeforeCount, frame.FirstSampleNumber);
            next = frame.FirstSampleNumber + frame.Count;
        }

        long waiting = node.Node.Channels[0].Builder.PendingSampleCount;
        Assert.InRange(node.SampleCount - next - waiting, 0, 60);
    }
}
