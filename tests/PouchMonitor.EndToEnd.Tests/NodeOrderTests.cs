using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Brokers;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>Orders go from the command line through the gateway to the firmware's own sources, and their answers come back.</summary>
public sealed class NodeOrderTests : IDisposable
{
    private const string Secret = "s3cret-of-the-lab";
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-orders-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ACommand_ActsOrIsRefused_AndTheExitCodeSaysWhich()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await using RunningNode node = await RunningNode.StartAsync(serve, serve.MqttPort);
        CommandRun done = await Order(serve, "command", "n1", "identify", "seconds=5", "--json");
        Assert.True(done.ExitCode == 0, done.Errors);
        JsonElement answer = JsonDocument.Parse(done.Output).RootElement;
        Assert.Equal("identify", answer.GetProperty("command").GetString());
        Assert.True(answer.GetProperty("accepted").GetBoolean());
        CommandRun refused = await Order(serve, "command", "n1", "identify", "seconds=5000");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("seconds is '5000', must be 1 to 600", refused.Errors.Trim());
        CommandRun unknown = await Order(serve, "command", "n9", "identify");
        Assert.Equal(1, unknown.ExitCode);
        Assert.Equal("No node 'n9' is known.", unknown.Errors.Trim());
    }

    [Fact]
    public async Task ARebootedNode_GoesOnWithItsTest_AndTellsWhyItRestarted()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await using RunningNode node = await RunningNode.StartAsync(serve, serve.MqttPort);
        ulong boot = node.Node.Node.Boot;
        Assert.Equal(0, (await Order(serve, "command", "n1", "reboot")).ExitCode);
        JsonElement nodes = await serve.Until("/api/v1/nodes", all => all[0].GetProperty("bootCount").GetInt32() == 2
            && all[0].GetProperty("health").GetProperty("restartCause").GetString() == "ordered");
        Assert.NotEqual(boot, node.Node.Node.Boot);
        Assert.Equal(1, nodes[0].GetProperty("health").GetProperty("restarts").GetInt32());
        await serve.Until("/api/v1/tests", tests => tests.GetArrayLength() == 1 && tests[0].GetProperty("sampleCount").GetInt64() > 100);
        await node.StopAsync();

        // Nothing that was measured before the restart, or after it, is missing.
        await serve.Until("/api/v1/tests", tests => tests[0].GetProperty("sampleCount").GetInt64() == node.Node.SampleCount);
    }

    [Fact]
    public async Task Settings_AreTakenAsAWholeOrRefused_AndNoSecretStaysAtTheBroker()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await using RunningNode node = await RunningNode.StartAsync(serve, serve.MqttPort);
        string password = Path.Combine(folder, "password");
        await File.WriteAllTextAsync(password, Secret + "\n");
        CommandRun refused = await Order(serve, "config", "n1", "statusIntervalSeconds=3", "brokerPort=70000");
        Assert.Equal(1, refused.ExitCode);
        Assert.Equal("brokerPort is 70000, must be 1 to 65535", refused.Errors.Trim());
        CommandRun open = await Order(serve, "config", "n1", "brokerPassword=" + Secret);
        Assert.Equal(2, open.ExitCode);
        Assert.DoesNotContain(Secret, open.Errors, StringComparison.Ordinal);
        CommandRun done = await Order(serve, "config", "n1", "statusIntervalSeconds=2", "brokerPassword=@" + password);
        Assert.True(done.ExitCode == 0, done.Errors);
        await serve.Until("/api/v1/nodes", all => all[0].GetProperty("bootCount").GetInt32() == 2);
        Assert.Contains("statusIntervalSeconds = 2\n", node.Settings, StringComparison.Ordinal);
        Assert.Contains(Secret, node.Settings, StringComparison.Ordinal);

        // What is retained brings a new node of that name the setting, but not the secret.
        MessageBox box = new();
        await using MqttClient listener = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = box.Take });
        await listener.ConnectAsync();
        await listener.SubscribeAsync("pouch/v1/n1/config", MqttQos.AtLeastOnce);
        JsonElement retained = await box.Until("pouch/v1/n1/config", body => body.TryGetProperty("statusIntervalSeconds", out _));
        Assert.Equal("2", retained.GetProperty("statusIntervalSeconds").GetString());
        Assert.DoesNotContain(Secret, retained.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ANodeBehindAnotherBroker_AnswersToo()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await using ServeProcess serve = await ServeProcess.Open(
            config: JsonSerializer.Serialize(new { externalBroker = new { host = "127.0.0.1", port = broker.Port, clientId = "gateway-orders" } }));
        await serve.Until("/api/v1/broker", state => state.GetProperty("subscribed").GetBoolean());
        await using RunningNode node = await RunningNode.StartAsync(serve, broker.Port);
        CommandRun done = await Order(serve, "command", "n1", "identify");
        Assert.True(done.ExitCode == 0, done.Errors);
        CommandRun changed = await Order(serve, "config", "n1", "statusIntervalSeconds=2");
        Assert.True(changed.ExitCode == 0, changed.Errors);
        await serve.Until("/api/v1/nodes", all => all[0].GetProperty("bootCount").GetInt32() == 2);
    }

    private static Task<CommandRun> Order(ServeProcess serve, params string[] words) =>
        CommandRun.PouchMonitor(["node", .. words, "--gateway", serve.Address, "--wait", "60"]);

    private sealed class RunningNode : IAsyncDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly Task running;

        private RunningNode(int port)
        {
            Node = new EmulatedNode(new EmulatedNodeOptions
            {
                Node = "n1", CellName = "dne-pouch", SampleInterval = TimeSpan.FromSeconds(1), FrameSampleCount = 10, Acceleration = 50,
                VirtualStartUnixMicroseconds = 1_770_000_000_000_000, Port = port,
            });
            running = Node.RunAsync(stop.Token);
        }

        public EmulatedNode Node { get; }

        /// <summary>What the node's flash holds.</summary>
        public string Settings => new Firmware.Care.SettingsStore(Node.Board.Flash).Text;

        /// <summary>Returns once the gateway knows the node.</summary>
        public static async Task<RunningNode> StartAsync(ServeProcess serve, int port)
        {
            RunningNode node = new(port);
            await serve.Until("/api/v1/nodes", all => all.GetArrayLength() == 1);
            return node;
        }

        public async Task StopAsync()
        {
            await stop.CancelAsync();
            await running;
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            stop.Dispose();
        }
    }
}
