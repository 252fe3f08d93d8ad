using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Tests.Mqtt;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>The live stream of a real gateway: beginning, coming back, and clients that do not read.</summary>
public sealed class StreamEndpointTests : IAsyncLifetime
{
    private GatewayBench bench = null!;
    private MqttClient device = null!;
    private double time = 1_790_000_000;

    public async ValueTask InitializeAsync()
    {
        bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true, StreamClients = 3, StreamStall = TimeSpan.FromSeconds(1) });
        device = new MqttClient(new MqttClientOptions { Port = bench.Gateway.MqttEndPoint.Port, ClientId = "lab" });
        await device.ConnectAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await device.DisposeAsync();
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task AClient_IsGivenEverything_AndThenWhatChanges()
    {
        await Publish("1", surfaceC: 25);
        await Publish("2", surfaceC: 95);
        using EventReader reader = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        (string name, JsonElement hello) = await reader.NextAsync();
        Assert.Equal("hello", name);
        Assert.False(hello.GetProperty("resumed").GetBoolean());
        Assert.Equal(JsonValueKind.Null, hello.GetProperty("gap").ValueKind);
        Assert.Equal("alarms", (await reader.NextAsync()).Name);
        (name, JsonElement _) = await reader.NextAsync();
        Assert.Equal("cells", name);

        await Publish("1", surfaceC: 26);
        JsonElement changed = await reader.NextAsync("cells", cells => cells.EnumerateArray().Any(cell => cell.GetProperty("surfaceC").GetDouble() == 26));
        Assert.All(changed.EnumerateArray(), cell => Assert.False(cell.TryGetProperty("trend", out _)));
        await Heat("1");
        JsonElement alarm = await reader.NextAsync("alarm", alarm => alarm.GetProperty("cell").GetString() == "lab.1");
        Assert.Equal("unacknowledged", alarm.GetProperty("state").GetString());
        Assert.NotEqual("silence", alarm.GetProperty("rule").GetString());
    }

    [Fact]
    public async Task AClientThatComesBack_GetsTheAlarmsAndCellsItMissed()
    {
        await Publish("1", surfaceC: 25);
        string? left;
        using (EventReader reader = await EventReader.OpenAsync(bench.Gateway.HttpAddress))
        {
            await reader.NextAsync("cells", cells => cells.GetArrayLength() == 1);
            left = reader.LastId;
        }

        // Somebody else sees to it that all this has been said before the first comes back.
        using EventReader other = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        await Heat("1");
        await other.NextAsync("alarm", alarm => alarm.GetProperty("cell").GetString() == "lab.1");
        await Publish("2", surfaceC: 27);
        await other.NextAsync("cells", cells => cells.EnumerateArray().Any(cell => cell.GetProperty("cell").GetString() == "lab.2"));

        using EventReader back = await EventReader.OpenAsync(bench.Gateway.HttpAddress, left);
        (string name, JsonElement hello) = await back.NextAsync();
        Assert.Equal(("hello", true), (name, hello.GetProperty("resumed").GetBoolean()));
        JsonElement alarm = await back.NextAsync("alarm");
        Assert.Equal("lab.1", alarm.GetProperty("cell").GetString());
        await back.NextAsync("cells", cells => cells.EnumerateArray().Any(cell => cell.GetProperty("cell").GetString() == "lab.2"));
        Assert.NotEqual(left, back.LastId);
    }

    [Theory]
    [InlineData("0badcafe-12", "The gateway has been started anew since.")]
    [InlineData("x", "The id of the last event is none of this gateway's.")]
    public async Task AClientFromElsewhere_IsToldSo_AndGivenEverything(string id, string gap)
    {
        await Publish("1", surfaceC: 25);
        using EventReader reader = await EventReader.OpenAsync(bench.Gateway.HttpAddress, id);
        (_, JsonElement hello) = await reader.NextAsync();
        Assert.Equal((false, gap), (hello.GetProperty("resumed").GetBoolean(), hello.GetProperty("gap").GetString()));
        Assert.Equal("alarms", (await reader.NextAsync()).Name);
        Assert.Equal("cells", (await reader.NextAsync()).Name);
    }

    [Fact]
    public async Task AClientThatDoesNotRead_IsClosedAndCounted_AndDelaysNobody()
    {
        await PublishAll(surfaceC: 25);
        using Socket deaf = new(SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 2048 };
        await deaf.ConnectAsync(IPAddress.Loopback, new Uri(bench.Gateway.HttpAddress).Port);
        await deaf.SendAsync("GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
        using EventReader reader = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        using HttpClient http = new();
        DateTime end = DateTime.UtcNow.AddMinutes(2);
        for (int surfaceC = 26; !(await Metrics(http)).Contains("pouchmonitor_stream_stalled_total 1\n", StringComparison.Ordinal); surfaceC++)
        {
            Assert.True(DateTime.UtcNow < end, "The client that does not read is still open.");
            int expected = 25 + (surfaceC % 10);
            await PublishAll(expected);
            await reader.NextAsync("cells", cells => cells.EnumerateArray().Any(cell => cell.GetProperty("surfaceC").GetDouble() == expected));
        }

        // It is counted first and gone right after.
        while (!(await Metrics(http)).Contains("pouchmonitor_dashboards 1\n", StringComparison.Ordinal))
        {
            Assert.True(DateTime.UtcNow < end, "The client that does not read still counts as a dashboard.");
            await Task.Yield();
        }
    }

    [Fact]
    public async Task ClientsBeyondTheLimit_AreRefusedClearly()
    {
        List<EventReader> readers = [];
        for (int i = 0; i < 3; i++)
        {
            readers.Add(await EventReader.OpenAsync(bench.Gateway.HttpAddress));
        }

        using HttpClient http = new();
        using HttpResponseMessage refused = await http.GetAsync(bench.Gateway.HttpAddress + "/api/v1/stream");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Contains("3 dashboards are open", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using HttpResponseMessage longId = await http.GetAsync(bench.Gateway.HttpAddress + "/api/v1/stream?lastEventId=" + new string('1', 65));
        Assert.Equal(HttpStatusCode.BadRequest, longId.StatusCode);
        readers.ForEach(reader => reader.Dispose());
    }

    private Task<string> Metrics(HttpClient http) => http.GetStringAsync(bench.Gateway.HttpAddress + "/metrics");

    // A single reading far from those beside it is not believed.
    private async Task Heat(string channel)
    {
        for (int i = 0; i < 3; i++)
        {
            await Publish(channel, surfaceC: 95);
        }
    }

    private async Task PublishAll(double surfaceC)
    {
        for (int channel = 1; channel <= 60; channel++)
        {
            byte[] topic = Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"pouch/v1/lab/{channel}/sample"));
            await device.PublishPipelinedAsync(topic, Sample(surfaceC), MqttQos.AtLeastOnce, tag: channel);
        }

        await device.WaitForAcknowledgementsAsync();
    }

    private async Task Publish(string channel, double surfaceC) =>
        Assert.Equal(MqttReason.Success, await device.PublishAsync($"pouch/v1/lab/{channel}/sample", Sample(surfaceC), MqttQos.AtLeastOnce));

    private byte[] Sample(double surfaceC) => Encoding.UTF8.GetBytes(
        string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{time++}},"v":3.7,"i":0.5,"surface":{{surfaceC}}}"""));
}
