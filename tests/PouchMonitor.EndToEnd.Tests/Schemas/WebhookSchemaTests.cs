using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Tests.Delivery;

namespace PouchMonitor.EndToEnd.Tests.Schemas;

/// <summary>What a webhook is really sent, from the first word of an incident to the last, is as <c>shared/schemas</c> says.</summary>
public sealed class WebhookSchemaTests
{
    [Fact]
    public async Task EveryBody_IsAsItsSchemaSays_AndSaysAllThatIsDescribed()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: """{"cells":{"hot":{"profile":"dne-pouch"}}}""");
        await WebhookRoute.SetAsync(serve, receiver.Url);
        List<Received> received = [];
        using (HttpResponseMessage test = await serve.Http.PostAsJsonAsync(serve.Address + "/api/v1/delivery/test", new { route = "ada/hook", by = "ada" }))
        {
            Assert.Equal(HttpStatusCode.OK, test.StatusCode);
        }

        await TakeUntil("raised", isTest: true);
        await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "n1", "hot");
        long time = 1_790_000_000;
        await SayAsync(25, 25, 20);
        await SayAsync(25, 64, 78);
        await TakeUntil("raised", isTest: false);
        using (HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(serve.Address + "/api/v1/alarms/hot/thermal-limit/acknowledge", new { by = "ada", note = "on my way" }))
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }

        await TakeUntil("acknowledged", isTest: false);
        await SayAsync(64, 25, 78);
        await TakeUntil("returned", isTest: false);

        JsonSchema body = JsonSchema.Of("alarm-webhook");
        JsonSchema alarm = JsonSchema.Of("alarm");
        HashSet<string> seen = new(StringComparer.Ordinal);
        HashSet<string> seenOfNotice = new(StringComparer.Ordinal);
        foreach (JsonElement message in received.Select(one => JsonSerializer.Deserialize<JsonElement>(one.Body)))
        {
            Assert.Equal("", string.Join('\n', body.Problems(message)));
            seen.UnionWith(message.EnumerateObject().Select(property => property.Name));
            foreach (JsonElement notice in message.GetProperty("notices").EnumerateArray())
            {
                seenOfNotice.UnionWith(notice.EnumerateObject().Select(property => property.Name));
                Assert.All(notice.GetProperty("alarms").EnumerateArray(), one => Assert.Equal("", string.Join('\n', alarm.Problems(one))));
            }
        }

        Assert.Equal(Described(body.Root), seen.Order(StringComparer.Ordinal));
        Assert.Equal(Described(body.Root.GetProperty("properties").GetProperty("notices").GetProperty("items")), seenOfNotice.Order(StringComparer.Ordinal));

        async Task SayAsync(double fromC, double toC, int samples)
        {
            for (int step = 1; step <= samples; step++)
            {
                await device.SampleAsync("1", time++, 3.8, 0.5, fromC + ((toC - fromC) * step / samples));
            }
        }

        async Task TakeUntil(string kind, bool isTest)
        {
            Received next;
            do
            {
                next = await receiver.NextAsync();
                received.Add(next);
            }
            while (!IsSo(next, kind, isTest));
        }
    }

    private static bool IsSo(Received received, string kind, bool isTest)
    {
        JsonElement body = JsonSerializer.Deserialize<JsonElement>(received.Body);
        return body.GetProperty("kind").GetString() == kind && body.GetProperty("test").GetBoolean() == isTest;
    }

    private static IEnumerable<string> Described(JsonElement schema) =>
        schema.GetProperty("properties").EnumerateObject().Select(property => property.Name).Order(StringComparer.Ordinal);
}
