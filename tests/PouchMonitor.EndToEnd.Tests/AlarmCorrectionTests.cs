using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PouchMonitor.Cli.Replay;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Formats;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>A frame that comes late moves the onset of an alarm that people have acknowledged: it is corrected, and nobody is called again.</summary>
public class AlarmCorrectionTests(ITestOutputHelper output)
{
    private const string Rule = "thermal-runaway";
    private const double Tolerance = 1e-5; // seconds

    [Fact]
    public async Task ALateFrame_CorrectsItsAlarm_AndRaisesNoSecondOne()
    {
        string file = RepositoryFiles.Measured("abuse/ornl_500mAh1-20S0C.csv.gz");
        JsonElement findings = JsonDocument.Parse((await CommandRun.PouchMonitor("analyze", "--json", file)).Output).RootElement.GetProperty("findings");
        double onset = findings.EnumerateArray().First(finding => finding.GetProperty("rule").GetString() == Rule).GetProperty("time").GetDouble();
        List<byte[]> frames = Frames(file, out long sampleCount);
        byte[] late = frames.First(frame => EndOf(frame) >= onset - Tolerance);
        await using ServeProcess serve = await ServeProcess.Open(config: """{"silenceSeconds":86400}""");
        MessageBox stored = new();
        await using MqttClient client = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = stored.Take });
        await client.ConnectAsync();
        await client.SubscribeAsync("pouch/v1/c1/stored", MqttQos.AtLeastOnce);
        await client.PublishAsync("pouch/v1/c1/status",
            """{"state":"online","boot":"b007b007","firmware":"1","uptimeMs":1,"channels":{"1":"c1"}}"""u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await Send(client, frames.Where(frame => frame != late));
        await stored.Until("pouch/v1/c1/stored", body => Number(body, "analysed") >= sampleCount);
        JsonElement before = Alarm(await serve.Until("/api/v1/alarms", all => Find(all) is not null));
        output.WriteLine($"onset {before.GetProperty("onset").GetDouble()} s without the frame, {onset} s with it");
        Assert.True(Math.Abs(before.GetProperty("onset").GetDouble() - onset) > Tolerance, "the frame makes no difference");

        // All that is told of the first judgement is told, and somebody has it.
        string incident = before.GetProperty("incident").GetString()!;
        await serve.Until($"/api/v1/incidents/{incident}", one => one.GetProperty("notices").GetArrayLength() > 0);
        using HttpResponseMessage answer = await serve.Http.PostAsJsonAsync(
            $"{serve.Address}/api/v1/incidents/{incident}/acknowledge", new { by = "ada", note = "seen" }, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string[] told = Kinds(await serve.Until($"/api/v1/incidents/{incident}", one => Kinds(one).Contains("acknowledged", StringComparer.Ordinal)));

        await Send(client, [late]);
        JsonElement after = Alarm(await serve.Until("/api/v1/alarms", all => Find(all) is { } alarm && Math.Abs(alarm.GetProperty("onset").GetDouble() - onset) < Tolerance));
        Assert.Equal(("acknowledged", "ada", "seen"), (after.GetProperty("state").GetString(), after.GetProperty("acknowledgedBy").GetString(), after.GetProperty("note").GetString()));
        Assert.Equal(before.GetProperty("revision").GetInt32() + 1, after.GetProperty("revision").GetInt32());
        Assert.Equal(incident, after.GetProperty("incident").GetString());
        JsonElement history = await serve.Until($"/api/v1/alarms/history?rule={Rule}", lines => lines.EnumerateArray()
            .Any(line => line.GetProperty("reason").GetString() == "onset revised"));
        Assert.Single(history.EnumerateArray(), line => line.GetProperty("reason").GetString() == "raised");
        Assert.Equal(1, (await serve.Get("/api/v1/incidents?state=all")).GetArrayLength());
        Assert.Equal(told, Kinds(await serve.Get($"/api/v1/incidents/{incident}")));
    }

    private static JsonElement? Find(JsonElement alarms) => alarms.EnumerateArray()
        .Where(alarm => alarm.GetProperty("rule").GetString() == Rule).Select(alarm => (JsonElement?)alarm).FirstOrDefault();

    private static JsonElement Alarm(JsonElement alarms) => Find(alarms)!.Value;

    private static string[] Kinds(JsonElement incident) =>
        [.. incident.GetProperty("notices").EnumerateArray().Select(notice => notice.GetProperty("kind").GetString()!)];

    private static double EndOf(byte[] bytes)
    {
        SampleFrame frame = new(SampleFrame.MaximumSamples);
        Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(bytes, 0, bytes.Length, frame));
        return (frame.BootAnchorUnixMicroseconds + frame.UptimeMicroseconds[frame.Count - 1]) / 1e6;
    }

    private static async Task Send(MqttClient client, IEnumerable<byte[]> frames)
    {
        byte[] topic = Encoding.UTF8.GetBytes("pouch/v1/c1/1/frame");
        foreach (byte[] frame in frames)
        {
            await client.PublishPipelinedAsync(topic, frame, MqttQos.AtLeastOnce, tag: 0);
        }

        await client.WaitForAcknowledgementsAsync();
    }

    private static List<byte[]> Frames(string file, out long sampleCount)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file);
        RecordedFrames frames = new("c1", 0xB007B007, mostSamples: 10, mostMicroseconds: long.MaxValue, anchorMicroseconds: 0);
        List<byte[]> all = [];
        RecordedRow row = new();
        while (reader.TryRead(row))
        {
            if (frames.IsFullFor(row))
            {
                all.Add(frames.Finish(endsTest: false).ToArray());
            }

            frames.Add(row);
        }

        all.Add(frames.Finish(endsTest: true).ToArray());
        sampleCount = frames.SampleCount;
        return all;
    }

    private static long Number(JsonElement stored, string name) =>
        stored.GetProperty("channels").TryGetProperty("1", out JsonElement channel) ? channel.GetProperty(name).GetInt64() : 0;
}
