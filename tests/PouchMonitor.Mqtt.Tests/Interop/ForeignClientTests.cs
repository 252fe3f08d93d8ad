using System.Text.Json.Nodes;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Interop;

/// <summary>Client libraries that people use (npm mqtt, paho for Python) against this server.</summary>
public sealed class ForeignClientTests
{
    public static MatrixTheoryData<string, string, int> Clients() => new(["npm mqtt", "python3-paho-mqtt"], ["mqtt", "mqtts"], [4, 5]);

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task PublishesAndSubscribes_AtEveryQos(string library, string transport, int version)
    {
        await using ForeignBench bench = await ForeignBench.StartAsync(transport);
        await using ForeignClient client = await ForeignClient.StartAsync(library, bench.Route);
        Assert.Equal("connected", Event(await client.ConnectAsync(Options(version))));
        for (int qos = 0; qos <= 2; qos++)
        {
            Assert.Equal([qos], await client.SubscribeAsync($"f/{qos}/+", qos));
            Assert.Equal(0, await client.PublishAsync($"f/{qos}/ü", "wörld", qos));
            JsonObject message = await client.MessageAsync();
            Assert.Equal($"f/{qos}/ü", Text(message, "topic"));
            Assert.Equal("wörld", Text(message, "payload"));
            Assert.Equal(qos, message["qos"]!.GetValue<int>());
            SeenPublish seen = bench.Handler.Seen.Last();
            Assert.Equal(((MqttQos)qos, "wörld"), (seen.Qos, seen.Payload));
        }

        await client.DisconnectAsync();
        await Eventually.TrueAsync(() => !bench.Handler.Ends.IsEmpty, "the client's DISCONNECT", seconds: 60);
        Assert.Equal(MqttReason.Success, bench.Handler.Ends.Single().Reason);
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task RetainedMessagesAndWills(string library, string transport, int version)
    {
        await using ForeignBench bench = await ForeignBench.StartAsync(transport);
        await using ForeignClient dying = await ForeignClient.StartAsync(library, bench.Route);
        await dying.ConnectAsync(new { version, clientId = "dying", clean = true, will = new { topic = "r/will", payload = "dead", qos = 2, retain = true } });
        await dying.PublishAsync("r/kept", "kept", 1, retain: true);
        await dying.PublishAsync("r/gone", "gone", 1, retain: true);
        await dying.PublishAsync("r/gone", "", 1, retain: true);
        dying.Kill();
        await Eventually.TrueAsync(() => bench.Handler.Seen.Any(seen => seen.IsWill), "the will", seconds: 60);
        await Eventually.TrueAsync(() => bench.Server.Snapshot().RetainedMessages == 2, "the retained will", seconds: 60);

        await using ForeignClient reader = await ForeignClient.StartAsync(library, bench.Route);
        await reader.ConnectAsync(Options(version));
        await reader.SubscribeAsync("r/#", 2);
        JsonObject[] messages = [await reader.MessageAsync(), await reader.MessageAsync()];
        Assert.Equal(["r/kept kept 1", "r/will dead 2"], messages.Select(m => $"{Text(m, "topic")} {Text(m, "payload")} {m["qos"]}").Order(StringComparer.Ordinal));
        Assert.All(messages, message => Assert.True(message["retain"]!.GetValue<bool>()));
        bench.Server.Publish("r/last", "x"u8);
        Assert.Equal("r/last", Text(await reader.MessageAsync(), "topic"));
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task PersistentSessions_KeepWhatCameMeanwhile_InOrder(string library, string transport, int version)
    {
        await using ForeignBench bench = await ForeignBench.StartAsync(transport);
        var options = new { version, clientId = "keeper", clean = false, sessionExpirySeconds = 600 };
        await using (ForeignClient first = await ForeignClient.StartAsync(library, bench.Route))
        {
            Assert.False((await first.ConnectAsync(options))["sessionPresent"]!.GetValue<bool>());
            await first.SubscribeAsync("p/#", 2);
            await first.DisconnectAsync();
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end of the connection", seconds: 60);
        for (int index = 0; index < 50; index++)
        {
            bench.Server.Publish("p/x", System.Text.Encoding.UTF8.GetBytes($"{index}"), index % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce);
        }

        await using ForeignClient second = await ForeignClient.StartAsync(library, bench.Route);
        Assert.True((await second.ConnectAsync(options))["sessionPresent"]!.GetValue<bool>());
        var payloads = new List<(int Qos, int Number)>();
        for (int index = 0; index < 50; index++)
        {
            JsonObject message = await second.MessageAsync();
            payloads.Add((message["qos"]!.GetValue<int>(), int.Parse(Text(message, "payload"), System.Globalization.CultureInfo.InvariantCulture)));
        }

        // A client gives a QoS 2 message to its user when it is released, so the order holds within each level.
        Assert.Equal(Enumerable.Range(0, 25).Select(index => (1, index * 2)), payloads.Where(item => item.Qos == 1));
        Assert.Equal(Enumerable.Range(0, 25).Select(index => (2, (index * 2) + 1)), payloads.Where(item => item.Qos == 2));
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [InlineData("npm mqtt", "mqtt")]
    [InlineData("npm mqtt", "mqtts")]
    [InlineData("python3-paho-mqtt", "mqtt")]
    [InlineData("python3-paho-mqtt", "mqtts")]
    public async Task PropertiesOfVersion5_TravelUnchanged(string library, string transport)
    {
        await using ForeignBench bench = await ForeignBench.StartAsync(transport);
        await using ForeignClient client = await ForeignClient.StartAsync(library, bench.Route);
        await client.ConnectAsync(Options(5));
        await client.SubscribeAsync("v5/#", 1, identifier: 4711);
        await client.PublishAsync("v5/x", "{}", 1, properties: new
        {
            contentType = "application/json",
            responseTopic = "answer/ü",
            correlationData = "c-1",
            payloadFormatIndicator = true,
            messageExpiryInterval = 3000,
            userProperties = new { unit = "mV", cell = "é" },
        });
        JsonObject got = (await client.MessageAsync())["properties"]!.AsObject();
        Assert.Equal("application/json", Text(got, "contentType"));
        Assert.Equal("answer/ü", Text(got, "responseTopic"));
        Assert.Equal("c-1", Text(got, "correlationData"));
        Assert.True(got["payloadFormatIndicator"]!.GetValue<bool>());
        Assert.InRange(got["messageExpiryInterval"]!.GetValue<int>(), 1, 3000);
        Assert.Equal("mV", Text(got["userProperties"]!.AsObject(), "unit"));
        Assert.Equal("é", Text(got["userProperties"]!.AsObject(), "cell"));
        Assert.Equal(4711, got["subscriptionIdentifier"]!.GetValue<int>());
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [MemberData(nameof(Clients))]
    public async Task RefusalsAreUnderstood(string library, string transport, int version)
    {
        await using ForeignBench bench = await ForeignBench.StartAsync(transport);
        bench.Handler.OnConnect = request => request.UserName == "n7" && request.Password!.Value.Span.SequenceEqual("s3cret"u8) ? MqttReason.Success : MqttReason.BadUserNameOrPassword;
        bench.Handler.OnSubscribe = filter => filter == "not/mine" ? MqttReason.NotAuthorized : MqttReason.Success;
        bench.Handler.Judge = seen => seen.Topic == "not/mine" ? PublishOutcome.Refuse(MqttReason.NotAuthorized) : PublishOutcome.Acknowledge;
        await using (ForeignClient wrong = await ForeignClient.StartAsync(library, bench.Route))
        {
            JsonObject answer = await wrong.ConnectAsync(new { version, clientId = "x", clean = true, user = "n7", password = "guess" });
            Assert.Equal("refused", Event(answer));
            Assert.Equal(version == 5 ? 0x86 : 4, answer["reason"]!.GetValue<int>());
        }

        await using ForeignClient client = await ForeignClient.StartAsync(library, bench.Route);
        Assert.Equal("connected", Event(await client.ConnectAsync(new { version, clientId = "x", clean = true, user = "n7", password = "s3cret" })));
        Assert.Equal([version == 5 ? 0x87 : 0x80], await client.SubscribeAsync("not/mine", 1));
        int reason = await client.PublishAsync("not/mine", "x", 1);
        Assert.Equal(1, bench.Server.EndSessions(_ => true, MqttReason.NotAuthorized));

        // paho 1.6 does not tell its user the reason of a PUBACK, nor that of a DISCONNECT without properties.
        if (library == "npm mqtt" && version == 5)
        {
            Assert.Equal(0x87, reason);
            Assert.Equal(0x87, (await client.NextAsync("disconnected"))["reason"]!.GetValue<int>());
        }

        await client.NextAsync("closed");
        Assert.Empty(bench.Server.Snapshot().Faults);
    }

    private static object Options(int version) => new { version, clientId = "foreign", clean = true };

    private static string Event(JsonObject item) => Text(item, "event");

    private static string Text(JsonObject item, string name) => item[name]!.GetValue<string>();
}
