using System.Text;
using System.Text.Json;
using PouchMonitor.Cli.Replay;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Formats;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>
/// Frames that come shuffled, doubled and late over a real socket give the cycles and findings that <c>analyze</c> gives,
/// digit for digit but for the revision, which says that a cycle was judged again.
/// </summary>
public class OutOfOrderTests(ITestOutputHelper output)
{
    private const ulong Boot = 0xB007B007;
    private const string Topic = "pouch/v1/c1/1/frame";

    [Theory]
    [InlineData("series/neware_ife_20cyc.csv.gz", 1)]
    [InlineData("series/neware_ife_20cyc.csv.gz", 2)]
    [InlineData("series/lgm50_rpt0.csv.gz", 3)]
    [InlineData("abuse/ornl_500mAh1-20S0C.csv.gz", 4)]
    public async Task ShuffledDoubledAndLate_IsJudgedAsInOrder(string name, int seed)
    {
        output.WriteLine($"seed {seed}");
        string file = RepositoryFiles.Measured(name);
        JsonElement expected = JsonDocument.Parse((await CommandRun.PouchMonitor("analyze", "--json", file)).Output).RootElement;
        List<byte[]> frames = Frames(file, out long sampleCount);
        Random random = new(seed);
        await using ServeProcess serve = await ServeProcess.Open();
        MessageBox stored = new();
        await using MqttClient client = new(new MqttClientOptions { Port = serve.MqttPort, MessageReceived = stored.Take });
        await client.ConnectAsync();
        await client.SubscribeAsync("pouch/v1/c1/stored", MqttQos.AtLeastOnce);
        await client.PublishAsync("pouch/v1/c1/status",
            """{"state":"online","boot":"b007b007","firmware":"1","uptimeMs":1,"channels":{"1":"c1"}}"""u8.ToArray(), MqttQos.AtLeastOnce, retain: true);

        // A tenth comes late, when all that came before it has been judged without it; the rest shuffled, a third of it twice.
        HashSet<byte[]> late = [.. frames.Skip(2).SkipLast(1).Where(_ => random.Next(10) == 0)];
        byte[][] first = [.. frames.Where(frame => !late.Contains(frame)).SelectMany(frame => Enumerable.Repeat(frame, random.Next(3) == 0 ? 2 : 1))];
        random.Shuffle(first);
        await Send(client, first);
        await stored.Until("pouch/v1/c1/stored", body => Analysed(body) >= sampleCount);
        await Send(client, [.. late, .. late.Take(5)]);
        await stored.Until("pouch/v1/c1/stored", body => Committed(body) >= sampleCount && Analysed(body) >= sampleCount);

        Assert.Equal(Lines(expected.GetProperty("cycles")), Lines(await serve.Until("/api/v1/cells/c1/cycles",
            cycles => Lines(cycles).SequenceEqual(Lines(expected.GetProperty("cycles"))))));
        Assert.Equal(Lines(expected.GetProperty("findings")), Lines(await serve.Get("/api/v1/cells/c1/findings")));
        JsonElement tests = await serve.Get("/api/v1/tests");
        Assert.Equal(1, tests.GetArrayLength());
        Assert.Equal(sampleCount, tests[0].GetProperty("sampleCount").GetInt64());
    }

    private static async Task Send(MqttClient client, IEnumerable<byte[]> frames)
    {
        byte[] topic = Encoding.UTF8.GetBytes(Topic);
        foreach (byte[] frame in frames)
        {
            await client.PublishPipelinedAsync(topic, frame, MqttQos.AtLeastOnce, tag: 0);
        }

        await client.WaitForAcknowledgementsAsync();
    }

    private static List<byte[]> Frames(string file, out long sampleCount)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(file);
        RecordedFrames frames = new("c1", Boot, mostSamples: 50, mostMicroseconds: long.MaxValue, anchorMicroseconds: 0);
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

    private static long Analysed(JsonElement stored) => Number(stored, "analysed");

    private static long Committed(JsonElement stored) => Number(stored, "committed");

    private static long Number(JsonElement stored, string name) =>
        stored.GetProperty("channels").TryGetProperty("1", out JsonElement channel) ? channel.GetProperty(name).GetInt64() : 0;

    private static string[] Lines(JsonElement array) => [.. array.EnumerateArray().Select(item => string.Join(' ',
        item.EnumerateObject().Where(property => property.Name != "revision").Select(property => $"{property.Name}={property.Value.GetRawText()}")))];
}
