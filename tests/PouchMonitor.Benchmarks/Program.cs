using System.Globalization;
using System.Text.Json;
using PouchMonitor.Benchmarks;
using PouchMonitor.Benchmarks.Abuse;
using PouchMonitor.Benchmarks.Api;
using PouchMonitor.Benchmarks.Mqtt;
using PouchMonitor.Benchmarks.Storage;

// dotnet run -c Release --project tests/PouchMonitor.Benchmarks [-- --compare FILE] [--save FILE] [--seconds N]
//   [--only codec|analysis|csv|alarms|journal|storage|serve|mqtt|stream-latency|stream-clients|range-query|abuse-latency (only when named)] [--events N of abuse-latency] [--samples N of the storage part] [--tools FOLDER of mqbench.c]
if (args is ["--mqtt-server", { } folder, { } how])
{
    return await BenchServer.RunAsync(folder, isDurable: how == "disk");
}

string? compare = Option("--compare");
string? save = Option("--save");
double seconds = double.Parse(Option("--seconds") ?? "5", CultureInfo.InvariantCulture);

Dictionary<string, double> before = compare is null
    ? []
    : JsonSerializer.Deserialize<Dictionary<string, double>>(File.ReadAllText(compare))!;
List<Figure> figures =
[
    .. Wanted("codec") ? CodecBenchmark.Run(seconds) : [],
    .. Wanted("analysis") ? AnalysisBenchmark.Run(seconds) : [],
    .. Wanted("csv") ? CsvBenchmark.Run() : [],
    .. Wanted("alarms") ? AlarmBenchmark.Run(seconds) : [],
    .. Wanted("journal") ? await JournalBenchmark.Run(seconds) : [],
    .. Wanted("storage") ? await StorageBenchmark.Run(long.Parse(Option("--samples") ?? "10000000", CultureInfo.InvariantCulture)) : [],
    .. Wanted("mqtt") ? MqttBenchmark.Run(seconds, Option("--tools")) : [],
    .. Wanted("serve") ? await ServeBenchmark.Run(seconds) : [],
    .. Wanted("stream-latency") ? await StreamBenchmark.Latency(seconds) : [],
    .. Wanted("stream-clients") ? await StreamBenchmark.Clients(seconds) : [],
    .. args.Contains("abuse-latency") ? await AbuseLatencyBenchmark.Run(int.Parse(Option("--events") ?? "50", CultureInfo.InvariantCulture), usesInput: false) : [],
    .. args.Contains("abuse-latency") ? await AbuseLatencyBenchmark.Run(int.Parse(Option("--events") ?? "50", CultureInfo.InvariantCulture), usesInput: true) : [],
    .. Wanted("range-query") ? await RangeQueryBenchmark.Run(seconds) : [],
];

Console.WriteLine($"{"figure",-62} {"value",14} {"unit",-12} {"target",14} {"before",14} {"ratio",7}");
foreach (Figure figure in figures)
{
    bool known = before.TryGetValue(figure.Name, out double old);
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
        $"{figure.Name,-62} {figure.Value,14:N1} {figure.Unit,-12} {(figure.Target is { } target ? target.ToString("N1", CultureInfo.InvariantCulture) : ""),14} {(known ? old.ToString("N1", CultureInfo.InvariantCulture) : ""),14} {(known ? (figure.Value / old).ToString("F2", CultureInfo.InvariantCulture) : ""),7}"));
}

if (save is not null)
{
    File.WriteAllText(save, JsonSerializer.Serialize(figures.ToDictionary(figure => figure.Name, figure => figure.Value)));
}

return 0;

bool Wanted(string part) => Option("--only") is not { } only || only == part;

string? Option(string name)
{
    int at = Array.IndexOf(args, name);
    return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
}
