using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Mqtt.Tests.Brokers;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary><c>pouchmonitor simulate --mqtt</c> in a process of its own: what it says it sent is what arrives.</summary>
public sealed class SimulatedFleetTests
{
    [Fact]
    public async Task TwoNodesOfFourChannels_ArriveWholeAtTheGateway_AndTheSameSeedAgainAddsNothing()
    {
        await using ServeProcess serve = await ServeProcess.Open();
        string[] line =
        [
            "simulate", "--mqtt", serve.MqttAddress, "--nodes", "2", "--channels", "4", "--duration", "4h", "--seed", "7", "--interval", "30",
            "--start", "1770000000", "--faults", "surface-sensor-open", "--name", "lab",
        ];
        JsonElement first = await Summary(line);
        Assert.Equal(2 * 4 * 4 * 120, first.GetProperty("samples").GetInt64(), 16.0);
        Assert.Equal(0, first.GetProperty("droppedSamples").GetInt64());
        Assert.Equal(0, first.GetProperty("framesUnacknowledged").GetInt64());
        Assert.True(first.GetProperty("framesAcknowledged").GetInt64() > 0);
        Assert.Equal("surface-sensor-open", Assert.Single(first.GetProperty("faults").EnumerateArray()).GetProperty("kind").GetString());
        JsonElement tests = await serve.Until("/api/v1/tests", all => Samples(all) == first.GetProperty("samples").GetInt64());
        Assert.Equal(
            ["lab-1.1", "lab-1.2", "lab-1.3", "lab-1.4", "lab-2.1", "lab-2.2", "lab-2.3", "lab-2.4"],
            tests.EnumerateArray().Select(test => test.GetProperty("cell").GetString()).Order(StringComparer.Ordinal));
        JsonElement again = await Summary(line);
        Assert.Equal(first.GetProperty("samples").GetInt64(), again.GetProperty("samples").GetInt64());
        Assert.Equal(first.GetProperty("samples").GetInt64(), Samples(await serve.Get("/api/v1/tests")));
        Assert.Equal(0, (await serve.Get("/api/v1/quarantine")).GetProperty("count").GetInt32());
        string metrics = await serve.Http.GetStringAsync(serve.Address + "/metrics", TestContext.Current.CancellationToken);
        Assert.Contains("pouchmonitor_nodes 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("pouchmonitor_nodes_online 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHundredCycles_AgainstSomebodyElsesBroker_TakeSeconds()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        JsonElement summary = await Summary(
            ["simulate", "--mqtt", Address(broker), "--cell", "tve-pouch", "--cycles", "100", "--interval", "60"]);
        Assert.True(summary.GetProperty("complete").GetBoolean());
        Assert.True(summary.GetProperty("emulatedSeconds").GetDouble() > 100 * 3600);
        Assert.Equal(summary.GetProperty("framesSent").GetInt64(), summary.GetProperty("framesAcknowledged").GetInt64());
        Assert.Equal(0, summary.GetProperty("droppedSamples").GetInt64());
    }

    [Fact]
    public async Task SigTerm_EndsItCleanlyWithItsSummary()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        using Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [RepositoryFiles.Program, "simulate", "--mqtt", Address(broker), "--nodes", "3", "--speed", "1000", "--cycles", "10000"])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));

        // The first line on standard error tells that all are connected and send.
        string? said = await process.StandardError.ReadLineAsync(limit.Token);
        while (said?.Contains("3 of 3 nodes connected", StringComparison.Ordinal) == false)
        {
            said = await process.StandardError.ReadLineAsync(limit.Token);
        }

        Assert.NotNull(said);
        using (Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync(limit.Token);
        }

        Task<string> rest = process.StandardError.ReadToEndAsync(limit.Token);
        JsonElement summary = JsonDocument.Parse(await process.StandardOutput.ReadToEndAsync(limit.Token)).RootElement;
        await process.WaitForExitAsync(limit.Token);
        Assert.Equal(130, process.ExitCode);
        Assert.False(summary.GetProperty("complete").GetBoolean());
        Assert.True(summary.GetProperty("samples").GetInt64() > 0);
        Assert.Equal(0, summary.GetProperty("framesUnacknowledged").GetInt64());
        Assert.DoesNotContain("   at ", await rest, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--nodes 0", "--nodes 0: 1 to 1000.")]
    [InlineData("--nodes 1001", "--nodes 1001: 1 to 1000.")]
    [InlineData("--channels 5", "--channels 5: 1 to 4.")]
    [InlineData("--cell nothing", "There is no emulated cell 'nothing'")]
    [InlineData("--speed fast", "--speed 'fast': 1 to 100000, or max.")]
    [InlineData("--duration 3w", "--duration '3w' is not a number above 0 with s, m, h or d")]
    [InlineData("--faults fire", "--faults 'fire': soft-short, hard-short,")]
    [InlineData("--faults dips,dips", "--faults names 2, but there are only 1 cells.")]
    [InlineData("--name a/b", "--name 'a/b'")]
    [InlineData("--start yesterday", "--start 'yesterday'")]
    public async Task WhatCannotBeRun_IsAUsageErrorWithItsLimit(string options, string expected)
    {
        CommandRun run = await CommandRun.PouchMonitor(["simulate", "--mqtt", "127.0.0.1:1", .. options.Split(' ')]);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(expected, run.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task OptionsOfARun_NeedABroker()
    {
        CommandRun run = await CommandRun.PouchMonitor("simulate", "dne-pouch", "--nodes", "3");
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--nodes needs --mqtt HOST:PORT.", run.Errors, StringComparison.Ordinal);
    }

    private static string Address(Mosquitto broker) => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{broker.Port}");

    private static async Task<JsonElement> Summary(string[] line)
    {
        CommandRun run = await CommandRun.PouchMonitor(line);
        Assert.True(run.ExitCode == 0, run.Errors);
        return JsonDocument.Parse(run.Output).RootElement;
    }

    private static long Samples(JsonElement tests) => tests.EnumerateArray().Sum(test => test.GetProperty("sampleCount").GetInt64());
}
