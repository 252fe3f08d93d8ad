namespace PouchMonitor.Gateway.Journal.Files;

/// <summary>Whole reads and writes from the partial ones that a file offers.</summary>
internal static class JournalFileExtensions
{
    /// <summary>Writes all of it, going on after a short write; throws when no byte is taken.</summary>
    public static void WriteAll(this IJournalFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            int taken = file.Write(offset, bytes);
            if (taken <= 0)
            {
                throw new IOException($"A write of {bytes.Length} bytes at offset {offset} took none.");
            }

            offset += taken;
            bytes = bytes[taken..];
        }
    }

    /// <summary>Reads until full or at the end; returns the bytes got.</summary>
    public static int ReadAll(this IJournalFile file, long offset, Span<byte> bytes)
    {
        int got = 0;
        while (got < bytes.Length)
        {
            int more = file.Read(offset + got, bytes[got..]);
            if (more <= 0)
            {
                break;
            }

            got += more;
        }

        return got;
    }

    /// <summary>Writes a small file under a temporary name, makes it durable, and gives it its name, durably.</summary>
    public static void Publish(this IJournalFiles files, string name, byte[] content)
    {
        string temporary = name + ".new";
        if (files.List().Contains(temporary, StringComparer.Ordinal))
        {
            files.Delete(temporary);
        }

        using (var file = files.Create(temporary, 0))
        {
            file.WriteAll(0, content);
            file.SyncData();
        }

        files.Rename(temporary, name);
        files.SyncDirectory();
    }
}
