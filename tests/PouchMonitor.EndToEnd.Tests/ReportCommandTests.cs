using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.EndToEnd.Tests.Schemas;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>The report of <c>analyze</c> through the command line: its file, and the JSON beside it.</summary>
public sealed class ReportCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-report-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task TheReport_IsOneFile_AndTheJsonIsAsItsSchemaSays()
    {
        string series = Series("cell-1.csv", fade: 0);
        string html = Path.Combine(folder, "report.html");
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", series, "--html", html);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        JsonElement dqdv = report.RootElement.GetProperty("dqdv");
        Assert.Empty(JsonSchema.Of("dqdv").Problems(dqdv));
        Assert.Equal(8, dqdv.GetProperty("halfCycles").GetArrayLength());
        string page = await File.ReadAllTextAsync(html);
        Assert.StartsWith("<!DOCTYPE html>", page, StringComparison.Ordinal);
        Assert.EndsWith("</html>\n", page, StringComparison.Ordinal);
        foreach (JsonElement cycle in report.RootElement.GetProperty("cycles").EnumerateArray())
        {
            Assert.Contains($"<data value=\"{cycle.GetProperty("dischargeCapacityAh").GetRawText()}\">", page, StringComparison.Ordinal);
        }

        Assert.Equal([html, series], Directory.GetFiles(folder).Order(StringComparer.Ordinal).Reverse());
    }

    [Fact]
    public async Task ACellBesideACohort_IsComparedInTextJsonAndPage()
    {
        string[] cohort = [Series("a.csv", 0.001), Series("b.csv", 0.0012), Series("c.csv", 0.0011)];
        string cell = Series("d.csv", 0.02);
        string html = Path.Combine(folder, "report.html");
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", cell, cohort[1], "--reference", string.Join(',', cohort), "--html", html);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument reports = JsonDocument.Parse(run.Output);
        Assert.Equal(["a", "c", "d", "b"], reports.RootElement.EnumerateArray().Select(report => report.GetProperty("cell").GetString()));
        Assert.All(reports.RootElement.EnumerateArray(), report => Assert.Empty(JsonSchema.Of("comparison").Problems(report.GetProperty("comparison"))));
        Assert.Equal([true, true, false, true], reports.RootElement.EnumerateArray().Select(report => report.GetProperty("comparison").GetProperty("isReference").GetBoolean()));
        JsonElement retention = reports.RootElement[2].GetProperty("comparison").GetProperty("measures")[0];
        Assert.StartsWith("Worse than the cohort from cycle 2 on: ", retention.GetProperty("verdict").GetString(), StringComparison.Ordinal);
        string page = await File.ReadAllTextAsync(html);
        Assert.Contains(retention.GetProperty("verdict").GetString()!, page, StringComparison.Ordinal);

        CommandRun text = await CommandRun.PouchMonitor("analyze", cell, "--reference", "1", "--reference", cohort[0]);
        Assert.Contains("d   No verdict: The cohort is one cell and has no spread.", text.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0", "cycles are numbered from 1")]
    [InlineData("nowhere.csv", "neither the number of a cycle nor a file")]
    public async Task AReferenceThatIsNone_IsAUsageError(string reference, string reason)
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", Series("cell-1.csv", fade: 0), "--reference", reference);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(reason, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AReportThatWouldReplaceItsSource_IsRefused()
    {
        string series = Series("cell-1.csv", fade: 0);
        string before = await File.ReadAllTextAsync(series);
        CommandRun run = await CommandRun.PouchMonitor("analyze", series, "--html", Path.Combine(folder, ".", "cell-1.csv"));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("must name a file of its own", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(series));
    }

    [Fact]
    public async Task AReportThatCannotBeWritten_IsSaidInOneLine()
    {
        string html = Path.Combine(folder, "nowhere", "report.html");
        CommandRun run = await CommandRun.PouchMonitor("analyze", Series("cell-1.csv", fade: 0), "--html", html);
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith(html, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    /// <summary>Four cycles at 1 A between 3.2 and 4.2 V, each shorter than the one before by the share that fades.</summary>
    private string Series(string name, double fade)
    {
        var text = new StringBuilder("time_s,voltage_V,current_A\n");
        int seconds = 0;
        for (int half = 0; half < 8; half++)
        {
            int direction = half % 2 == 0 ? 1 : -1;
            double length = 3600 * Math.Pow(1 - fade, half / 2);
            for (int i = 10; i <= length; i += 10)
            {
                seconds += 10;
                double share = direction > 0 ? i / length : 1 - (i / length);
                text.Append(CultureInfo.InvariantCulture, $"{seconds},{3.2 + share + (direction * 0.03):F4},{direction}\n");
            }
        }

        string path = Path.Combine(folder, name);
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
