using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Compression;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>The measured series beside the repository; a test that needs one is skipped where it is absent.</summary>
internal static class RealSeries
{
    private static readonly ConcurrentDictionary<string, Sample[]> Loaded = new(StringComparer.Ordinal);

    public static string? Directory { get; } = Find();

    public static Sample[] Load(string name) => Loaded.GetOrAdd(name, static n => Read(PathOf($"series/{n}.csv.gz")));

    /// <summary>Rows of a small uncompressed table, header included.</summary>
    public static string[][] Table(string name) => [.. File.ReadLines(PathOf($"series/{name}")).Select(line => line.Split(','))];

    /// <summary>The instrument's own columns of a series, by row; NaN where blank.</summary>
    public static double[] Column(string name, string column)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(PathOf($"series/{name}.csv.gz")), CompressionMode.Decompress));
        int position = Array.IndexOf(reader.ReadLine()!.Split(','), column);
        var values = new List<double>();
        while (reader.ReadLine() is string line)
        {
            string text = line.Split(',')[position];
            values.Add(text.Length == 0 ? double.NaN : double.Parse(text, CultureInfo.InvariantCulture));
        }

        return [.. values];
    }

    private static string PathOf(string relative)
    {
        Assert.SkipWhen(Directory is null, "The measured series are absent: neither POUCHMONITOR_DATA nor ../shared/data exists.");
        string path = Path.Combine(Directory!, relative);
        Assert.SkipUnless(File.Exists(path), $"{relative} is absent from {Directory}.");
        return path;
    }

    private static string? Find()
    {
        string? named = Environment.GetEnvironmentVariable("POUCHMONITOR_DATA");
        if (!string.IsNullOrEmpty(named))
        {
            return named;
        }

        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PouchMonitor.sln")))
            {
                string beside = Path.GetFullPath(Path.Combine(at.FullName, "..", "shared", "data"));
                return System.IO.Directory.Exists(beside) ? beside : null;
            }
        }

        return null;
    }

    private static Sample[] Read(string path)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        string[] header = reader.ReadLine()!.Split(',');
        int time = Array.IndexOf(header, "time_s");
        int[] columns = [Array.IndexOf(header, "voltage_V"), Array.IndexOf(header, "current_A"), Array.IndexOf(header, "temperature_C")];
        var samples = new List<Sample>();
        while (reader.ReadLine() is string line)
        {
            string[] fields = line.Split(',');
            var sample = new Sample { Number = samples.Count, States = SensorStates.AllAbsent };
            sample.TimeMicroseconds = (long)Math.Round(
                decimal.Parse(fields[time], NumberStyles.Float, CultureInfo.InvariantCulture) * 1_000_000m);
            for (int i = 0; i < columns.Length; i++)
            {
                if (fields[columns[i]].Length > 0)
                {
                    sample.Values[i] = double.Parse(fields[columns[i]], CultureInfo.InvariantCulture);
                    sample.States = SensorStates.With(sample.States, i, SensorState.Good);
                }
            }

            samples.Add(sample);
        }

        return [.. samples];
    }
}
