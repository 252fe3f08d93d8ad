using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api.OpenApi;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Tests.Abuse;
using PouchMonitor.Gateway.Tests.Delivery;
using PouchMonitor.Gateway.Tests.Mqtt;
using PouchMonitor.Gateway.Tests.Security;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>
/// Answers to changes, and of what only some gateways have, held against the description; so are the bodies that brought them about. What
/// <see cref="ApiTests"/> can ask of any gateway is held against it there.
/// </summary>
public sealed class AnswerSchemaTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:9/");

    [Fact]
    public async Task SetUpDeliveryAndNodes_AreAsDescribed()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with { OpenOnLoopback = true });
        using Conversation talk = await Conversation.BeginAsync(bench.Gateway.HttpAddress);
        await using MqttClient node = await AnsweringNodeAsync(bench.Gateway.MqttEndPoint.Port);

        await talk.SayAsync("PUT", "/api/v1/channels/{node}/{channel}", """{"cell":"c1","profile":"dne-pouch","bench":"west","limits":{"maximumVoltageV":4.3},"note":"new","endTest":true,"by":"ada"}""");
        await talk.SayAsync("GET", "/api/v1/channels");
        await talk.SayAsync("DELETE", "/api/v1/channels/{node}/{channel}", """{"by":"ada","note":"over"}""");
        const string Profile = """{"name":"own","description":"d","kind":"full","maximumVoltageV":4.2,"referenceRetention":[[1,1],[100,0.9]],"rules":{"polarization-rise/polarization":{"raise":0.3,"clear":0.2,"hold":5,"severity":"critical"}}}""";
        await talk.SayAsync("POST", "/api/v1/profiles/check", Profile);
        await talk.SayAsync("PUT", "/api/v1/profiles/{name}?by=ada&version=0", Profile);
        await talk.SayAsync("GET", "/api/v1/profiles");
        await talk.SayAsync("GET", "/api/v1/profiles/{name}");
        await talk.SayAsync("POST", "/api/v1/nodes/{node}/commands", """{"command":"identify","seconds":10}""");
        await talk.SayAsync("POST", "/api/v1/nodes/{node}/config", """{"intervalMs":500}""");

        await talk.SayAsync("PUT", "/api/v1/delivery/settings", $$$"""
            {"version":0,"by":"ada","link":"https://lab.example","people":[{"name":"ada","leastPriority":"low","fromEscalation":0,"benches":["west"],
             "quietHours":{"from":"22:00","to":"07:00","zone":"Europe/Berlin","days":["mon"]},
             "routes":[{"name":"hook","kind":"webhook","template":"json","url":"{{{receiver.Url}}}","secret":"a key of some length"},{"name":"post","kind":"mail","address":"ada@lab.example"}]}],
             "smtp":{"host":"127.0.0.1","port":25,"security":"none","from":"gateway@lab.example"},
             "heartbeat":{"everySeconds":60,"tellFailure":false,"url":"{{{receiver.Url}}}/beat"}}
            """);
        await talk.SayAsync("GET", "/api/v1/delivery/settings");
        await talk.SayAsync("POST", "/api/v1/delivery/test", """{"route":"ada/hook","by":"ada"}""");
        JsonElement log = await talk.SayAsync("GET", "/api/v1/delivery/log");
        Assert.NotEmpty(log.EnumerateArray());
        JsonElement state = await talk.SayAsync("GET", "/api/v1/delivery/state");
        Assert.Equal(JsonValueKind.Object, state.GetProperty("heartbeat").ValueKind);
        talk.Finish();
    }

    [Fact]
    public async Task LinksToOthers_AreAsDescribed()
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with
        {
            OpenOnLoopback = true,
            ExternalBroker = new BrokerLinkOptions { Host = "127.0.0.1", Port = 9, ClientId = "gateway" },
            Influx = new InfluxOptions { Url = Nowhere, Kind = InfluxKind.InfluxDb1, Database = "lab" },
        });
        using Conversation talk = await Conversation.BeginAsync(bench.Gateway.HttpAddress);
        Assert.Equal(JsonValueKind.Object, (await talk.SayAsync("GET", "/api/v1/broker")).ValueKind);
        Assert.Equal(JsonValueKind.Object, (await talk.SayAsync("GET", "/api/v1/influx")).ValueKind);
        talk.Finish();
    }

    [Fact]
    public async Task AccountsAndSessions_AreAsDescribed()
    {
        await using ClosedGateway gateway = new();
        await gateway.InitializeAsync();
        using Conversation talk = await Conversation.BeginAsync(gateway.Gateway.HttpAddress, ClosedGateway.Bearer(gateway.TokenOf(TokenScopes.Admin)));
        await talk.SayAsync("POST", "/api/v1/session", $$"""{"user":"{{ClosedGateway.Viewer}}","password":"{{ClosedGateway.Password}}"}""");
        await talk.SayAsync("GET", "/api/v1/session");
        await talk.SayAsync("POST", "/api/v1/accounts", """{"user":"new","password":"a long enough one","role":"viewer"}""");
        await talk.SayAsync("PUT", "/api/v1/accounts/{user}", """{"role":"operator"}""");
        await talk.SayAsync("GET", "/api/v1/accounts");
        await talk.SayAsync("POST", "/api/v1/tokens", """{"name":"script","scopes":["read"]}""");
        await talk.SayAsync("GET", "/api/v1/tokens");
        await talk.SayAsync("GET", "/api/v1/audit");
        await talk.SayAsync("DELETE", "/api/v1/session");
        talk.Speaks = ClosedGateway.As("new", "a long enough one");
        await talk.SayAsync("PUT", "/api/v1/session/password", """{"currentPassword":"a long enough one","newPassword":"another long one"}""");
        talk.Finish();
    }

    [Fact]
    public async Task AnAbuseTest_IsAsDescribed_FromItsPlanToItsSignature()
    {
        await using AbuseBench bench = await AbuseBench.StartAsync(isCalibrated: true);
        using Conversation talk = await Conversation.BeginAsync(bench.Gateway.HttpAddress);
        using EventReader stream = await EventReader.OpenAsync(bench.Gateway.HttpAddress);
        AbusePlan plan = AbuseBench.Plan with
        {
            Conditions = [new PlanCondition("Ambient", 25, "C", FigureSource.Lab)],
            Observation = new ObservationRule(ObservationStart.EndOfExposure, 60, 2, null, null, null, FigureSource.Lab),
        };
        string text = JsonSerializer.Serialize(plan, AbuseJson.Options);
        talk.Places["name"] = plan.Name;
        JsonElement check = await talk.SayAsync("POST", "/api/v1/abuse/plans/check", JsonSerializer.Serialize(plan with { PreTriggerS = 0 }, AbuseJson.Options));
        Assert.NotEmpty(check.GetProperty("problems").EnumerateArray());
        await talk.SayAsync("PUT", "/api/v1/abuse/plans/{name}?by=ada", text);
        await talk.SayAsync("GET", "/api/v1/abuse/plans/{name}");
        Assert.NotEmpty((await talk.SayAsync("GET", "/api/v1/abuse/plans")).EnumerateArray());
        string begin = $$"""{"plan":"{{plan.Name}}","node":"{{FakeNode.Name}}","channel":"1","by":"ada"}""";
        talk.Places["id"] = (await talk.SayAsync("POST", "/api/v1/abuse", begin)).GetProperty("id").GetString()!;
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/cancel", """{"by":"ada","note":"another cell"}""");

        JsonElement made = await talk.SayAsync("POST", "/api/v1/abuse", begin);
        string id = talk.Places["id"] = made.GetProperty("id").GetString()!;
        foreach (JsonElement line in made.GetProperty("checks").EnumerateArray().Where(line => line.GetProperty("isByPerson").GetBoolean()))
        {
            talk.Places["check"] = line.GetProperty("id").GetString()!;
            await talk.SayAsync("POST", "/api/v1/abuse/{id}/checks/{check}", """{"good":true,"detail":"seen","by":"ada"}""");
        }

        await bench.Until(id, record => record.GetProperty("checks").EnumerateArray().All(line => line.GetProperty("state").GetString() == "good"));
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/arm", """{"by":"ada"}""");
        await bench.Node.SendImageAsync(25);
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/trigger", """{"note":"slipped","by":"ada"}""");
        await bench.Until(id, record => AbuseBench.State(record) == "triggered");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/withdraw", """{"note":"pressed too early","by":"ada"}""");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/trigger", """{"note":"nail in","by":"ada"}""");
        await bench.Until(id, record => AbuseBench.State(record) == "triggered");
        bench.Node.IsSurfaceLost = true;
        await bench.Until(id, record => record.GetProperty("figures").GetProperty("sensorLosses").GetArrayLength() > 0);
        await bench.Until($"/api/v1/abuse/{id}/images", images => images.GetArrayLength() > 0);
        await talk.SayAsync("GET", "/api/v1/abuse/{id}/images?limit=5");
        await talk.SayAsync("GET", "/api/v1/abuse/{id}/trace?points=100");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/end-exposure", """{"by":"ada"}""");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/notes", """{"text":"Smoke at the tab.","isDeviation":true,"by":"ada"}""");
        await talk.SayAsync("PUT", "/api/v1/abuse/{id}/observations?by=ada", """{"smoke":true,"hazardLevel":3,"massBeforeG":12.5}""");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/attachments?by=ada&name=seen.txt&text=what+was+seen", "smoke"u8.ToArray(), "text/plain");
        Assert.Equal("confirmed", (await talk.SayAsync("POST", "/api/v1/abuse/{id}/stop", """{"by":"ada"}""")).GetProperty("stop").GetProperty("state").GetString());
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/end", """{"by":"ada","note":"cold again"}""");
        await talk.SayAsync("POST", "/api/v1/abuse/{id}/sign", """{"meaning":"tested","by":"ada"}""");
        JsonElement signed = await talk.SayAsync("GET", "/api/v1/abuse/{id}");
        Assert.Equal(2, (await talk.SayAsync("GET", "/api/v1/abuse?state=all")).GetArrayLength());
        Assert.NotEmpty((await talk.SayAsync("GET", "/api/v1/calibrations")).EnumerateArray());
        Assert.NotEmpty((await talk.SayAsync("GET", "/api/v1/nodes")).EnumerateArray());
        HashSet<string> heard = await HearAsync(talk, stream, data => data.GetProperty("state").GetString() == "signed");
        Assert.Superset(new HashSet<string>(["hello", "abuse"]), heard);
        talk.Finish();

        // Nothing was as described only because it was empty.
        JsonElement figures = signed.GetProperty("figures");
        Assert.All((string[])["log", "moments", "withdrawals", "deviations", "attachments", "calibrations", "signatures"], field => Assert.NotEmpty(signed.GetProperty(field).EnumerateArray()));
        Assert.All((string[])["values", "criteria", "sensorLosses", "readings"], field => Assert.NotEmpty(figures.GetProperty(field).EnumerateArray()));
        Assert.Equal(JsonValueKind.Object, figures.GetProperty("trigger").ValueKind);
        Assert.Empty(OpenApiDocument.RoutesOf(((IEndpointRouteBuilder)bench.Gateway.Web).DataSources)
            .Where(one => one.Route.RoutePattern.RawText!.StartsWith("/api/v1/abuse", StringComparison.Ordinal) && RouteTable.Find(one.Method, one.Route.RoutePattern.RawText)?.Answer is not null)
            .Select(one => $"{one.Method} {one.Route.RoutePattern.RawText}").Except(talk.Asked, StringComparer.Ordinal));
    }

    /// <summary>Holds each event of the stream against its schema, up to the wanted one of an abuse test.</summary>
    private static async Task<HashSet<string>> HearAsync(Conversation talk, EventReader stream, Func<JsonElement, bool> isLast)
    {
        Dictionary<string, string> schemas = new(StringComparer.Ordinal)
        {
            ["hello"] = "StreamHello",
            ["alarm"] = "Alarm",
            ["incident"] = "Incident",
            ["abuse"] = "AbuseChange",
            ["gap"] = "StreamGap",
        };
        HashSet<string> heard = new(StringComparer.Ordinal);
        while (true)
        {
            (string name, JsonElement data) = await stream.NextAsync();
            heard.Add(name);
            if (schemas.TryGetValue(name, out string? schema))
            {
                talk.Hear(schema, data);
            }

            if (name == "abuse" && isLast(data))
            {
                return heard;
            }
        }
    }

    /// <summary>A node that does whatever it is told, and says so.</summary>
    private static async Task<MqttClient> AnsweringNodeAsync(int port)
    {
        MqttClient? node = null;
        node = new MqttClient(new MqttClientOptions
        {
            Port = port,
            ClientId = "lab",
            MessageReceived = (in MqttReceivedMessage message) =>
            {
                JsonElement order = JsonSerializer.Deserialize<JsonElement>(message.Payload);
                bool isConfig = order.TryGetProperty("revision", out JsonElement id);
                string named = (isConfig ? id : order.GetProperty("id")).GetString()!;
                string answer = $$"""{"event":"{{(isConfig ? "config" : "command")}}","boot":"00000000000000aa","value":0,"uptimeMs":9,"id":"{{named}}","accepted":true}""";
                _ = node!.PublishAsync("pouch/v1/lab/event", Encoding.UTF8.GetBytes(answer), MqttQos.AtLeastOnce);
            },
        });
        await node.ConnectAsync();
        await node.SubscribeAsync("pouch/v1/lab/command", MqttQos.AtLeastOnce);
        await node.SubscribeAsync("pouch/v1/lab/config", MqttQos.AtLeastOnce);
        await node.PublishAsync("pouch/v1/lab/status",
            """{"state":"online","boot":"00000000000000aa","firmware":"test","uptimeMs":1,"channels":{"1":"lab.1"}}"""u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        return node;
    }
}
