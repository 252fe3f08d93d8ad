using System.CommandLine;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Gateway;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>pouchmonitor demo</c>: the whole gateway with emulated nodes on accelerated time, each running the firmware's own
/// sources over emulated converters.
/// </summary>
internal static class DemoCommand
{
    private const double DefaultAcceleration = 10_000;
    private const int HistoryDays = 365;

    public static Command Create()
    {
        Option<int> http = new("--http-port") { Description = "Port of the dashboard; 0 picks a free one.", DefaultValueFactory = _ => 8080 };
        Option<int> mqtt = new("--mqtt-port") { Description = "Port for nodes; 0 picks a free one.", DefaultValueFactory = _ => 0 };
        Option<double> speed = new("--speed")
        {
            Description = "Emulated seconds in a second (1 to 20000).",
            DefaultValueFactory = _ => DefaultAcceleration,
        };
        Option<string?> data = new("--data") { Description = "Directory to keep; a temporary one unless given." };
        Command command = new("demo", "Run the gateway with six emulated pouches on accelerated time.") { http, mqtt, speed, data };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.GetValue(http), parsed.GetValue(mqtt), parsed.GetValue(speed), parsed.GetValue(data), cancellation));
        return command;
    }

    private static async Task<int> RunAsync(int http, int mqtt, double speed, string? data, CancellationToken cancellation)
    {
        if (speed is not (>= 1 and <= 20_000))
        {
            throw new CommandException($"--speed {speed}: 1 to 20000.", ExitCodes.Usage);
        }

        string directory = data is null ? Directory.CreateTempSubdirectory("pouchmonitor-demo-").FullName : DataOption.Make(data);
        try
        {
            // Far enough back that accelerated time stays in the past for as long as anyone watches.
            long start = (DateTimeOffset.UtcNow.AddDays(-HistoryDays) - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
            IReadOnlyList<EmulatedNodeOptions> plan = EmulatedBench.DemoOptions(start, "127.0.0.1", 0, acceleration: speed);
            using StopSignal stop = new(cancellation);
            await using MonitorGateway gateway = await ServeCommand.StartAsync(new GatewayOptions
            {
                DataDirectory = directory,
                HttpPort = http,
                MqttPort = mqtt,
                OpenOnLoopback = true,
                ProfileByCell = plan.ToDictionary(node => node.CellName, node => ProfileOf(node.CellName), StringComparer.Ordinal),
                DashboardDirectory = DashboardFolder.Find(),
            }, CancellationToken.None);
            Console.WriteLine(ServeCommand.ReadyLine(gateway));
            Console.WriteLine($"Open {gateway.HttpAddress} : six emulated pouches, {speed:F0} times as fast as real ones. Ctrl+C ends the demo.");
            await RunNodes(plan, gateway.MqttEndPoint.Port, stop);
            return ExitCodes.Success;
        }
        finally
        {
            if (data is null)
            {
                Directory.Delete(directory, recursive: true);
            }
        }
    }

    private static async Task RunNodes(IReadOnlyList<EmulatedNodeOptions> plan, int port, StopSignal signal)
    {
        using CancellationTokenSource stop = new();
        EmulatedBench bench = new(plan.Select(node => node with { Port = port }));
        Task running = Task.Run(() => bench.RunAsync(stop.Token), CancellationToken.None);
        Task first = await Task.WhenAny(running, signal.WaitAsync());
        await stop.CancelAsync();
        try
        {
            await running;
        }
        catch (OperationCanceledException) when (first != running)
        {
            // Asked to stop.
        }
    }

    // A baseline is judged by the same profile as the improved cell beside it.
    private static string ProfileOf(string cell)
    {
        const string Baseline = "-baseline";
        string name = cell.EndsWith(Baseline, StringComparison.Ordinal) ? cell[..^Baseline.Length] : cell;
        return CellProfiles.TryGet(name, out _)
            ? name
            : throw new InvalidOperationException($"The catalogue lacks the profile '{name}' of the demo.");
    }
}
