using System.Text;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// Which channel is under abuse, kept in flash: a node that starts anew in the middle of a test samples that channel fast from its
/// first pass on, without waiting for network and gateway. Written when the mode begins and removed when it ends.
/// </summary>
public sealed class AbuseMemory
{
    private const string FileName = "abuse";
    private const byte Version = 1;

    private readonly SafeFile file;

    public AbuseMemory(IFileSystem files)
    {
        file = new SafeFile(files, FileName);
    }

    /// <summary>Name of the channel; empty for none, or where the record cannot be read.</summary>
    public string Load()
    {
        byte[]? bytes = file.Read();
        return bytes == null || bytes.Length < 2 || bytes[0] != Version ? "" : Encoding.UTF8.GetString(bytes, 1, bytes.Length - 1);
    }

    /// <summary>Keeps a channel; false when the flash refused, and a restart would end the mode.</summary>
    public bool Save(string channel)
    {
        byte[] name = Encoding.UTF8.GetBytes(channel);
        byte[] bytes = new byte[name.Length + 1];
        bytes[0] = Version;
        System.Array.Copy(name, 0, bytes, 1, name.Length);
        return file.Write(bytes);
    }

    /// <summary>No channel is under abuse any more; false when the flash refused.</summary>
    public bool Clear() => file.Delete();
}
