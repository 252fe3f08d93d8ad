using System.Diagnostics;

namespace PouchMonitor.Benchmarks.Api;

/// <summary>The live stream: how soon an alarm is there under load, and what a thousand clients cost.</summary>
internal static class StreamBenchmark
{
    private const int Nodes = 8;

    /// <summary>From publish to the alarm event at one client, 200 channels together sending 10,000 samples a second.</summary>
    public static async Task<IReadOnlyList<Figure>> Latency(double seconds)
    {
        AlarmTimes times = new();
        using OpenGateway gateway = new();
        using Load load = await Load.StartAsync(gateway, channelsEach: 25, samplesPerFrame: 10, samplesPerSecond: 50, times);
        HashSet<string> seen = new(StringComparer.Ordinal);
        using StreamClient client = new() { Alarm = (cell, at) => times.Seen(seen, cell, at) };
        _ = client.RunAsync(gateway.HttpPort);
        await Task.Delay(TimeSpan.FromSeconds(5));
        double before = await Metric(gateway, "pouchmonitor_samples_stored_total");
        Stopwatch clock = Stopwatch.StartNew();
        int heated = await load.HeatAsync(times, alarmsEach: 1, TimeSpan.FromMilliseconds(100));
        double rate = (await Metric(gateway, "pouchmonitor_samples_stored_total") - before) / clock.Elapsed.TotalSeconds;
        return
        [
            new Figure("stream-latency: samples stored meanwhile", rate, "samples/s", 10_000),
            new Figure("stream-latency: violations of a limit", heated, "alarms"),
            new Figure("stream-latency: of these never shown", heated - times.Count, "alarms", 0),
            new Figure("stream-latency: publish to alarm event, p50", times.Percentile(0.5), "ms"),
            new Figure("stream-latency: publish to alarm event, p95", times.Percentile(0.95), "ms"),
            new Figure("stream-latency: publish to alarm event, p99", times.Percentile(0.99), "ms", 250),
        ];
    }

    /// <summary>A thousand clients, 500 channels at 1 Hz.</summary>
    public static async Task<IReadOnlyList<Figure>> Clients(double seconds)
    {
        const int Clients = 1000;
        AlarmTimes times = new();
        using OpenGateway gateway = new();
        using Load load = await Load.StartAsync(gateway, channelsEach: 63, samplesPerFrame: 1, samplesPerSecond: 1, times);
        await Task.Delay(TimeSpan.FromSeconds(5));
        List<StreamClient> clients = [];
        for (int i = 0; i < Clients; i++)
        {
            HashSet<string> seen = new(StringComparer.Ordinal);
            clients.Add(new StreamClient { Alarm = (cell, at) => times.Seen(seen, cell, at) });
            _ = clients[^1].RunAsync(gateway.HttpPort);
        }

        await Task.Delay(TimeSpan.FromSeconds(10));
        long bytesBefore = clients.Sum(client => client.Bytes);
        gateway.Process.Refresh();
        TimeSpan cpuBefore = gateway.Process.TotalProcessorTime;
        Stopwatch clock = Stopwatch.StartNew();
        int heated = await load.HeatAsync(times, Clients, TimeSpan.FromMilliseconds(200), most: (int)(seconds * 20));
        double elapsed = clock.Elapsed.TotalSeconds;
        gateway.Process.Refresh();
        double cpu = (gateway.Process.TotalProcessorTime - cpuBefore).TotalSeconds / elapsed;
        double rate = (clients.Sum(client => client.Bytes) - bytesBefore) / elapsed;
        double coalesced = await Metric(gateway, "pouchmonitor_stream_coalesced_total");
        double open = await Metric(gateway, "pouchmonitor_dashboards");
        gateway.Process.Refresh();
        double memory = gateway.Process.WorkingSet64 / 1e6;
        clients.ForEach(client => client.Dispose());
        return
        [
            new Figure("stream-clients: open, 500 channels at 1 Hz", open, "clients", Clients),
            new Figure("stream-clients: publish to alarm event, p50", times.Percentile(0.5), "ms"),
            new Figure("stream-clients: publish to alarm event, p99", times.Percentile(0.99), "ms"),
            new Figure("stream-clients: alarm events missing", (heated * (double)Clients) - times.Count, "events", 0),
            new Figure("stream-clients: sent to all", rate / 1e6, "MB/s"),
            new Figure("stream-clients: events of newest values alone", coalesced, "events"),
            new Figure("stream-clients: processor cores used by serve", cpu, "cores"),
            new Figure("stream-clients: memory of serve", memory, "MB"),
        ];
    }

    internal static async Task<double> Metric(OpenGateway gateway, string name)
    {
        using HttpClient http = new();
        string text = await http.GetStringAsync(gateway.Address + "/metrics");
        string? line = text.Split('\n').FirstOrDefault(line => line.StartsWith(name + " ", StringComparison.Ordinal));
        return line is null ? double.NaN : double.Parse(line[(name.Length + 1)..], System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Nodes that run on the clock.</summary>
    internal sealed class Load : IDisposable
    {
        private readonly CancellationTokenSource stop = new();
        private readonly List<PacedNode> nodes = [];
        private readonly List<Thread> threads = [];
        private readonly int channelsEach;

        private Load(int channelsEach) => this.channelsEach = channelsEach;

        public static async Task<Load> StartAsync(
            OpenGateway gateway, int channelsEach, int samplesPerFrame, double samplesPerSecond, AlarmTimes times)
        {
            Load load = new(channelsEach);
            for (int i = 0; i < Nodes; i++)
            {
                PacedNode node = new("n" + i.ToString(System.Globalization.CultureInfo.InvariantCulture), channelsEach, samplesPerFrame, samplesPerSecond)
                {
                    EvidenceSent = times.Sent,
                };
                await node.ConnectAsync(gateway.MqttPort);
                load.nodes.Add(node);
                Thread thread = new(() => node.Run(load.stop.Token)) { IsBackground = true };
                load.threads.Add(thread);
                thread.Start();
            }

            return load;
        }

        /// <summary>Heats one channel after another, and waits until their alarms are everywhere or 10 s.</summary>
        /// <returns>Channels heated.</returns>
        public async Task<int> HeatAsync(AlarmTimes times, int alarmsEach, TimeSpan every, int most = int.MaxValue)
        {
            int heated = 0;
            for (; heated < Math.Min(most, Nodes * channelsEach); heated++)
            {
                nodes[heated % Nodes].Heat(heated / Nodes);
                await Task.Delay(every);
            }

            Stopwatch wait = Stopwatch.StartNew();
            while (times.Count < heated * alarmsEach && wait.Elapsed < TimeSpan.FromSeconds(10))
            {
                await Task.Delay(50);
            }

            return heated;
        }

        public void Dispose()
        {
            stop.Cancel();
            threads.ForEach(thread => thread.Join());
            nodes.ForEach(node => node.Dispose());
            stop.Dispose();
        }
    }
}
