using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.EndToEnd.Tests.Schemas;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>Named tests through the command line: recognised, declared, and as the schema says.</summary>
public sealed class NamedTestCommandTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-named-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task ARateTest_IsRecognised_AndWrittenAsTheSchemaSays()
    {
        string path = Write(0.2, 0.5, 1, 2, 0.2);
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", path);
        Assert.Equal(0, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        JsonElement test = Assert.Single(report.RootElement.GetProperty("namedTests").EnumerateArray());
        Assert.Equal("", string.Join('\n', JsonSchema.Of("named-test").Problems(test)));
        JsonElement[] rests = [.. report.RootElement.GetProperty("rests").EnumerateArray()];
        Assert.All(rests, rest => Assert.Equal("", string.Join('\n', JsonSchema.Of("rest").Problems(rest))));
        Assert.Equal(-0.05, rests[0].GetProperty("changeAfter60sV").GetDouble(), 1e-3);
        Assert.Equal("rate-capability", test.GetProperty("name").GetString());
        Assert.Equal(5, test.GetProperty("groups").GetArrayLength());
        Assert.Equal(1, test.GetProperty("values").GetProperty("recoveryShare").GetDouble(), 0.01);

        CommandRun text = await CommandRun.PouchMonitor("analyze", path);
        Assert.Contains(text.Output.Split('\n'), line => line.StartsWith("Test rate-capability (cycles ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task ADeclaredTestThatIsNotThere_SaysSo()
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--json", "--test-kind", "gitt", Write(1, 1));
        Assert.Equal(0, run.ExitCode);
        using JsonDocument report = JsonDocument.Parse(run.Output);
        JsonElement test = Assert.Single(report.RootElement.GetProperty("namedTests").EnumerateArray());
        Assert.Equal("", string.Join('\n', JsonSchema.Of("named-test").Problems(test)));
        Assert.True(test.GetProperty("declared").GetBoolean());
        Assert.Contains("does not hold", test.GetProperty("qualityReason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AnUnknownKind_IsRefusedWithTheNamesThereAre()
    {
        CommandRun run = await CommandRun.PouchMonitor("analyze", "--test-kind", "rates", Write(1));
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("rates", run.ErrorLines[0], StringComparison.Ordinal);
        Assert.Contains("rate-capability", run.ErrorLines[0], StringComparison.Ordinal);
    }

    /// <summary>A cell of 1 Ah and 0.1 ohm, two cycles at each current, charged at 0.5 A.</summary>
    private string Write(params double[] currents)
    {
        const double StepS = 20;
        var text = new StringBuilder("time_s,voltage_V,current_A\n");
        double timeS = 0;
        double storedC = 0;
        void Run(double currentA, double seconds)
        {
            for (double done = 0; done < seconds; done += StepS)
            {
                timeS += StepS;
                storedC += currentA * StepS;
                text.AppendLine(CultureInfo.InvariantCulture, $"{timeS},{3 + (storedC / 3600) + (0.1 * currentA):F6},{currentA}");
            }
        }

        Run(0.5, 7200);
        foreach (double currentA in currents)
        {
            for (int i = 0; i < 2; i++)
            {
                Run(0, 300);
                Run(-currentA, storedC / currentA);
                Run(0, 300);
                Run(0.5, (3600 - storedC) / 0.5);
            }
        }

        string path = Path.Combine(folder, "cell.csv");
        File.WriteAllText(path, text.ToString());
        return path;
    }
}
