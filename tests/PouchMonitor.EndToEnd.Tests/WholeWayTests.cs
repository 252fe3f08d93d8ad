using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>One judgement: what <c>analyze</c> says of a file is what the gateway says of the same samples, digit for digit.</summary>
public class WholeWayTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("series/neware_ife_20cyc.csv.gz")]
    [InlineData("series/lgm50_rpt0.csv.gz")]
    [InlineData("series/nasa_b0005.csv.gz")]
    [InlineData("series/arbin_li_si_halfcell_45cc.csv.gz")]
    [InlineData("series/neware_uio_halfcell.csv.gz")]
    [InlineData("series/nda_nw4-120-6-1-36.csv.gz")]
    [InlineData("abuse/ornl_500mAh1-100S0C.csv.gz")]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz")]
    public async Task ReplayedAndAnalyzed_AreTheSame_DigitForDigit(string name)
    {
        string file = RepositoryFiles.Measured(name);
        CommandRun analyzed = await CommandRun.PouchMonitor("analyze", "--json", file);
        Assert.Equal(0, analyzed.ExitCode);
        await using ServeProcess serve = await ServeProcess.Open();
        CommandRun replayed = await CommandRun.PouchMonitor("replay", file, "--cell", "c1", "--mqtt", serve.MqttAddress, "--speed", "max");
        output.WriteLine(replayed.Output + replayed.Errors);
        Assert.Equal(0, replayed.ExitCode);

        JsonElement expected = JsonDocument.Parse(analyzed.Output).RootElement;
        await AssertSame(expected, serve, "cycles");
        await AssertSame(expected, serve, "findings");
        await AssertSame(expected, serve, "pulses");
        await AssertSame(expected, serve, "steps");
    }

    [Fact]
    public async Task AnEmulatedSeries_IsTheSameOnBothWays()
    {
        string file = Path.GetTempFileName();
        try
        {
            CommandRun simulated = await CommandRun.PouchMonitor(
                "simulate", "dne-pouch-baseline", "--cycles", "5", "--interval", "20", "--seed", "7", "--out", file);
            Assert.Equal(0, simulated.ExitCode);
            CommandRun analyzed = await CommandRun.PouchMonitor("analyze", "--json", file);
            await using ServeProcess serve = await ServeProcess.Open();
            Assert.Equal(0, (await CommandRun.PouchMonitor("replay", file, "--cell", "c1", "--mqtt", serve.MqttAddress)).ExitCode);
            JsonElement expected = JsonDocument.Parse(analyzed.Output).RootElement;
            Assert.Equal(5, expected.GetProperty("cycles").GetArrayLength());
            await AssertSame(expected, serve, "cycles");
            await AssertSame(expected, serve, "findings");
            await AssertSame(expected, serve, "steps");
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Fact]
    public async Task AfterKillAndRestart_TheSameCellIsStillThere()
    {
        string file = RepositoryFiles.Measured("series/neware_ife_20cyc.csv.gz");
        JsonElement expected = JsonDocument.Parse((await CommandRun.PouchMonitor("analyze", "--json", file)).Output).RootElement;
        await using ServeProcess serve = await ServeProcess.Open();
        Assert.Equal(0, (await CommandRun.PouchMonitor("replay", file, "--cell", "c1", "--mqtt", serve.MqttAddress)).ExitCode);
        serve.Kill();
        await serve.StartAsync();
        await serve.Until("/api/v1/cells/c1/cycles", cycles => cycles.GetArrayLength() == 20);
        await AssertSame(expected, serve, "cycles");
        await AssertSame(expected, serve, "findings");
        JsonElement alarms = await serve.Get("/api/v1/alarms");
        Assert.Equal(1, alarms.EnumerateArray().Count(alarm => alarm.GetProperty("cell").GetString() == "c1"));
    }

    private static async Task AssertSame(JsonElement expected, ServeProcess serve, string what)
    {
        JsonElement actual = await serve.Get($"/api/v1/cells/c1/{what}");
        Assert.Equal(JsonText.Lines(expected.GetProperty(what)), JsonText.Lines(actual));
    }
}
