using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>What the screen says while the gateway is gone, and after it came back. Has a gateway of its own to kill.</summary>
public sealed partial class ConnectionLossTests(Bench bench) : IClassFixture<Bench>
{
    private const float Patience = 20_000;

    /// <summary>Pages beside the bench: the frame says on each that nothing is live, and what was loaded stays in use.</summary>
    private static readonly string[] Others = ["#/alarms", "#/nodes", "#/cell/dne-pouch-1"];

    [Fact]
    public async Task LostGatewayIsShownAndItsReturnIsNoticed()
    {
        Assert.SkipWhen(Bench.Missing is not null, Bench.Missing ?? "");
        IPage page = await bench.OpenAsync("/", listen: false);
        foreach (string hash in Others)
        {
            await VisitAsync(page, hash);
        }

        await page.EvaluateAsync("location.hash = '#/'");
        ILocator voltage = page.Locator("[data-cell='dne-pouch-1'] [data-column=voltage] .number");
        await Expect(voltage).ToBeVisibleAsync(new() { Timeout = Patience });
        string before = await voltage.InnerTextAsync();
        string fresh = await voltage.EvaluateAsync<string>("e => getComputedStyle(e).color + getComputedStyle(e).fontStyle");

        bench.Gateway.Kill();
        await Expect(page.Locator(".lost")).ToContainTextAsync(ShowingDataOf(), new() { Timeout = Patience });
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Not live");
        await Expect(page).ToHaveTitleAsync(NotLive());
        Assert.Equal(before, await voltage.InnerTextAsync());
        string stale = await voltage.EvaluateAsync<string>("e => getComputedStyle(e).color + getComputedStyle(e).fontStyle");
        Assert.NotEqual(fresh, stale);
        await Expect(page.Locator("[data-cell='dne-pouch-1'] .age.is-aging")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Bench.PictureAsync(page, "wall-lost-dark");

        foreach (string hash in Others)
        {
            await VisitAsync(page, hash);
            await Expect(page.Locator(".lost")).ToBeVisibleAsync();
            await Expect(page).ToHaveTitleAsync(NotLive());
        }

        await page.EvaluateAsync("location.hash = '#/'");
        await Expect(voltage).ToHaveTextAsync(before, new() { Timeout = Patience });

        await bench.Gateway.StartAsync();
        await bench.ConnectDeviceAsync();
        await Expect(page.Locator(".lost")).ToHaveCountAsync(0, new() { Timeout = Patience });
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live");
        await bench.PublishAsync(2, surfaceC: 25);
        await Expect(voltage).Not.ToHaveTextAsync(before, new() { Timeout = Patience });
    }

    private static async Task VisitAsync(IPage page, string hash)
    {
        await page.EvaluateAsync("hash => { location.hash = hash; }", hash);
        await Expect(page.Locator("main:not(.page) h1, main:not(.wall) h1").First).ToBeAttachedAsync(new() { Timeout = Patience });
    }

    [GeneratedRegex(@"showing data of \d\d:\d\d:\d\d \S+, \d+ s old", RegexOptions.None, 1000)]
    private static partial Regex ShowingDataOf();

    [GeneratedRegex("^Not live", RegexOptions.None, 1000)]
    private static partial Regex NotLive();
}
