using System.Text.Json;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>What the screen behind the blast wall must never get wrong: red at once, nothing old shown as new, a stop that is meant.</summary>
public sealed class AbuseScreenTests(AbuseStandIn bench) : IClassFixture<AbuseStandIn>
{
    private const float Patience = 30_000;

    [Fact]
    public async Task TheScreenIsRed_WithTheWordOfTheStream_WhileTheRecordIsStillOnItsWay()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string id = await bench.BeginAsync(1, isArmed: true);
        IPage page = await bench.OpenAsync($"/#/abuse/{id}", 1280, 800);
        await Expect(page.Locator("main[data-state=armed]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("html[data-abuse-red]")).ToHaveCountAsync(0);
        TaskCompletionSource release = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await page.RouteAsync($"**/api/v1/abuse/{id}", async route =>
        {
            await release.Task;
            await route.ContinueAsync();
        });
        await bench.PostAsync($"/dev/abuse/{id}/fire");
        await Expect(page.Locator($"html[data-abuse-red='{id}']")).ToBeAttachedAsync(new() { Timeout = Patience });
        await Expect(page.Locator(".red-words")).ToContainTextAsync("FAILURE CRITERION MET");
        await Expect(page.Locator("main[data-state=observing]")).ToBeVisibleAsync();
        release.SetResult();
        await Expect(page.Locator(".red-words")).ToContainTextAsync("THERMAL RUNAWAY", new() { Timeout = Patience });
        await page.UnrouteAllAsync();

        // Another page is not red, and the list says it.
        await page.EvaluateAsync("() => { location.hash = '#/abuse'; }");
        await Expect(page.Locator($".abuse-card.is-red[data-abuse='{id}']")).ToContainTextAsync("Met", new() { Timeout = Patience });
        await Expect(page.Locator("html[data-abuse-red]")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task FiguresThatStopped_DoNotLookCurrent_AndAreNoNumbersAtLast()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string id = await bench.BeginAsync(2, isArmed: true);
        IPage page = await bench.OpenAsync($"/#/abuse/{id}", 1280, 800);
        ILocator figures = page.Locator(".abuse-figures");
        await Expect(figures).ToHaveAttributeAsync("data-currency", "current", new() { Timeout = Patience });
        await Expect(page.Locator("[data-figure=Voltage] .number")).ToContainTextAsync("4.18");
        await bench.PostAsync($"/dev/abuse/{id}/freeze");
        await Expect(figures).ToHaveAttributeAsync("data-currency", "stale", new() { Timeout = Patience });
        await Expect(page.Locator(".currency")).ToContainTextAsync("Not current.");
        await Expect(figures).ToHaveAttributeAsync("data-currency", "gone", new() { Timeout = Patience });
        await Expect(page.Locator("[data-figure=Voltage] .number")).ToHaveTextAsync("–");
        await Expect(page.Locator("[data-figure=Voltage]")).ToContainTextAsync("last 4.18");
        await bench.PostAsync($"/dev/abuse/{id}/thaw");
        await Expect(figures).ToHaveAttributeAsync("data-currency", "current", new() { Timeout = Patience });
        await Expect(page.Locator(".currency")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task AShortPressStopsNothing_AHeldOneDoes_AndAnUnansweredStopIsSaid()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string id = await bench.BeginAsync(3, isArmed: true);
        IPage page = await bench.OpenAsync($"/#/abuse/{id}", 820, 1180, name: "ada");
        ILocator stop = page.Locator(".stop");
        await Expect(stop).ToBeInViewportAsync(new() { Timeout = Patience });
        await stop.DispatchEventAsync("pointerdown", new { button = 0, pointerId = 1 });
        await stop.DispatchEventAsync("pointerup", new { button = 0, pointerId = 1 });
        await Expect(stop).ToContainTextAsync("hold it, or press once more");
        await Expect(stop).ToContainTextAsync("hold 0.6 s", new() { Timeout = Patience });
        Assert.Equal(JsonValueKind.Null, (await bench.RecordAsync(id)).GetProperty("stop").ValueKind);

        await bench.PostAsync($"/dev/abuse/{id}/deaf");
        await stop.HoverAsync();
        await page.Mouse.DownAsync();
        await Expect(page.Locator("[data-stop]")).ToContainTextAsync("ada", new() { Timeout = Patience });
        await page.Mouse.UpAsync();
        await Expect(page.Locator("[data-stop=unanswered]")).ToContainTextAsync("cut the supply by hand", new() { Timeout = Patience });

        // A gateway that cannot be reached is said beside the button.
        await page.RouteAsync("**/stop", route => route.AbortAsync());
        await stop.FocusAsync();
        await page.Keyboard.DownAsync("Space");
        await Expect(page.Locator(".stop-failed")).ToContainTextAsync("Cut the supply by hand.", new() { Timeout = Patience });
        await page.Keyboard.UpAsync("Space");
    }

    [Fact]
    public async Task WhoOnlyLooks_HasNothingToPress()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string preparing = await bench.BeginAsync(4);
        IPage page = await bench.OpenAsync($"/#/abuse/{preparing}?view", 390, 844, ColorScheme.Light);
        await Expect(page.Locator(".abuse-view")).ToHaveTextAsync("Read only", new() { Timeout = Patience });
        await Expect(page.Locator(".check-line")).Not.ToHaveCountAsync(0);
        await Expect(page.Locator(".abuse-bar, .arm-button, .check-acts button, .stop")).ToHaveCountAsync(0);
        string armed = await bench.BeginAsync(4, isArmed: true);
        page = await bench.OpenAsync($"/#/abuse/{armed}?view", 1280, 800);
        await Expect(page.Locator(".abuse-figures")).ToHaveAttributeAsync("data-currency", "current", new() { Timeout = Patience });
        await Expect(page.Locator(".abuse-bar, .stop")).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("t");
        await page.Keyboard.PressAsync("x");
        await Expect(page.Locator(".abuse-question")).ToHaveCountAsync(0);
        await page.EvaluateAsync("() => { location.hash = '#/abuse/nothing-there'; }");
        await Expect(page.Locator("main")).ToContainTextAsync("There is no abuse test nothing-there", new() { Timeout = Patience });
    }

    [Fact]
    public async Task APlanIsCopied_RefusedWhileAFigureIsImpossible_AndKeptAsTheLabs()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/abuse?plans=nail-gb", 1280, 800);
        await Expect(page.Locator(".source.is-recalled").First).ToContainTextAsync("needs the lab’s own copy", new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Copy under another name" }).ClickAsync();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("nail-hot");
        await page.GetByLabel("Your name").FillAsync("ada");
        ILocator limit = page.Locator("[id='criteria[1].limit']");
        await limit.FillAsync("9000");
        await Expect(page.Locator("[id='criteria[1].limit-problem']")).ToContainTextAsync("between -40 and 1500 C", new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "9000" })).ToBeVisibleAsync(new() { Timeout = Patience });
        await limit.FillAsync("");
        await limit.PressSequentiallyAsync("142.5");
        await Expect(limit).ToHaveValueAsync("142.5");
        await Expect(page.Locator("[id='criteria[1].source']")).ToHaveValueAsync("lab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Expect(page.Locator("main > .done")).ToContainTextAsync("nail-hot is saved as version 1", new() { Timeout = Patience });
        string kept = await bench.GetTextAsync("/api/v1/abuse/plans/nail-hot");
        Assert.Contains("142.5", kept, StringComparison.Ordinal);
    }
}
