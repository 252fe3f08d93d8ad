using System.Globalization;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>From the node through the running gateway into real servers: what was acknowledged is there once, digit for digit.</summary>
public sealed class ForwardingTests
{
    private const long Anchor = 1_780_000_000_123_456;

    [Fact]
    public async Task EverythingIsReadBackEqual_FromInfluxDb1()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("influxdb1", influx, "\"database\": \"cells\","));
        ForwardedCell cell = new("n1", 5, Anchor);
        await cell.PublishAsync(() => serve.MqttPort, 0, 400);
        await Caught(serve);
        await cell.AssertEqualInAsync(influx);
        await cell.AssertReadByAsync(InfluxKind.InfluxDb1, influx, 1);

        // The test itself has its point, once it is stored.
        await serve.Until("/api/v1/influx", _ => true);
        JsonElement tests = await Eventually(async () =>
            (await influx.QueryAsync("SELECT sample_count, valid FROM cell_test WHERE cell = 'n1.1'")).GetProperty("results")[0],
            result => result.TryGetProperty("series", out JsonElement series) && series[0].GetProperty("values")[0][1].GetInt64() == 12_800);
        Assert.True(tests.GetProperty("series")[0].GetProperty("values")[0][2].GetBoolean());
        string metrics = await serve.Http.GetStringAsync(serve.Address + "/metrics");
        Assert.Contains("pouchmonitor_influx_lag_bytes 0\n", metrics, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EverythingIsReadBackEqual_FromVictoriaMetrics()
    {
        await using ServerProgram victoria = await ServerProgram.VictoriaAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("victoriametrics", victoria, ""));
        ForwardedCell cell = new("n1", 5, Anchor);
        await cell.PublishAsync(() => serve.MqttPort, 0, 400);
        await Caught(serve);
        await victoria.Http.GetStringAsync(victoria.Address + "/internal/force_flush");
        await cell.AssertEqualInVictoriaAsync(victoria);
        await cell.AssertReadByAsync(InfluxKind.VictoriaMetrics, victoria, 1000);
    }

    [Fact]
    public async Task VictoriaMetricsKilled_ForgetsWhatItAcknowledged_AndGetsItAgain()
    {
        await using ServerProgram victoria = await ServerProgram.VictoriaAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("victoriametrics", victoria, ""));
        ForwardedCell cell = new("n1", 5, Anchor);
        await cell.PublishAsync(() => serve.MqttPort, 0, 100);
        await Caught(serve);

        // Delivered, but not for good yet: the retention must not remove the only sure copy.
        Assert.Equal(0, (await serve.Get("/api/v1/influx")).GetProperty("deliveredPosition").GetInt64());
        victoria.Kill();
        await victoria.StartAsync();
        await cell.PublishAsync(() => serve.MqttPort, 100, 20);
        await serve.Until("/api/v1/influx", now => now.GetProperty("deliveredSamples").GetInt64() >= (100 + 120) * 32);
        await Caught(serve);
        await victoria.Http.GetStringAsync(victoria.Address + "/internal/force_flush");
        await cell.AssertEqualInVictoriaAsync(victoria);
    }

    [Fact]
    public async Task ABootWithoutATime_IsKeptBack_AndSentWholeWhenItsTimeComes()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("influxdb1", influx, "\"database\": \"cells\","));
        ForwardedCell late = new("late", 7, Anchor);
        ForwardedCell other = new("other", 8, Anchor);
        await late.PublishAsync(() => serve.MqttPort, 0, 40, anchored: false);
        await other.PublishAsync(() => serve.MqttPort, 0, 40);
        await serve.Until("/api/v1/influx", now => now.GetProperty("deferredBoots").GetInt64() == 1 && now.GetProperty("deliveredSamples").GetInt64() == 40 * 32);
        await other.AssertEqualInAsync(influx);
        Assert.True((await serve.Get("/api/v1/influx")).GetProperty("lagBytes").GetInt64() > 0, "what waits must not be counted as delivered");
        await serve.Terminate();
        await serve.StartAsync();
        await late.PublishAsync(() => serve.MqttPort, 40, 10);
        await Caught(serve);
        await late.AssertEqualInAsync(influx);
    }

    [Fact]
    public async Task ServerStoppedAndKilled_GatewayKilled_NothingIsMissingOrDoubled()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("influxdb1", influx, "\"database\": \"cells\", \"batchLines\": 500,"));
        ForwardedCell cell = new("n1", 5, Anchor);
        int next = 0;
        async Task Load(int frames)
        {
            await cell.PublishAsync(() => serve.MqttPort, next, frames);
            next += frames;
        }

        await Load(200);
        await influx.StopAsync();
        await Load(400); // acknowledged although nothing can be delivered
        JsonElement behind = await serve.Until("/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() > 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.String);
        Assert.True(behind.GetProperty("lagFrames").GetInt64() > 0);
        await serve.Until("/api/v1/alarms", alarms => alarms.EnumerateArray().Any(alarm =>
            alarm.GetProperty("rule").GetString() == "forwarder-lag" && alarm.GetProperty("state").GetString() == "unacknowledged"));
        await influx.StartAsync();
        await Load(300);
        influx.Kill();
        await Load(300);
        serve.Kill();
        await influx.StartAsync();
        await serve.StartAsync();
        Task load = Load(400);
        await serve.Until("/api/v1/influx", now => now.GetProperty("batches").GetInt64() > 0);
        serve.Kill();
        await serve.StartAsync();
        await load;
        await Caught(serve);
        await cell.AssertEqualInAsync(influx);
        await serve.Until("/api/v1/alarms", alarms => alarms.EnumerateArray().All(alarm =>
            alarm.GetProperty("rule").GetString() != "forwarder-lag" || alarm.GetProperty("state").GetString() is "returnedUnacknowledged" or "normal"));
    }

    [Fact]
    public async Task TheServerHangs_TheGatewayAcknowledges_AndEverythingArrivesOnce()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        await using ServeProcess serve = await ServeProcess.Open(
            config: Config("influxdb1", influx, "\"database\": \"cells\",").Replace("\"answerTimeoutSeconds\": 10", "\"answerTimeoutSeconds\": 1", StringComparison.Ordinal));
        ForwardedCell cell = new("n1", 5, Anchor);
        await cell.PublishAsync(() => serve.MqttPort, 0, 50);
        influx.Hang(hangs: true);
        try
        {
            await cell.PublishAsync(() => serve.MqttPort, 50, 300);
            JsonElement behind = await serve.Until("/api/v1/influx", now =>
                now.GetProperty("lagBytes").GetInt64() > 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.String);
            Assert.Contains("no answer within 1 s", behind.GetProperty("lastError").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            influx.Hang(hangs: false);
        }

        await Caught(serve);
        await cell.AssertEqualInAsync(influx);
    }

    [Fact]
    public async Task TheServersDiskIsFull_TheGatewayAcknowledges_AndDeliversWhenTheServerTakesItAgain()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync(diskMegabytes: 32);
        await using ServeProcess serve = await ServeProcess.Open(config: Config("influxdb1", influx, "\"database\": \"cells\", \"batchLines\": 500,"));
        ForwardedCell cell = new("n1", 5, Anchor);
        await cell.PublishAsync(() => serve.MqttPort, 0, 50);
        await Caught(serve);
        influx.FillDisk(isFull: true);
        await cell.PublishAsync(() => serve.MqttPort, 50, 400);
        JsonElement behind = await serve.Until("/api/v1/influx", now => now.GetProperty("lastError").ValueKind == JsonValueKind.String);
        Assert.Contains("no space left", behind.GetProperty("lastError").GetString(), StringComparison.Ordinal);
        influx.FillDisk(isFull: false);

        // influxd 1.6.7 goes on answering that there is no space until it is started again.
        await influx.StopAsync();
        await influx.StartAsync();
        await Caught(serve);
        await cell.AssertEqualInAsync(influx);
    }

    [Fact]
    public async Task AWrongPassword_IsToldWithoutTheSecret_AndTheRightOneDeliversAll()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync(withAccounts: true);
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-secret-").FullName;
        try
        {
            string secret = Path.Combine(folder, "password");
            await File.WriteAllTextAsync(secret, "wr0ng-Secret\n");
            await using ServeProcess serve = await ServeProcess.Open(
                config: Config("influxdb1", influx, $"\"database\": \"cells\", \"user\": \"ada\", \"passwordFile\": \"{secret}\","));
            ForwardedCell cell = new("n1", 5, Anchor);
            await cell.PublishAsync(() => serve.MqttPort, 0, 20);
            JsonElement refused = await serve.Until("/api/v1/influx", now => now.GetProperty("lastError").ValueKind == JsonValueKind.String);
            Assert.Contains("does not accept", refused.GetProperty("lastError").GetString(), StringComparison.Ordinal);
            Assert.DoesNotContain("wr0ng", refused.GetRawText(), StringComparison.Ordinal);
            await serve.Terminate();
            await File.WriteAllTextAsync(secret, "s3cret\n");
            await serve.StartAsync();
            await Caught(serve);
            await cell.AssertEqualInAsync(influx, "ada", "s3cret");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Config(string kind, ServerProgram server, string more) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "influx": {"kind": "{{kind}}", {{more}} "url": "{{server.Address}}", "batchMilliseconds": 50, "longestRetrySeconds": 1, "alarmAfterSeconds": 1, "answerTimeoutSeconds": 10} }""");

    private static Task<JsonElement> Caught(ServeProcess serve) => serve.Until(
        "/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() == 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.Null, TimeSpan.FromMinutes(3));

    private static async Task<JsonElement> Eventually(Func<Task<JsonElement>> ask, Func<JsonElement, bool> isWanted)
    {
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            JsonElement answer = await ask();
            if (isWanted(answer))
            {
                return answer;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
