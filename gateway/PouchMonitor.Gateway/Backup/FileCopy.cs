using System.Runtime.InteropServices;
using System.Security.Cryptography;
using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Backup;

/// <summary>Copies files that others may be appending to, and files that nobody changes any more.</summary>
internal static partial class FileCopy
{
    private const int PieceBytes = 256 * 1024;

    /// <summary>
    /// Copies a file durably, with its permissions. Only what was in it when the copy began is taken: a writer that appends
    /// meanwhile could otherwise leave a hole in the copy where it had not written yet, with newer bytes behind it.
    /// Room set aside but not written is left as a hole.
    /// </summary>
    public static void Copy(string source, string target)
    {
        using var from = new FileStream(source, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        long length = from.Length;
        byte[] piece = new byte[PieceBytes];
        long end = WrittenEnd(from, length, piece);
        using FileStream to = Create(target, OperatingSystem.IsWindows() ? null : File.GetUnixFileMode(from.SafeFileHandle));
        for (long at = 0; at < end;)
        {
            int got = RandomAccess.Read(from.SafeFileHandle, piece.AsSpan(0, (int)Math.Min(piece.Length, end - at)), at);
            if (got == 0)
            {
                throw new IOException($"{source} has been cut to {at} bytes while it was copied.");
            }

            if (piece.AsSpan(0, got).ContainsAnyExcept((byte)0))
            {
                RandomAccess.Write(to.SafeFileHandle, piece.AsSpan(0, got), at);
            }

            at += got;
        }

        to.SetLength(length);
        to.Flush(flushToDisk: true);
    }

    /// <summary>Gives a file a second name where the file system can; copies it otherwise. For files that never change.</summary>
    public static void LinkOrCopy(string source, string target)
    {
        if (OperatingSystem.IsWindows() || Link(source, target) != 0)
        {
            Copy(source, target);
        }
    }

    /// <summary>Length and SHA-256 of a file.</summary>
    public static (long Bytes, string Sha256) Measure(string path, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1, FileOptions.SequentialScan);
        byte[] piece = new byte[PieceBytes];
        long bytes = 0;
        int got;
        while ((got = file.Read(piece)) > 0)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(piece, 0, got);
            bytes += got;
        }

        return (bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }

    /// <summary>Writes a small file under another name, makes it durable, and gives it its own name, durably.</summary>
    public static void Publish(string path, byte[] content)
    {
        string temporary = path + ".new";
        using (FileStream file = Create(temporary, null))
        {
            file.Write(content);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path);
        NativeDisk.SyncDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes a folder that only its owner may look into, since credentials and cell data lie in it.</summary>
    public static void MakePrivateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    // Readable by the owner only from its first moment on; null keeps it so.
    private static FileStream Create(string path, UnixFileMode? mode)
    {
        var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Share = FileShare.Read };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = mode ?? (UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        return new FileStream(path, options);
    }

    // Offset after the last byte that is not zero: what a segment has set aside beyond it has never been written.
    private static long WrittenEnd(FileStream file, long length, byte[] piece)
    {
        for (long end = length; end > 0;)
        {
            int count = (int)Math.Min(piece.Length, end);
            int got = RandomAccess.Read(file.SafeFileHandle, piece.AsSpan(0, count), end - count);
            int last = piece.AsSpan(0, got).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                return end - count + last + 1;
            }

            end -= count;
        }

        return 0;
    }

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string source, string target);
}
