using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The dashboard in a real browser, served by the real gateway, fed through real sockets.</summary>
public sealed partial class DashboardTests(Bench bench, ITestOutputHelper output) : IClassFixture<Bench>
{
    private const float Patience = 15_000;

    /// <summary>Enough that the median says nothing of a moment in which the machine was busy with something else.</summary>
    private const int Publishes = 50;

    /// <summary>Promises when, in Unix milliseconds, the frame that follows the next change of an element's text began.</summary>
    private const string NoteNextFrame = """
        element => {
          const before = element.textContent;
          window.shownAt = new Promise((resolve) => new MutationObserver((_, watch) => {
            if (element.textContent !== before) { watch.disconnect(); requestAnimationFrame(() => resolve(Date.now())); }
          }).observe(element, { childList: true, characterData: true, subtree: true }));
        }
        """;

    [Fact]
    public async Task EveryChannelShowsVoltageCurrentAndTemperatures()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        JsonElement cells = await bench.GetAsync("/api/v1/cells");
        Assert.Equal(Bench.Cells.Order(StringComparer.Ordinal), cells.EnumerateArray().Select(cell => cell.GetProperty("cell").GetString()!).Order(StringComparer.Ordinal));
        await Expect(page.Locator(".tile")).ToHaveCountAsync(Bench.Cells.Length, new() { Timeout = Patience });
        foreach (string cell in Bench.Cells)
        {
            ILocator tile = page.Locator($"[data-cell='{cell}']");
            await Expect(tile.Locator("[data-column=voltage]")).ToHaveTextAsync(Voltage());
            await Expect(tile.Locator("[data-column=current]")).ToHaveTextAsync("+0.500A");
            await Expect(tile.Locator("[data-column=surface]")).ToHaveTextAsync(Celsius());
            await Expect(tile.Locator("[data-column=ambient]")).ToHaveTextAsync("24.8°C");
            await Expect(tile.Locator(".age")).ToHaveTextAsync(Ago());
        }

        ILocator absent = page.Locator("[data-cell='pota-lco-lean-2'] [data-column=infrared]");
        await Expect(absent).ToHaveTextAsync("–no reading");
        await Expect(absent).ToHaveAttributeAsync("title", "Infrared temperature: no reading, no such sensor, or nothing was recorded.");
        await Expect(page.Locator(".wall-clock")).ToContainTextAsync(Zone());
        await Bench.PictureAsync(page, "wall-dark");
    }

    [Fact]
    public async Task PublishedSampleAppearsByItselfWithinASecond()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        ILocator voltage = page.Locator("[data-cell='nameless-3'] [data-column=voltage]");
        await Expect(voltage).ToHaveTextAsync(Voltage(), new() { Timeout = Patience });
        List<double> seconds = [];
        for (int round = 0; round < Publishes; round++)
        {
            await voltage.EvaluateAsync(NoteNextFrame);
            double publishedAt = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalMilliseconds;
            await bench.PublishAsync(1, surfaceC: 25);
            double shownAt = await page.EvaluateAsync<double>("window.shownAt").WaitAsync(TimeSpan.FromMilliseconds(Patience));
            seconds.Add((shownAt - publishedAt) / 1000);
        }

        seconds.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"from publish to the number on the screen: median {seconds[Publishes / 2]:F3} s, 95 % within {seconds[Publishes * 95 / 100]:F3} s, most {seconds[^1]:F3} s of {Publishes}"));
        Assert.True(seconds[Publishes / 2] < 1, string.Create(CultureInfo.InvariantCulture, $"Half of {Publishes} samples took {seconds[Publishes / 2]:F3} s or more to the screen, limit 1 s."));
    }

    [Fact]
    public async Task AlarmAppearsAndItsAcknowledgementReachesTheGateway()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(Bench.Cells.Length, new() { Timeout = Patience });
        await bench.PublishAsync(30, surfaceC: 90);

        ILocator line = page.Locator("[data-cell='dne-pouch-1'] .alarm-line").Filter(new() { HasText = "Temperature limit" });
        await Expect(line).ToContainTextAsync(ObservedAgainstLimit(), new() { Timeout = Patience });
        await Expect(page.Locator(".tile").First).ToHaveAttributeAsync("data-cell", "dne-pouch-1");
        await Expect(page.Locator("[aria-live=assertive]")).ToContainTextAsync("dne-pouch-1");
        await Expect(page).ToHaveTitleAsync(AlarmTitle());
        await Bench.PictureAsync(page, "wall-alarm-dark");

        await page.Locator("nav a", new() { HasText = "Alarms" }).ClickAsync();
        await page.Locator("main nav a", new() { HasText = "List" }).ClickAsync();
        ILocator row = page.Locator("[data-alarm='dne-pouch-1/thermal-limit']");
        await Expect(row).ToHaveAttributeAsync("data-state", "unacknowledged");
        await Bench.PictureAsync(page, "alarms-dark");
        await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.GetByLabel("Note").FillAsync("fan restarted");
        await Bench.PictureAsync(page, "acknowledge-dark");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(row).Not.ToHaveAttributeAsync("data-state", "unacknowledged");
        await Expect(row).ToContainTextAsync("fan restarted");

        JsonElement alarm = (await bench.GetAsync("/api/v1/alarms")).EnumerateArray()
            .First(known => known.GetProperty("id").GetString() == "dne-pouch-1/thermal-limit");
        Assert.Equal("acknowledged", alarm.GetProperty("state").GetString());
        Assert.Equal("R. Okafor", alarm.GetProperty("acknowledgedBy").GetString());
        Assert.Equal("fan restarted", alarm.GetProperty("note").GetString());
        await bench.PublishAsync(60, surfaceC: 25);
    }

    [Fact]
    public async Task RefusedAcknowledgementSaysWhyAndChangesNothing()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.PublishAsync(30, surfaceC: 95);
        IPage page = await bench.OpenAsync("/#/alarms?view=list", listen: false);
        await page.RouteAsync("**/acknowledge", route => route.FulfillAsync(new()
        {
            Status = 409, ContentType = "application/json", Body = """{"error":"Somebody was faster."}""",
        }));
        ILocator button = page.Locator("[data-alarm^='dne-pouch-1/'] button", new() { HasText = "Acknowledge" }).First;
        await button.ClickAsync(new() { Timeout = Patience });
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog .form-error")).ToHaveTextAsync("Somebody was faster.", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(button).ToBeVisibleAsync();
        await bench.PublishAsync(60, surfaceC: 25);
    }

    [Theory]
    [InlineData("/", "wall", 360, 800)]
    [InlineData("/#/alarms", "alarms", 360, 800)]
    [InlineData("/#/cell/dne-pouch-1", "cell", 360, 800)]
    [InlineData("/", "wall", 1440, 900)]
    [InlineData("/#/cell/dne-pouch-1", "cell", 1440, 900)]
    public async Task NoPageScrollsSideways(string path, string name, int width, int height)
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        foreach (ColorScheme scheme in (ColorScheme[])[ColorScheme.Dark, ColorScheme.Light])
        {
            IPage page = await bench.OpenAsync(path, width, height, scheme);
            await Expect(page.Locator(name == "wall" ? ".tile" : name == "cell" ? ".uplot" : "h1").First).ToBeVisibleAsync(new() { Timeout = Patience });
            int overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
            await Bench.PictureAsync(page, string.Create(CultureInfo.InvariantCulture, $"{name}-{width}-{(scheme == ColorScheme.Dark ? "dark" : "light")}"));
            Assert.True(overflow <= 0, $"{path} at {width} px is {overflow} px wider than the screen.");
        }
    }

    [Fact]
    public async Task KeyboardAloneReachesACellAndBack()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        ILocator first = page.Locator(".tile a").First;
        await Expect(first).ToBeVisibleAsync(new() { Timeout = Patience });
        string href = await first.GetAttributeAsync("href") ?? "";
        for (int press = 0; press < 20 && !await first.EvaluateAsync<bool>("a => a === document.activeElement"); press++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await Expect(first).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("h1")).ToHaveTextAsync(href["#/cell/".Length..]);
        await Expect(page.Locator(".uplot").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GoBackAsync();
        await Expect(page.Locator(".tile").First).ToBeVisibleAsync();
    }

    [Fact]
    public async Task PagesRaiseNoErrorAndBreakNoPolicy()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        foreach (string path in (string[])["/", "/#/alarms", "/#/cell/dne-pouch-1", "/#/cell/nobody"])
        {
            IPage page = await bench.OpenAsync(path, listen: path != "/#/cell/nobody");
            await Expect(page.Locator("#main")).ToBeVisibleAsync(new() { Timeout = Patience });
            await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        }

        using HttpResponseMessage answer = await bench.Http.GetAsync(new Uri(bench.Gateway.Address + "/"));
        string policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Empty(bench.Complaints);
    }

    [GeneratedRegex(@"^\d\.\d{4}V$", RegexOptions.None, 1000)]
    private static partial Regex Voltage();

    [GeneratedRegex(@"^\d+\.\d°C$", RegexOptions.None, 1000)]
    private static partial Regex Celsius();

    [GeneratedRegex(@"^(?:stale, |silent, )?\d+ (?:s|min \d\d s) ago$", RegexOptions.None, 1000)]
    private static partial Regex Ago();

    [GeneratedRegex(@"\d\d:\d\d:\d\d (?:CET|CEST|GMT\+[12])$", RegexOptions.None, 1000)]
    private static partial Regex Zone();

    [GeneratedRegex(@"90\.0\s°C, limit \d+\.\d\s°C", RegexOptions.None, 1000)]
    private static partial Regex ObservedAgainstLimit();

    [GeneratedRegex(@"^\d+ (?:emergency|critical|warning) · PouchMonitor$", RegexOptions.None, 1000)]
    private static partial Regex AlarmTitle();
}
