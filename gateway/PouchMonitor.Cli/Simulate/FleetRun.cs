using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PouchMonitor.Cli.Commands;
using PouchMonitor.Firmware.Host;

namespace PouchMonitor.Cli.Simulate;

/// <summary>
/// Runs a fleet of emulated nodes against a broker until their programmes or the given time are over and everything is
/// acknowledged, or until it is told to stop. Tells how it goes on standard error and sums up in JSON on standard output.
/// </summary>
internal sealed class FleetRun(FleetPlan plan)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TellEvery = TimeSpan.FromSeconds(5);

    // Connecting blocks a thread of the pool, and so many nodes connect at once.
    private const int ConnectingThreads = 128;

    public async Task<int> RunAsync(CancellationToken cancellation)
    {
        using StopSignal signal = new(cancellation);
        ThreadPool.GetMinThreads(out int workers, out int ports);
        ThreadPool.SetMinThreads(Math.Max(workers, Math.Min(plan.Nodes + workers, ConnectingThreads)), ports);
        long started = Stopwatch.GetTimestamp();
        EmulatedBench bench = new(plan.Options());
        using CancellationTokenSource stop = new();
        Task running = Task.Run(() => bench.RunAsync(stop.Token), CancellationToken.None);
        plan.Abuse?.Announce(bench.Nodes[0]);
        bool isComplete = await Watch(bench, running, signal, started);
        await stop.CancelAsync();
        await running;
        WriteSummary(bench, isComplete, Stopwatch.GetElapsedTime(started));
        return isComplete ? ExitCodes.Success : ExitCodes.Interrupted;
    }

    private static async Task<bool> Watch(EmulatedBench bench, Task running, StopSignal signal, long started)
    {
        using PeriodicTimer timer = new(LookEvery);
        Task told = signal.WaitAsync();
        TimeSpan tellAt = TellEvery;
        while (!told.IsCompleted && !running.IsCompleted)
        {
            if (bench.Nodes.All(node => node.HasEnded && node.Node.Store.Count == 0))
            {
                return true;
            }

            TimeSpan elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed >= tellAt)
            {
                tellAt = elapsed + TellEvery;
                Tell(bench, elapsed);
            }

            await Task.WhenAny(timer.WaitForNextTickAsync(CancellationToken.None).AsTask(), told, running);
        }

        return false;
    }

    private static void Tell(EmulatedBench bench, TimeSpan elapsed)
    {
        NodeTotals sum = Sum(bench);
        string? fault = bench.Nodes.Select(node => node.LinkFault).FirstOrDefault(text => text is not null);
        Console.Error.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{elapsed.TotalSeconds:F0} s: {Connected(bench)} of {bench.Nodes.Count} nodes connected, {VirtualHours(bench):F1} h emulated, "
            + $"{sum.Samples} samples, {sum.FramesAcknowledged} frames acknowledged, {bench.Nodes.Sum(node => node.Node.Store.Count)} waiting, "
            + $"{sum.Dropped} samples dropped{(fault is null ? "" : "; " + fault)}"));
    }

    private void WriteSummary(EmulatedBench bench, bool isComplete, TimeSpan elapsed)
    {
        NodeTotals sum = Sum(bench);
        using Stream output = Console.OpenStandardOutput();
        using Utf8JsonWriter json = new(output, new JsonWriterOptions { Indented = true });
        json.WriteStartObject();
        json.WriteBoolean("complete", isComplete);
        json.WriteNumber("nodes", plan.Nodes);
        json.WriteNumber("channels", plan.Channels);
        json.WriteString("cell", plan.Cell);
        json.WriteNumber("seed", plan.Seed);
        json.WriteNumber("start", plan.StartUnixMicroseconds / 1e6);
        json.WriteNumber("emulatedSeconds", VirtualHours(bench) * 3600);
        json.WriteNumber("elapsedSeconds", Math.Round(elapsed.TotalSeconds, 3));
        json.WriteNumber("samples", sum.Samples);
        json.WriteNumber("missedSamples", sum.Missed);
        json.WriteNumber("droppedSamples", sum.Dropped);
        json.WriteNumber("framesSent", sum.FramesSent);
        json.WriteNumber("framesAcknowledged", sum.FramesAcknowledged);
        json.WriteNumber("framesGivenUp", sum.FramesGivenUp);
        json.WriteNumber("framesUnacknowledged", bench.Nodes.Sum(node => node.Node.Store.Count));
        json.WriteNumber("connections", sum.Connections);
        plan.Abuse?.Write(json, bench.Nodes[0]);
        json.WriteStartArray("faults");
        foreach ((string label, EmulatedCellOptions cell) in bench.Nodes.SelectMany(node => node.Cells).Where(cell => cell.InjectedFault is not null).Select(cell => (cell.Label!, cell)))
        {
            json.WriteStartObject();
            json.WriteString("cell", label);
            json.WriteString("kind", FleetPlan.FaultNames.First(pair => pair.Value == cell.InjectedFault!.Kind).Key);
            json.WriteNumber("atSeconds", Math.Round(cell.InjectedFault!.AtS, 1));
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.Flush();
        output.Write("\n"u8);
    }

    private static NodeTotals Sum(EmulatedBench bench) =>
        bench.Nodes.Aggregate(default(NodeTotals), (sum, node) => sum + node.Totals);

    private static int Connected(EmulatedBench bench) => bench.Nodes.Count(node => node.IsConnected);

    private static double VirtualHours(EmulatedBench bench) => bench.Nodes.Max(node => node.Board.Time.UptimeMicroseconds) / 3.6e9;
}
