namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>
/// The system calls the journal needs on its folder, no more: what a file holds is durable after
/// <see cref="IJournalFile.SyncData"/>, and that it exists under its name after <see cref="SyncDirectory"/>. Everything
/// here may throw <see cref="IOException"/>.
/// </summary>
public interface IJournalFiles
{
    /// <summary>Where the folder is, for messages.</summary>
    string Name { get; }

    /// <summary>Takes the folder for this process until disposed; throws when another process has it.</summary>
    IDisposable Lock();

    /// <summary>Names of the files in the folder.</summary>
    IReadOnlyList<string> List();

    /// <summary>Creates a file that must not exist, with room set aside for it.</summary>
    IJournalFile Create(string name, long reservedBytes);

    /// <summary>Opens an existing file.</summary>
    IJournalFile Open(string name, bool forWriting);

    /// <summary>Renames, replacing.</summary>
    void Rename(string from, string to);

    /// <summary>Removes a file.</summary>
    void Delete(string name);

    /// <summary>Makes creations, renames and removals durable.</summary>
    void SyncDirectory();

    /// <summary>Bytes still free on the disk for this process.</summary>
    long AvailableBytes();
}

/// <summary>An open file. Reading and writing may run on different threads.</summary>
public interface IJournalFile : IDisposable
{
    /// <summary>Length in bytes, room set aside included.</summary>
    long Length { get; }

    /// <summary>Writes at an offset; returns the bytes taken, which may be fewer than given.</summary>
    int Write(long offset, ReadOnlySpan<byte> bytes);

    /// <summary>Reads at an offset; returns the bytes got, 0 at the end.</summary>
    int Read(long offset, Span<byte> bytes);

    /// <summary>Makes everything written so far durable, with the length needed to read it.</summary>
    void SyncData();

    /// <summary>Cuts to <paramref name="length"/> bytes, then sets aside room up to <paramref name="reservedBytes"/>.</summary>
    void Cut(long length, long reservedBytes);
}
