using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>From a sample to an alarm that a person acknowledges, over real sockets.</summary>
public class AlarmWayTests
{
    [Fact]
    public async Task AHotCell_RaisesAnAlarm_IsAcknowledged_AndClears()
    {
        await using ServeProcess serve = await ServeProcess.Open(config: """{"cells":{"pouch-1":{"profile":"dne-pouch"}}}""");
        MessageBox alarms = new();
        await using MqttClient client = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = alarms.Take });
        await client.ConnectAsync();
        await client.SubscribeAsync("pouch/v1/alarm/#", MqttQos.AtLeastOnce);
        await using SampleDevice device = await SampleDevice.ConnectAsync(serve.MqttPort, "n1", "pouch-1");

        long time = 1_790_000_000;
        for (int i = 0; i < 20; i++)
        {
            await device.SampleAsync("1", time++, 3.8, 0.5, 25);
        }

        // Warmer by half a degree a second: over the limit, but no runaway.
        for (double temperature = 25; temperature < 64; temperature += 0.5)
        {
            await device.SampleAsync("1", time++, 3.8, 0.5, temperature);
        }

        JsonElement raised = await alarms.Until("pouch/v1/alarm/pouch-1/thermal-limit", alarm => State(alarm) == "unacknowledged");
        Assert.True(raised.GetProperty("observed").GetDouble() >= raised.GetProperty("limit").GetDouble());
        Assert.Contains("C", raised.GetProperty("message").GetString(), StringComparison.Ordinal);

        using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(
            serve.Address + "/api/v1/alarms/pouch-1/thermal-limit/acknowledge", new { by = "ada", note = "on my way" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        JsonElement acknowledged = await alarms.Until("pouch/v1/alarm/pouch-1/thermal-limit", alarm => State(alarm) == "acknowledged");
        Assert.Equal("ada", acknowledged.GetProperty("acknowledgedBy").GetString());
        using HttpResponseMessage again = await serve.Http.PostAsJsonAsync(
            serve.Address + "/api/v1/alarms/pouch-1/thermal-limit/acknowledge", new { by = "bob" });
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);

        for (double temperature = 64; temperature > 25; temperature -= 0.5)
        {
            await device.SampleAsync("1", time++, 3.8, 0.5, temperature);
        }

        await alarms.Until("pouch/v1/alarm/pouch-1/thermal-limit", alarm => State(alarm) == "normal");
        JsonElement history = await serve.Until("/api/v1/alarms/history", lines => lines.EnumerateArray().Count(line =>
            line.GetProperty("rule").GetString() == "thermal-limit") >= 3);
        Assert.Contains(history.EnumerateArray(), line => line.GetProperty("by").ValueKind == JsonValueKind.String
            && line.GetProperty("by").GetString() == "ada" && line.GetProperty("note").GetString() == "on my way");
    }

    [Fact]
    public async Task AnAlarm_OutlivesARestart_WithItsAcknowledgement()
    {
        string file = RepositoryFiles.Measured("abuse/ornl_500mAh1-100S0C.csv.gz");
        await using ServeProcess serve = await ServeProcess.Open();
        Assert.Equal(0, (await CommandRun.PouchMonitor("replay", file, "--cell", "nailed", "--mqtt", serve.MqttAddress)).ExitCode);
        using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(
            serve.Address + "/api/v1/alarms/nailed/thermal-runaway/acknowledge", new { by = "ada" });
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        JsonElement before = await serve.Get("/api/v1/alarms");
        Assert.Equal(0, await serve.Terminate());
        await serve.StartAsync();
        JsonElement after = await serve.Get("/api/v1/alarms");
        Assert.Equal(before.GetRawText(), after.GetRawText());
        Assert.Contains(after.EnumerateArray(), alarm => alarm.GetProperty("rule").GetString() == "thermal-runaway" && State(alarm) == "acknowledged");
    }

    private static string State(JsonElement alarm) => alarm.GetProperty("state").GetString()!;
}
