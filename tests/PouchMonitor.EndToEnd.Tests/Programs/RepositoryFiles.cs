namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>Where the built program, the measured data and the servers of this machine are.</summary>
internal static class RepositoryFiles
{
    public static string Root { get; } = FindRoot();

    /// <summary>The program with the dashboard beside it, of the same configuration as these tests.</summary>
    public static string Program
    {
        get
        {
            DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
            string program = Path.Combine(
                Root, "gateway", "PouchMonitor.Cli", "bin", framework.Parent!.Name, framework.Name, "pouchmonitor.dll");
            return File.Exists(program) ? program : throw new FileNotFoundException($"{program} has not been built.");
        }
    }

    /// <summary>A file of the measured data; the test is skipped where they are absent.</summary>
    public static string Measured(string name)
    {
        string folder = Environment.GetEnvironmentVariable("POUCHMONITOR_DATA") ?? Path.Combine(Root, "..", "shared", "data");
        string path = Path.GetFullPath(Path.Combine(folder, name));
        Assert.SkipUnless(File.Exists(path), $"measured data are absent: {path}");
        return path;
    }

    /// <summary>A program of the system; the test is skipped where it is absent.</summary>
    public static string Tool(string name)
    {
        string? path = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
        Assert.SkipWhen(path is null, $"{name} is not installed");
        return path!;
    }

    private static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "PouchMonitor.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException($"PouchMonitor.sln lies nowhere above {AppContext.BaseDirectory}.");
    }
}
