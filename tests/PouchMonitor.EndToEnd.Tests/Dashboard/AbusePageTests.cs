using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>A whole abuse test in a real browser, from the plan to the signed report: by keyboard alone, and by finger on a tablet.</summary>
public sealed class AbusePageTests(AbuseStandIn bench) : IClassFixture<AbuseStandIn>
{
    private const float Patience = 30_000;

    /// <summary>A desk, a phone and a tablet, which comes last since the test goes on there.</summary>
    private static readonly (int Width, int Height, ColorScheme Scheme)[] Screens =
        [(1280, 800, ColorScheme.Dark), (390, 844, ColorScheme.Dark), (820, 1180, ColorScheme.Light)];

    /// <summary>A picture of one pixel.</summary>
    private static readonly byte[] Photo = Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==");

    [Fact]
    public async Task KeyboardAlone_LeadsFromThePlanToTheSignedReport()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/abuse", 1280, 800);
        await Expect(page.GetByRole(AriaRole.Link, new() { Name = "New abuse test" })).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("#plan option[value=nail-gb]")).ToBeAttachedAsync(new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, page.Locator("#plan"));
        await page.Keyboard.TypeAsync("Nail");
        await Expect(page.Locator("#plan")).ToHaveValueAsync("nail-gb");
        await PageKeys.TabToAsync(page, page.Locator("#place"));
        await page.Keyboard.TypeAsync("node-1/1");
        await Expect(page.Locator("#place")).ToHaveValueAsync("node-1/1");
        await PageKeys.TabToAsync(page, page.Locator("input[name=by]"));
        await page.Keyboard.TypeAsync("R. Okafor");
        await page.Keyboard.PressAsync("Enter");

        await ToBeIn(page, "preparing");
        await page.Keyboard.PressAsync("?");
        await Expect(page.Locator("dialog.shortcuts")).ToContainTextAsync("To the next line to confirm");
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator("dialog.shortcuts")).ToHaveCountAsync(0);
        ILocator arm = page.Locator(".arm-button");
        await Expect(arm).ToHaveAttributeAsync("aria-disabled", "true");
        for (int left = 3; left > 0; left--)
        {
            await Expect(page.Locator(".check-line.is-open button.primary")).ToHaveCountAsync(left, new() { Timeout = Patience });
            await page.Keyboard.PressAsync("c");
            await page.Keyboard.PressAsync("Enter");
        }

        await Expect(arm).ToHaveAttributeAsync("aria-disabled", "false", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("a");
        await Expect(arm).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");

        await ToBeIn(page, "armed");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator("html[data-abuse-red]")).ToBeAttachedAsync(new() { Timeout = Patience });
        await Expect(page.Locator(".red-words")).ToContainTextAsync("THERMAL RUNAWAY", new() { Timeout = Patience });
        Assert.True(await page.EvaluateAsync<bool>("performance.getEntriesByName('abuse-red').length === 1 && Number(document.documentElement.dataset.abuseRedAt) > 0"));
        await Expect(page.Locator(".siren")).ToHaveAttributeAsync("data-siren", "sounding", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("m");
        await Expect(page.Locator(".siren")).ToContainTextAsync("Siren muted by R. Okafor");

        // Held from wherever the focus is, also while somebody writes.
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator(".abuse-question textarea")).ToBeFocusedAsync(new() { Timeout = Patience });
        await page.Keyboard.TypeAsync("smoke at the tabs");
        await page.Keyboard.DownAsync("Escape");
        await Expect(page.Locator("[data-stop]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.Keyboard.UpAsync("Escape");
        await Expect(page.Locator("[data-stop=confirmed]")).ToContainTextAsync("Stop confirmed", new() { Timeout = Patience });
        await Expect(page.Locator(".abuse-question")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator(".abuse-question textarea")).ToBeFocusedAsync(new() { Timeout = Patience });
        await page.Keyboard.TypeAsync("smoke at the tabs");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".abuse-log")).ToContainTextAsync("smoke at the tabs", new() { Timeout = Patience });
        await Expect(page.Locator(".giant.is-small.is-time .number")).ToHaveTextAsync("Over", new() { Timeout = Patience });
        await page.Locator("#main").EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator(".abuse-question .primary")).ToBeFocusedAsync(new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Enter");

        await ToBeIn(page, "ended");
        await Expect(page.Locator("html[data-abuse-red]")).ToHaveCountAsync(0);
        await Expect(page.Locator("[data-verdict=failed]")).ToContainTextAsync("Thermal runaway");
        await PageKeys.TabToAsync(page, page.Locator("input[name=seen-flame]:checked"));
        await page.Keyboard.PressAsync("ArrowLeft");
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator("input[name=seen-flame][value=yes]")).ToBeCheckedAsync();
        await PageKeys.TabToAsync(page, page.Locator("#mass-before"));
        await page.Keyboard.TypeAsync("23.51");
        await PageKeys.TabToAsync(page, page.Locator("#mass-after"));
        await page.Keyboard.TypeAsync("17.5");
        await Expect(page.Locator("#mass-after-hint")).ToContainTextAsync("25.6 %");
        await PageKeys.TabToAsync(page, page.Locator("#hazard"));
        await page.Keyboard.TypeAsync("5");
        await PageKeys.TabToAsync(page, page.Locator(".abuse-observations button.primary"));
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.Locator(".abuse-observations [role=status]")).ToHaveTextAsync("Kept.", new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, page.Locator(".attach-ways input").Last);
        IFileChooser chooser = await PageKeys.ChooseFileAsync(page);
        await chooser.SetFilesAsync(new FilePayload { Name = "after.png", MimeType = "image/png", Buffer = Photo });
        await Expect(page.Locator("[data-attachment='after.png'] img")).ToBeVisibleAsync(new() { Timeout = Patience });
        await PageKeys.TabToAsync(page, page.Locator(".sign").GetByRole(AriaRole.Checkbox));
        await page.Keyboard.PressAsync("Space");
        await PageKeys.TabToAsync(page, page.Locator(".sign button"));
        await page.Keyboard.PressAsync("Enter");

        await ToBeIn(page, "signed");
        await Expect(page.Locator(".abuse-signatures")).ToContainTextAsync("R. Okafor performed");
        await Expect(page.Locator(".abuse-observations form, form.abuse-observations")).ToHaveCountAsync(0);
        string report = await page.GetByRole(AriaRole.Link, new() { Name = "Report", Exact = true }).GetAttributeAsync("href") ?? "";
        Assert.Contains("Report of", await bench.GetTextAsync(report), StringComparison.Ordinal);
        JsonElement seen = (await bench.RecordAsync(IdOf(page))).GetProperty("observations");
        Assert.Equal((true, 23.51, 5), (seen.GetProperty("flame").GetBoolean(), seen.GetProperty("massBeforeG").GetDouble(), seen.GetProperty("hazardLevel").GetInt32()));
        Assert.Empty(bench.Complaints);
    }

    [Fact]
    public async Task AFalseTrigger_IsTakenBackByKeys_WithAReason()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string id = await bench.BeginAsync(4, isArmed: true);
        IPage page = await bench.OpenAsync($"/#/abuse/{id}", 820, 1180, name: "ada");
        await ToBeIn(page, "armed");
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "observing");
        await page.Locator("#main").EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator(".abuse-question textarea")).ToBeFocusedAsync(new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "observing"); // not without a reason
        await page.Keyboard.TypeAsync("pressed too early");
        await Bench.PictureAsync(page, "abuse-withdraw-820");
        await page.Keyboard.PressAsync("Enter");
        await ToBeIn(page, "armed");
        await Expect(page.Locator("html[data-abuse-red]")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.Locator(".abuse-log")).ToContainTextAsync("taken back: pressed too early", new() { Timeout = Patience });
        await page.SetViewportSizeAsync(390, 844);
        Assert.Equal(0, await FramePages.OverflowAsync(page));
        await Bench.PictureAsync(page, "abuse-withdrawn-390");
        await bench.PostAsync($"/abuse/{id}/cancel");
        Assert.Empty(bench.Complaints);
    }

    [Fact]
    public async Task OnATablet_FingersDoTheSame_AndNoStateScrollsSidewaysOrViolatesARule()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string axe = await FramePages.ReadAxeAsync();
        List<string> found = [];
        IPage page = await bench.OpenAsync("/#/abuse?new", 820, 1180, ColorScheme.Light);
        await page.EvaluateAsync(axe + ";0");
        await page.Locator("#plan").SelectOptionAsync("nail-gb", new() { Timeout = Patience });
        await page.Locator("#place").SelectOptionAsync("node-1/2");
        await page.Locator("input[name=by]").FillAsync("ada");
        await CheckAsync(page, "new", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "Begin preparing" }).ClickAsync();
        await ToBeIn(page, "preparing");
        await CheckAsync(page, "preparing", found);
        for (int left = 3; left > 0; left--)
        {
            ILocator confirm = page.Locator(".check-line.is-open button.primary");
            await Expect(confirm).ToHaveCountAsync(left, new() { Timeout = Patience });
            await confirm.First.ClickAsync();
        }

        await Expect(page.Locator(".arm-button")).ToHaveAttributeAsync("aria-disabled", "false", new() { Timeout = Patience });
        await page.Locator(".arm-button").ClickAsync();
        await ToBeIn(page, "armed");
        await CheckAsync(page, "armed", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "Trigger now" }).ClickAsync();
        await Expect(page.Locator(".red-words")).ToContainTextAsync("THERMAL RUNAWAY", new() { Timeout = Patience });
        await CheckAsync(page, "red", found);
        await page.GetByRole(AriaRole.Button, new() { Name = "End test" }).ClickAsync();
        if (await page.Locator(".abuse-question textarea").IsVisibleAsync())
        {
            await page.Locator(".abuse-question textarea").FillAsync("the chamber has to be opened");
        }

        await page.Locator(".abuse-question .primary").ClickAsync();
        await ToBeIn(page, "ended");
        await page.Locator("#hazard").SelectOptionAsync("5");
        await page.GetByRole(AriaRole.Button, new() { Name = "Keep what was seen" }).ClickAsync();
        await page.Locator(".attach-ways input[capture]").SetInputFilesAsync(new FilePayload { Name = "camera.png", MimeType = "image/png", Buffer = Photo });
        await Expect(page.Locator("[data-attachment='camera.png'] img")).ToBeVisibleAsync(new() { Timeout = Patience });
        await CheckAsync(page, "ended", found);
        await page.Locator(".sign").GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.Locator(".sign button").ClickAsync();
        await ToBeIn(page, "signed");
        await CheckAsync(page, "signed", found);
        foreach (string hash in (string[])["#/abuse", "#/abuse?plans", "#/abuse?plans=nail-gb"])
        {
            await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
            await Expect(page.Locator(hash.EndsWith("gb", StringComparison.Ordinal) ? ".plan-shown" : ".setup-table").First).ToBeVisibleAsync(new() { Timeout = Patience });
            await CheckAsync(page, hash[2..].Replace('?', '-').Replace('=', '-'), found);
        }

        await page.GetByRole(AriaRole.Button, new() { Name = "Edit as lab version" }).ClickAsync();
        await CheckAsync(page, "plan-editor", found);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
        Assert.Empty(bench.Complaints);
    }

    /// <summary>Looks at a state on a desk, a tablet and a phone, dark and light, and keeps a picture of each.</summary>
    private static async Task CheckAsync(IPage page, string state, List<string> found)
    {
        foreach ((int width, int height, ColorScheme scheme) in Screens)
        {
            await page.SetViewportSizeAsync(width, height);
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            string name = $"abuse-{state}-{width}-{scheme}";
            int overflow = await FramePages.OverflowAsync(page);
            if (overflow > 0)
            {
                found.Add($"{name}: {overflow} px wider than the screen");
            }

            string violations = await page.EvaluateAsync<string>(AccessibilityTests.RunAxe);
            found.AddRange(JsonSerializer.Deserialize<string[]>(violations)!.Select(violation => $"{name}: {violation}"));
            await Bench.PictureAsync(page, name);
        }
    }

    private static async Task ToBeIn(IPage page, string state) =>
        await Expect(page.Locator($"main[data-abuse][data-state={state}]")).ToBeVisibleAsync(new() { Timeout = Patience });

    private static string IdOf(IPage page) => page.Url[(page.Url.LastIndexOf('/') + 1)..];
}
