using System.Text;
using System.Text.Json;
using Microsoft.Playwright;
using PouchMonitor.Gateway.Tests.Delivery;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>
/// What people with bad intentions type into each field: it is kept to the last character or refused with field and limit, and in the browser,
/// in files and in messages it is never more than text.
/// </summary>
public sealed class HostileTextTests(Bench bench) : IClassFixture<Bench>
{
    private const float Patience = 30_000;
    private const string Alarm = "dne-pouch-1/thermal-limit";
    private const string Markup = "<img src=x onerror=\"window.pwned=1\">";
    private const string Formula = "=HYPERLINK(\"http://evil.example\",\"pay\")";

    private static readonly string[] Hostile =
    [
        Markup, "\"><script>window.pwned=1</script>", "'; DROP TABLE alarms; --", "a\r\nBcc: eve@evil.example", "${window.pwned=1}{{window.pwned=1}}",
        "nul\0after", "\u202Eright to left\u202C\u200F", Formula, "-2+3", "@SUM(A1)", "javascript:window.pwned=1", new string('w', 10_000),
    ];

    /// <summary>What would be there if a text had become more than text.</summary>
    private const string Acted = """
        [...document.querySelectorAll('img[src="x"], script:not([src]), [onerror]')].map((element) => element.outerHTML)
          .concat(window.pwned === undefined ? [] : ['window.pwned is set'])
        """;

    [Fact]
    public async Task NoField_TakesMoreThanText_AndNoPageFileOrMessageMakesMoreOfIt()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.PublishAsync(30, surfaceC: 90);
        await bench.Gateway.Until("/api/v1/alarms", alarms => alarms.EnumerateArray().Any(alarm => alarm.GetProperty("id").GetString() == Alarm));
        string abuse = (await DoneAsync(HttpMethod.Post, "/abuse", new { plan = "nail-gb", node = "bench-a", channel = "2", by = "ada" })).GetProperty("id").GetString()!;
        foreach (string text in Hostile)
        {
            await AlarmsAsync(text);
            await AssignmentAsync(text);
            await ProfileAsync(text);
            await AccountsAsync(text);
            await AbuseAsync(abuse, text);
        }

        await DeliveryAsync();
        await AbuseAsync(abuse, Markup); // among the newest, which the page shows
        await LookAsync(abuse);
    }

    private async Task AlarmsAsync(string text)
    {
        if (await KeptAsync(HttpMethod.Post, $"/alarms/{Alarm}/shelve", new { by = "ada", reason = text, seconds = 600 }, "'reason'"))
        {
            await FoundAsync($"/alarms/history?cell=dne-pouch-1&limit=1", text);
            await KeptAsync(HttpMethod.Post, $"/alarms/{Alarm}/unshelve", new { by = "ada", note = text }, "'note'");
        }

        if (await KeptAsync(HttpMethod.Post, $"/alarms/{Alarm}/shelve", new { by = text, reason = "by", seconds = 600 }, "'by'"))
        {
            Assert.DoesNotContain(text, char.IsControl);
            await FoundAsync("/alarms/history?cell=dne-pouch-1&limit=1", text);
            await DoneAsync(HttpMethod.Post, $"/alarms/{Alarm}/unshelve", new { by = "ada" });
        }
    }

    private async Task AssignmentAsync(string text)
    {
        const string Path = "/channels/bench-a/3";
        Assert.False(await KeptAsync(HttpMethod.Put, Path, new { cell = text, by = "ada" }, "cell"));
        Assert.False(await KeptAsync(HttpMethod.Put, Path, new { cell = "nameless-3", bench = text, by = "ada" }, "bench"));
        if (await KeptAsync(HttpMethod.Put, Path, new { cell = "nameless-3", note = text, by = "ada" }, "note"))
        {
            await FoundAsync(Path, text);
        }

        if (await KeptAsync(HttpMethod.Put, Path, new { cell = "nameless-3", by = text }, "'by'"))
        {
            await FoundAsync(Path, text);
        }
    }

    private async Task ProfileAsync(string text)
    {
        JsonElement profile = (await bench.GetAsync("/api/v1/profiles/dne-pouch")).GetProperty("profile");
        Dictionary<string, JsonElement> copy = profile.EnumerateObject().ToDictionary(field => field.Name, field => field.Value, StringComparer.Ordinal);
        copy["name"] = JsonSerializer.SerializeToElement(text);
        Assert.False(await KeptAsync(HttpMethod.Put, "/profiles/lab-1?by=ada", copy, "name"));
    }

    private async Task AccountsAsync(string text)
    {
        Assert.False(await KeptAsync(HttpMethod.Post, "/accounts", new { user = text, password = "correct horse battery", role = "viewer" }, "user"));
        if (await KeptAsync(HttpMethod.Post, "/tokens", new { name = text, scopes = new[] { "read" } }, "name"))
        {
            await FoundAsync("/tokens", text);
        }
    }

    private async Task AbuseAsync(string id, string text)
    {
        if (await KeptAsync(HttpMethod.Post, $"/abuse/{id}/notes", new { text, by = "ada" }, "'text'"))
        {
            await FoundAsync($"/abuse/{id}", text);
        }

        if (await KeptAsync(HttpMethod.Post, $"/abuse/{id}/notes", new { text = "by", by = text }, "'by'"))
        {
            await FoundAsync($"/abuse/{id}", text);
        }

        if (await KeptAsync(HttpMethod.Put, $"/abuse/{id}/observations?by=ada", new { reason = text }, "'reason'"))
        {
            await FoundAsync($"/abuse/{id}", text);
        }
    }

    /// <summary>Names of people and routes, and what goes out under them.</summary>
    private async Task DeliveryAsync()
    {
        await using WebhookReceiver receiver = await WebhookReceiver.StartAsync();
        foreach (string text in Hostile)
        {
            object route = new { name = text, kind = "webhook", template = "json", url = receiver.Url + "/hook" };
            int version = (await bench.GetAsync("/api/v1/delivery/settings")).GetProperty("version").GetInt32();
            if (!await KeptAsync(HttpMethod.Put, "/delivery/settings", new { version, by = "ada", people = new[] { new { name = text, leastPriority = "emergency", routes = new[] { route } } } }, "people[0].name"))
            {
                continue;
            }

            await FoundAsync("/delivery/settings", text);
            await DoneAsync(HttpMethod.Post, "/delivery/test", new { route = $"{text}/{text}", by = Markup });
            Received request = await receiver.NextAsync();
            using JsonDocument body = JsonDocument.Parse(request.Body);
            Assert.True(body.RootElement.GetProperty("test").GetBoolean());
            Assert.DoesNotContain(request.Headers, header => header.Key.Equals("Bcc", StringComparison.OrdinalIgnoreCase));
        }

        Assert.False(await KeptAsync(HttpMethod.Post, "/delivery/test", new { route = "a/b", by = "a\r\nBcc: eve@evil.example" }, "'by'"));
    }

    private async Task LookAsync(string abuse)
    {
        foreach (string hash in (string[])
            ["#/", "#/alarms/dne-pouch-1%2Fthermal-limit", "#/alarms?view=list", "#/alarms?view=history", "#/setup", "#/profiles", "#/delivery", "#/accounts", "#/nodes", $"#/abuse/{abuse}", "#/abuse", "#/cell/dne-pouch-1"])
        {
            IPage page = await bench.OpenAsync("/" + hash);
            await FramePages.SettleAsync(page);
            await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
            if (hash is "#/alarms?view=history" or "#/delivery" or "#/accounts" || hash.EndsWith(abuse, StringComparison.Ordinal))
            {
                await ShownAsync(page, hash);
            }

            Assert.Empty(await page.EvaluateAsync<string[]>(Acted));
            if (hash == "#/alarms?view=history")
            {
                IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = "Save as CSV" }).ClickAsync(), new() { Timeout = Patience });
                string csv = await File.ReadAllTextAsync(await download.PathAsync());
                Assert.Contains("\"'=HYPERLINK(\"\"http://evil.example\"\",\"\"pay\"\")\"", csv, StringComparison.Ordinal);
                Assert.Contains(",'-2+3,", csv, StringComparison.Ordinal);
                Assert.Contains(",'@SUM(A1),", csv, StringComparison.Ordinal);
            }
        }

        // The report of the abuse test is a page of its own.
        IPage report = await bench.OpenAsync($"/api/v1/abuse/{abuse}/report");
        await Expect(report.Locator("body")).ToContainTextAsync(Markup, new() { Timeout = Patience });
        Assert.Empty(await report.EvaluateAsync<string[]>(Acted));
        Assert.Empty(bench.Complaints);
    }

    /// <summary>The markup as it was typed, in text or in a field.</summary>
    private static Task ShownAsync(IPage page, string where) => DeskBench.UntilAsync(page, $$"""
        /* {{where.Replace("*/", "", StringComparison.Ordinal)}} */
        document.body.textContent.includes({{JsonSerializer.Serialize(Markup)}}) || [...document.querySelectorAll('input, textarea')].some((field) => field.value === {{JsonSerializer.Serialize(Hostile[7])}})
        """);

    /// <summary>True where it was taken; where it was not, the answer names the field, or the most bytes that a body may have.</summary>
    private async Task<bool> KeptAsync(HttpMethod method, string path, object body, string field)
    {
        (int status, string text) = await SendAsync(method, path, body);
        if (status is 200 or 201)
        {
            return true;
        }

        using JsonDocument refusal = JsonDocument.Parse(text);
        text = refusal.RootElement.GetProperty("error").GetString()!;
        string what = $"{method} {path}: {status} {text}";
        Assert.True((status == 400 && text.Contains(field, StringComparison.Ordinal)) || (status == 413 && text.Contains(" bytes", StringComparison.Ordinal)), what);
        Assert.True(text.Length < 600, what);
        return false;
    }

    /// <summary>What was taken is given back as it was sent, but for blanks around it.</summary>
    private async Task FoundAsync(string path, string text)
    {
        JsonElement answer = await bench.GetAsync("/api/v1" + path);
        Assert.True(Texts(answer).Any(found => found.Trim() == text.Trim()), $"{path} does not hold what it was given: {JsonSerializer.Serialize(text)}");
    }

    private static IEnumerable<string> Texts(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => [value.GetString()!],
        JsonValueKind.Array => value.EnumerateArray().SelectMany(Texts),
        JsonValueKind.Object => value.EnumerateObject().SelectMany(field => Texts(field.Value)),
        _ => [],
    };

    private async Task<JsonElement> DoneAsync(HttpMethod method, string path, object body)
    {
        (int status, string text) = await SendAsync(method, path, body);
        Assert.True(status is 200 or 201, $"{method} {path}: {status} {text}");
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    private async Task<(int Status, string Text)> SendAsync(HttpMethod method, string path, object body)
    {
        using HttpRequestMessage request = new(method, new Uri($"{bench.Gateway.Address}/api/v1{path}"))
        {
            Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json"),
        };
        using HttpResponseMessage answer = await bench.Http.SendAsync(request);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
