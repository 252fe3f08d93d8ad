using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks.Storage;

/// <summary>influxd and VictoriaMetrics, as Debian brings them, with the same rows, on loopback.</summary>
internal static class ForeignStores
{
    private const int LinesPerBatch = 20_000;
    private const int Rounds = 5;
    private static readonly string[] Fields = ["voltage_v", "current_a", "surface_temperature_c"];
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static async Task Run(string directory, MeasuredRows rows, long samples, List<Figure> figures)
    {
        long spanSeconds = rows.At((samples / StorageBenchmark.Channels) - 1).TimeMicroseconds / 1_000_000;
        long from = StorageBenchmark.AnchorMicroseconds / 1_000_000;
        if (File.Exists("/usr/bin/influxd"))
        {
            int port = FreePort();
            string data = Path.Combine(directory, "influx");
            string config = Path.Combine(directory, "influx.conf");
            Directory.CreateDirectory(data);
            await File.WriteAllTextAsync(config, $"""
                reporting-disabled = true
                bind-address = "127.0.0.1:{FreePort()}"
                [meta]
                dir = "{data}/meta"
                [data]
                dir = "{data}/data"
                wal-dir = "{data}/wal"
                cache-snapshot-write-cold-duration = "2s"
                compact-full-write-cold-duration = "5s"
                [http]
                bind-address = "127.0.0.1:{port}"
                log-enabled = false
                """);
            string query = Uri.EscapeDataString(
                string.Join(", ", Fields.Select(field => $"min({field}), max({field})")).Insert(0, "SELECT ")
                + $" FROM cell_sample WHERE channel='0' AND time >= {from}s AND time <= {from + spanSeconds}s"
                + $" GROUP BY time({Math.Max(1, spanSeconds / (StorageBenchmark.Points / 2))}s)");
            await Measure("influxd 1.6.7", new ProcessStartInfo("/usr/bin/influxd", ["-config", config]), port, "/ping",
                "/query?q=CREATE%20DATABASE%20bench", "/write?db=bench&precision=u", $"/query?db=bench&q={query}", data, rows, samples, figures, isPoint: true);
        }

        if (File.Exists("/usr/bin/victoria-metrics"))
        {
            int port = FreePort();
            string data = Path.Combine(directory, "vm");
            string query = Uri.EscapeDataString("max_over_time({__name__=~\"cell_sample_.*\",channel=\"0\"}[" + Math.Max(1, spanSeconds / 1000) + "s])");
            await Measure("VictoriaMetrics 1.79.5", new ProcessStartInfo("/usr/bin/victoria-metrics",
                [$"-storageDataPath={data}", $"-httpListenAddr=127.0.0.1:{port}", "-retentionPeriod=100y", "-search.disableCache"]), port, "/health",
                null, "/write?precision=u", $"/api/v1/query_range?query={query}&start={from}&end={from + spanSeconds}&step={Math.Max(1, spanSeconds / 1000)}s", data, rows, samples, figures, isPoint: false);
        }
    }

    private static async Task Measure(
        string name, ProcessStartInfo start, int port, string ready, string? setUp, string write, string query, string data,
        MeasuredRows rows, long samples, List<Figure> figures, bool isPoint)
    {
        start.RedirectStandardError = true;
        start.RedirectStandardOutput = true;
        using Process server = Process.Start(start)!;
        server.OutputDataReceived += (_, _) => { };
        server.ErrorDataReceived += (_, _) => { };
        server.BeginErrorReadLine();
        server.BeginOutputReadLine();
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}"), Timeout = TimeSpan.FromMinutes(5) };
        try
        {
            await Until(async () => (await http.GetAsync(ready)).IsSuccessStatusCode);
            if (setUp is not null)
            {
                (await http.PostAsync(setUp, null)).EnsureSuccessStatusCode();
            }

            double seconds = await Write(http, write, rows, samples);
            figures.Add(new Figure($"{name}: samples written", samples / seconds / 1e6, "M/s"));
            figures.Add(new Figure($"{name}: bytes a sample", await SettledBytes(data) / (double)samples, "B/sample"));
            List<double> times = [];
            for (int round = 0; round < Rounds; round++)
            {
                Stopwatch clock = Stopwatch.StartNew();
                HttpResponseMessage answer = await http.GetAsync(query);
                answer.EnsureSuccessStatusCode();
                string body = await answer.Content.ReadAsStringAsync();
                if (body.Length < 1000)
                {
                    throw new InvalidOperationException($"{name} answered the query with {body}");
                }

                times.Add(clock.Elapsed.TotalMilliseconds);
            }

            figures.Add(new Figure($"{name}: the same query, {(isPoint ? "least and greatest" : "greatest alone")}, median", times.Order().ElementAt(Rounds / 2), "ms"));
        }
        finally
        {
            server.Kill();
            await server.WaitForExitAsync();
        }
    }

    private static async Task<double> Write(HttpClient http, string path, MeasuredRows rows, long samples)
    {
        StringBuilder text = new();
        Stopwatch clock = new();
        int lines = 0;
        for (long at = 0; at < samples / StorageBenchmark.Channels; at++)
        {
            MeasuredRows.Row row = rows.At(at);
            string fields = string.Join(',', Fields.Select((field, column) => (field, column))
                .Where(each => row.Counts[each.column].HasValue)
                .Select(each => $"{each.field}={((decimal)row.Counts[each.column]!.Value / DecimalText.PowerOfTen(rows.Decimals[each.column])).ToString(CultureInfo.InvariantCulture)}"));
            for (int channel = 0; channel < StorageBenchmark.Channels; channel++, lines++)
            {
                text.Append("cell_sample,channel=").Append(channel).Append(' ').Append(fields).Append(' ')
                    .Append(CultureInfo.InvariantCulture, $"{StorageBenchmark.AnchorMicroseconds + row.TimeMicroseconds}\n");
            }

            if (lines >= LinesPerBatch || at == (samples / StorageBenchmark.Channels) - 1)
            {
                byte[] body = Encoding.ASCII.GetBytes(text.ToString());
                clock.Start();
                HttpResponseMessage answer = await http.PostAsync(path, new ByteArrayContent(body));
                clock.Stop();
                answer.EnsureSuccessStatusCode();
                text.Clear();
                lines = 0;
            }
        }

        return clock.Elapsed.TotalSeconds;
    }

    // Stores compact in the background: waits until the folder has not become smaller for a while.
    private static async Task<long> SettledBytes(string data)
    {
        long least = long.MaxValue;
        for (int still = 0; still < 15; still++)
        {
            await Task.Delay(TimeSpan.FromSeconds(1));
            long now = Directory.GetFiles(data, "*", SearchOption.AllDirectories).Sum(file => File.Exists(file) ? new FileInfo(file).Length : 0);
            if (now < least)
            {
                least = now;
                still = 0;
            }
        }

        return least;
    }

    private static async Task Until(Func<Task<bool>> condition)
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (HttpRequestException) when (clock.Elapsed < Patience)
            {
                // Not up yet.
            }

            await Task.Delay(50);
        }
    }

    private static int FreePort()
    {
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
