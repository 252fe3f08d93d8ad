using System.Text.Json.Nodes;
using PouchMonitor.Mqtt.Tests.Interop;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>Client libraries that people use, over WebSocket through the gateway's own HTTP port.</summary>
public sealed class ForeignWebSocketTests
{
    public static MatrixTheoryData<string, int> Clients() => new(["npm mqtt", "python3-paho-mqtt"], [4, 5]);

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task PublishesAndSubscribes_AtEveryQos(string library, int version)
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        await using ForeignClient client = await ForeignClient.StartAsync(
            library, new ForeignRoute(new Uri(bench.Gateway.HttpAddress).Port, "ws", "/mqtt"));
        JsonObject answer = await client.ConnectAsync(new { version, clientId = "page", clean = true });
        Assert.Equal("connected", answer["event"]!.GetValue<string>());
        for (int qos = 0; qos <= 2; qos++)
        {
            Assert.Equal([qos], await client.SubscribeAsync($"page/{qos}", qos));
            Assert.Equal(0, await client.PublishAsync($"page/{qos}", new string('x', 70_000), qos));
            JsonObject message = await client.MessageAsync();
            Assert.Equal((qos, 70_000), (message["qos"]!.GetValue<int>(), message["payload"]!.GetValue<string>().Length));
        }

        await client.DisconnectAsync();
    }
}
