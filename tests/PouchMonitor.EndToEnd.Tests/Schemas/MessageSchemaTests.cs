using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Firmware.Host;
using PouchMonitor.Firmware.Protection;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Simulation.Abuse;

namespace PouchMonitor.EndToEnd.Tests.Schemas;

/// <summary>What node, replay and gateway really say is as <c>shared/schemas</c> says, and what it refuses the gateway refuses.</summary>
public class MessageSchemaTests
{
    private static readonly string[] Kinds = ["status", "event", "stored", "alarm"];

    [Fact]
    public async Task EveryMessage_IsAsItsSchemaSays_AndSaysAllThatIsDescribed()
    {
        await using ServeProcess serve = await ServeProcess.Open(config: """{"cells":{"hot":{"profile":"dne-pouch"}}}""");
        MessageBox box = new();
        await using MqttClient listener = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = box.Take });
        await listener.ConnectAsync();
        foreach (string filter in (string[])["+/status", "+/event", "+/stored", "alarm/#"])
        {
            await listener.SubscribeAsync("pouch/v1/" + filter, MqttQos.AtLeastOnce);
        }

        await FirmwareNode(serve, box);
        await NodeUnderAbuse(serve, box);
        await Replay(serve);
        await HotDevice(serve, box);

        Dictionary<string, HashSet<string>> seen = Kinds.ToDictionary(kind => kind, _ => new HashSet<string>(StringComparer.Ordinal), StringComparer.Ordinal);
        Dictionary<string, JsonSchema> schemas = Kinds.ToDictionary(kind => kind, JsonSchema.Of, StringComparer.Ordinal);
        foreach ((string topic, JsonElement body) in box.All())
        {
            string kind = topic.StartsWith("pouch/v1/alarm/", StringComparison.Ordinal) ? "alarm" : topic[(topic.LastIndexOf('/') + 1)..];
            Assert.Equal("", string.Join('\n', schemas[kind].Problems(body).Select(problem => $"{topic}: {problem}")));
            seen[kind].UnionWith(body.EnumerateObject().Select(property => property.Name));
        }

        foreach (string kind in Kinds)
        {
            Assert.Equal(
                schemas[kind].Root.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal),
                seen[kind].Order(StringComparer.Ordinal));
        }
    }

    [Fact]
    public async Task WhatASchemaRefuses_TheGatewayQuarantines_AndNothingElse()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "n1", "c1");
        int refused = 0;
        foreach ((string kind, string body, bool isAllowed) in Cases())
        {
            IReadOnlyList<string> problems = JsonSchema.Of(kind).Problems(body);
            Assert.True(isAllowed == (problems.Count == 0), $"schema of {kind}: {Shortened(body)}: {string.Join("; ", problems)}");
            await device.PublishAsync("pouch/v1/n1/" + (kind == "sample" ? "1/sample" : kind), body);
            refused += isAllowed ? 0 : 1;
            int counted = (await serve.Get("/api/v1/quarantine")).GetProperty("count").GetInt32();
            Assert.True(counted == refused, $"gateway: {kind} {Shortened(body)}: {counted} in quarantine, expected {refused}");
        }
    }

    private static IEnumerable<(string Kind, string Body, bool IsAllowed)> Cases()
    {
        foreach (string body in (string[])
            ["""{"t":946684800,"v":3}""", """{"t":7258118400,"v":3}""", """{"t":1790000000.25,"v":-0.5e0,"i":null,"surface":25,"note":"x"}""",
             "[]", """[{"t":1790000001,"v":3},{"t":1790000002,"v":3}]""", Many(1000), """{"t":1790000003,"v":9.2e18}"""])
        {
            yield return ("sample", body, true);
        }

        foreach (string body in (string[])
            ["""{"t":946684799,"v":3}""", """{"t":7258118401,"v":3}""", """{"v":3}""", """{"t":1790000010}""", """{"t":1790000010,"v":null}""",
             """{"t":null,"v":3}""", """{"t":"1790000010","v":3}""", """{"t":1790000010,"v":"3"}""", """{"t":1790000010,"v":3,"i":"1"}""",
             """{"t":1790000010,"v":3,"ambient":[25]}""", """{"t":1790000010,"v":3,"surface":true}""", """{"t":1790000010,"v":3,"ir":{}}""",
             """{"t":1790000010,"v":1e30}""", """{"t":1790000010,"v":3,"i":-1e19}""", """{"T":1790000010,"V":3}""", "3", "null", "\"x\"", "[1]",
             """[{"t":1790000011,"v":3},{"t":1790000012}]""", """[[{"t":1790000013,"v":3}]]""", Many(1001), "{", "", """{"t":1790000010,"v":NaN}"""])
        {
            yield return ("sample", body, false);
        }

        foreach (string body in (string[])
            ["""{"state":"online"}""", """{"state":"offline","boot":null,"firmware":null,"uptimeMs":null,"channels":null}""",
             """{"state":"online","boot":"ab","firmware":"1","uptimeMs":0.5,"channels":{"1":"c1"},"battery":4}""",
             """{"state":"online","channels":{"not a name":"nor this"}}""", $$"""{"state":"online","channels":{{Channels(64)}}}""",
             """{"state":"online","protection":null}""",
             """{"state":"online","protection":{"1":{"state":"armed","kind":"nail"}}}""",
             """{"state":"online","calibrations":null}""", """{"state":"online","calibrations":{}}""", Calibrated("1", 0, 1_000_000),
             Calibrated("4294967295", 1_790_000_000, -1_000_000),
             """{"state":"online","health":null}""", """{"state":"online","health":{"behindMs":2.0,"signalDbm":-70,"busErrors":{"1":3},"safeMode":true,"new":[]}}"""])
        {
            yield return ("status", body, true);
        }

        foreach (string body in (string[])
            ["{}", """{"state":"Online"}""", """{"state":null}""", """{"state":1}""", """{"boot":"00"}""", """{"state":"online","boot":12}""",
             """{"state":"online","firmware":{}}""", """{"state":"online","uptimeMs":"5"}""", """{"state":"online","uptimeMs":[]}""",
             """{"state":"online","channels":["c1"]}""", """{"state":"online","channels":{"1":2}}""", """{"state":"online","channels":{"1":null}}""",
             """{"state":"online","calibrations":[]}""", """{"state":"online","calibrations":{"1":{"id":1}}}""", Calibrated("0", 0, 0),
             Calibrated("4294967296", 0, 0), Calibrated("1.5", 0, 0), Calibrated("1", -1, 0), Calibrated("1", 0, 1_000_001),
             Calibrated("1", 0, -1_000_001),
             $$"""{"state":"online","channels":{{Channels(65)}}}""",
             """{"state":"online","protection":3}""", """{"state":"online","protection":{"1":"armed"}}""",
             """{"state":"online","health":[]}""", """{"state":"online","health":{"behindMs":-1}}""", """{"state":"online","health":{"behindMs":1.5}}""",
             """{"state":"online","health":{"safeMode":"no"}}""", """{"state":"online","health":{"busErrors":{"1":-1}}}""",
             """{"state":"online","health":{"restartCause":5}}""", """{"state":"online","health":{"signalDbm":"good"}}""", "[]", "\"online\"", "online"])
        {
            yield return ("status", body, false);
        }
    }

    private static string Calibrated(string id, long unixSeconds, long offset) => $$$$"""
        {"state":"online","calibrations":{"1":{"id":{{{{id}}}},"unixSeconds":{{{{unixSeconds}}}},"voltageOffsetMillicounts":{{{{offset}}}},"voltageGainPpm":0,"currentOffsetMillicounts":0,"currentGainPpm":0}}}
        """;

    private static string Many(int count) =>
        "[" + string.Join(',', Enumerable.Range(1_790_100_000, count).Select(time => $$"""{"t":{{time}},"v":3}""")) + "]";

    private static string Channels(int count) => JsonSerializer.Serialize(Enumerable.Range(1, count).ToDictionary(number => $"{number}", _ => "c1"));

    private static string Shortened(string body) => body.Length <= 100 ? body : body[..100] + "...";

    // The firmware's own sources over the emulated board, until its test has ended.
    private static async Task FirmwareNode(ServeProcess serve, MessageBox box)
    {
        using CancellationTokenSource stop = new();
        EmulatedNode node = new(new EmulatedNodeOptions
        {
            Node = "n1", CellName = "dne-pouch", Cycles = 1, SampleInterval = TimeSpan.FromSeconds(60), Acceleration = 50_000,
            VirtualStartUnixMicroseconds = 1_790_000_000_000_000, Port = serve.MqttPort,
        });

        // A relay that is closed, opened by order and reset: every word that protection has.
        node.SampleUntil(1_000_000);
        Assert.Null(node.Node.Protection.Arm(0, TestKind.Cycling));
        node.Node.Protection.TripByOrder(0);
        node.SampleUntil(3_000_000);
        Assert.Null(node.Node.Protection.Reset(0));
        Task running = node.RunAsync(stop.Token);
        await box.Until("pouch/v1/n1/event", body => body.GetProperty("event").GetString() == "test-ended");
        await OrderAsync(serve, box);
        await box.Until("pouch/v1/n1/stored", body => body.GetProperty("channels").GetProperty("1").GetProperty("analysed").GetInt64() > 0);
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
        await box.Until("pouch/v1/n1/status", body => body.GetProperty("state").GetString() == "offline");
    }

    // The words of an abuse test: the channel at the fast rate, and the edge of the trigger input.
    private static async Task NodeUnderAbuse(ServeProcess serve, MessageBox box)
    {
        using CancellationTokenSource stop = new();
        EmulatedNode node = new(new EmulatedNodeOptions
        {
            Node = "n3", CellName = "dne-pouch", SampleInterval = TimeSpan.FromMilliseconds(100), VirtualStartUnixMicroseconds = 1_790_000_000_000_000,
            Port = serve.MqttPort, HasTriggerInput = true,
            Abuse = AbuseScript.Create(EmulatedAbuseKind.Nail, EmulatedAbuseOutcome.NearMiss, seed: 1), AbuseDelay = TimeSpan.FromSeconds(1),
        });
        Task running = node.RunAsync(stop.Token);
        await box.Until("pouch/v1/n3/status", body => body.GetProperty("state").GetString() == "online");
        await using MqttClient person = new(new MqttClientOptions { Port = serve.MqttPort, ClientId = "behind-the-wall" });
        await person.ConnectAsync();
        await person.PublishAsync("pouch/v1/n3/command", """{"id":"a1","command":"begin-abuse"}"""u8.ToArray(), MqttQos.AtLeastOnce);
        await box.Until("pouch/v1/n3/event", body => body.GetProperty("event").GetString() == "trigger");
        await box.Until("pouch/v1/n3/status", body => body.TryGetProperty("abuseChannel", out _) && body.TryGetProperty("trigger", out _));
        await stop.CancelAsync();
        await running.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
    }

    // Events with every field that an answer may have: a refused command, and one whose result says more.
    private static async Task OrderAsync(ServeProcess serve, MessageBox box)
    {
        await using MqttClient person = new(new MqttClientOptions { Port = serve.MqttPort, ClientId = "person" });
        await person.ConnectAsync();
        foreach (string order in (string[])["""{"id":"o1","command":"identify"}""", """{"id":"o1","command":"identify"}""", """{"id":"o2","command":"identify","seconds":0}"""])
        {
            await person.PublishAsync("pouch/v1/n1/command", System.Text.Encoding.UTF8.GetBytes(order), MqttQos.AtLeastOnce);
        }

        await box.Until("pouch/v1/n1/event", body => body.TryGetProperty("result", out _));
        await box.Until("pouch/v1/n1/event", body => body.TryGetProperty("reason", out _));
        await person.PublishAsync("pouch/v1/n1/event", Restarted(), MqttQos.AtLeastOnce);
        await box.Until("pouch/v1/n1/event", body => body.TryGetProperty("previous", out _));
    }

    // What the firmware says of a boot before that ended in order; the emulated node here is in its first.
    private static byte[] Restarted()
    {
        Firmware.Host.Board.VirtualClock clock = new();
        Firmware.Host.Board.EmulatedFlash flash = new(clock);
        Firmware.Timing.BootRecord before = new(flash);
        before.Begin(1);
        before.SetAnchor(1_790_000_000_000_000);
        before.End([3]);
        Firmware.Timing.BootRecord record = new(flash);
        ulong boot = record.Begin(2);
        Firmware.Publishing.NodeReports reports = new(new() { Node = "n1", Channels = [new()] }, clock, boot);
        reports.AddRestarted(record);
        return reports.PeekEvent()!;
    }

    private static async Task Replay(ServeProcess serve)
    {
        string file = Path.Combine(serve.TemporaryFolder, "series.csv");
        await File.WriteAllTextAsync(file, "time_s,voltage_V,current_A\n1,3.70,0.1\n2,3.71,0.1\n");
        Assert.Equal(0, (await CommandRun.PouchMonitor("replay", file, "--cell", "replayed", "--mqtt", serve.MqttAddress)).ExitCode);
    }

    // A device of somebody else's whose cell is too hot, and one message that goes into quarantine: an alarm of the gateway's own.
    private static async Task HotDevice(ServeProcess serve, MessageBox box)
    {
        await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "n2", "hot");
        for (int second = 0; second < 60; second++)
        {
            await device.SampleAsync("1", 1_790_000_000 + second, 3.7, 0.5, 25 + second, infraredC: 25, ambientC: 25);
        }

        await device.PublishAsync("pouch/v1/n2/1/sample", "{}");
        await box.Until("pouch/v1/alarm/hot/thermal-limit", _ => true);
        await box.Until("pouch/v1/alarm/_gateway/quarantine", _ => true);
        using HttpResponseMessage answer = await serve.Http.PostAsync(
            new Uri(serve.Address + "/api/v1/alarms/hot/thermal-limit/acknowledge"), System.Net.Http.Json.JsonContent.Create(new { by = "ada", note = "seen" }));
        Assert.True(answer.IsSuccessStatusCode);
        await box.Until("pouch/v1/alarm/hot/thermal-limit", alarm => alarm.GetProperty("state").GetString() == "acknowledged");
        await box.Until("pouch/v1/n2/stored", _ => true);
    }
}
