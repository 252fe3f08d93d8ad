using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using PouchMonitor.Gateway.Tests.Mqtt;

namespace PouchMonitor.Gateway.Tests.Delivery;

/// <summary>The settings, the test button and the log through HTTP; no secret comes back.</summary>
public class DeliveryEndpointTests
{
    private const string Secret = "a-key-that-nobody-may-see";

    [Fact]
    public async Task Settings_AreKept_SecretsAreNotAnswered_AndATestGoesOut()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        await using GatewayBench bench = await GatewayBench.StartAsync(static options => options with { OpenOnLoopback = true });
        using HttpClient http = new() { BaseAddress = new Uri(bench.Gateway.HttpAddress) };
        JsonNode settings = (await http.GetFromJsonAsync<JsonNode>("/api/v1/delivery/settings"))!;
        Assert.Equal(0, settings["version"]!.GetValue<int>());
        settings["by"] = "ada";
        settings["people"] = JsonNode.Parse($$"""
            [{"name":"ada","leastPriority":"low","routes":[
              {"name":"hook","kind":"webhook","template":"json","url":"{{receiver.Url}}/very-secret","secret":"{{Secret}}","token":"token-1"}]}]
            """);
        using HttpResponseMessage put = await http.PutAsJsonAsync("/api/v1/delivery/settings", settings);
        string answer = await put.Content.ReadAsStringAsync();
        Assert.True(put.IsSuccessStatusCode, answer);
        Assert.DoesNotContain("very-secret", answer, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, answer, StringComparison.Ordinal);
        JsonNode saved = JsonNode.Parse(answer)!;
        JsonNode route = saved["people"]![0]!["routes"]![0]!;
        Assert.Equal(("set", "set", "set", receiver.Url), (Text(route, "url"), Text(route, "secret"), Text(route, "token"), Text(route, "host")));

        // The same again, as a page sends it back: under another name, with everything kept.
        saved["by"] = "ada";
        saved["people"]![0]!["name"] = "Ada Lovelace";
        using HttpResponseMessage renamed = await http.PutAsJsonAsync("/api/v1/delivery/settings", saved);
        Assert.True(renamed.IsSuccessStatusCode, await renamed.Content.ReadAsStringAsync());
        using HttpResponseMessage old = await http.PutAsJsonAsync("/api/v1/delivery/settings", saved);
        Assert.Equal(HttpStatusCode.Conflict, old.StatusCode);

        using HttpResponseMessage test = await http.PostAsJsonAsync("/api/v1/delivery/test", new { route = "Ada Lovelace/hook", by = "ada" });
        Assert.Equal("sent", Text((await test.Content.ReadFromJsonAsync<JsonNode>())!, "state"));
        Received request = await receiver.NextAsync();
        Assert.Equal(("/very-secret", "Bearer token-1"), (request.Path, request.Headers["Authorization"]));
        using JsonDocument body = JsonDocument.Parse(request.Body);
        Assert.True(body.RootElement.GetProperty("test").GetBoolean());
        JsonNode log = (await http.GetFromJsonAsync<JsonNode>("/api/v1/delivery/log?state=sent"))!;
        Assert.Equal(("Ada Lovelace/hook", "test by ada"), (Text(log[0]!, "route"), Text(log[0]!, "reason")));
        Assert.Empty((await http.GetFromJsonAsync<JsonNode>($"/api/v1/delivery/log?before={log[0]!["id"]}"))!.AsArray());

        JsonNode state = (await http.GetFromJsonAsync<JsonNode>("/api/v1/delivery/state"))!;
        Assert.Null(state["heartbeat"]);
        Assert.Null(state["problem"]);
        string metrics = await http.GetStringAsync("/metrics");
        Assert.Contains("\npouchmonitor_delivery_routes 1\n", metrics, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a/b","routes":[]}]}""", "people[0].name = 'a/b'")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","leastPriority":"urgent"}]}""", "leastPriority = 'urgent' is none of low, medium, high, emergency")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","leastPriority":"3"}]}""", "leastPriority = '3' is none of")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","routes":[{"name":"h","kind":"webhook","url":"http://chat.example/x"}]}]}""", "http to chat.example would send the alarm unencrypted")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","routes":[{"name":"h","kind":"webhook","url":"file:///etc/passwd"}]}]}""", "url is no http or https address")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","routes":[{"name":"h","kind":"webhook","url":"https://user:pw@chat.example/"}]}]}""", "url holds credentials")]
    [InlineData("""{"version":0,"by":"ada","people":[{"name":"a","routes":[{"name":"m","kind":"mail","address":"a@b\r\nBcc: eve@evil.example"}]}]}""", "is no mail address")]
    [InlineData("""{"version":0,"by":"ada","smtp":{"host":"mail.example","security":"none","from":"a@b.example"}}""", "security = none is for a server on this machine only")]
    [InlineData("""{"version":0,"by":"ada","smtp":{"host":"mail.example","from":"a@b.example","user":"x"}}""", "smtp.user and smtp.password go together")]
    [InlineData("""{"version":0,"by":"ada","alarmAfterMinutes":0}""", "alarmAfterMinutes = 0 is outside 1 to 1440")]
    [InlineData("""{"version":0,"by":"ada","link":"javascript:alert(1)"}""", "link = 'javascript:alert(1)'")]
    [InlineData("""{"version":0,"by":"ada","poeple":[]}""", "$.poeple")]
    [InlineData("""{"version":0}""", "'by' must name")]
    [InlineData("""[]""", "is not of the documented form")]
    public async Task WhatCannotBe_IsNamed_AndNothingIsChanged(string body, string expected)
    {
        await using GatewayBench bench = await GatewayBench.StartAsync(static options => options with { OpenOnLoopback = true });
        using HttpClient http = new() { BaseAddress = new Uri(bench.Gateway.HttpAddress) };
        using StringContent content = new(body, System.Text.Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await http.PutAsync("/api/v1/delivery/settings", content);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains(expected, Text((await answer.Content.ReadFromJsonAsync<JsonNode>())!, "error"), StringComparison.Ordinal);
        Assert.Equal(0, (await http.GetFromJsonAsync<JsonNode>("/api/v1/delivery/settings"))!["version"]!.GetValue<int>());
    }

    private static string? Text(JsonNode node, string name) => node[name]?.GetValue<string>();
}
