using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>What surrounds every page: the way to all of them by mouse, key and menu, the search, the settings, the wall screen.</summary>
[Collection(FrameCollection.Name)]
public sealed class FrameTests(Bench bench)
{
    private const float Patience = 20_000;

    [Fact]
    public async Task KeysAloneLeadThroughTheFrameAndTheWall()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        await Expect(page.Locator(".tile").First).ToBeVisibleAsync(new() { Timeout = Patience });

        await page.Keyboard.PressAsync("/");
        await Expect(page.GetByLabel("Filter channels")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("nameless g a ?");
        await Expect(page.Locator(".waiting")).ToContainTextAsync("No channel matches");
        await page.GetByLabel("Filter channels").FillAsync("nameless");
        await Expect(page.Locator("[data-cell]")).ToHaveCountAsync(1);
        await page.GetByLabel("Filter channels").FillAsync("");
        await page.Keyboard.PressAsync("Tab");

        await page.Locator("#main").EvaluateAsync("() => document.activeElement.blur()");
        await page.Keyboard.PressAsync("3");
        await Expect(page.Locator(".channel-table tbody tr")).ToHaveCountAsync(Bench.Cells.Length);
        await page.Keyboard.PressAsync("4");
        await Expect(page.Locator(".box")).ToHaveCountAsync(Bench.Cells.Length);
        await page.Keyboard.PressAsync("1");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(Bench.Cells.Length);

        await page.Keyboard.PressAsync("?");
        ILocator help = page.Locator("dialog.shortcuts");
        await Expect(help).ToContainTextAsync("Search the channels");
        await Expect(help).ToContainTextAsync("Nodes");
        await page.Keyboard.PressAsync("Escape");
        await Expect(help).ToHaveCountAsync(0);

        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("n");
        await Expect(page.Locator("h1")).ToHaveTextAsync("Nodes", new() { Timeout = Patience });
        await Expect(page.Locator("nav[aria-label=Pages] [aria-current=page]")).ToHaveTextAsync("Nodes");
        await page.Keyboard.PressAsync("g");
        await page.Keyboard.PressAsync("b");
        await Expect(page.Locator(".tile").First).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task EveryLinkedPageShowsAHeadingAndIsMarked()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        ILocator links = page.Locator("nav[aria-label=Pages] li a");
        await Expect(links.First).ToBeVisibleAsync(new() { Timeout = Patience });
        IReadOnlyList<string> words = await links.AllInnerTextsAsync();
        Assert.Contains("Bench", words);
        Assert.Contains("Nodes", words);
        foreach (string word in words)
        {
            await links.Filter(new() { HasText = word }).ClickAsync();
            await Expect(page.Locator("nav[aria-label=Pages] [aria-current=page]")).ToHaveTextAsync(word);
            await Expect(page.Locator("main h1").First).ToBeAttachedAsync(new() { Timeout = Patience });
        }
    }

    [Fact]
    public async Task OnAPhoneTheMenuOpensAndClosesByKey()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/", 390, 844, ColorScheme.Light);
        ILocator menu = page.Locator("nav .menu");
        await Expect(menu).ToBeVisibleAsync(new() { Timeout = Patience });
        ILocator alarms = page.Locator("nav li a").Filter(new() { HasText = "Alarms" });
        await Expect(alarms).ToBeHiddenAsync();
        await menu.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Expect(alarms).ToBeVisibleAsync();
        await Bench.PictureAsync(page, "menu-390-light");
        await page.Keyboard.PressAsync("Escape");
        await Expect(alarms).ToBeHiddenAsync();
        await Expect(menu).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await alarms.ClickAsync();
        await Expect(page.Locator("main h1").First).ToHaveTextAsync("Alarms", new() { Timeout = Patience });
        await Expect(alarms).ToBeHiddenAsync();
    }

    [Fact]
    public async Task ChosenTimeZoneHoldsOnEveryPageAndOverAReload()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/");
        await page.GetByRole(AriaRole.Button, new() { Name = "Settings" }).ClickAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Radio, new() { Name = "UTC", Exact = true }).CheckAsync(new() { Force = true });
        await page.Keyboard.PressAsync("Escape");
        await Expect(page.Locator(".wall-clock")).ToContainTextAsync("UTC");
        await page.ReloadAsync();
        await Expect(page.Locator(".wall-clock")).ToContainTextAsync("UTC", new() { Timeout = Patience });
    }

    [Fact]
    public async Task WallScreenHasNothingToPressButTheWayOut()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/?kiosk", 1920, 1080);
        await Expect(page.Locator("[data-cell]")).ToHaveCountAsync(Bench.Cells.Length, new() { Timeout = Patience });
        await Expect(page.Locator("nav[aria-label=Pages], .tools, .preferences-button")).ToHaveCountAsync(0);
        await Bench.PictureAsync(page, "wall-screen-dark");
        await page.GetByRole(AriaRole.Link, new() { Name = "Leave wall screen" }).PressAsync("Enter");
        await Expect(page.Locator("nav[aria-label=Pages]")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    [Fact]
    public async Task NodesPageShowsTheGatewayAndTheNodeAndSaysWhatTheNodeAnswered()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/nodes", listen: false);
        ILocator node = page.Locator("[data-node='bench-a']");
        await Expect(node).ToContainTextAsync("Online", new() { Timeout = Patience });
        await Expect(node.Locator("tbody tr")).ToHaveCountAsync(Bench.Cells.Length);
        await Expect(page.Locator(".gateway-card")).ToContainTextAsync("Disk free");
        await Bench.PictureAsync(page, "nodes-dark");

        await page.RouteAsync("**/commands?*", route => route.FulfillAsync(new()
        {
            Status = 409, ContentType = "application/json", Body = """{"error":"Channel 1 is armed."}""",
        }));
        await node.GetByRole(AriaRole.Button).ClickAsync();
        await page.Locator(".command-dialog select").First.SelectOptionAsync("reboot");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.Locator(".command-dialog [role=status]")).ToHaveTextAsync("");
        await page.GetByRole(AriaRole.Checkbox).CheckAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Send" }).ClickAsync();
        await Expect(page.Locator(".command-dialog [role=status]")).ToHaveTextAsync("Channel 1 is armed.", new() { Timeout = Patience });
        await Bench.PictureAsync(page, "node-command-dark");
    }
}
