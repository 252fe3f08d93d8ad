using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Tests.Influx;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>
/// Nodes publish all the while, and the server fails in every way it can, or is stopped, killed and hung: each frame is
/// acknowledged, the lag is shown, and in the end each point is there once.
/// </summary>
public sealed class OutagesUnderLoadTests(ITestOutputHelper output) : IDisposable
{
    private const long Anchor = 1_780_000_000_123_456;
    private const int Nodes = 4;
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1";
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-outages-").FullName;
    private readonly CancellationTokenSource stop = new();
    private readonly ForwardedCell[] cells = [.. Enumerable.Range(0, Nodes).Select(node => new ForwardedCell($"n{node}", 5, Anchor + node))];
    private long acknowledged;

    /// <summary>Least time of a server's failing; beyond it, until all has been seen that is to be seen.</summary>
    private static TimeSpan Failing => IsSoak ? TimeSpan.FromMinutes(5) : TimeSpan.FromSeconds(5);

    /// <summary>How long a real server is away.</summary>
    private static TimeSpan Away => IsSoak ? TimeSpan.FromMinutes(1) : TimeSpan.FromSeconds(1);

    [Fact]
    public async Task AServerThatFailsInEveryWay_HoldsEachPointOnceInTheEnd()
    {
        int seed = Environment.TickCount & 0xFFFF;
        InfluxKind[] kinds = [InfluxKind.InfluxDb1, InfluxKind.InfluxDb2, InfluxKind.InfluxDb3];
        InfluxKind kind = kinds[seed % kinds.Length];
        output.WriteLine($"seed {seed}, {kind}");
        await using StrictServer server = await StrictServer.StartAsync(kind);
        server.Refuses = IsRefused;
        await using ServeProcess serve = await ServeProcess.Open(config: ConfigOf(server, kind));
        Task load = Load(serve);
        await Until(() => server.Points.Count > 1000 || load.IsFaulted, "the first points");

        Misbehaviour misbehaviour = new(seed);
        server.Instead = misbehaviour.AnswerAsync;
        long before = Interlocked.Read(ref acknowledged);
        Stopwatch failing = Stopwatch.StartNew();
        JsonElement behind = await LagIsShown(serve);
        await Until(() => (failing.Elapsed > Failing && misbehaviour.HasFailedInEveryWay) || load.IsFaulted, "every way of failing");
        long meanwhile = Interlocked.Read(ref acknowledged) - before;
        Assert.True(meanwhile > 100, $"seed {seed}: {meanwhile} frames were acknowledged meanwhile");

        server.Instead = null;
        failing.Stop();
        await stop.CancelAsync();
        await load;
        JsonElement caught = await Caught(serve);
        Assert.Empty(server.Complaints);
        AssertEachOnce(server, seed);
        int refused = cells.Sum(cell => cell.Expected.Count / 1000);
        Assert.Equal(refused, caught.GetProperty("rejectedLines").GetInt32());
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{failing.Elapsed.TotalSeconds:0} s of failing, {meanwhile} frames acknowledged meanwhile, {server.Points.Count} points, {refused} refused, {server.Requests.Count} requests, lag seen {behind.GetProperty("lagBytes").GetInt64()} bytes; {string.Join(", ", misbehaviour.Seen.OrderBy(way => way.Key).Select(way => $"{way.Key}: {way.Value}"))}"));
    }

    [Fact]
    public async Task ARealServerStoppedKilledAndHung_HoldsEachPointOnceInTheEnd()
    {
        await using ServerProgram influx = await ServerProgram.InfluxAsync();
        await using ServeProcess serve = await ServeProcess.Open(config: Config("influxdb1", influx.Address, "\"database\": \"cells\","));
        Task load = Load(serve);
        (Func<Task> Begin, Func<Task> End)[] outages =
        [
            (influx.StopAsync, influx.StartAsync),
            (() => Done(influx.Kill), influx.StartAsync),
            (() => Done(() => influx.Hang(hangs: true)), () => Done(() => influx.Hang(hangs: false))),
        ];
        foreach ((Func<Task> begin, Func<Task> end) in outages)
        {
            await begin();
            try
            {
                long before = Interlocked.Read(ref acknowledged);
                Stopwatch away = Stopwatch.StartNew();
                JsonElement behind = await LagIsShown(serve);
                await Until(() => (away.Elapsed > Away && Interlocked.Read(ref acknowledged) > before + 50) || load.IsFaulted, "frames acknowledged");
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"away for {away.Elapsed.TotalSeconds:0} s, {Interlocked.Read(ref acknowledged) - before} frames acknowledged meanwhile, {behind.GetProperty("lastError").GetString()}"));
            }
            finally
            {
                await end();
            }

            await serve.Until("/api/v1/influx", now => now.GetProperty("lastError").ValueKind == JsonValueKind.Null, TimeSpan.FromMinutes(3));
        }

        await stop.CancelAsync();
        await load;
        await Caught(serve);
        foreach (ForwardedCell cell in cells)
        {
            await cell.AssertEqualInAsync(influx);
        }

        output.WriteLine($"{cells.Sum(cell => cell.Expected.Count)} points");
    }

    public void Dispose()
    {
        stop.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    // The samples 999, 1999, ... of a channel are refused by the server whatever happens.
    private static bool IsRefused(string line)
    {
        int at = line.IndexOf("sample_number=", StringComparison.Ordinal);
        return at >= 0 && line.AsSpan(at)[..line.AsSpan(at).IndexOfAny(',', ' ')].EndsWith("999i", StringComparison.Ordinal);
    }

    private static Task Done(Action action)
    {
        action();
        return Task.CompletedTask;
    }

    private static Task<JsonElement> Caught(ServeProcess serve) => serve.Until(
        "/api/v1/influx", now => now.GetProperty("lagBytes").GetInt64() == 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.Null,
        TimeSpan.FromMinutes(3) + (3 * Failing)); // what came in that time is to be read line by line by the stand-in

    // In the API, and in the metrics at some moment soon after.
    private static async Task<JsonElement> LagIsShown(ServeProcess serve)
    {
        JsonElement behind = await serve.Until("/api/v1/influx", now =>
            now.GetProperty("lagBytes").GetInt64() > 0 && now.GetProperty("lagSeconds").GetDouble() > 0
            && now.GetProperty("failedAttempts").GetInt64() > 0 && now.GetProperty("lastError").ValueKind == JsonValueKind.String);
        using CancellationTokenSource limit = new(TimeSpan.FromMinutes(1));
        string metrics;
        do
        {
            metrics = await serve.Http.GetStringAsync(serve.Address + "/metrics", limit.Token);
        }
        while (metrics.Contains("pouchmonitor_influx_lag_bytes 0\n", StringComparison.Ordinal)
            || !metrics.Contains("pouchmonitor_influx_failing 1\n", StringComparison.Ordinal));
        return behind;
    }

    private static async Task Until(Func<bool> isSo, string what)
    {
        using CancellationTokenSource limit = new(Failing + Away + TimeSpan.FromMinutes(3));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        try
        {
            while (!isSo())
            {
                await timer.WaitForNextTickAsync(limit.Token);
            }
        }
        catch (OperationCanceledException error)
        {
            throw new TimeoutException($"Waited in vain for {what}.", error);
        }
    }

    // Every node a frame of 32 samples at a time, as often as a bench with fast sampling does.
    private Task Load(ServeProcess serve) => Task.WhenAll(cells.Select(async cell =>
    {
        using PeriodicTimer pace = new(TimeSpan.FromMilliseconds(50));
        for (int frame = 0; !stop.IsCancellationRequested; frame++)
        {
            await cell.PublishAsync(() => serve.MqttPort, frame, 1);
            Interlocked.Increment(ref acknowledged);
            await pace.WaitForNextTickAsync();
        }
    }));

    private void AssertEachOnce(StrictServer server, int seed)
    {
        ConcurrentDictionary<(string Node, long Time), (double Voltage, double Current)> found = new();
        foreach (((string series, long time), SortedDictionary<string, string> fields) in server.Points)
        {
            if (!series.StartsWith("cell_sample,", StringComparison.Ordinal))
            {
                continue;
            }

            string node = series.Split(',').Single(tag => tag.StartsWith("node=", StringComparison.Ordinal))[5..];
            Assert.True(
                found.TryAdd((node, time), (Number(fields["voltage_v"]), Number(fields["current_a"]))), $"seed {seed}: {node} has two points at {time}");
        }

        int expected = 0;
        foreach (ForwardedCell cell in cells)
        {
            foreach ((int number, (long time, (double Voltage, double Current) values)) in cell.Expected.OrderBy(point => point.Key).Index())
            {
                bool isThere = found.TryGetValue((cell.Node, time), out (double, double) stored);
                bool isWanted = number % 1000 != 999;
                Assert.True(isThere == isWanted && (!isThere || stored == values), $"seed {seed}: sample {number} of {cell.Node} is {(isThere ? $"{stored}" : "not there")}, {values} expected");
                expected += isWanted ? 1 : 0;
            }
        }

        Assert.Equal(expected, found.Count);

        static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
    }

    private string ConfigOf(StrictServer server, InfluxKind kind)
    {
        InfluxOptions options = server.Options();
        string secret = Path.Combine(folder, "secret");
        File.WriteAllText(secret, (options.Token ?? options.Password) + "\n");
        string more = kind switch
        {
            InfluxKind.InfluxDb1 => $"\"database\": \"{options.Database}\", \"user\": \"{options.UserName}\", \"passwordFile\": \"{secret}\",",
            InfluxKind.InfluxDb2 => $"\"org\": \"{options.Organization}\", \"bucket\": \"{options.Database}\", \"tokenFile\": \"{secret}\",",
            _ => $"\"database\": \"{options.Database}\", \"tokenFile\": \"{secret}\",",
        };
        return Config(kind.ToString().ToLowerInvariant(), server.Url.GetLeftPart(UriPartial.Authority), more);
    }

    private static string Config(string kind, string address, string more) => string.Create(CultureInfo.InvariantCulture,
        $$"""{ "influx": {"kind": "{{kind}}", {{more}} "url": "{{address}}", "batchMilliseconds": 50, "batchLines": 700, "longestRetrySeconds": 1, "alarmAfterSeconds": 1, "answerTimeoutSeconds": 2} }""");
}
