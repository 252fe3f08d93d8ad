using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>Five hundred channels that fail at once: one incident, one message, and every single alarm in the record.</summary>
public class AlarmFloodTests
{
    private const int Channels = 500;

    [Fact]
    public async Task FiveHundredChannels_AreOneIncidentAndOneNotice_AndEachIsInTheRecord()
    {
        await using ServeProcess serve = await ServeProcess.Open(config: HotCells.Config(Channels, nodes: 50));
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(TimeSpan.FromMinutes(2));
        Task<string> shown = FirstIncidentEvent(serve, limit.Token);
        await HotCells.Raise(serve, Channels, nodes: 50);
        JsonElement open = await serve.Until("/api/v1/incidents", all => all.GetArrayLength() == 1
            && all[0].GetProperty("notices").GetArrayLength() > 0 && all[0].GetProperty("cells").GetInt32() == Channels);
        JsonElement incident = open[0];
        Assert.Equal(("high", true, "open"), (incident.GetProperty("priority").GetString(), incident.GetProperty("labWide").GetBoolean(), incident.GetProperty("state").GetString()));
        Assert.Equal(50, incident.GetProperty("benches").GetArrayLength());
        Assert.Equal(20, incident.GetProperty("alarms").GetArrayLength());
        Assert.Equal(incident.GetProperty("firstOut").GetProperty("onset").GetDouble(), incident.GetProperty("alarms").EnumerateArray().Min(alarm => alarm.GetProperty("onset").GetDouble()));
        Assert.Contains("\"incident\":\"i-", await shown, StringComparison.Ordinal);
        string id = incident.GetProperty("incident").GetString()!;
        Assert.All((await serve.Get("/api/v1/alarms?priority=high")).EnumerateArray(), alarm => Assert.Equal(id, alarm.GetProperty("incident").GetString()));

        HashSet<string> recorded = new(StringComparer.Ordinal);
        string before = "";
        for (int page = 0; page < 100; page++)
        {
            JsonElement lines = await serve.Get("/api/v1/alarms/history?limit=100&rule=voltage-limit" + before);
            if (lines.GetArrayLength() == 0)
            {
                break;
            }

            foreach (JsonElement line in lines.EnumerateArray().Where(line => line.GetProperty("reason").GetString() == "raised"))
            {
                Assert.True(recorded.Add(line.GetProperty("cell").GetString()!), "raised twice");
            }

            before = string.Create(CultureInfo.InvariantCulture, $"&before={lines[lines.GetArrayLength() - 1].GetProperty("id").GetInt64()}");
        }

        Assert.Equal(Channels, recorded.Count);
        JsonElement statistics = await serve.Get("/api/v1/alarms/statistics?weeks=1");
        Assert.True(statistics.GetProperty("weeks")[0].GetProperty("counts").GetProperty("high").GetInt32() >= Channels);
        Assert.Equal(1, statistics.GetProperty("floods").GetInt32());

        using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync($"{serve.Address}/api/v1/incidents/{id}/acknowledge", new { by = "ada", note = "power supply" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        JsonElement acknowledged = await serve.Until($"/api/v1/incidents/{id}", one => one.GetProperty("unacknowledged").GetInt32() == 0
            && one.GetProperty("notices").EnumerateArray().Any(notice => notice.GetProperty("kind").GetString() == "acknowledged"));
        Assert.Equal(["raised", "acknowledged"], acknowledged.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("kind").GetString()));
        Assert.Equal(0, (await serve.Get("/api/v1/alarms?state=open&priority=high")).EnumerateArray().Count(alarm => alarm.GetProperty("state").GetString() == "unacknowledged"));
    }

    [Fact]
    public async Task WhatIsOutOfBounds_IsRefused_NamingLimitAndValue()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        foreach ((string method, string path, string expected) in (IEnumerable<(string, string, string)>)
        [
            ("GET", "alarms?limit=0", "limit = 0 is not a whole number from 1 to 10000"),
            ("GET", "alarms?state=shut", "state = 'shut' is none of open, all"),
            ("GET", "alarms?priority=loud", "is none of low, medium, high, emergency"),
            ("GET", "alarms/history?limit=1001", "limit = 1001 is not a whole number from 1 to 1000"),
            ("GET", "alarms/statistics?weeks=53", "weeks = 53 is not a whole number from 1 to 52"),
            ("GET", "incidents?limit=501", "limit = 501 is not a whole number from 1 to 500"),
            ("POST", "alarms/a/silence/shelve", "'seconds' must be a whole number"),
            ("POST", "alarms/a/silence/acknowledge", "'by' must name who does it"),
        ])
        {
            using HttpRequestMessage request = new(new HttpMethod(method), $"{serve.Address}/api/v1/{path}");
            request.Content = method == "POST" ? JsonContent.Create(new { note = "x" }) : null;
            using HttpResponseMessage answer = await serve.Http.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
            string? error = (await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("error").GetString();
            Assert.Contains(expected, error, StringComparison.Ordinal);
        }
    }

    private static async Task<string> FirstIncidentEvent(ServeProcess serve, CancellationToken limit)
    {
        using StreamReader stream = new(await serve.Http.GetStreamAsync(serve.Address + "/api/v1/stream", limit));
        while (await stream.ReadLineAsync(limit) is { } line)
        {
            if (line == "event: incident")
            {
                return await stream.ReadLineAsync(limit) ?? "";
            }
        }

        return "the stream ended";
    }
}
