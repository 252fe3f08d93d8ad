namespace PouchMonitor.Analysis.Tests.Formats;

/// <summary>The folder of recorded series, which is not part of the repository.</summary>
internal static class RecordedData
{
    /// <summary>Path of a recorded file; skips the test where it is absent.</summary>
    public static string PathOf(string relative)
    {
        string? found = Candidates().Select(folder => Path.Combine(folder, relative)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(found is null, $"recorded data is absent: {relative} (set POUCHMONITOR_DATA)");
        return found!;
    }

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
