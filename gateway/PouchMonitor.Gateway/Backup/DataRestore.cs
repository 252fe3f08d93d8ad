using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Backup;

/// <summary>Makes a data directory from a backup.</summary>
public static class DataRestore
{
    /// <summary>Copies a finished backup into an empty or absent folder, each file compared with the backup's list.</summary>
    /// <returns>What the backup holds.</returns>
    /// <exception cref="IOException">Something cannot be read or written, or the folder is not empty.</exception>
    /// <exception cref="InvalidDataException">It is no finished backup, or a file is not as it was; nothing is left in the folder then.</exception>
    public static BackupManifest Run(string backup, string data, CancellationToken cancellation)
    {
        ArgumentException.ThrowIfNullOrEmpty(backup);
        ArgumentException.ThrowIfNullOrEmpty(data);
        BackupManifest manifest = BackupManifest.Read(backup);
        DataBackup.RequireEmpty(data);
        bool existed = Directory.Exists(data);
        try
        {
            FileCopy.MakePrivateFolder(data);
            foreach (BackupFile file in manifest.Files)
            {
                cancellation.ThrowIfCancellationRequested();
                Copy(backup, data, file, cancellation);
            }

            foreach (string folder in Directory.EnumerateDirectories(data, "*", SearchOption.AllDirectories).Append(data))
            {
                NativeDisk.SyncDirectory(folder);
            }
        }
        catch
        {
            Empty(data, existed);
            throw;
        }

        return manifest;
    }

    private static void Copy(string backup, string data, BackupFile file, CancellationToken cancellation)
    {
        string from = Path.Combine(backup, file.Path);
        string to = Path.Combine(data, file.Path);
        if (!File.Exists(from))
        {
            throw new InvalidDataException($"The backup {backup} lacks the file {file.Path}.");
        }

        FileCopy.MakePrivateFolder(Path.GetDirectoryName(to)!);
        FileCopy.Copy(from, to);
        (long bytes, string sha256) = FileCopy.Measure(to, cancellation);
        if (bytes != file.Bytes)
        {
            throw new InvalidDataException($"{from} has {bytes} bytes; {file.Bytes} were backed up.");
        }

        if (!string.Equals(sha256, file.Sha256, StringComparison.OrdinalIgnoreCase))
        {
            throw new InvalidDataException($"{from} is damaged: its content does not match the check sum in {BackupManifest.FileName}.");
        }
    }

    private static void Empty(string folder, bool keepFolder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
            if (keepFolder)
            {
                FileCopy.MakePrivateFolder(folder);
            }
        }
        catch (IOException)
        {
            // The fault that is being told already says why nothing more can be done here.
        }
    }
}
