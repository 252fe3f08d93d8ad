using System.Globalization;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>What VictoriaMetrics does without a word is told by the gateway, and made good where it can be.</summary>
public sealed class VictoriaTests
{
    private const int FramesOfEach = 20;
    private const long Anchor = 1_780_000_000_123_456;

    [Fact]
    public async Task PointsOlderThanItKeeps_AreRefusedByName_AndAllOthersAreThere()
    {
        await using ServerProgram victoria = await ServerProgram.VictoriaAsync(retention: "90d");
        await using ServeProcess serve = await ServeProcess.Open(config: Config(victoria));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        ForwardedCell old = new("old", 5, now.AddDays(-100).ToUnixTimeMilliseconds() * 1000);
        ForwardedCell young = new("young", 6, now.AddDays(-80).ToUnixTimeMilliseconds() * 1000);
        await old.PublishAsync(() => serve.MqttPort, 0, FramesOfEach);
        await young.PublishAsync(() => serve.MqttPort, 0, FramesOfEach);
        await Caught(serve);
        await young.AssertEqualInVictoriaAsync(victoria);
        Assert.Equal("", await victoria.Http.GetStringAsync($"{victoria.Address}/api/v1/export?match[]={Uri.EscapeDataString("cell_sample_voltage_v{node=\"old\"}")}"));

        // Its test is too old as well, once it is stored.
        const int samples = FramesOfEach * ForwardedCell.SamplesPerFrame;
        JsonElement told = await serve.Until("/api/v1/influx", figures => figures.GetProperty("rejectedLines").GetInt64() > samples);
        Assert.Equal(90 * 86_400, told.GetProperty("serverRetentionSeconds").GetDouble());
        Assert.Equal(samples, told.GetProperty("deliveredSamples").GetInt64());
        Assert.All(told.GetProperty("rejected").EnumerateArray(), line =>
        {
            Assert.Contains("node=old", line.GetProperty("line").GetString(), StringComparison.Ordinal);
            Assert.Contains("90 days", line.GetProperty("reason").GetString(), StringComparison.Ordinal);
        });
        Assert.Contains("pouchmonitor_influx_server_retention_seconds 7776000\n", await serve.Http.GetStringAsync(serve.Address + "/metrics"), StringComparison.Ordinal);
        CommandRun doctor = await CommandRun.PouchMonitor("doctor", "--data", serve.Data);
        Assert.Contains("keeps points for 90 days", doctor.Output, StringComparison.Ordinal);
        Assert.Contains("has refused", doctor.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Killed_ItGetsWhatHadWaitedForItsTime_Again()
    {
        await using ServerProgram victoria = await ServerProgram.VictoriaAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config(victoria));
        ForwardedCell late = new("late", 7, Anchor);
        ForwardedCell other = new("other", 8, Anchor);
        await late.PublishAsync(() => serve.MqttPort, 0, 40, anchored: false);
        await other.PublishAsync(() => serve.MqttPort, 0, FramesOfEach);
        await serve.Until("/api/v1/influx", now => now.GetProperty("deferredBoots").GetInt64() == 1 && now.GetProperty("deliveredSamples").GetInt64() >= FramesOfEach * 32);
        await late.PublishAsync(() => serve.MqttPort, 40, 10);
        await Caught(serve);
        Assert.Equal(0, (await serve.Get("/api/v1/influx")).GetProperty("deliveredPosition").GetInt64());

        // All of it has been taken, and none of it is on its disk.
        victoria.Kill();
        await victoria.StartAsync();
        await other.PublishAsync(() => serve.MqttPort, FramesOfEach, 5);
        const long all = (FramesOfEach + 50) * 32;
        await serve.Until("/api/v1/influx", now => now.GetProperty("deliveredSamples").GetInt64() >= (2 * all) + (5 * 32));
        await Caught(serve);
        await other.AssertEqualInVictoriaAsync(victoria);
        await late.AssertEqualInVictoriaAsync(victoria);
    }

    private static string Config(ServerProgram server) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "influx": {"kind": "victoriametrics", "url": "{{server.Address}}", "batchMilliseconds": 50, "longestRetrySeconds": 1, "answerTimeoutSeconds": 10} }""");

    private static Task<JsonElement> Caught(ServeProcess serve) => serve.Until(
        "/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() == 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.Null, TimeSpan.FromMinutes(3));
}
