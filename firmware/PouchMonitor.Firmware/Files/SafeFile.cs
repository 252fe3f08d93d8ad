using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Files;

/// <summary>
/// A small file that survives a loss of power at any byte: written whole under a temporary name, then moved into place.
/// Each copy ends in its length and check sum, so that half a copy is never believed; reading takes the copy in place, or
/// the temporary one where the power went between removing the old and moving the new.
/// </summary>
public sealed class SafeFile
{
    private const int TrailerBytes = 8;
    internal const string TemporarySuffix = ".new";

    private readonly IFileSystem files;
    private readonly string name;
    private readonly string temporaryName;

    public SafeFile(IFileSystem files, string name)
    {
        this.files = files;
        this.name = name;
        temporaryName = name + TemporarySuffix;
    }

    /// <summary>The content last written whole; null when there is none.</summary>
    public byte[]? Read()
    {
        byte[]? content = ContentOf(files.Read(name));
        return content ?? ContentOf(files.Read(temporaryName));
    }

    /// <summary>
    /// Replaces the content; false when the flash refused, in which case the old content (or, past the removal of the old
    /// copy, the new one) is still read.
    /// </summary>
    public bool Write(byte[] content)
    {
        byte[] bytes = new byte[content.Length + TrailerBytes];
        System.Array.Copy(content, 0, bytes, 0, content.Length);
        PutUInt32(bytes, content.Length, (uint)content.Length);
        PutUInt32(bytes, content.Length + 4, Crc32C.Compute(bytes, 0, content.Length + 4));

        // Where only a temporary copy is left it is the truth: it must be in place before it is written over.
        if (ContentOf(files.Read(name)) == null && ContentOf(files.Read(temporaryName)) != null)
        {
            if (!files.Delete(name) || !files.Move(temporaryName, name))
            {
                return false;
            }
        }

        return files.Write(temporaryName, bytes, bytes.Length)
            && ContentOf(files.Read(temporaryName)) != null
            && files.Delete(name)
            && files.Move(temporaryName, name);
    }

    /// <summary>Removes every copy.</summary>
    public bool Delete() => files.Delete(temporaryName) && files.Delete(name);

    private static byte[]? ContentOf(byte[]? bytes)
    {
        if (bytes == null || bytes.Length < TrailerBytes)
        {
            return null;
        }

        int length = bytes.Length - TrailerBytes;
        if (GetUInt32(bytes, length) != (uint)length
            || GetUInt32(bytes, length + 4) != Crc32C.Compute(bytes, 0, length + 4))
        {
            return null;
        }

        byte[] content = new byte[length];
        System.Array.Copy(bytes, 0, content, 0, length);
        return content;
    }

    private static void PutUInt32(byte[] to, int at, uint value)
    {
        to[at] = (byte)value;
        to[at + 1] = (byte)(value >> 8);
        to[at + 2] = (byte)(value >> 16);
        to[at + 3] = (byte)(value >> 24);
    }

    private static uint GetUInt32(byte[] from, int at) =>
        (uint)(from[at] | (from[at + 1] << 8) | (from[at + 2] << 16) | (from[at + 3] << 24));
}
