using System.Reflection;
using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Backup;

/// <summary>
/// Copies a data directory while a gateway runs on it or while none does. The database goes first, then the journal: a
/// state that is older than the journal is what a crash leaves too, and the gateway catches up; the other way round
/// would speak of frames that are not there. See gateway/STORAGE.md.
/// </summary>
public sealed class DataBackup
{
    internal const string JournalName = "journal";
    private readonly string data;
    private readonly string target;
    private readonly CancellationToken cancellation;

    private DataBackup(string data, string target, CancellationToken cancellation)
    {
        this.data = data;
        this.target = target;
        this.cancellation = cancellation;
    }

    /// <summary>Version of this program.</summary>
    public static string ProgramVersion { get; } =
        typeof(DataBackup).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>Makes a backup in an empty or absent folder.</summary>
    /// <param name="data">Data directory of a gateway.</param>
    /// <param name="to">Folder of the backup.</param>
    /// <param name="config">Configuration file to keep with it as <c>config.json</c>; null for none.</param>
    /// <param name="verify">True reads every check sum of the copy before the backup counts as finished.</param>
    /// <param name="cancellation">Ends it; what is there then has no list and is no backup.</param>
    /// <exception cref="IOException">Something cannot be read or written.</exception>
    /// <exception cref="InvalidDataException">The copy is damaged; every place is named. It has no list then.</exception>
    public static BackupManifest Make(string data, string to, string? config, bool verify, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(data);
        ArgumentException.ThrowIfNullOrEmpty(to);
        data = Path.TrimEndingDirectorySeparator(Path.GetFullPath(data));
        to = Path.TrimEndingDirectorySeparator(Path.GetFullPath(to));
        if (!Directory.Exists(Path.Combine(data, JournalName)))
        {
            throw new IOException($"{data} is no data directory: it has no folder '{JournalName}'.");
        }

        if ((to + Path.DirectorySeparatorChar).StartsWith(data + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new IOException($"The backup cannot lie inside the data directory ({to} is in {data}).");
        }

        RequireEmpty(to);
        DateTimeOffset began = DateTimeOffset.UtcNow;
        var backup = new DataBackup(data, to, cancellation);
        FileCopy.MakePrivateFolder(to);
        backup.CopyAll();
        if (config is not null)
        {
            FileCopy.Copy(config, Path.Combine(to, "config.json"));
        }

        if (verify)
        {
            BackupCheck.Run(to, cancellation);
        }

        var manifest = new BackupManifest { CreatedUtc = began, Program = ProgramVersion, Files = backup.ListFiles() };
        backup.SyncFolders();
        manifest.Write(to);
        return manifest;
    }

    internal static void RequireEmpty(string folder)
    {
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
        {
            throw new IOException($"{folder} is not empty.");
        }
    }

    private void CopyAll()
    {
        foreach (string path in Directory.EnumerateFiles(data).Where(IsDatabase))
        {
            StateCopy.Make(path, Path.Combine(target, Path.GetFileName(path)));
        }

        cancellation.ThrowIfCancellationRequested();
        CopyJournal();
        foreach (string path in Directory.EnumerateFiles(data).Where(path => !IsDatabase(path) && !IsPassing(path)))
        {
            CopyIfThere(path, Path.Combine(target, Path.GetFileName(path)));
        }

        foreach (string folder in Directory.EnumerateDirectories(data).Where(folder => Path.GetFileName(folder) != JournalName))
        {
            CopyFolder(folder, Path.Combine(target, Path.GetFileName(folder)));
        }
    }

    private void CopyJournal()
    {
        string from = Path.Combine(data, JournalName);
        string to = Path.Combine(target, JournalName);
        FileCopy.MakePrivateFolder(to);
        JournalFolder.TakeAll(
            from,
            (name, mayGrow) =>
            {
                cancellation.ThrowIfCancellationRequested();
                if (mayGrow)
                {
                    FileCopy.Copy(Path.Combine(from, name), Path.Combine(to, name));
                }
                else
                {
                    FileCopy.LinkOrCopy(Path.Combine(from, name), Path.Combine(to, name));
                }
            },
            name => File.Delete(Path.Combine(to, name)));
    }

    // Sessions are a log too: taken together, so that no file is missed that takes the place of another meanwhile.
    private void CopyFolder(string from, string to)
    {
        FileCopy.MakePrivateFolder(to);
        JournalFolder.TakeAll(
            from, (name, _) => FileCopy.Copy(Path.Combine(from, name), Path.Combine(to, name)), name => File.Delete(Path.Combine(to, name)));
        foreach (string folder in Directory.EnumerateDirectories(from))
        {
            CopyFolder(folder, Path.Combine(to, Path.GetFileName(folder)));
        }
    }

    private static void CopyIfThere(string from, string to)
    {
        try
        {
            FileCopy.Copy(from, to);
        }
        catch (FileNotFoundException)
        {
            // Removed since it was listed.
        }
    }

    private static bool IsDatabase(string path) => path.EndsWith(".db", StringComparison.Ordinal);

    // Parts of a database that is copied as a whole, and files on their way to another name.
    private static bool IsPassing(string path) => path.EndsWith(".db-wal", StringComparison.Ordinal)
        || path.EndsWith(".db-shm", StringComparison.Ordinal) || path.EndsWith(".db-journal", StringComparison.Ordinal)
        || path.EndsWith(".new", StringComparison.Ordinal) || path.EndsWith(".tmp", StringComparison.Ordinal);

    private List<BackupFile> ListFiles()
    {
        var files = new List<BackupFile>();
        foreach (string path in Directory.EnumerateFiles(target, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            (long bytes, string sha256) = FileCopy.Measure(path, cancellation);
            files.Add(new BackupFile(Path.GetRelativePath(target, path).Replace(Path.DirectorySeparatorChar, '/'), bytes, sha256));
        }

        return files;
    }

    private void SyncFolders()
    {
        foreach (string folder in Directory.EnumerateDirectories(target, "*", SearchOption.AllDirectories).Append(target))
        {
            NativeDisk.SyncDirectory(folder);
        }

        NativeDisk.SyncDirectory(Path.GetDirectoryName(target) ?? target);
    }
}
