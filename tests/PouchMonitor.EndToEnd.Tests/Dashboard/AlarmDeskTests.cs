using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The alarm desk in a real browser against the real gateway: what a person on call does, by pointer, by keys, on a phone.</summary>
public sealed partial class AlarmDeskTests(DeskBench bench) : IClassFixture<DeskBench>
{
    private const float Patience = 30_000;
    private const double HotC = 90;
    private const string Limit = "thermal-limit";

    [Fact]
    public async Task AlarmIsRaisedAndAcknowledgedWithANote()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/alarms");
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        await bench.HeatAsync("seen", HotC);
        ILocator row = CaseOf(page, "seen");
        await Expect(row).ToContainTextAsync("not acknowledged", new() { Timeout = Patience });
        await Expect(row).ToContainTextAsync("What to do");
        await Expect(page.Locator("[aria-live=assertive]")).ToContainTextAsync("seen");
        await Bench.PictureAsync(page, "desk-dark");

        await row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).First.ClickAsync();
        await page.GetByLabel("Your name").FillAsync("R. Okafor");
        await page.GetByLabel("Note").FillAsync("fan restarted");
        await Bench.PictureAsync(page, "desk-acknowledge-dark");
        await Submit(page);
        await Expect(row).Not.ToContainTextAsync("not acknowledged", new() { Timeout = Patience });
        await Expect(row).ToContainTextAsync("fan restarted");
        JsonElement alarm = await bench.AlarmAsync($"seen/{Limit}", known => Text(known, "state") == "acknowledged");
        Assert.Equal("R. Okafor", Text(alarm, "acknowledgedBy"));
        Assert.Equal("fan restarted", Text(alarm, "note"));

        await page.GotoAsync($"{bench.Gateway.Address}/#/alarms/seen%2F{Limit}");
        await Expect(page.Locator(".record")).ToContainTextAsync("fan restarted", new() { Timeout = Patience });
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "The cell at the onset" })).ToHaveAttributeAsync("href", OnsetAddress());
        await Bench.PictureAsync(page, "alarm-detail-dark");
    }

    [Fact]
    public async Task AlarmIsShelvedWithAReasonAndComesBack()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.HeatAsync("parked", HotC);
        await bench.AlarmAsync($"parked/{Limit}", known => Text(known, "state") == "unacknowledged");
        IPage page = await bench.OpenAsync("/#/alarms?view=list&cell=parked");
        ILocator row = page.Locator($".alarm-table [data-alarm='parked/{Limit}']");
        await row.GetByRole(AriaRole.Button, new() { Name = "Shelve" }).ClickAsync(new() { Timeout = Patience });
        await Name(page);
        await Expect(page.Locator("dialog button[type=submit]")).ToBeDisabledAsync();
        await page.GetByLabel("Reason").FillAsync("thermocouple is being replaced");
        await Submit(page);
        await Expect(row).ToHaveCountAsync(0, new() { Timeout = Patience });

        ILocator shelf = page.Locator(".folded").Filter(new() { HasText = "Shelved" });
        await shelf.Locator("summary").ClickAsync();
        ILocator aside = shelf.Locator($"[data-alarm='parked/{Limit}']");
        await Expect(aside).ToContainTextAsync("thermocouple is being replaced");
        JsonElement alarm = await bench.AlarmAsync($"parked/{Limit}", known => known.GetProperty("shelf").ValueKind == JsonValueKind.Object);
        Assert.Equal(900, alarm.GetProperty("shelf").GetProperty("until").GetDouble() - alarm.GetProperty("shelf").GetProperty("since").GetDouble(), 3);
        await Bench.PictureAsync(page, "desk-shelved-dark");

        await aside.GetByRole(AriaRole.Button, new() { Name = "from the shelf" }).ClickAsync();
        await Submit(page);
        await Expect(row).ToHaveAttributeAsync("data-state", "unacknowledged", new() { Timeout = Patience });
        await page.Locator("main nav a", new() { HasText = "History" }).ClickAsync();
        await Expect(page.Locator(".record")).ToContainTextAsync("thermocouple is being replaced", new() { Timeout = Patience });
    }

    [Fact]
    public async Task RefusalIsSaidWhereThePersonIs()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.HeatAsync("refused", HotC);
        IPage page = await bench.OpenAsync("/#/alarms?view=list&cell=refused", listen: false);
        await page.RouteAsync("**/shelve", route => route.FulfillAsync(new() { Status = 503, ContentType = "application/json", Body = """{"error":"It was not recorded."}""" }));
        ILocator row = page.Locator($".alarm-table [data-alarm='refused/{Limit}']");
        await row.GetByRole(AriaRole.Button, new() { Name = "Shelve" }).ClickAsync(new() { Timeout = Patience });
        await Name(page);
        await page.GetByLabel("Reason").FillAsync("why");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog .form-error")).ToHaveTextAsync("It was not recorded.", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0);
        await Expect(row).ToHaveAttributeAsync("data-state", "unacknowledged");
    }

    [Fact]
    public async Task KeysAloneAreEnough()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.HeatAsync("keys", HotC);
        IPage page = await bench.OpenAsync("/#/alarms?view=list&cell=keys");
        ILocator row = page.Locator($".alarm-table [data-alarm='keys/{Limit}']");
        await Expect(row).ToBeVisibleAsync(new() { Timeout = Patience });
        for (int press = 0; press < 10 && !await row.EvaluateAsync<bool>("r => r === document.activeElement"); press++)
        {
            await page.Keyboard.PressAsync("j");
        }

        await Expect(row).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("a");
        await Expect(page.GetByLabel("Your name")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("A. Njoroge");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("ask j and k: fine");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Enter");
        await Expect(row).ToHaveAttributeAsync("data-state", "acknowledged", new() { Timeout = Patience });
        Assert.Equal("ask j and k: fine", Text(await bench.AlarmAsync($"keys/{Limit}", known => Text(known, "state") == "acknowledged"), "note"));

        // The row is told by the stream, which may be before the answer that closes the question; until then keys belong to that.
        await Expect(page.Locator("dialog[open]")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByPlaceholder("Search")).ToBeFocusedAsync();
    }

    [Fact]
    public async Task PhoneAcknowledgesInThreeTaps()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.HeatAsync("phone", HotC);
        IPage page = await bench.OpenAsync("/#/alarms?cell=phone", 390, 844, ColorScheme.Light);
        await page.EvaluateAsync("localStorage.setItem('pouchmonitor.name', 'R. Okafor')");
        ILocator row = CaseOf(page, "phone");
        ILocator button = row.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).First;
        await Expect(button).ToBeVisibleAsync(new() { Timeout = Patience });
        Assert.True((await button.BoundingBoxAsync())!.Height >= 44, "The button is too small for a thumb.");
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, "The page scrolls sideways.");
        await Bench.PictureAsync(page, "desk-phone-light");
        await button.ClickAsync();
        await page.GetByLabel("Note").ClickAsync();
        await Submit(page);
        await Expect(row).Not.ToContainTextAsync("not acknowledged", new() { Timeout = Patience });
    }

    [Fact]
    public async Task AnAlarmThatIsOver_NamesItsTimeWithTheZone_AndTheNumbersSayWhatTheyCount()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        await bench.HeatAsync("cooled", HotC);
        await bench.HeatAsync("cooled", 25, seconds: 120);
        await bench.AlarmAsync($"cooled/{Limit}", known => Text(known, "state") == "returnedUnacknowledged");
        IPage page = await bench.OpenAsync("/#/alarms?cell=cooled");
        await Expect(CaseOf(page, "cooled")).ToContainTextAsync(OverWithZone(), new() { Timeout = Patience });
        ILocator counts = page.GetByRole(AriaRole.Group, new() { Name = "Priorities shown" });
        string described = await counts.GetAttributeAsync("aria-describedby") ?? "";
        await Expect(page.Locator("#" + described)).ToBeVisibleAsync();
        await Expect(page.Locator("#" + described)).ToContainTextAsync("acknowledged ones too");
        await Bench.PictureAsync(page, "desk-over-dark");

        // The desk with something on it: open, over, and acknowledged by others.
        foreach (int width in (int[])[1440, 390])
        {
            await page.SetViewportSizeAsync(width, 900);
            foreach ((string hash, string mark) in ((string, string)[])
                [("#/alarms", ".case"), ("#/alarms?view=list", ".alarm-table tbody tr"), ("#/alarms?view=history", ".record tbody tr"), ($"#/alarms/cooled%2F{Limit}", ".record tbody tr")])
            {
                await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
                await Expect(page.Locator(mark).First).ToBeVisibleAsync(new() { Timeout = Patience });
                await AccessibilityTests.HoldAsync(page, $"{hash} with alarms at {width} px");
            }
        }
    }

    [Fact]
    public async Task SomebodyWhoDoesNotLookIsCalledOnceForAnIncident()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/alarms");
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        await page.Locator(".sound-settings summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn sound on" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn notifications on" }).ClickAsync();
        await Expect(page.Locator(".sound-settings summary")).ToHaveTextAsync("Sound on, notifications on");
        await DeskBench.UntilAsync(page, "window.pulses > 0");
        int pulses = await page.EvaluateAsync<int>("window.pulses");
        await bench.HeatAsync("loud", HotC);
        await DeskBench.UntilAsync(page, "window.notes.some(n => n.title.includes('loud'))");
        await DeskBench.UntilAsync(page, string.Create(CultureInfo.InvariantCulture, $"window.pulses > {pulses}"));
        string incident = Text(await bench.AlarmAsync($"loud/{Limit}", known => Text(known, "incident") is not null), "incident")!;
        Assert.Equal(incident, await page.EvaluateAsync<string>("window.notes.find(n => n.title.includes('loud')).tag"));
        Assert.Equal(1, await page.EvaluateAsync<int>("new Set(window.notes.filter(n => n.title.includes('loud')).map(n => n.tag)).size"));

        await page.EvaluateAsync("window.notes.findLast(n => n.title.includes('loud')).onclick()");
        await Expect(page.Locator("h1")).ToContainTextAsync("loud", new() { Timeout = Patience });
    }

    [Fact]
    public async Task LostConnectionIsToldAndHidesNoAlarm()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/alarms", listen: false);
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        await page.Locator(".sound-settings summary").ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Turn notifications on" }).ClickAsync();
        await bench.DisconnectAsync();
        bench.Gateway.Kill();
        try
        {
            await Expect(page.Locator(".lost")).ToBeVisibleAsync(new() { Timeout = Patience });
            await DeskBench.UntilAsync(page, "window.notes.some(n => n.tag === 'connection' && !n.closed)");
            await Bench.PictureAsync(page, "desk-lost-dark");
        }
        finally
        {
            // The other tests need it, whatever has become of this one.
            await bench.Gateway.StartAsync();
        }

        await bench.HeatAsync("gap", HotC);
        await Expect(CaseOf(page, "gap")).ToContainTextAsync("not acknowledged", new() { Timeout = Patience });
        await Expect(page.Locator(".lost")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await DeskBench.UntilAsync(page, "window.notes.some(n => n.tag === 'connection' && n.closed)");
        await DeskBench.UntilAsync(page, "window.notes.some(n => n.title.includes('gap'))");
    }

    /// <summary>The incident whose gravest alarm is of this cell.</summary>
    private static ILocator CaseOf(IPage page, string cell) => page.Locator($".case[data-alarm^='{cell}/']").First;

    private static async Task Name(IPage page) => await page.GetByLabel("Your name").FillAsync("R. Okafor");

    private static async Task Submit(IPage page)
    {
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await Expect(page.Locator("dialog")).ToHaveCountAsync(0, new() { Timeout = Patience });
    }

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    [GeneratedRegex(@"over at (?:\d{4}-\d\d-\d\d )?\d\d:\d\d:\d\d (?:CET|CEST|GMT\+[12])", RegexOptions.None, 1000)]
    private static partial Regex OverWithZone();

    [GeneratedRegex(@"^#/cell/seen\?at=\d+(?:\.\d+)?$", RegexOptions.None, 1000)]
    private static partial Regex OnsetAddress();
}
