using System.Diagnostics;
using System.Globalization;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Benchmarks.Judgement;
using PouchMonitor.Measurement;

namespace PouchMonitor.Benchmarks;

/// <summary>
/// <c>pouchmonitor analyze</c> of a CSV file from start to end, in a process of its own: reading, judging by every rule,
/// comparing with the instrument's counters and printing. The file is in the page cache. Best of several runs.
/// </summary>
internal static class CsvBenchmark
{
    private const int Rows = 4_320_000;
    private const int Runs = 5;
    private const double TargetMegabytesPerSecond = 150;

    public static IEnumerable<Figure> Run()
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-bench-").FullName;
        try
        {
            string plain = Path.Combine(folder, "plain.csv");
            string counted = Path.Combine(folder, "counted.csv");
            Write(plain, counted);
            double plainS = double.PositiveInfinity;
            double countedS = double.PositiveInfinity;
            double jsonS = double.PositiveInfinity;
            for (int run = 0; run < Runs; run++)
            {
                plainS = Math.Min(plainS, Analyze(plain));
                countedS = Math.Min(countedS, Analyze(counted));
                jsonS = Math.Min(jsonS, Analyze(plain, "--json"));
            }

            return
            [
                new Figure("analyze of a CSV: time, voltage, current, temperature", Megabytes(plain) / plainS, "MB/s", TargetMegabytesPerSecond),
                new Figure("the same with cycle, step and two counters beside", Megabytes(counted) / countedS, "MB/s", TargetMegabytesPerSecond),
                new Figure("the first with --json, which reads the file twice for dQ/dV", Megabytes(plain) / jsonS, "MB/s"),
            ];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static double Megabytes(string file) => new FileInfo(file).Length / 1e6;

    private static double Analyze(string file, params string[] options)
    {
        Stopwatch clock = Stopwatch.StartNew();
        using Process analyze = Process.Start(new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "pouchmonitor.dll"), "analyze", file, .. options])
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,

            // As the script pouchmonitor starts it.
            Environment = { ["DOTNET_TieredPGO"] = "0" },
        })!;
        analyze.StandardOutput.BaseStream.CopyTo(Stream.Null);
        analyze.WaitForExit();
        return analyze.ExitCode == 0
            ? clock.Elapsed.TotalSeconds
            : throw new InvalidOperationException($"analyze ended with {analyze.ExitCode}.");
    }

    private static void Write(string plainFile, string countedFile)
    {
        using StreamWriter plain = new(plainFile);
        using StreamWriter counted = new(countedFile);
        plain.Write("time_s,voltage_V,current_A,temperature_C\n");
        counted.Write("time_s,voltage_V,current_A,temperature_C,cycle,step,charge_capacity_Ah,discharge_capacity_Ah\n");
        double chargeAh = 0;
        double dischargeAh = 0;
        Sample[] cycles = CellRows.Make(Rows);
        for (int i = 0; i < Rows; i++)
        {
            ref readonly Sample sample = ref cycles[i];
            double amperes = sample.Values[SampleColumns.Current];
            chargeAh = i % CellRows.CycleSeconds == 0 ? 0 : chargeAh + (Math.Max(amperes, 0) / 3600);
            dischargeAh = i % CellRows.CycleSeconds == 0 ? 0 : dischargeAh + (Math.Max(-amperes, 0) / 3600);
            string row = string.Create(
                CultureInfo.InvariantCulture,
                $"{(sample.TimeMicroseconds - cycles[0].TimeMicroseconds) / 1e6:0.######},{sample.Values[SampleColumns.Voltage]:0.#######},{amperes:0.########},{sample.Values[SampleColumns.Surface]:0.##}");
            plain.Write(row);
            plain.Write('\n');
            int step = amperes == 0 ? 1 : amperes > 0 ? 2 : 3;
            counted.Write(string.Create(
                CultureInfo.InvariantCulture, $"{row},{1 + (i / CellRows.CycleSeconds)},{step},{chargeAh:0.#########},{dischargeAh:0.#########}\n"));
        }
    }
}
