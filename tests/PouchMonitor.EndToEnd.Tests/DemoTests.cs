using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PouchMonitor.EndToEnd.Tests.Dashboard;
using PouchMonitor.EndToEnd.Tests.Programs;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>What a visitor sees of <c>pouchmonitor demo</c> within two minutes, and that it leaves nothing behind.</summary>
public sealed partial class DemoTests(ITestOutputHelper output)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly string[] Improved = ["copc-anode-free", "dne-pouch", "tve-pouch"];
    private static readonly string[] ThermalRules = ["thermal-limit", "heating-rate", "thermal-runaway"];

    [Fact]
    public async Task WithinTwoMinutes_EveryFailureIsSeen_AndTheImprovedCellsAreQuiet()
    {
        long started = Stopwatch.GetTimestamp();
        await using ServeProcess demo = await ServeProcess.Demo();
        Assert.Single(DataDirectories(demo));
        await demo.Until("/api/v1/alarms", alarms => IsThere(alarms, "capacity-fade") && IsThere(alarms, "polarization-rise")
            && ThermalRules.Any(rule => IsThere(alarms, rule)), Left(started));
        JsonElement cells = await demo.Until("/api/v1/cells", all => all.GetArrayLength() == 6
            && all.EnumerateArray().All(cell => cell.GetProperty("cycleCount").GetInt32() > 0), Left(started));
        output.WriteLine($"all is there after {Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s");

        Assert.Equal(
            Improved.Concat(Improved.Select(name => name + "-baseline")).Order(StringComparer.Ordinal), Names(cells).Order(StringComparer.Ordinal));
        Assert.Empty(Names(await demo.Get("/api/v1/alarms")).Intersect(Improved));
        Assert.Empty(Names(await demo.Get("/api/v1/alarms/history")).Intersect(Improved));
        Assert.Equal(0, (await demo.Get("/api/v1/quarantine")).GetProperty("count").GetInt32());
        if (HeadlessBrowser.Missing is { } missing)
        {
            output.WriteLine($"the page was not looked at: {missing}");
        }
        else
        {
            await using HeadlessBrowser browser = await HeadlessBrowser.LaunchAsync();
            await PageShowsIt(browser, demo.Address, 1440, 900);
            await PageShowsIt(browser, demo.Address, 360, 800);
        }

        Assert.Equal(0, await demo.Terminate());
        Assert.Empty(DataDirectories(demo));
    }

    private static async Task PageShowsIt(HeadlessBrowser browser, string address, int width, int height)
    {
        IPage page = await browser.NewPageAsync(width, height, ColorScheme.Dark);
        await page.GotoAsync(address + "/");
        await Expect(page.Locator(".tile")).ToHaveCountAsync(6, new() { Timeout = 15_000 });
        ILocator thermal = page.Locator(".tile .alarm-line").Filter(new() { HasTextRegex = ThermalWords() }).First;
        await Expect(thermal).ToBeVisibleAsync(new() { Timeout = 15_000 });
        foreach (string cell in Improved)
        {
            await Expect(page.Locator($"[data-cell='{cell}'] .alarm-line")).ToHaveCountAsync(0);
        }

        await HeadlessBrowser.PictureAsync(page, $"demo-{width}", fullPage: true);
    }

    private static TimeSpan Left(long started)
    {
        TimeSpan left = Patience - Stopwatch.GetElapsedTime(started);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private static string[] DataDirectories(ServeProcess demo) => Directory.GetDirectories(demo.TemporaryFolder, "pouchmonitor-demo-*");

    private static IEnumerable<string> Names(JsonElement items) => items.EnumerateArray().Select(item => item.GetProperty("cell").GetString()!);

    private static bool IsThere(JsonElement alarms, string rule) =>
        alarms.EnumerateArray().Any(alarm => alarm.GetProperty("rule").GetString() == rule);

    [GeneratedRegex("Temperature limit|Heating rate|Thermal runaway", RegexOptions.None, 1000)]
    private static partial Regex ThermalWords();
}
