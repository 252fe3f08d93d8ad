using System.Text.Json;
using Microsoft.Playwright;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>Every page, light and dark, wide and narrow: axe-core finds nothing, and nothing has to be scrolled sideways.</summary>
[Collection(FrameCollection.Name)]
public sealed class AccessibilityTests(Bench bench)
{
    internal const string RunAxe = """
        async only => JSON.stringify((await axe.run(document, { resultTypes: ['violations'], ...(only ? { runOnly: only } : {}) })).violations.map(violation =>
          violation.id + ' at ' + violation.nodes.slice(0, 3).map(node => node.target.join(' ') + ': '
          + [...node.any, ...node.all, ...node.none].map(check => check.message).join('; ')).join(' | ')))
        """;

    /// <summary>Whoever speaks to the page says the words they see: a rule that axe does not look at by itself.</summary>
    internal static readonly string[] LabelRules = ["label-content-name-mismatch"];

    /// <summary>The rules that see colours, by name: their tag would ask for contrast as of level AAA too, which nothing else is held to.</summary>
    private static readonly string[] ColourRules = ["color-contrast", "link-in-text-block"];

    [Theory]
    [InlineData(1440)]
    [InlineData(390)]
    public async Task NoPageViolatesARuleOrScrollsSideways(int width)
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        string axe = await FramePages.ReadAxeAsync();
        IPage page = await bench.OpenAsync("/", width, 900, ColorScheme.Dark, listen: false);
        await FramePages.PrepareAsync(page);
        await page.ReloadAsync();
        await FramePages.SettleAsync(page);
        await page.EvaluateAsync(axe + ";0");
        List<string> found = [];
        foreach (string hash in FramePages.All)
        {
            await FramePages.GoAsync(page, hash);
            await CheckInBothAsync(page, $"{hash} at {width} px", found);
        }

        foreach (string form in (string[])["Dense", "Rows", "Overview"])
        {
            await FramePages.GoAsync(page, "#/");
            await page.GetByRole(AriaRole.Radio, new() { Name = form }).CheckAsync(new() { Force = true });
            await CheckInBothAsync(page, $"the bench as {form} at {width} px", found);
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    [Fact]
    public async Task DialogsOfTheFrameAndTheWayInViolateNoRule()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        string axe = await FramePages.ReadAxeAsync();
        List<string> found = [];
        IPage page = await bench.OpenAsync("/", listen: false);
        await page.Locator(".tile").First.WaitForAsync(new() { Timeout = 30_000 });
        await page.EvaluateAsync(axe + ";0");
        await page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync();
        await CheckAsync(page, "settings", found);
        await page.Keyboard.PressAsync("Escape");
        await page.Keyboard.PressAsync("?");
        await page.Locator("dialog.shortcuts").WaitForAsync();
        await CheckAsync(page, "keys", found);

        foreach (bool needsSetup in (bool[])[false, true])
        {
            // Nobody signed in, and before the first administrator.
            await page.RouteAsync("**/api/v1/session", route => route.FulfillAsync(new()
            {
                ContentType = "application/json",
                Body = JsonSerializer.Serialize(new { person = (string?)null, role = (string?)null, open = false, needsSetup, csrf = (string?)null }),
            }));
            await page.GotoAsync(bench.Gateway.Address + "/#/login");
            await page.ReloadAsync();
            await page.Locator("main h1").First.WaitForAsync(new() { State = WaitForSelectorState.Attached, Timeout = 30_000 });
            await page.EvaluateAsync(axe + ";0");
            await CheckAsync(page, needsSetup ? "first start" : "login", found);
            await page.UnrouteAllAsync();
        }

        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    /// <summary>For a state of a page that only another test brings about.</summary>
    internal static async Task HoldAsync(IPage page, string where)
    {
        await page.EvaluateAsync(await FramePages.ReadAxeAsync() + ";0");
        List<string> found = [];
        await CheckInBothAsync(page, where, found);
        Assert.True(found.Count == 0, string.Join(Environment.NewLine, found));
    }

    /// <summary>Every rule on the dark page, and those that see colours on the light one, which differs from it in nothing else.</summary>
    private static async Task CheckInBothAsync(IPage page, string where, List<string> found)
    {
        await CheckAsync(page, where + ", dark", found);
        await CheckAsync(page, where + ", names", found, LabelRules);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
        await CheckAsync(page, where + ", light", found, ColourRules);
        await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Dark });
    }

    private static async Task CheckAsync(IPage page, string where, List<string> found, string[]? only = null)
    {
        string violations = await page.EvaluateAsync<string>(RunAxe, only);
        found.AddRange(JsonSerializer.Deserialize<string[]>(violations)!.Select(violation => $"{where}: {violation}"));
        int overflow = await FramePages.OverflowAsync(page);
        if (overflow > 0)
        {
            found.Add($"{where}: {overflow} px wider than the screen");
        }
    }
}
