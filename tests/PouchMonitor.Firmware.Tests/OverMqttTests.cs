using System.Runtime.CompilerServices;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Simulation;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>The emulated node over real sockets to a real server.</summary>
public sealed class OverMqttTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task WholeTest_ArrivesOnceInOrderAndEnds()
    {
        await using CollectingServer server = await CollectingServer.StartAsync();
        using var stop = new CancellationTokenSource();
        var node = new EmulatedNode(Options(server.Port));
        Task running = node.RunAsync(stop.Token);
        await Until(node, () => node.HasEnded && node.Node.Store.Count == 0);
        Dictionary<long, SampleFrame> frames = Decoded(server.Frames);
        AssertComplete(frames, node);
        Assert.True(frames[frames.Keys.Max()].EndsTest);
        Assert.Contains("\"online\"", server.Statuses.First(), StringComparison.Ordinal);
        await stop.CancelAsync();
        await running;
        Assert.Contains("\"offline\"", server.Statuses.Last(), StringComparison.Ordinal);
        output.WriteLine($"{node.SampleCount} samples in {frames.Count} frames, {server.Frames.Sum(frame => frame.Length) / (double)node.SampleCount:F2} bytes a sample");
    }

    [Fact]
    public async Task RefusedFrames_AreSentAgainUntilTaken()
    {
        await using CollectingServer server = await CollectingServer.StartAsync(refusals: 5);
        using var stop = new CancellationTokenSource();
        var node = new EmulatedNode(Options(server.Port));
        Task running = node.RunAsync(stop.Token);
        await Until(node, () => node.HasEnded && node.Node.Store.Count == 0);
        Assert.True(node.Node.Publisher.GivenUpFrameCount >= 5);
        AssertComplete(Decoded(server.Frames), node);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task ServerGoneAndBack_LosesNothing()
    {
        CollectingServer first = await CollectingServer.StartAsync();
        int port = first.Port;
        using var stop = new CancellationTokenSource();
        var node = new EmulatedNode(Options(port) with { Cycles = 3 });
        Task running = node.RunAsync(stop.Token);
        await Until(node, () => first.Frames.Count > 5);
        await first.DisposeAsync();
        await Until(node, () => node.Node.Store.WaitingCount > 3);
        await using CollectingServer second = await CollectingServer.StartAsync(port);
        await Until(node, () => node.HasEnded && node.Node.Store.Count == 0);
        AssertComplete(Decoded(first.Frames.Concat(second.Frames)), node);
        Assert.True(node.Node.Publisher.ConnectionCount >= 2);
        await stop.CancelAsync();
        await running;
    }

    [Fact]
    public async Task Bench_RunsTheSixPouchesOfTheDemonstration()
    {
        await using CollectingServer server = await CollectingServer.StartAsync();
        using var stop = new CancellationTokenSource();
        var bench = new EmulatedBench(EmulatedBench.DemoOptions(0, "127.0.0.1", server.Port));
        Task running = bench.RunAsync(stop.Token);
        await Until(bench.Nodes[0], () => bench.Nodes.All(node => node.Cycle >= 2));
        await stop.CancelAsync();
        await running;
        Assert.Equal(6, bench.Nodes.Select(node => node.Options.CellName).Distinct(StringComparer.Ordinal).Count());
        Assert.All(bench.Nodes, node => Assert.Equal(0, node.DroppedSampleCount));
        var frame = new SampleFrame(60);
        Assert.All(server.Frames, bytes => Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame)));
        Assert.Equal(bench.Nodes.Sum(node => node.SampleCount), server.Frames.Sum(bytes => Count(bytes)));
    }

    private static EmulatedNodeOptions Options(int port) => new()
    {
        Node = "n1", CellName = "dne-pouch", SampleInterval = TimeSpan.FromSeconds(10), VirtualStartUnixMicroseconds = 0,
        Acceleration = 20_000, Cycles = 1, Port = port,
        Protocol = EmulatedCells.Create("dne-pouch").Protocol with { ChargeRateC = 1, DischargeRateC = 1 },
    };

    private static int Count(byte[] bytes)
    {
        var frame = new SampleFrame(60);
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
        return frame.Count;
    }

    /// <summary>Frames by first sample number; one that came twice must have the same bytes.</summary>
    private static Dictionary<long, SampleFrame> Decoded(IEnumerable<byte[]> received)
    {
        var frames = new Dictionary<long, SampleFrame>();
        var bytesOf = new Dictionary<long, byte[]>();
        foreach (byte[] bytes in received)
        {
            var frame = new SampleFrame(60);
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
            if (bytesOf.TryGetValue(frame.FirstSampleNumber, out byte[]? before))
            {
                Assert.Equal(before, bytes);
            }

            bytesOf[frame.FirstSampleNumber] = bytes;
            frames[frame.FirstSampleNumber] = frame;
        }

        return frames;
    }

    private static void AssertComplete(Dictionary<long, SampleFrame> frames, EmulatedNode node)
    {
        long next = 0;
        foreach (SampleFrame frame in frames.Values.OrderBy(frame => frame.FirstSampleNumber))
        {
            Assert.Equal(next, frame.FirstSampleNumber);
            next += frame.Count;
        }

        Assert.Equal(node.SampleCount, next);
    }

    private static async Task Until(EmulatedNode node, Func<bool> condition, [CallerArgumentExpression(nameof(condition))] string what = "")
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.False(patience.IsCancellationRequested, $"{what} after {Patience.TotalSeconds} s: {node.SampleCount} samples, ended {node.HasEnded}, {node.Node.Store.Count} frames stored, {node.Node.Store.WaitingCount} waiting, {node.Node.Publisher.InFlightCount} in flight, {node.Node.Publisher.SentFrameCount} sent, {node.Node.Publisher.AcknowledgedFrameCount} acknowledged, {node.Node.Publisher.GivenUpFrameCount} given up, {node.Node.Publisher.ConnectionCount} connections");
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
