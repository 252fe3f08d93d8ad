using System.Net;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Tests.Alarms;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>What is done with alarms over HTTP: of which test, and of an incident only what was seen.</summary>
public sealed class AlarmActionTests
{
    [Fact]
    public async Task BodiesAndAnswers_AreAsDescribed_AndOnlyWhatIsNamedIsTaken()
    {
        ApiBench bench = new();
        await bench.InitializeAsync();
        await using (bench)
        {
            using Conversation talk = await Conversation.BeginAsync(bench.Gateway.HttpAddress);
            JsonElement alarm = (await talk.SayAsync("GET", "/api/v1/alarms?state=open&cell=lab.1"))[0];
            string test = alarm.GetProperty("test").GetString()!;
            string rule = alarm.GetProperty("rule").GetString()!;
            string severity = alarm.GetProperty("severity").GetString()!;
            double raised = alarm.GetProperty("raisedAt").GetDouble();
            talk.Places["cell"] = "lab.1";
            talk.Places["rule"] = rule;
            talk.Places["incident"] = alarm.GetProperty("incident").GetString()!;
            string Seen(double at) => JsonSerializer.Serialize(new { by = "ada", note = "seen", seen = new[] { new { test, rule, severity, raisedAt = at } } });

            double opened = (await talk.SayAsync("GET", "/api/v1/incidents?state=all&limit=500")).EnumerateArray().Last().GetProperty("openedAt").GetDouble();
            Assert.Empty((await talk.SayAsync("GET", FormattableString.Invariant($"/api/v1/incidents?state=all&before={opened:R}"))).EnumerateArray());
            Assert.NotEmpty((await talk.SayAsync("GET", FormattableString.Invariant($"/api/v1/incidents?before={opened + 1:R}"))).EnumerateArray());

            string acknowledge = $"api/v1/incidents/{talk.Places["incident"]}/acknowledge";
            Assert.Equal(HttpStatusCode.Conflict, await PostAsync(bench, acknowledge, Seen(raised - 1)));
            Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(bench, acknowledge, """{"by":"ada","seen":[{"test":"a"}]}"""));
            Assert.Equal(HttpStatusCode.NotFound, await PostAsync(bench, $"api/v1/alarms/lab.1/{rule}/acknowledge", """{"by":"ada","test":"another"}"""));
            Assert.Equal(HttpStatusCode.Conflict, await PostAsync(bench, $"api/v1/alarms/lab.1/{rule}/acknowledge", Seen(raised - 1)));
            Assert.Equal(HttpStatusCode.BadRequest, await PostAsync(bench, $"api/v1/alarms/lab.1/{rule}/acknowledge", """{"by":"ada","seen":[{"test":"a"}]}"""));
            Assert.Equal("unacknowledged", (await talk.SayAsync("GET", "/api/v1/alarms?state=open&cell=lab.1"))[0].GetProperty("state").GetString());
            await talk.SayAsync("POST", "/api/v1/incidents/{incident}/acknowledge", Seen(raised));
            JsonElement shelved = await talk.SayAsync("POST", "/api/v1/alarms/{cell}/{rule}/shelve", JsonSerializer.Serialize(new { by = "ada", reason = "known", seconds = 60, test }));
            Assert.Equal("ada", shelved.GetProperty("acknowledgedBy").GetString());
            await talk.SayAsync("POST", "/api/v1/alarms/{cell}/{rule}/unshelve", JsonSerializer.Serialize(new { by = "ada", test }));
            talk.Finish();
        }
    }

    [Fact]
    public async Task Alarms_ComePieceByPiece()
    {
        ApiBench bench = new();
        await bench.InitializeAsync();
        await using (bench)
        {
            long now = bench.Gateway.Services.NowMicroseconds();
            for (int cell = 0; cell < 5; cell++)
            {
                bench.Gateway.Services.Alarms.Raise($"p{cell}", $"p{cell}@1", AlarmRig.Finding("thermal-limit", now), now, "n7");
            }

            string[] whole = Cells(await bench.Http.GetStringAsync("api/v1/alarms", TestContext.Current.CancellationToken));
            List<string> pieces = [];
            for (string? next = "api/v1/alarms?limit=2"; next is not null;)
            {
                using HttpResponseMessage answer = await bench.Http.GetAsync(next, TestContext.Current.CancellationToken);
                string[] piece = Cells(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
                Assert.InRange(piece.Length, 1, 2);
                pieces.AddRange(piece);
                next = answer.Headers.TryGetValues("Link", out IEnumerable<string>? links) ? links.Single().Split('<', '>')[1].TrimStart('/') : null;
            }

            Assert.Equal(whole, pieces);
            Assert.True(whole.Length > 5);
        }
    }

    private static string[] Cells(string json)
    {
        using JsonDocument list = JsonDocument.Parse(json);
        return [.. list.RootElement.EnumerateArray().Select(alarm => alarm.GetProperty("cell").GetString()!)];
    }

    private static async Task<HttpStatusCode> PostAsync(ApiBench bench, string path, string body)
    {
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await bench.Http.PostAsync(path, content, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }
}
