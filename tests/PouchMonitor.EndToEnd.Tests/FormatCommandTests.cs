using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.EndToEnd.Tests.Schemas;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>A cycler's export through the command line: detected, forced or mapped by hand, with its counters compared.</summary>
public sealed class FormatCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-formats-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task Formats_AreListedWithoutAFile()
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--formats");
        Assert.Equal(0, run.ExitCode);
        foreach (string name in (string[])["csv", "neware-csv", "neware-ndax", "maccor", "arbin", "biologic-mpt", "biologic-mpr", "basytec", "novonix", "pec", "landt", "xlsx", "columns"])
        {
            Assert.Contains(run.Output.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task AnExport_IsDetected_AndItsCountersAreComparedAsTheSchemaSays()
    {
        string path = Write("export.txt", Export());
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", path);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        JsonElement counters = report.RootElement.GetProperty("counters");
        Assert.Empty(JsonSchema.Of("counters").Problems(counters));
        Assert.Equal(4, counters.GetProperty("halfCycles").GetArrayLength());
        Assert.InRange(counters.GetProperty("maximumPercent").GetDouble(), 0, 0.01);

        CommandRun text = await CommandRun.PouchMonitor("analyze", path);
        Assert.Contains(text.Output.Split('\n'), line => line.StartsWith("Instrument's counters: half cycles compared: 4; median difference 0.00", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AMappingByHand_GivesTheSameCyclesAsTheDetectedFormat()
    {
        string path = Write("export.txt", Export());
        string[] mapping = ["--columns", "time=Total Time/hms,voltage=Voltage(V),current=Current(mA),charge=Chg. Cap.(mAh),discharge=DChg. Cap.(mAh)"];
        using JsonDocument detected = JsonDocument.Parse((await CommandRun.PouchMonitor("analyze", "--json", path)).Output);
        using JsonDocument mapped = JsonDocument.Parse((await CommandRun.PouchMonitor(["analyze", "--json", path, .. mapping])).Output);
        Assert.Equal(detected.RootElement.GetProperty("cycles").GetRawText(), mapped.RootElement.GetProperty("cycles").GetRawText());
    }

    [Theory]
    [InlineData("--format", "maccor", 1, "no header of maccor")]
    [InlineData("--format", "nova", 1, "there is no format 'nova'; there are csv, ")]
    [InlineData("--columns", "time=t,voltage=U/V", 1, "there is no column 't'; found DataPoint, ")]
    [InlineData("--columns", "volts=U", 2, "there is no quantity 'volts'")]
    public async Task WhatCannotBeRead_IsSaidInOneLine(string option, string value, int exitCode, string reason)
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", Write("export.txt", Export()), option, value);
        Assert.Equal(exitCode, run.ExitCode);
        Assert.Contains(reason, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsReadOtherwiseThanItsNameSays_IsSaid()
    {
        string path = Write("table.csv", "Time (min),U (V)\n" + string.Concat(Enumerable.Range(0, 30).Select(row => $"{row},3.5{row:00}\n")));
        CommandRun run = await CommandRun.PouchMonitor("analyze", path, "--columns", "time=Time (min)/s,voltage=U (V)/V");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("note: Column 'Time (min)' is read in s, as --columns says, though its name says min.", Assert.Single(run.ErrorLines));
    }

    private string Write(string name, string content)
    {
        string path = Path.Combine(folder, name);
        File.WriteAllText(path, content);
        return path;
    }

    /// <summary>Two cycles of 1 A as Neware exports them.</summary>
    private static string Export()
    {
        var text = new StringBuilder("DataPoint,Cycle Index,Step Index,Step Type,Time,Total Time,Current(mA),Voltage(V),Chg. Cap.(mAh),DChg. Cap.(mAh)\n");
        int seconds = 0;
        for (int step = 1; step <= 4; step++)
        {
            int direction = step % 2 == 1 ? 1 : -1;
            for (int i = 1; i <= 360; i++)
            {
                seconds += 10;
                double capacity = i * 10 / 3.6;
                double volts = 3.7 + (direction * ((0.002 * i) - 0.36));
                text.Append(CultureInfo.InvariantCulture, $"{(step * 360) + i},{(step + 1) / 2},{step},{(direction > 0 ? "CC Chg" : "CC DChg")},{TimeSpan.FromSeconds(i * 10):c},{TimeSpan.FromSeconds(seconds):c},{direction * 1000},{volts:F4},{(direction > 0 ? capacity : 0):F6},{(direction < 0 ? capacity : 0):F6}\n");
            }
        }

        return text.ToString();
    }
}
