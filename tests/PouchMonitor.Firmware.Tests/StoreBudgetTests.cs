using System.Globalization;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>What the store takes: bytes on flash, wear, memory; the figures of the firmware's README.</summary>
public sealed class StoreBudgetTests(ITestOutputHelper output)
{
    private const long Second = 1_000_000;
    private const int Channels = 4;

    // The reference board's file system: 3 MB in sectors of 4 KB that stand 100,000 erasures and take turns.
    private const double SectorErasures = 3 * 256 * 100_000.0;

    [Fact]
    public void SixHoursWithoutANetwork_FitTwiceOnFlashAndComeBackComplete()
    {
        var link = new MemoryLink { IsReachable = false };
        var board = new EmulatedBoard(3);
        var node = Node(board, link);
        var run = new VirtualRun(board, node);
        run.RunUntil(6 * 3600 * Second);
        long bytes = node.Store.Flash!.Bytes;
        long samples = node.Channels.Sum(channel => channel.SampleCount);
        double erasedADay = board.Flash.ErasedSectors * 4.0;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{samples} samples in {bytes} bytes on flash: {bytes / (double)samples:F1} bytes a sample, {NodeConfiguration.UsualStoreFlashBytes / (bytes / 6.0):F1} h fit; {erasedADay:F0} sectors erased in a day without a network, {SectorErasures / erasedADay / 365.25:F1} years"));
        Assert.Equal(Channels * 6 * 3600, samples, 4.0 * 8);
        Assert.InRange(bytes, 1, NodeConfiguration.UsualStoreFlashBytes * 3 / 5);
        Assert.True(SectorErasures / erasedADay > 10 * 365.25);
        Assert.Equal(0, node.Store.RefusedSampleCount);

        link.IsReachable = true;
        run.RunUntil((6 * 3600 * Second) + (600 * Second));
        samples = node.Channels.Sum(channel => channel.SampleCount);
        var frame = new SampleFrame(60);
        long arrived = 0;
        foreach (byte[] payload in link.Frames)
        {
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
            arrived += frame.Count;
        }

        Assert.InRange(arrived, samples - (Channels * 2), samples);
        Assert.Equal(0, node.Store.Flash.Bytes);
    }

    [Fact]
    public void Connected_NothingIsWrittenToFlash()
    {
        var board = new EmulatedBoard(3);
        var node = Node(board, new MemoryLink());
        var run = new VirtualRun(board, node);
        run.RunUntil(60 * Second);
        long written = board.Flash.WrittenBytes;
        run.RunUntil(3600 * Second);
        Assert.Equal(written, board.Flash.WrittenBytes);
    }

    [Fact]
    public void Memory_OfANodeWithFourChannels_StaysInsideTheBudget()
    {
        _ = Node(new EmulatedBoard(3), new MemoryLink());
        var board = new EmulatedBoard(3);
        var configuration = Configuration(board);
        var link = new MemoryLink();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var node = new PouchNode(configuration, board, link);
        long fixedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        GC.KeepAlive(node);

        // What comes and goes: frames in memory, messages received, what the link holds in flight.
        long changing = configuration.StoreBytes + Publishing.ReceivedMessages.ByteLimit + (configuration.InFlightCount * 1024L);
        output.WriteLine($"{fixedBytes} bytes at start-up and {changing} of frames and messages at most: {(fixedBytes + changing) / 1024} KB");
        Assert.InRange(fixedBytes + changing, 1, 320 * 1024);
    }

    [Fact]
    public void FramesOfSixty_TakeFiveBytesASampleAtMost()
    {
        var bench = new ScriptedBench(1, configuration =>
        {
            configuration.AcquireIntervalMilliseconds = 1000;
            configuration.SampleIntervalMilliseconds = 1000;
            configuration.PublishIntervalMilliseconds = 60_000;
            configuration.Channels[0].CaptureBeforeMilliseconds = 0;
        });
        var noise = new Simulation.SeededNoise(5);
        bench.Rigs[0].VoltageNoiseV = 300e-6;
        bench.Rigs[0].ShuntNoiseV = 15e-6;
        bench.Rigs[0].SurfaceC = _ => 25 + (0.01 * noise.NextGaussian());
        bench.Rigs[0].AmbientC = _ => 24 + (0.01 * noise.NextGaussian());
        bench.Rigs[0].InfraredC = _ => 25 + (0.01 * noise.NextGaussian());
        bench.Rigs[0].CurrentA = _ => 0.5;
        bench.RunUntil(3605);
        List<byte[]> frames = [.. bench.Link.Frames];
        double perSample = frames.Sum(frame => frame.Length) / (60.0 * frames.Count);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{frames.Count} frames of 60: {perSample:F2} bytes a sample"));
        Assert.InRange(perSample, 1, 5);
    }

    private static PouchNode Node(EmulatedBoard board, MemoryLink link) => new(Configuration(board), board, link);

    private static NodeConfiguration Configuration(EmulatedBoard board)
    {
        EmulatedTca9548A multiplexer = board.Bus.AttachMultiplexer(0x70);
        var configuration = new NodeConfiguration
        {
            Node = "bench-3",
            BrokerHost = "h",
            AcquireIntervalMilliseconds = 1000,
            SampleIntervalMilliseconds = 1000,
            StoreFlashBytes = NodeConfiguration.UsualStoreFlashBytes,
            Channels = [.. Enumerable.Range(0, Channels).Select(i => new ChannelConfiguration
            {
                Name = (i + 1).ToString(CultureInfo.InvariantCulture),
                MultiplexerOutput = i,
                CaptureBeforeMilliseconds = 0,
            })],
        };
        for (int i = 0; i < Channels; i++)
        {
            _ = new ScriptedRig(multiplexer.Segment(i), board.Time, configuration.Channels[i], (ulong)i)
            {
                VoltageNoiseV = 300e-6,
                ShuntNoiseV = 15e-6,
                CurrentA = t => 0.5 * Math.Sin(t / 900),
                VoltageV = t => 3.7 + (0.3 * Math.Sin(t / 2000)),
            };
        }

        return configuration;
    }
}
