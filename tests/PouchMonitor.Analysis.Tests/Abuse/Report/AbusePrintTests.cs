using System.Globalization;
using PouchMonitor.Analysis.Abuse.Report;
using PouchMonitor.Analysis.Tests.Support;

namespace PouchMonitor.Analysis.Tests.Abuse.Report;

/// <summary>A real browser prints the report on A4: numbered pages that say whose they are, heads repeated, no plot cut in two.</summary>
public sealed class AbusePrintTests
{
    [Fact]
    public async Task TheReport_PrintsOnNumberedPages_WithoutCuttingAPlot()
    {
        Assert.SkipWhen(PrintedPage.Missing is not null, PrintedPage.Missing ?? "");
        string html = ReportPage.OfHtml(writer => AbuseReport.Write(writer, AbuseExample.Input(), AbuseExample.Written)).Html;
        PrintedPage printed = await PrintedPage.OfAsync("nail", html);
        Assert.InRange(printed.Pages.Count, 5, 12);
        for (int at = 0; at < printed.Pages.Count; at++)
        {
            string page = printed.Pages[at];
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"Page {at + 1} of {printed.Pages.Count}"), page, StringComparison.Ordinal);
            Assert.Contains("dne-pouch-7 · abuse-7f3c · NOT SIGNED", page, StringComparison.Ordinal);

            // A plot's title stands above it and the name of its axis below; on a page there are as many of one as of the other.
            Assert.Equal(Count(page, "Rate of temperature, dT/dt"), Count(page, "T(t − 1 s)") + Count(page, "T(t − 10 s)"));
        }

        string all = string.Join('\n', printed.Pages);
        foreach (string text in (string[])["Not passed", "Not confirmed by a person", "234.0 ± 1.3 °C", "recalled: check the lab", "Infrared images", "Identity of this record"])
        {
            Assert.Contains(text, all, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task ALongLog_RepeatsItsHeadOnEachPage()
    {
        Assert.SkipWhen(PrintedPage.Missing is not null, PrintedPage.Missing ?? "");
        AbuseReportInput input = AbuseExample.Input(record => record with
        {
            Log = [.. Enumerable.Range(0, 150).Select(at => new Analysis.Abuse.AbuseLogEntry(AbuseExample.TriggerAt + at, "note", string.Create(CultureInfo.InvariantCulture, $"entry-{at}"), "Ada"))],
        });
        PrintedPage printed = await PrintedPage.OfAsync("long-log", ReportPage.OfHtml(writer => AbuseReport.Write(writer, input, AbuseExample.Written)).Html);
        string[] ofLog = [.. printed.Pages.Where(page => page.Contains("entry-", StringComparison.Ordinal))];
        Assert.True(ofLog.Length >= 2, "The log fits on one page: nothing is shown.");
        Assert.All(ofLog, page => Assert.Matches("After the\\s+trigger|After the trigger", page));
        Assert.Equal(150, Enumerable.Range(0, 150).Count(at => printed.Pages.Any(page => page.Contains(string.Create(CultureInfo.InvariantCulture, $"entry-{at} "), StringComparison.Ordinal))));
    }

    [Fact]
    public async Task TestsSideBySide_Print()
    {
        Assert.SkipWhen(PrintedPage.Missing is not null, PrintedPage.Missing ?? "");
        AbuseReportInput[] series =
        [
            .. Enumerable.Range(1, 6).Select(at => AbuseComparisonTests.At(string.Create(CultureInfo.InvariantCulture, $"pouch-{at}"), 10 * at, at, 40.5 * at, 1000 * at)),
        ];
        PrintedPage printed = await PrintedPage.OfAsync("side-by-side", ReportPage.OfHtml(writer => AbuseComparisonReport.Write(writer, series, AbuseExample.Written)).Html);
        Assert.InRange(printed.Pages.Count, 4, 10);
        Assert.All(printed.Pages, page => Assert.Contains("6 abuse tests side by side", page, StringComparison.Ordinal));
        Assert.Contains(printed.Pages, page => page.Contains("pouch-6", StringComparison.Ordinal) && page.Contains("243.0", StringComparison.Ordinal));
    }

    private static int Count(string text, string what) => text.Split(what).Length - 1;
}
