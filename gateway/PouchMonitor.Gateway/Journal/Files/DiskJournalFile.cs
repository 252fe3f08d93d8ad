using Microsoft.Win32.SafeHandles;

namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>A file on a real disk.</summary>
internal sealed class DiskJournalFile : IJournalFile
{
    private readonly SafeFileHandle handle;
    private readonly string path;

    private DiskJournalFile(SafeFileHandle handle, string path)
    {
        this.handle = handle;
        this.path = path;
    }

    public long Length => RandomAccess.GetLength(handle);

    public static DiskJournalFile Create(string path, long reservedBytes)
    {
        var handle = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete);
        try
        {
            NativeDisk.SetAside(handle, reservedBytes, path);
            return new DiskJournalFile(handle, path);
        }
        catch (IOException)
        {
            handle.Dispose();
            File.Delete(path);
            throw;
        }
    }

    public static DiskJournalFile Open(string path, bool forWriting) =>
        new(File.OpenHandle(
            path, FileMode.Open, forWriting ? FileAccess.ReadWrite : FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), path);

    public int Write(long offset, ReadOnlySpan<byte> bytes)
    {
        RandomAccess.Write(handle, bytes, offset);
        return bytes.Length;
    }

    public int Read(long offset, Span<byte> bytes) => RandomAccess.Read(handle, bytes, offset);

    public void SyncData() => NativeDisk.SyncData(handle, path);

    public void Cut(long length, long reservedBytes)
    {
        RandomAccess.SetLength(handle, length);
        NativeDisk.SetAside(handle, reservedBytes, path);
    }

    public void Dispose() => handle.Dispose();
}
