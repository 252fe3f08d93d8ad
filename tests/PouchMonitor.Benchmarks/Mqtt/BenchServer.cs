using System.Net;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>The server of this project in a process of its own (<c>--mqtt-server FOLDER memory|disk</c>), until its input ends.</summary>
internal static class BenchServer
{
    public static async Task<int> RunAsync(string folder, bool isDurable)
    {
        GroupLog? log = isDurable ? new GroupLog(Path.Combine(folder, "log")) : null;
        MqttServer server = new(
            new MqttServerOptions { EndPoint = new IPEndPoint(IPAddress.Loopback, 0), MaximumConnections = 50_000, MaximumSessions = 50_000 },
            new BenchHandler(new AccessFile(folder), log));
        await server.StartAsync();
        Console.WriteLine(server.EndPoint.Port);
        await Console.In.ReadToEndAsync();
        await server.StopAsync();
        log?.Dispose();
        return 0;
    }
}
