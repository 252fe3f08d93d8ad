using System.Globalization;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Durability;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Brokers;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>Nodes behind somebody else's broker: node, mosquitto, gateway.</summary>
public sealed class ExternalBrokerTests : IDisposable
{
    private const string Node = "behind";
    private const int Frames = 600;
    private readonly string directory = Directory.CreateTempSubdirectory("pouch-broker-").FullName;

    [Fact]
    public async Task TheGatewayKilled_EveryFrameTheBrokerTookIsStoredOnce_AndStoredIsPublishedThere()
    {
        CancellationToken token = TestContext.Current.CancellationToken;
        await using Mosquitto broker = await Mosquitto.StartAsync();
        string data = Path.Combine(directory, "data");
        MessageBox box = new();
        await using MqttReconnectingClient node = Client(broker, "node-7", box);
        node.Start();
        await node.SubscribeAsync([new MqttTopicFilter(TopicNames.Stored(Node), MqttQos.AtLeastOnce)], token);
        await using (ServeProcess serve = await ServeProcess.Open(data, Config(broker)))
        {
            await serve.Until("/api/v1/broker", state => state.GetProperty("subscribed").GetBoolean());
            for (long number = 0; number < Frames; number++)
            {
                // The broker's acknowledgement says that it keeps the frame for the gateway, dead or alive.
                MqttReason reason = await node.PublishAsync(
                    TopicNames.Frame(Node, "1"), FramePublisher.FrameBytes(Node, 1, number), MqttQos.AtLeastOnce, cancellationToken: token);
                Assert.False(reason.IsFailure(), $"frame {number}: {reason}");
                if (number is 150 or 300)
                {
                    serve.Kill();
                }
                else if (number is 200 or 400)
                {
                    await serve.StartAsync();
                }
            }

            JsonElement stored = await box.Until(TopicNames.Stored(Node), said => Committed(said) >= Frames * 32);
            Assert.Equal(1.ToString("x16", CultureInfo.InvariantCulture), stored.GetProperty("boot").GetString());
            await serve.Until("/api/v1/broker", state => state.GetProperty("unacknowledgedMessages").GetInt32() == 0);
            JsonElement figures = await serve.Get("/api/v1/broker");
            Assert.Equal(0, figures.GetProperty("lostSessions").GetInt32());
            Assert.Contains("pouchmonitor_broker_connected 1", await serve.Http.GetStringAsync(serve.Address + "/metrics", token), StringComparison.Ordinal);
            Assert.Equal(0, await serve.Terminate());
        }

        await using FrameJournal journal = FrameJournal.Open(JournalOptions.ForDirectory(Path.Combine(data, "journal")));
        Dictionary<long, string> found = [];
        using var cursor = journal.ReadFrom(0);
        while (cursor.ReadNext() is { } record)
        {
            Assert.True(found.TryAdd(record.FirstSampleNumber / 32, Convert.ToHexString(record.Bytes)), "stored twice");
        }

        Assert.Equal(
            Enumerable.Range(0, Frames).Select(number => Convert.ToHexString(FramePublisher.FrameBytes(Node, 1, number))),
            Enumerable.Range(0, Frames).Select(number => found.GetValueOrDefault(number)));
    }

    [Fact]
    public async Task SamplesStatusesAndAlarms_PassThroughABrokerToo_UnderItsPrefix()
    {
        const string prefix = "site-a/";
        await using Mosquitto broker = await Mosquitto.StartAsync("""
            allow_anonymous false
            password_file FOLDER/passwords
            """, WritePasswords);
        File.WriteAllText(Path.Combine(directory, "password"), "s3cret\n");
        await using ServeProcess serve = await ServeProcess.Open(
            Path.Combine(directory, "data"), Config(broker, $$""", "topicPrefix": "{{prefix}}", "userName": "gateway", "passwordFile": "{{directory}}/password", "protocol": "3.1.1" """));
        await serve.Until("/api/v1/broker", state => state.GetProperty("subscribed").GetBoolean());
        MessageBox box = new();
        await using MqttReconnectingClient device = Client(broker, "device", box, "gateway", "s3cret");
        device.Start();
        await device.SubscribeAsync([new MqttTopicFilter(prefix + "pouch/v1/alarm/#", MqttQos.AtLeastOnce)]);
        await device.PublishAsync(prefix + TopicNames.Status(Node), """{"state":"online","channels":{"1":"cell-x"}}"""u8.ToArray(), retain: true);
        for (int second = 0; second < 30; second++)
        {
            // Far above what a surface may have.
            string sample = string.Create(CultureInfo.InvariantCulture, $$"""{"t":{{1_790_000_000 + second}},"v":3.7,"i":1.5,"surface":{{(second < 10 ? 25 : 95)}} }""");
            await device.PublishAsync(prefix + TopicNames.Sample(Node, "1"), System.Text.Encoding.UTF8.GetBytes(sample));
        }

        JsonElement alarm = await box.Until(prefix + TopicNames.Alarm("cell-x", "thermal-limit"), said => said.GetProperty("state").GetString() == "unacknowledged");
        Assert.Equal("cell-x", alarm.GetProperty("cell").GetString());
        JsonElement nodes = await serve.Get("/api/v1/nodes");
        Assert.Contains(nodes.EnumerateArray(), node => node.GetProperty("node").GetString() == Node);
        serve.Kill();
        await broker.StopAsync();
        await serve.StartAsync();
        JsonElement kept = await serve.Get("/api/v1/nodes");
        Assert.Contains(kept.EnumerateArray(), node => node.GetProperty("node").GetString() == Node);
        Assert.DoesNotContain("s3cret", (await serve.Get("/api/v1/broker")).GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","port":0}}""", "port = 0 is outside 1 to 65535")]
    [InlineData("""{"externalBroker":{"host":"","clientId":"g"}}""", "host has 0 characters")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":""}}""", "clientId has 0 characters")]
    [InlineData("""{"externalBroker":{"host":"b"}}""", "clientId")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","ca":"x.pem"}}""", "need tls = true")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","tls":true,"ca":"absent.pem"}}""", "absent.pem")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","userName":"u","passwordFile":"absent"}}""", "absent")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","topicPrefix":"a"}}""", "must end with '/'")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","protocol":"4"}}""", "neither 5 nor 3.1.1")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","receiveMaximum":0}}""", "receiveMaximum = 0 is outside 1 to 65535")]
    [InlineData("""{"externalBroker":{"host":"b","clientId":"g","client":"paho"}}""", "neither own nor mqttnet")]
    public async Task AWrongSetting_IsToldWithItsNameValueAndLimit(string config, string told)
    {
        string file = Path.Combine(directory, "config.json");
        await File.WriteAllTextAsync(file, config);
        CommandRun run = await CommandRun.PouchMonitor(
            "serve", "--data", Path.Combine(directory, "data"), "--http-port", "0", "--mqtt-port", "0", "--config", file);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(told, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(directory, recursive: true);

    private static long Committed(JsonElement stored) =>
        stored.GetProperty("channels").TryGetProperty("1", out JsonElement channel) ? channel.GetProperty("committed").GetInt64() : 0;

    private static string Config(Mosquitto broker, string more = "") =>
        $$$"""{"externalBroker": {"host": "127.0.0.1", "port": {{{broker.Port}}}, "clientId": "gateway-1"{{{more}}} }}""";

    private static MqttReconnectingClient Client(Mosquitto broker, string clientId, MessageBox box, string? user = null, string? password = null) => new(new MqttReconnectOptions
    {
        Client = new MqttClientOptions
        {
            Port = broker.Port, ClientId = clientId, MessageReceived = box.Take, UserName = user,
            Password = password is null ? null : System.Text.Encoding.UTF8.GetBytes(password),
        },
    });

    private static void WritePasswords(string folder)
    {
        using var made = System.Diagnostics.Process.Start(RepositoryFiles.Tool("mosquitto_passwd"), ["-c", "-b", Path.Combine(folder, "passwords"), "gateway", "s3cret"]);
        made.WaitForExit();
        Assert.Equal(0, made.ExitCode);
    }
}
