using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>Somebody else's device: publishes JSON with QoS 1 over MQTT 3.1.1 and waits for each acknowledgement.</summary>
internal sealed class SampleDevice : IAsyncDisposable
{
    private readonly MqttClient client;
    private readonly string node;

    private SampleDevice(MqttClient client, string node)
    {
        this.client = client;
        this.node = node;
    }

    /// <summary>Connects as a node and says what cells are on its channels 1, 2, ...</summary>
    public static Task<SampleDevice> ConnectAsync(int port, string node, params string[] cells) => ConnectAsync(port, node, token: null, cells);

    /// <summary>Connects as a node that shows its token, for a gateway that asks for one.</summary>
    public static async Task<SampleDevice> ConnectAsync(int port, string node, string? token, string[] cells)
    {
        MqttClient client = new(new MqttClientOptions
        {
            Port = port,
            ClientId = node,
            Version = MqttProtocolVersion.V311,
            UserName = token is null ? null : node,
            Password = token is null ? null : Encoding.UTF8.GetBytes(token),
        });
        await client.ConnectAsync();
        SampleDevice device = new(client, node);
        await device.PublishAsync(TopicNames.Status(node), JsonSerializer.Serialize(new
        {
            state = "online",
            boot = "00000000000000aa",
            firmware = "test",
            uptimeMs = 1,
            channels = cells.Index().ToDictionary(
                cell => (cell.Index + 1).ToString(CultureInfo.InvariantCulture), cell => cell.Item, StringComparer.Ordinal),
        }), retain: true);
        return device;
    }

    /// <summary>Publishes one sample and returns when the gateway has acknowledged it.</summary>
    public Task SampleAsync(string channel, double timeSeconds, double volts, double amperes, double surfaceC, double? infraredC = null, double? ambientC = null)
    {
        StringBuilder json = new();
        json.Append(CultureInfo.InvariantCulture, $@"{{""t"":{timeSeconds:F3},""v"":{volts:F4},""i"":{amperes:F3},""surface"":{surfaceC:F2}");
        Append(json, "ir", infraredC);
        Append(json, "ambient", ambientC);
        return PublishAsync(TopicNames.Sample(node, channel), json.Append('}').ToString());
    }

    /// <summary>Publishes a text and returns when the gateway has acknowledged it.</summary>
    public async Task PublishAsync(string topic, string payload, bool retain = false)
        => Assert.Equal(MqttReason.Success, await client.PublishAsync(topic, Encoding.UTF8.GetBytes(payload), MqttQos.AtLeastOnce, retain));

    public ValueTask DisposeAsync() => client.DisposeAsync();

    private static void Append(StringBuilder json, string name, double? value)
    {
        if (value is { } known)
        {
            json.Append(CultureInfo.InvariantCulture, $@",""{name}"":{known:F2}");
        }
    }
}
