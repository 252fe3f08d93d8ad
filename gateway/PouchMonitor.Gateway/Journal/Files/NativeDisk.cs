using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>
/// The system calls that the base library lacks: fdatasync(2), posix_fallocate(3) and fsync(2) of a directory, on Linux.
/// Elsewhere the base library's flush to disk takes their place, and folders are not flushed.
/// </summary>
internal static partial class NativeDisk
{
    private const int Interrupted = 4;
    private const int NotSupported = 95;
    private const int InvalidArgument = 22;

    /// <summary>Forces the file's data, and the length needed to read it, to stable storage.</summary>
    public static void SyncData(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.FlushToDisk(handle);
            return;
        }

        // Not repeated on failure, whatever the error: after one the kernel may have dropped the pages and call them clean.
        if (FileDataSync(handle) != 0)
        {
            throw Fault(Marshal.GetLastPInvokeError(), "could not be forced to disk", path);
        }
    }

    /// <summary>Sets aside room so that later writes need no new blocks; where the file system cannot, only the length.</summary>
    public static void SetAside(SafeFileHandle handle, long bytes, string path)
    {
        if (bytes <= RandomAccess.GetLength(handle))
        {
            return;
        }

        if (!OperatingSystem.IsLinux())
        {
            RandomAccess.SetLength(handle, bytes);
            return;
        }

        int error;
        do
        {
            error = FileAllocate(handle, 0, bytes);
        }
        while (error == Interrupted);
        if (error is NotSupported or InvalidArgument)
        {
            RandomAccess.SetLength(handle, bytes);
        }
        else if (error != 0)
        {
            throw Fault(error, $"could not be given {bytes} bytes", path);
        }
    }

    /// <summary>Forces creations, renames and removals in a folder to stable storage.</summary>
    public static void SyncDirectory(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        const int readOnlyDirectoryCloseOnExec = 0x10000 | 0x80000;
        int descriptor = OpenFile(path, IsArm() ? 0x4000 | 0x80000 : readOnlyDirectoryCloseOnExec, 0);
        if (descriptor < 0)
        {
            throw Fault(Marshal.GetLastPInvokeError(), "could not be opened", path);
        }

        using var handle = new SafeFileHandle(descriptor, ownsHandle: true);
        if (FileSync(handle) != 0)
        {
            throw Fault(Marshal.GetLastPInvokeError(), "could not be forced to disk", path);
        }
    }

    // O_DIRECTORY differs between x86 and ARM in the kernel's headers.
    private static bool IsArm() => RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm;

    private static IOException Fault(int error, string what, string path) =>
        new($"{path} {what}: {Marshal.GetPInvokeErrorMessage(error)} (error {error}).", error);

    [LibraryImport("libc", EntryPoint = "fdatasync", SetLastError = true)]
    private static partial int FileDataSync(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int FileSync(SafeFileHandle descriptor);

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int FileAllocate(SafeFileHandle descriptor, long offset, long length);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenFile(string path, int flags, int mode);
}
