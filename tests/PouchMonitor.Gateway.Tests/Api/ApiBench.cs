using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Tests.Mqtt;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>A gateway with some cells, one of them too hot, and one message that it could not understand.</summary>
public sealed class ApiBench : IAsyncLifetime
{
    public const int Channels = 5;
    private GatewayBench? gateway;

    public MonitorGateway Gateway => gateway!.Gateway;

    public IEnumerable<EndpointDataSource> Routes => ((IEndpointRouteBuilder)Gateway.Web).DataSources;

    public HttpClient Http { get; } = new();

    public async ValueTask InitializeAsync()
    {
        gateway = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        Http.BaseAddress = new Uri(Gateway.HttpAddress + "/");
        await using MqttClient device = new(new MqttClientOptions { Port = Gateway.MqttEndPoint.Port, ClientId = "lab" });
        await device.ConnectAsync();
        await device.PublishAsync("pouch/v1/lab/status",
            """{"state":"online","boot":"00000000000000aa","firmware":"test","uptimeMs":1,"channels":{"1":"lab.1"}}"""u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await device.PublishAsync("pouch/v1/lab/1/frame", "no frame"u8.ToArray(), MqttQos.AtLeastOnce);
        for (int i = 0; i < 4; i++)
        {
            for (int channel = 1; channel <= Channels; channel++)
            {
                double surfaceC = channel == 1 ? 95 : 25;
                string json = string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{1_790_000_000 + i}},"v":3.7,"i":0.5,"surface":{{surfaceC}}}""");
                Assert.Equal(MqttReason.Success, await device.PublishAsync($"pouch/v1/lab/{channel}/sample", Encoding.UTF8.GetBytes(json), MqttQos.AtLeastOnce));
            }
        }

        using EventReader reader = await EventReader.OpenAsync(Gateway.HttpAddress);
        await reader.NextAsync("alarms");
        DateTime end = DateTime.UtcNow.AddMinutes(1);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(20));
        while (!await IsJudged())
        {
            Assert.True(DateTime.UtcNow < end, "The samples are not judged within a minute.");
            await timer.WaitForNextTickAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
        }
    }

    /// <summary>A path of a route that has something to say here; null where there is none.</summary>
    public string? PathOf(string pattern) => pattern switch
    {
        "/api/v1/cells/{cell}/dqdv" or "/api/v1/abuse/plans/{name}" or "/api/v1/incidents/{incident}" => null,
        _ => pattern.Replace("{cell}", "lab.1", StringComparison.Ordinal).Replace("{node}", "lab", StringComparison.Ordinal)
            .Replace("{channel}", "1", StringComparison.Ordinal).Replace("{name}", "dne-pouch", StringComparison.Ordinal).TrimStart('/') is var path
            && !path.Contains('{', StringComparison.Ordinal) ? path : null,
    };

    // What is known of a cell is there with its first checkpoint.
    private async Task<bool> IsJudged()
    {
        using HttpResponseMessage stored = await Http.GetAsync("api/v1/cells/lab.1");
        return stored.IsSuccessStatusCode
            && (await Http.GetStringAsync("api/v1/tests")).Split("sampleCount\":4").Length == Channels + 1
            && (await Http.GetStringAsync("api/v1/alarms")).Contains("lab.1", StringComparison.Ordinal);
    }
}
