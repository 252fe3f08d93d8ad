using System.Buffers.Binary;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The history of a test, its figures and the comparison in a real browser: what is shown and saved is what the API gives.</summary>
public sealed partial class HistoryTests(HistoryBench bench) : IClassFixture<HistoryBench>
{
    private const float Patience = 60_000;
    private const string Path = "/#/cell/" + HistoryBench.Cell;

    [Fact]
    public async Task ZoomedIn_TheSamplesAreThoseOfTheApi()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path);
        ILocator stack = await Stack(page);
        Assert.NotEqual("raw", await stack.GetAttributeAsync("data-interval"));
        await Expect(page.Locator(".history-status")).ToContainTextAsync(EachPoint());
        await Bench.PictureAsync(page, "history-whole-dark");

        await ZoomToSamples(page, stack);
        await Expect(page.Locator(".history-status")).ToContainTextAsync("Every sample as measured.");
        await page.GetByText("Values in this range").ClickAsync();
        ILocator cells = page.Locator(".history table.values tbody td:nth-child(2)");
        await Expect(cells.First).ToBeVisibleAsync(new() { Timeout = Patience });
        string[] shown = await cells.EvaluateAllAsync<string[]>("cells => cells.map(cell => cell.dataset.value)");
        double[] expected = [.. (await Samples(stack)).Select(row => row[1]!.Value)];
        Assert.InRange(expected.Length, 5, 100);
        Assert.Equal(expected, shown.Select(value => double.Parse(value, CultureInfo.InvariantCulture)));

        // The readout names the value under the cursor.
        await stack.FocusAsync();
        await page.Keyboard.PressAsync(".");
        string voltage = await page.Locator(".readout [data-column=voltageV]").InnerTextAsync();
        Assert.Contains(expected, value => Math.Abs(value - double.Parse(voltage, CultureInfo.InvariantCulture)) < 0.000051);
        await Bench.PictureAsync(page, "history-samples-dark");
    }

    [Fact]
    public async Task AGapIsShownAsOne_WithItsLength()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path);
        await Stack(page);
        await Expect(page.Locator(".gap-note").First).ToContainTextAsync(GapOfAnHour(), new() { Timeout = Patience });
    }

    [Fact]
    public async Task SavedFiles_HoldWhatIsShown()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path);
        ILocator stack = await Stack(page);
        await ZoomToSamples(page, stack);
        string[] lines = (await Saved(page, "Save history as CSV", text: true)).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("time (Unix s),time (UTC),voltage (V),current (A; positive charges),surface (C),infrared (C),ambient (C)", lines[0]);
        IReadOnlyList<double?[]> expected = await Samples(stack);
        Assert.Equal(expected.Count, lines.Length - 1);
        foreach ((string line, double?[] row) in lines.Skip(1).Zip(expected))
        {
            string[] fields = line.Split(',');
            Assert.Equal(row[0], Number(fields[0]));
            Assert.Equal(row.Skip(1), fields.Skip(2).Select(Number));
        }

        (string name, byte[] bytes, _) = await Saved(page, "Save history as PNG", text: false);
        Assert.EndsWith("history.png", name, StringComparison.Ordinal);
        Assert.True(BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(16)) > 800 && BinaryPrimitives.ReadInt32BigEndian(bytes.AsSpan(20)) > 500, "The picture is smaller than the plots.");

        JsonElement cycles = await bench.GetAsync($"/api/v1/cells/{HistoryBench.Cell}/cycles");
        string[] capacity = (await Saved(page, "Save capacity as CSV", text: true)).Text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Cycle,Discharge (Ah),Charge (Ah)", capacity[0]);
        Assert.Equal(
            cycles.EnumerateArray().Select(cycle => cycle.GetProperty("dischargeCapacityAh").GetDouble()),
            capacity.Skip(1).Select(line => Number(line.Split(',')[1])!.Value));
    }

    [Fact]
    public async Task TheKeyboardAlone_GoesThroughTheHistoryAndItsEvents()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path);
        ILocator stack = await Stack(page);
        for (int press = 0; press < 80 && !await stack.EvaluateAsync<bool>("e => e === document.activeElement"); press++)
        {
            await page.Keyboard.PressAsync("Tab");
        }

        await Expect(stack).ToBeFocusedAsync();
        (double from, double to) = await Range(stack);
        await page.Keyboard.PressAsync("+");
        await page.Keyboard.PressAsync("Home");
        await Until(async () => (await Range(stack)) is var range && range.To - range.From < 0.6 * (to - from) && range.From < from + (0.1 * (to - from)));
        (double first, double last) = await Range(stack);
        await page.Keyboard.PressAsync("ArrowRight");
        await Until(async () => Math.Abs((await Range(stack)).From - (first + (0.1 * (last - first)))) < 1);
        await Expect(page.GetByRole(AriaRole.Button, new() { Name = "To the end" })).ToBeVisibleAsync();

        // On to the list of events: each is a button that shows its time.
        ILocator list = page.GetByText("Events in this range");
        await list.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        ILocator line = page.Locator(".event-line").First;
        await Expect(line).ToBeVisibleAsync();
        await line.FocusAsync();
        await page.Keyboard.PressAsync("Enter");
        await Until(async () => (await Range(stack)) is var range && range.To - range.From <= 601);
    }

    [Fact]
    public async Task AClickOnACycle_ShowsItInTheHistory()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path);
        ILocator stack = await Stack(page);
        JsonElement second = (await bench.GetAsync($"/api/v1/cells/{HistoryBench.Cell}/cycles"))[1];
        ILocator plot = page.Locator("figure.is-choosing .u-over").First;
        await plot.ScrollIntoViewIfNeededAsync();
        await plot.ClickAsync(new() { Timeout = Patience });
        double start = second.GetProperty("start").GetDouble();
        double end = second.GetProperty("end").GetDouble();
        await Until(async () => (await Range(stack)) is var range && Math.Abs(range.From - start) < 0.05 * (end - start) && Math.Abs(range.To - end) < 0.05 * (end - start));
    }

    [Fact]
    public async Task DifferentialCapacityAndHeat_AreShownWithTheirCycle()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path, scheme: ColorScheme.Light);
        ILocator slider = page.Locator("#dqdv-cycle");
        await Expect(page.Locator("section[aria-labelledby=dqdv] .uplot")).ToBeVisibleAsync(new() { Timeout = Patience });
        string last = await slider.InputValueAsync();
        await slider.FocusAsync();
        await page.Keyboard.PressAsync("ArrowLeft");
        await Expect(page.Locator(".cycle-choice output")).Not.ToHaveTextAsync(last);
        await Expect(page.Locator("section[aria-labelledby=heat] .uplot")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("section[aria-labelledby=heat]")).ToContainTextAsync("positive where the cell gives heat off");
        JsonElement heat = await bench.GetAsync($"/api/v1/cells/{HistoryBench.Cell}/heat");
        Assert.Equal(60, heat.GetProperty("blockSeconds").GetDouble());
        Assert.NotEmpty(heat.GetProperty("rows").EnumerateArray());
        await page.Locator("section[aria-labelledby=heat]").ScrollIntoViewIfNeededAsync();
        await Bench.PictureAsync(page, "cell-figures-light");
    }

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task WhatABoardMeasured_IsShownWithItsUncertainty(int width, ColorScheme scheme)
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        JsonElement cycle = (await bench.GetAsync($"/api/v1/cells/{HistoryBench.Measured}/cycles"))[1];
        IPage page = await bench.OpenAsync($"/#/cell/{HistoryBench.Measured}", width, 900, scheme);
        ILocator plots = page.Locator("section[aria-labelledby=cycle-plots]");
        foreach (string title in (string[])["Capacity", "Coulombic efficiency", "Polarization"])
        {
            ILocator figure = plots.Locator("figure").Filter(new() { Has = page.Locator("figcaption", new() { HasText = title }) });
            await Expect(figure.Locator("figcaption")).ToContainTextAsync("band: uncertainty, k = 1", new() { Timeout = Patience });
            await Expect(figure.Locator(".u-over")).ToBeVisibleAsync();
        }

        await Expect(page.Locator("section[aria-labelledby=cycle-table] .hint")).ToContainTextAsync("± is one standard uncertainty (k = 1)");
        ILocator row = page.Locator("section[aria-labelledby=cycle-table] tbody tr").Filter(new() { Has = page.GetByRole(AriaRole.Rowheader, new() { Name = "2", Exact = true }) });
        await Expect(row.Locator(".plus-minus")).ToHaveCountAsync(4);
        await Expect(row).ToContainTextAsync($"± {cycle.GetProperty("dischargeCapacityUncertaintyAh").GetDouble().ToString("F4", CultureInfo.InvariantCulture)}");
        await plots.ScrollIntoViewIfNeededAsync();
        await Bench.PictureAsync(page, $"cell-uncertainty-{width}");
        int overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        Assert.True(overflow <= 0, $"{overflow} px wider than the screen.");

        // A replayed file has no board.
        page = await bench.OpenAsync($"/#/cell/{HistoryBench.Other}", width, 900, scheme);
        await Expect(page.Locator("figcaption", new() { HasText = "Coulombic efficiency" })).ToContainTextAsync("uncertainty not known", new() { Timeout = Patience });
        await Expect(page.Locator(".plus-minus")).ToHaveCountAsync(0);
        Assert.Empty(bench.Complaints);
    }

    [Fact]
    public async Task CellsAreCompared_WithTheFiguresOfTheApi()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync($"/#/compare?cells={HistoryBench.Cell},{HistoryBench.Other}");
        await Expect(page.Locator("section[aria-label=Figures] .uplot").First).ToBeVisibleAsync(new() { Timeout = Patience });
        ILocator rows = page.Locator("section[aria-labelledby=compare-table] tbody tr");
        await Expect(rows).ToHaveCountAsync(2, new() { Timeout = Patience });
        JsonElement cycles = await bench.GetAsync($"/api/v1/cells/{HistoryBench.Other}/cycles");
        JsonElement standing = await bench.GetAsync($"/api/v1/cells/{HistoryBench.Other}/standing");
        double reference = cycles.EnumerateArray().Single(cycle => cycle.GetProperty("index").GetInt32() == standing.GetProperty("referenceCycle").GetInt32())
            .GetProperty("dischargeCapacityAh").GetDouble();
        await Expect(rows.Nth(1).Locator("td").Nth(2)).ToHaveTextAsync(reference.ToString("F4", CultureInfo.InvariantCulture));
        await page.GetByRole(AriaRole.Button, new() { Name = "Profile" }).ClickAsync();
        await Expect(rows).ToHaveCountAsync(1);
        await Expect(rows.First).ToContainTextAsync("dne-pouch (2)");
        Assert.EndsWith($"#/compare?cells={HistoryBench.Cell},{HistoryBench.Other}&by=profile", page.Url, StringComparison.Ordinal);
        await Bench.PictureAsync(page, "compare-dark");
    }

    [Theory]
    [InlineData(Path, "cell")]
    [InlineData("/#/compare?cells=dne-pouch-1,dne-pouch-2&by=prefix", "compare")]
    public async Task OnAPhone_NothingScrollsSideways(string path, string name)
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(path, 390, 844, ColorScheme.Light);
        await Expect(page.Locator(".uplot").First).ToBeVisibleAsync(new() { Timeout = Patience });
        if (name == "cell")
        {
            await Stack(page);
        }

        int overflow = await page.EvaluateAsync<int>("document.documentElement.scrollWidth - document.documentElement.clientWidth");
        await HeadlessBrowser.PictureAsync(page, name + "-390-light", fullPage: true);
        Assert.True(overflow <= 0, $"{path} is {overflow} px wider than the screen.");
        Assert.Empty(bench.Complaints);
    }

    /// <summary>Names of steps on the time axis that reach into the next step.</summary>
    private const string NamesOverlapping = """
        (() => {
          const steps = [...document.querySelectorAll('.lane-step')].map((step) => step.getBoundingClientRect());
          return steps.filter((step, at) => at + 1 < steps.length && step.right > steps[at + 1].left + 1).length + (steps.length === 0 ? 1000 : 0);
        })()
        """;

    [Theory]
    [InlineData(1440, ColorScheme.Dark)]
    [InlineData(390, ColorScheme.Light)]
    public async Task AnEndedTest_LooksEnded_OnItsPageAndOnTheWall(int width, ColorScheme scheme)
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(Path, width, 900, scheme);
        await Stack(page);
        ILocator now = page.Locator(".now");
        await Expect(now).ToHaveClassAsync(Over());
        await Expect(now.Locator(".now-over")).ToContainTextAsync("The test has ended.");
        Assert.StartsWith("oblique", await now.Locator(".number").First.EvaluateAsync<string>("e => getComputedStyle(e).fontStyle"), StringComparison.Ordinal);
        await Expect(page.Locator(".cell-title .state")).ToHaveTextAsync("Ended");
        await Expect(page.Locator(".cell-title .age")).ToHaveClassAsync(Over());
        ILocator following = page.Locator(".following");
        await Expect(following).ToHaveTextAsync("Shows up to the last sample");
        Assert.Equal("none", await following.EvaluateAsync<string>("e => getComputedStyle(e, '::before').content"));
        Assert.Equal(0, await page.EvaluateAsync<int>(NamesOverlapping));
        await Expect(page.Locator("section[aria-labelledby=dqdv] .uplot")).ToBeVisibleAsync(new() { Timeout = Patience });
        await HeadlessBrowser.PictureAsync(page, string.Create(CultureInfo.InvariantCulture, $"cell-ended-{width}"), fullPage: true);
        await AccessibilityTests.HoldAsync(page, $"the page of an ended test at {width} px");

        await page.EvaluateAsync("location.hash = '#/'");
        ILocator tile = page.Locator($"[data-cell='{HistoryBench.Cell}']");
        await Expect(tile.Locator(".state")).ToHaveTextAsync("Ended", new() { Timeout = Patience });
        await Expect(tile.Locator(".tile-body")).ToHaveClassAsync(Over());
        await Expect(tile.Locator(".age")).ToHaveClassAsync(Over());
        Assert.Empty(bench.Complaints);
    }

    /// <summary>The plots, once what they show is as fine as it will be.</summary>
    private static async Task<ILocator> Stack(IPage page)
    {
        ILocator stack = page.Locator(".stack[data-refining=no]");
        await Expect(stack).ToBeVisibleAsync(new() { Timeout = Patience });
        return page.Locator(".stack");
    }

    // By the keyboard, into the test's first quarter, until every sample is shown.
    private static async Task ZoomToSamples(IPage page, ILocator stack)
    {
        await stack.FocusAsync();
        for (int press = 0; press < 10; press++)
        {
            await page.Keyboard.PressAsync("+");
        }

        await page.Keyboard.PressAsync("Home");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await page.Keyboard.PressAsync("Shift+ArrowRight");
        await Expect(page.Locator(".stack[data-refining=no][data-interval=raw]")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    private static async Task<(double From, double To)> Range(ILocator stack) => (
        double.Parse(await stack.GetAttributeAsync("data-from") ?? "", CultureInfo.InvariantCulture),
        double.Parse(await stack.GetAttributeAsync("data-to") ?? "", CultureInfo.InvariantCulture));

    /// <summary>Rows of the API in the range that is shown.</summary>
    private async Task<IReadOnlyList<double?[]>> Samples(ILocator stack)
    {
        (double from, double to) = await Range(stack);
        JsonElement answer = await bench.GetAsync(string.Create(CultureInfo.InvariantCulture, $"/api/v1/cells/{HistoryBench.Cell}/samples?from={from:F6}&to={to:F6}&points=20000"));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("intervalSeconds").ValueKind);
        return [.. answer.GetProperty("rows").EnumerateArray().Select(row => row.EnumerateArray().Select(value => value.ValueKind == JsonValueKind.Null ? (double?)null : value.GetDouble()).ToArray())];
    }

    private static async Task<(string Name, byte[] Bytes, string Text)> Saved(IPage page, string button, bool text)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => page.GetByRole(AriaRole.Button, new() { Name = button }).ClickAsync(), new() { Timeout = Patience });
        byte[] bytes = await File.ReadAllBytesAsync(await download.PathAsync());
        return (download.SuggestedFilename, bytes, text ? System.Text.Encoding.UTF8.GetString(bytes) : "");
    }

    private static double? Number(string field) => field.Length == 0 ? null : double.Parse(field, CultureInfo.InvariantCulture);

    private static async Task Until(Func<Task<bool>> holds)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMilliseconds(Patience));
        while (!await holds())
        {
            limit.Token.ThrowIfCancellationRequested();
            await Task.Yield();
        }
    }

    [GeneratedRegex(@"Each point is [\d.]+ (?:s|min), extremes kept\.", RegexOptions.None, 1000)]
    private static partial Regex EachPoint();

    [GeneratedRegex(@"\bis-over\b", RegexOptions.None, 1000)]
    private static partial Regex Over();

    [GeneratedRegex("of 1 h 00 min from ", RegexOptions.None, 1000)]
    private static partial Regex GapOfAnHour();
}
