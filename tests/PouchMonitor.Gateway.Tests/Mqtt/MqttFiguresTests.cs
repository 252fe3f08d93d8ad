using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>What a gateway shows of its MQTT endpoint, and to whom.</summary>
public sealed class MqttFiguresTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mqtt-figures-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Clients_AndTotals_AreShown()
    {
        await using MonitorGateway gateway = await Start(isOpen: true);
        await using MqttClient client = new(new MqttClientOptions { Port = gateway.MqttEndPoint.Port, ClientId = "bench" });
        await client.ConnectAsync();
        Assert.Equal(MqttReason.Success, await client.SubscribeAsync("$SYS/#"));
        await client.PublishAsync("any/topic", "x"u8.ToArray(), MqttQos.AtLeastOnce);
        using HttpClient http = new();
        JsonElement shown = await http.GetFromJsonAsync<JsonElement>(gateway.HttpAddress + "/api/v1/mqtt/clients");
        JsonElement only = Assert.Single(shown.GetProperty("clients").EnumerateArray());
        Assert.Equal(1, shown.GetProperty("count").GetInt32());
        Assert.Equal("bench", only.GetProperty("clientId").GetString());
        Assert.True(only.GetProperty("connected").GetBoolean());
        Assert.Equal("5.0", only.GetProperty("version").GetString());
        Assert.Equal(0, only.GetProperty("dropped").GetProperty("total").GetInt64());
        string metrics = await http.GetStringAsync(gateway.HttpAddress + "/metrics");
        Assert.Contains("\npouchmonitor_mqtt_connections 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npouchmonitor_mqtt_messages_received_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("\npouchmonitor_mqtt_dropped_total{reason=\"QueueFull\"} 0\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("$SYS/#")]
    [InlineData("$SYS/broker/uptime")]
    [InlineData("$share/g/$SYS/#")]
    [InlineData("#")]
    public async Task ANode_ReadsNoFigures(string filter)
    {
        string token = new AccessFile(folder).AddNode("n7");
        await using MonitorGateway gateway = await Start(isOpen: false);
        await using MqttClient client = new(new MqttClientOptions { Port = gateway.MqttEndPoint.Port, UserName = "n7", Password = Encoding.UTF8.GetBytes(token) });
        await client.ConnectAsync();
        Assert.Equal(MqttReason.NotAuthorized, await client.SubscribeAsync(filter));
        Assert.Equal(MqttReason.Success, await client.SubscribeAsync(TopicNames.Config("n7")));
    }

    private Task<MonitorGateway> Start(bool isOpen) => MonitorGateway.StartAsync(
        new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, OpenOnLoopback = isOpen }, CancellationToken.None);
}
