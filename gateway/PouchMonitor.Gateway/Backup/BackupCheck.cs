using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Backup;

/// <summary>Reads every check sum of a data directory that no gateway uses, without changing anything in it.</summary>
internal static class BackupCheck
{
    private const int MostNamed = 20;

    /// <exception cref="InvalidDataException">Something is damaged; each place is named, the first twenty.</exception>
    public static void Run(string folder, CancellationToken cancellation)
    {
        List<string> problems = [];
        foreach (string path in Directory.EnumerateFiles(folder, "*.db"))
        {
            problems.AddRange(StateCopy.Check(path).Select(problem => $"{Path.GetFileName(path)}: {problem}"));
        }

        using (JournalView view = JournalView.Open(Path.Combine(folder, DataBackup.JournalName)))
        {
            problems.AddRange(view.Verify(cancellation).Select(Describe));
        }

        if (problems.Count > 0)
        {
            throw new InvalidDataException($"The copy in {folder} is damaged: {string.Join("; ", problems.Take(MostNamed))}"
                + (problems.Count > MostNamed ? $"; and {problems.Count - MostNamed} more." : "."));
        }
    }

    /// <summary>A damaged place in one line: file, offset, length, what is wrong.</summary>
    public static string Describe(JournalDamage damage) => damage.Length > 0
        ? $"{DataBackup.JournalName}/{damage.File} at offset {damage.Offset}, {damage.Length} bytes: {damage.Reason}"
        : $"{DataBackup.JournalName}/{damage.File} at offset {damage.Offset}: {damage.Reason}";
}
