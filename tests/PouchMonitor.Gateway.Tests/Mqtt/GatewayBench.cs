using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>A whole gateway on free ports, with a data directory of its own.</summary>
internal sealed class GatewayBench : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-gateway-").FullName;
    private MonitorGateway? gateway;

    public MonitorGateway Gateway => gateway!;

    public Uri WebSocketAddress => new(Gateway.HttpAddress.Replace("http://", "ws://", StringComparison.Ordinal) + "/mqtt");

    /// <summary>Its list of who may connect, as another process would change it.</summary>
    public AccessFile Access => new(folder);

    public static async Task<GatewayBench> StartAsync(Func<GatewayOptions, GatewayOptions> change)
    {
        GatewayBench bench = new();
        try
        {
            bench.gateway = await MonitorGateway.StartAsync(
                change(new GatewayOptions { DataDirectory = bench.folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1 }), CancellationToken.None);
            return bench;
        }
        catch
        {
            await bench.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
