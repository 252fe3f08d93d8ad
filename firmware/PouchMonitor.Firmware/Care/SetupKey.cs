using System.Text;
using PouchMonitor.Firmware.Files;

namespace PouchMonitor.Firmware.Care;

/// <summary>
/// The password of a node's own access point: drawn once, kept in flash, and told on the debug channel only, from where it
/// goes on the label. It does not follow from the address of the radio, which everybody in range can read.
/// </summary>
public static class SetupKey
{
    /// <summary>Random bytes that a key is made of: 80 bits.</summary>
    public const int RandomBytes = 16;

    private const string FileName = "setup.key";

    // Without what looks alike on a label.
    private const string Letters = "abcdefghjkmnpqrstuvwxyz23456789x";

    /// <summary>The key of this node, made from <paramref name="random"/> when there is none; null when the flash cannot keep it.</summary>
    public static string? Get(IFileSystem files, byte[] random)
    {
        var file = new SafeFile(files, FileName);
        byte[]? kept = file.Read();
        if (kept != null && kept.Length == RandomBytes)
        {
            return Encoding.UTF8.GetString(kept, 0, kept.Length);
        }

        char[] key = new char[RandomBytes];
        for (int i = 0; i < RandomBytes; i++)
        {
            key[i] = Letters[random[i] & 31];
        }

        string made = new string(key);
        return file.Write(Encoding.UTF8.GetBytes(made)) ? made : null;
    }
}
