using System.Globalization;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Firmware.Tests;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>
/// What a node of four channels sent through 72 virtual hours of cuts, slow acknowledgements, restarts and clock steps, given
/// to a real gateway in the order of its arrival: every sample is stored once.
/// </summary>
public class BadWeatherWayTests(ITestOutputHelper output)
{
    private const ulong Seed = 7;

    [Fact]
    public async Task SeventyTwoHours_AreStoredSampleBySampleOnce()
    {
        List<(string Topic, byte[] Payload)> arrivals = [];
        LongRun run = new(Seed, driftPpm: 10);
        run.Collector.OnFrame = (topic, payload) => arrivals.Add((topic, payload));
        run.Run(72 * LongRun.Hour);
        long samples = run.Collector.Streams.Values.Sum(stream => stream.Uptimes.Count(uptime => uptime >= 0));
        long taken = run.Boots.Sum(boot => boot.TakenAt.Sum(times => (long)times.Count));
        output.WriteLine($"seed {Seed}: {taken} samples taken, {samples} sent in {arrivals.Count} frames, {run.Collector.RepeatedFrames} of them again, {run.Boots.Count} boots");

        await using ServeProcess serve = await ServeProcess.Open();
        await using MqttClient client = new(new MqttClientOptions { Port = serve.MqttPort, ClientId = "n1", MaximumInFlight = 200 });
        await client.ConnectAsync();
        foreach ((string Topic, byte[] Payload)[] window in arrivals.Chunk(200))
        {
            MqttReason[] answers = await Task.WhenAll(window.Select(one => client.PublishAsync(one.Topic, one.Payload, MqttQos.AtLeastOnce, false).AsTask()));
            Assert.All(answers, answer => Assert.Equal(MqttReason.Success, answer));
        }

        string metrics = await serve.Http.GetStringAsync($"{serve.Address}/metrics", TestContext.Current.CancellationToken);
        Assert.Equal(samples, Figure(metrics, "pouchmonitor_samples_stored_total"));
        Assert.Equal(run.Collector.RepeatedFrames, Figure(metrics, "pouchmonitor_frames_duplicate_total"));
        Assert.Equal(0, Figure(metrics, "pouchmonitor_quarantined_total"));
        Assert.Equal(0, Figure(metrics, "pouchmonitor_calibrations_refused_total"));

        // What is missing went with the power: at most ten seconds of four channels a loss.
        int losses = run.Boots.Count(boot => !boot.IsInOrder);
        Assert.InRange(taken - samples, 0, losses * 4 * 10);
        Assert.True(samples > 900_000);
    }

    private static long Figure(string metrics, string name)
    {
        string line = Assert.Single(metrics.Split('\n'), line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return long.Parse(line[(name.Length + 1)..], NumberStyles.Float, CultureInfo.InvariantCulture);
    }
}
