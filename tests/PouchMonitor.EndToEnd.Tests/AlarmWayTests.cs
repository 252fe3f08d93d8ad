using System.Net;
using System.Net.Http.Json;
using System.Text;
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
        await using ServeProcess serve = await ServeProcess.Start(null, "--open-on-loopback", "--config", Config());
        MessageBox alarms = new();
        await using MqttClient client = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = alarms.Take });
        await client.ConnectAsync();
        await client.SubscribeAsync("pouch/v1/alarm/#", MqttQos.AtLeastOnce);
        await client.PublishAsync("pouch/v1/n1/status",
            """{"state":"online","boot":"ab","firmware":"1","uptimeMs":1,"channels":{"1":"pouch-1"}}"""u8.ToArray(), MqttQos.AtLeastOnce, retain: true);

        long time = 1_790_000_000;
        for (int i = 0; i < 20; i++)
        {
            await Sample(client, time++, 3.8, 25);
        }

        // Warmer by half a degree a second: over the limit, but no runaway.
        for (double temperature = 25; temperature < 64; temperature += 0.5)
        {
            await Sample(client, time++, 3.8, temperature);
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
            await Sample(client, time++, 3.8, temperature);
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

    private static async Task Sample(MqttClient client, long time, double volts, double surface) => await client.PublishAsync(
        "pouch/v1/n1/1/sample",
        Encoding.UTF8.GetBytes(string.Create(System.Globalization.CultureInfo.InvariantCulture, $$"""{"t":{{time}},"v":{{volts}},"i":0.5,"surface":{{surface}}}""")),
        MqttQos.AtLeastOnce);

    private static string Config()
    {
        string path = Path.GetTempFileName();
        File.WriteAllText(path, """{"cells":{"pouch-1":{"profile":"dne-pouch"}}}""");
        return path;
    }
}
