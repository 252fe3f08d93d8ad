using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;
using static Microsoft.Playwright.Assertions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>No plot on any page without its PNG and its CSV, and both hold what is shown.</summary>
public sealed partial class PlotExportTests(HistoryBench bench, AbuseStandIn standIn, ITestOutputHelper output) : IClassFixture<HistoryBench>, IClassFixture<AbuseStandIn>
{
    private const float Patience = 60_000;

    /// <summary>What is drawn on a canvas and has no buttons to save it in any panel or figure that it stands in.</summary>
    private const string DrawnWithoutExport = """
        [...document.querySelectorAll('main canvas')]
          .filter((canvas) => ![...document.querySelectorAll('main figure, main section')].some((part) => part.contains(canvas) && part.querySelector('.exports')))
          .map((canvas) => canvas.closest('section')?.className ?? canvas.outerHTML)
        """;

    /// <summary>Chromium takes so many files of a page for one burst and lets no more through within its second.</summary>
    private const int BurstFiles = 10;

    private static readonly byte[] PngSignature = [0x89, (byte)'P', (byte)'N', (byte)'G', 0x0D, 0x0A, 0x1A, 0x0A];

    [Fact]
    public async Task EveryPlotOfACell_AndOfTheComparison_SavesBothFiles()
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync("/#/cell/" + HistoryBench.Cell);
        await Expect(page.Locator(".stack[data-refining=no]")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("section[aria-labelledby=dqdv] .uplot")).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("section[aria-labelledby=heat] .uplot")).ToBeVisibleAsync(new() { Timeout = Patience });
        int cycles = (await bench.GetAsync($"/api/v1/cells/{HistoryBench.Cell}/cycles")).GetArrayLength();
        IReadOnlyDictionary<string, int> saved = await SaveAllAsync(page);
        Assert.Equal(["capacity", "coulombic efficiency", "differential capacity", "energy efficiency", "heat balance", "history", "polarization", "retention"], saved.Keys.Order(StringComparer.Ordinal));
        foreach ((string what, int rows) in saved)
        {
            int expected = what switch
            {
                "history" or "differential capacity" => rows, // HistoryTests hold the one against the API; the other has a row for each voltage of its grid.
                "heat balance" => await HeatRowsAsync(page),
                _ => cycles,
            };
            Assert.True(rows == expected, $"{what} has {rows} rows, {expected} are shown.");
        }

        page = await bench.OpenAsync($"/#/compare?cells={HistoryBench.Cell},{HistoryBench.Other}");
        await Expect(page.Locator("section[aria-label=Figures] .uplot").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await Expect(page.Locator("section[aria-labelledby=compare-table] tbody tr")).ToHaveCountAsync(2, new() { Timeout = Patience });
        foreach ((string what, int rows) in await SaveAllAsync(page))
        {
            Assert.True(rows == cycles, $"{what} of the comparison has {rows} rows, {cycles} are shown.");
        }

        Assert.Empty(bench.Complaints);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/#/alarms?view=statistics")]
    [InlineData("/#/nodes")]
    public async Task PagesWithoutPlots_HaveNoneThatCannotBeSaved(string path)
    {
        Assert.SkipWhen(HeadlessBrowser.Missing is not null, HeadlessBrowser.Missing ?? "");
        IPage page = await bench.OpenAsync(path);
        await Expect(page.Locator("main h1").First).ToBeAttachedAsync(new() { Timeout = Patience });
        await Expect(page.Locator(".link-state")).ToHaveTextAsync("Live", new() { Timeout = Patience });
        Assert.Empty(await page.EvaluateAsync<string[]>(DrawnWithoutExport));
    }

    [Fact]
    public async Task ThePlotOfAnAbuseTest_SavesBothFiles_WhileItRuns()
    {
        Assert.SkipWhen(AbuseStandIn.Missing is not null, AbuseStandIn.Missing ?? "");
        string id = await standIn.BeginAsync(1, isArmed: true);
        IPage page = await standIn.OpenAsync($"/#/abuse/{id}", 1280, 800);
        await Expect(page.Locator(".abuse-figures")).ToHaveAttributeAsync("data-currency", "current", new() { Timeout = Patience });
        Assert.Equal(["plot"], (await SaveAllAsync(page)).Keys);
        await HeadlessBrowser.PictureAsync(page, "abuse-plot-export-1280");
        Assert.Empty(standIn.Complaints);
    }

    /// <summary>Saves both files of each plot of the page, looks at them, and gives the rows of the tables by what they are of.</summary>
    private async Task<IReadOnlyDictionary<string, int>> SaveAllAsync(IPage page)
    {
        Assert.Empty(await page.EvaluateAsync<string[]>(DrawnWithoutExport));
        SortedDictionary<string, int> rows = new(StringComparer.Ordinal);
        foreach (ILocator group in await page.Locator("main .exports").AllAsync())
        {
            if (rows.Count > 0 && rows.Count * 2 % BurstFiles == 0)
            {
                await DeskBench.UntilAsync(page, "performance.now() > (window.burstOver ??= performance.now() + 1500)");
                await page.EvaluateAsync("() => { delete window.burstOver; }");
            }

            string what = (await group.GetAttributeAsync("aria-label"))!["Save ".Length..];
            byte[] png = await SavedAsync(page, group, "PNG");
            Assert.True(png.AsSpan().StartsWith(PngSignature), $"The picture of {what} is no PNG.");
            Assert.True(png.Length > 2000, $"The picture of {what} has {png.Length} bytes.");
            string[] lines = Encoding.UTF8.GetString(await SavedAsync(page, group, "CSV")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
            string[] columns = lines[0].Split(',');
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {lines.Length - 1} rows of {lines[0]}"));
            Assert.All(columns.Skip(1), column => Assert.Matches(WithUnit(), column));
            Assert.True(lines.Length > 1, $"The table of {what} has no row.");
            Assert.All(lines, line => Assert.Equal(columns.Length, line.Split(',').Length));
            rows.Add(what, lines.Length - 1);
        }

        Assert.NotEmpty(rows);
        return rows;
    }

    private async Task<int> HeatRowsAsync(IPage page)
    {
        string address = (await page.Locator("section[aria-labelledby=heat] .exports a").GetAttributeAsync("href"))!;
        JsonElement heat = await bench.GetAsync(address);
        return heat.GetProperty("rows").GetArrayLength();
    }

    private static async Task<byte[]> SavedAsync(IPage page, ILocator group, string kind)
    {
        IDownload download = await page.RunAndWaitForDownloadAsync(() => group.GetByRole(AriaRole.Button, new() { Name = $"as {kind}" }).ClickAsync(), new() { Timeout = Patience });
        Assert.EndsWith($".{kind}", download.SuggestedFilename, StringComparison.OrdinalIgnoreCase);
        return await File.ReadAllBytesAsync(await download.PathAsync());
    }

    [GeneratedRegex(@"\([^()]+\)$", RegexOptions.None, 1000)]
    private static partial Regex WithUnit();
}
