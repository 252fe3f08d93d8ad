using System.Collections.Concurrent;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Tests.Formats;
using PouchMonitor.Formats;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>The measured series, read once for all tests; a test that needs one is skipped where it is absent.</summary>
internal static class RealSeries
{
    private static readonly ConcurrentDictionary<string, Sample[]> Loaded = new(StringComparer.Ordinal);

    public static Sample[] Load(string name) => LoadFile($"series/{name}.csv.gz");

    public static Sample[] LoadAbuse(string name) => LoadFile($"abuse/{name}.csv.gz");

    /// <summary>Rows of a small uncompressed table, header included.</summary>
    public static string[][] Table(string name) =>
        [.. File.ReadLines(RecordedData.PathOf($"series/{name}")).Select(line => line.Split(','))];

    /// <summary>One of the instrument's own columns, by row.</summary>
    public static double?[] Column(string name, Func<RecordedRow, double?> column) =>
        [.. Rows($"series/{name}.csv.gz").Select(column)];

    private static Sample[] LoadFile(string relative) => Loaded.GetOrAdd(relative, static path =>
    {
        var samples = new List<Sample>();
        Sample sample = default;
        foreach (RecordedRow row in Rows(path))
        {
            row.CopyTo(ref sample);
            samples.Add(sample);
        }

        return [.. samples];
    });

    /// <summary>The row object is reused from row to row.</summary>
    private static IEnumerable<RecordedRow> Rows(string relative)
    {
        using RecordedSeriesReader reader = RecordedSeries.Open(RecordedData.PathOf(relative));
        var row = new RecordedRow();
        while (reader.TryRead(row))
        {
            yield return row;
        }
    }
}
