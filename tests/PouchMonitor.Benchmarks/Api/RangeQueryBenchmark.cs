using System.Diagnostics;
using System.Globalization;

namespace PouchMonitor.Benchmarks.Api;

/// <summary>How long <c>/samples</c> takes for random ranges of a million samples, while 10,000 samples a second come in.</summary>
internal static class RangeQueryBenchmark
{
    private const int Frames = 2000;
    private const int SamplesPerFrame = 500;

    public static async Task<IReadOnlyList<Figure>> Run(double seconds)
    {
        using OpenGateway gateway = new();
        using PacedNode past = new("past", 1, SamplesPerFrame, 1);
        await past.ConnectAsync(gateway.MqttPort);
        double start = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        past.Fill(Frames);
        while (await StreamBenchmark.Metric(gateway, "pouchmonitor_samples_stored_total") < Frames * SamplesPerFrame
            || await StreamBenchmark.Metric(gateway, "pouchmonitor_analysis_queue_frames") > 0)
        {
            await Task.Delay(100);
        }

        using StreamBenchmark.Load load = await StreamBenchmark.Load.StartAsync(
            gateway, channelsEach: 25, samplesPerFrame: 10, samplesPerSecond: 50, new AlarmTimes());
        using HttpClient http = new();
        Random random = new(1);
        List<double> milliseconds = [];
        long bytes = 0;
        Stopwatch clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds * 3)
        {
            double width = Math.Pow(10, 2 + (4 * random.NextDouble()));
            double from = start + (random.NextDouble() * ((Frames * SamplesPerFrame) - width));
            Stopwatch one = Stopwatch.StartNew();
            byte[] answer = await http.GetByteArrayAsync(string.Create(CultureInfo.InvariantCulture,
                $"{gateway.Address}/api/v1/cells/past.1/samples?from={from:F3}&to={from + width:F3}&points=2000"));
            milliseconds.Add(one.Elapsed.TotalMilliseconds);
            bytes += answer.Length;
        }

        return
        [
            new Figure("range-query: queries answered", milliseconds.Count / clock.Elapsed.TotalSeconds, "queries/s"),
            new Figure("range-query: p50", Percentiles.Of([.. milliseconds], 0.5), "ms"),
            new Figure("range-query: p99", Percentiles.Of([.. milliseconds], 0.99), "ms"),
            new Figure("range-query: bytes of an answer", bytes / (double)milliseconds.Count, "B"),
        ];
    }
}
