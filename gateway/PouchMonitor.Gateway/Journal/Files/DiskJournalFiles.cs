namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>A folder on a real disk.</summary>
public sealed class DiskJournalFiles : IJournalFiles
{
    private readonly string directory;

    /// <summary>Uses a folder, creating it when absent.</summary>
    public DiskJournalFiles(string directory)
    {
        ArgumentException.ThrowIfNullOrEmpty(directory);
        this.directory = Path.GetFullPath(directory);
        if (!Directory.Exists(this.directory))
        {
            Directory.CreateDirectory(this.directory);
            string? parent = Path.GetDirectoryName(this.directory);
            if (parent is not null)
            {
                NativeDisk.SyncDirectory(parent);
            }
        }
    }

    /// <inheritdoc/>
    public string Name => directory;

    /// <inheritdoc/>
    public IDisposable Lock()
    {
        string path = At("lock");
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException fault)
        {
            throw new IOException($"The journal in {directory} is in use by another process ({fault.Message}).", fault);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> List() =>
        [.. Directory.EnumerateFiles(directory).Select(path => Path.GetFileName(path)!).Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public IJournalFile Create(string name, long reservedBytes) => DiskJournalFile.Create(At(name), reservedBytes);

    /// <inheritdoc/>
    public IJournalFile Open(string name, bool forWriting) => DiskJournalFile.Open(At(name), forWriting);

    /// <inheritdoc/>
    public void Rename(string from, string to) => File.Move(At(from), At(to), overwrite: true);

    /// <inheritdoc/>
    public void Delete(string name) => File.Delete(At(name));

    /// <inheritdoc/>
    public void SyncDirectory() => NativeDisk.SyncDirectory(directory);

    /// <inheritdoc/>
    public long AvailableBytes() => new DriveInfo(directory).AvailableFreeSpace;

    private string At(string name) => Path.Combine(directory, name);
}
