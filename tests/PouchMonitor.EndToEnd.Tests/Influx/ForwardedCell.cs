using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Influx.Remote;
using PouchMonitor.Measurement;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>A node that publishes frames of made-up samples and knows what a time-series server must then hold.</summary>
internal sealed class ForwardedCell(string node, ulong boot, long anchorMicroseconds)
{
    public const int SamplesPerFrame = 32;
    private const int MicrosecondsBetweenSamples = 100_000;

    /// <summary>What is expected: voltage and current by Unix microsecond, of everything acknowledged.</summary>
    public ConcurrentDictionary<long, (double Voltage, double Current)> Expected { get; } = new();

    public string Node => node;

    /// <summary>Publishes frames and returns when all are acknowledged; those that are not, since the gateway died, are sent again.</summary>
    /// <param name="mqttPort">Where the gateway is now.</param>
    /// <param name="from">First frame.</param>
    /// <param name="count">Frames.</param>
    /// <param name="anchored">True when the frames state the anchor.</param>
    public async Task PublishAsync(Func<int> mqttPort, int from, int count, bool anchored = true)
    {
        Queue<int> left = new(Enumerable.Range(from, count));
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(2));
        while (left.Count > 0)
        {
            try
            {
                await using MqttClient client = new(new MqttClientOptions { Port = mqttPort(), ClientId = node, Version = MqttProtocolVersion.V311 });
                await client.ConnectAsync(limit.Token);
                while (left.TryPeek(out int _))
                {
                    int[] burst = [.. left.Take(50)];
                    Task<MqttReason>[] answers = [.. burst.Select(number =>
                        client.PublishAsync(TopicNames.Frame(node, "1"), Frame(number, anchored), MqttQos.AtLeastOnce).AsTask())];
                    for (int at = 0; at < burst.Length; at++)
                    {
                        Assert.Equal(MqttReason.Success, await answers[at]);
                        left.Dequeue();
                    }
                }
            }
            catch (Exception error) when (error is MqttClientException or IOException or System.Net.Sockets.SocketException)
            {
                await Task.Delay(50, limit.Token);
            }
        }
    }

    private byte[] Frame(int number, bool anchored)
    {
        SampleFrame frame = new(SamplesPerFrame)
        {
            Node = node, Channel = "1", Boot = boot, FirstSampleNumber = (long)number * SamplesPerFrame, Count = SamplesPerFrame, IsLive = true,
            StartsTest = number == 0, HasBootAnchor = anchored, BootAnchorUnixMicroseconds = anchored ? anchorMicroseconds : 0,
        };
        frame.Scales[SampleColumns.Voltage].Denominator = 10_000;
        frame.Scales[SampleColumns.Current].Numerator = 375;
        frame.Scales[SampleColumns.Current].Denominator = 2_000_000;
        Random random = new(number);
        for (int at = 0; at < SamplesPerFrame; at++)
        {
            frame.UptimeMicroseconds[at] = (frame.FirstSampleNumber + at) * MicrosecondsBetweenSamples;
            frame.States[at] = SensorStates.With(
                SensorStates.With(SensorStates.AllAbsent, SampleColumns.Voltage, SensorState.Good), SampleColumns.Current, SensorState.Good);
            frame.Counts[SampleColumns.Voltage][at] = random.Next(25_000, 42_000);
            frame.Counts[SampleColumns.Current][at] = random.Next(-10_000, 10_000);
            Expected[anchorMicroseconds + frame.UptimeMicroseconds[at]] =
                (frame.Counts[SampleColumns.Voltage][at] / 1e4, frame.Counts[SampleColumns.Current][at] * 375.0 / 2_000_000);
        }

        byte[] buffer = new byte[4096];
        return buffer[..SampleFrameEncoder.Encode(frame, buffer, 0)];
    }

    /// <summary>Compares everything an InfluxDB 1.x server holds of this node with what was acknowledged: count and each value.</summary>
    public async Task AssertEqualInAsync(ServerProgram influx, string? user = null, string? password = null)
    {
        JsonElement answer = await influx.QueryAsync($"SELECT voltage_v, current_a FROM cell_sample WHERE node = '{node}'", user, password);
        JsonElement rows = answer.GetProperty("results")[0].GetProperty("series")[0].GetProperty("values");
        Assert.Equal(Expected.Count, rows.GetArrayLength());
        foreach (JsonElement row in rows.EnumerateArray())
        {
            (double voltage, double current) = Expected[row[0].GetInt64()];
            Assert.Equal(voltage, row[1].GetDouble());
            Assert.Equal(current, row[2].GetDouble());
        }
    }

    /// <summary>The same, by the reader that the gateway falls back to, over several pages.</summary>
    public async Task AssertReadByAsync(InfluxKind kind, ServerProgram server, long microsecondsKept)
    {
        using RemoteHistory history = new(new InfluxOptions { Url = new Uri(server.Address), Kind = kind, Database = "cells" });
        long[] times = [.. Expected.Keys.Order()];
        int at = 0;
        await foreach (Sample sample in history.ReadAsync(node, "1", times[0], times[^1], CancellationToken.None))
        {
            Assert.Equal(times[at] / microsecondsKept * microsecondsKept, sample.TimeMicroseconds);
            Assert.Equal(at, sample.Number);
            Assert.Equal(Expected[times[at]], (sample.Values[SampleColumns.Voltage], sample.Values[SampleColumns.Current]));
            Assert.False(sample.IsGood(SampleColumns.Surface));
            at++;
        }

        Assert.Equal(times.Length, at);
    }

    /// <summary>The same with VictoriaMetrics, which keeps milliseconds.</summary>
    public async Task AssertEqualInVictoriaAsync(ServerProgram victoria)
    {
        // What it has taken is found by queries only a while later, also after it was asked to flush.
        Dictionary<long, double> found = [];
        string address = $"{victoria.Address}/api/v1/export?match[]={Uri.EscapeDataString($"cell_sample_voltage_v{{node=\"{node}\"}}")}&reduce_mem_usage=0";
        string lines = "";
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(200));
        for (int tries = 0; tries < 300 && lines.Count(c => c == ',') < Expected.Count * 2; tries++)
        {
            await timer.WaitForNextTickAsync();
            await victoria.Http.GetStringAsync(victoria.Address + "/internal/force_flush");
            lines = await victoria.Http.GetStringAsync(address);
        }

        foreach (string line in lines.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            using JsonDocument block = JsonDocument.Parse(line);
            JsonElement times = block.RootElement.GetProperty("timestamps");
            for (int at = 0; at < times.GetArrayLength(); at++)
            {
                Assert.True(found.TryAdd(times[at].GetInt64(), block.RootElement.GetProperty("values")[at].GetDouble()), "a point is there twice");
            }
        }

        Assert.Equal(
            Expected.OrderBy(point => point.Key).Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Key / 1000} {point.Value.Voltage}")),
            found.OrderBy(point => point.Key).Select(point => string.Create(CultureInfo.InvariantCulture, $"{point.Key} {point.Value}")));
    }
}
