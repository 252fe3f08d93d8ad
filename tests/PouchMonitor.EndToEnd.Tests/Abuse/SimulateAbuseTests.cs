using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Abuse;

/// <summary><c>pouchmonitor simulate --abuse</c>: an abuse to practise on, told to the gateway as a node would.</summary>
public sealed class SimulateAbuseTests
{
    [Fact]
    public async Task AnAbuse_IsSampledByTheGatewayAndItsTruthIsTold()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        CommandRun run = await CommandRun.PouchMonitor(
            "simulate", "--mqtt", serve.MqttAddress, "--abuse", "crush:near-miss", "--seed", "4", "--duration", "3s", "--name", "wall", "--trigger-input");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("crush, near-miss: begins 120 s after node wall samples channel 1 fast", run.Errors, StringComparison.Ordinal);
        JsonElement summary = JsonDocument.Parse(run.Output).RootElement;
        Assert.InRange(summary.GetProperty("samples").GetInt64(), 25, 40);
        Assert.InRange(summary.GetProperty("elapsedSeconds").GetDouble(), 2.5, 60);
        JsonElement abuse = summary.GetProperty("abuse");
        Assert.Equal("crush", abuse.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, abuse.GetProperty("beganAt").ValueKind);
        Assert.Equal(JsonValueKind.Null, abuse.GetProperty("runawayCriterionAfterSeconds").ValueKind);
        Assert.InRange(abuse.GetProperty("maximumSurfaceC").GetDouble(), 30, 100);
    }

    [Theory]
    [InlineData("--abuse hammer", "--abuse: 'hammer' is no kind of abuse")]
    [InlineData("--abuse nail:bang", "--abuse: 'bang' is no outcome")]
    [InlineData("--abuse nail --abuse-delay -1", "--abuse-delay -1: 0 to 86400.")]
    [InlineData("--abuse oven --oven-rate 61", "--oven-rate 61: 0.1 to 60.")]
    [InlineData("--sensor-loss", "--sensor-loss needs --abuse KIND.")]
    public async Task WrongOptions_AreNamed(string options, string expected)
    {
        CommandRun run = await CommandRun.PouchMonitor(["simulate", "--mqtt", "127.0.0.1:1", .. options.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }
}
