using PouchMonitor.Analysis.Series;
using PouchMonitor.Formats;

namespace PouchMonitor.Evaluation.Tests.Cases;

/// <summary>The folder of recorded series, which is not part of the repository.</summary>
internal static class RecordedData
{
    public static bool IsThere => PathOf("series/nasa_b0005.csv.gz") is not null;

    public static IEnumerable<Sample> Samples(string relative)
    {
        string path = PathOf(relative) ?? throw new FileNotFoundException($"recorded data is absent: {relative} (set POUCHMONITOR_DATA)");
        using RecordedSeriesReader reader = RecordedSeries.Open(path);
        var row = new RecordedRow();
        Sample sample = default;
        while (reader.TryRead(row))
        {
            row.CopyTo(ref sample);
            yield return sample;
        }
    }

    private static string? PathOf(string relative) =>
        Candidates().Select(folder => Path.Combine(folder, relative)).FirstOrDefault(File.Exists);

    private static IEnumerable<string> Candidates()
    {
        string? named = Environment.GetEnvironmentVariable("POUCHMONITOR_DATA");
        if (!string.IsNullOrEmpty(named))
        {
            yield return named;
        }

        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "PouchMonitor.sln")))
            {
                yield return Path.Combine(folder.FullName, "..", "shared", "data");
            }
        }
    }
}
