using System.Globalization;
using System.Security.Cryptography;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// Photos, videos and texts of a test, a file each under <c>abuse/ID/NUMBER</c> in the data directory. A file is whole and on disk before
/// the record names it; what was cut off is removed at the next start.
/// </summary>
internal sealed class AbuseFiles(string dataDirectory)
{
    /// <summary>Most bytes of one.</summary>
    public const int MostBytes = 20 * 1024 * 1024;

    /// <summary>Most of one test.</summary>
    public const int MostFiles = 50;

    public const int LongestName = 120;
    private const int HeadBytes = 16;
    private const string Unfinished = ".tmp";
    private readonly string folder = Path.Combine(dataDirectory, "abuse");

    /// <summary>Removes what a crash has left half written.</summary>
    public void Clean()
    {
        if (!Directory.Exists(folder))
        {
            return;
        }

        foreach (string path in Directory.EnumerateFiles(folder, "*" + Unfinished, SearchOption.AllDirectories))
        {
            File.Delete(path);
        }
    }

    public string PathOf(string test, int id) => Path.Combine(folder, test, id.ToString(CultureInfo.InvariantCulture));

    /// <summary>Receives a file under a passing name; forced to disk when this returns.</summary>
    /// <exception cref="SetupRefusal">It is empty, too large, or not of the type it claims to be.</exception>
    public async Task<(string Passing, long Bytes, string Sha256)> ReceiveAsync(string test, string mediaType, Stream body, CancellationToken cancellation)
    {
        FileCopy.MakePrivateFolder(folder);
        string home = Path.Combine(folder, test);
        FileCopy.MakePrivateFolder(home);
        string passing = Path.Combine(home, Guid.NewGuid().ToString("N") + Unfinished);
        try
        {
            using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            long bytes = 0;
            await using (FileStream file = new(passing, FileMode.CreateNew, FileAccess.Write, FileShare.None))
            {
                byte[] piece = new byte[64 * 1024];
                int got;
                while ((got = await body.ReadAtLeastAsync(piece, piece.Length, throwOnEndOfStream: false, cancellation)) > 0)
                {
                    if (bytes == 0 && MediaTypes.Problem(mediaType, piece.AsSpan(0, Math.Min(got, HeadBytes))) is { } problem)
                    {
                        throw SetupRefusal.Bad(problem);
                    }

                    bytes += got;
                    if (bytes > MostBytes)
                    {
                        throw SetupRefusal.TooLarge($"The file has more than {MostBytes} bytes.");
                    }

                    hash.AppendData(piece, 0, got);
                    await file.WriteAsync(piece.AsMemory(0, got), cancellation);
                }

                await file.FlushAsync(cancellation);
                NativeDisk.SyncData(file.SafeFileHandle, passing);
            }

            return bytes > 0 ? (passing, bytes, Convert.ToHexStringLower(hash.GetHashAndReset())) : throw SetupRefusal.Bad("The file is empty.");
        }
        catch
        {
            File.Delete(passing);
            throw;
        }
    }

    /// <summary>Gives a received file its number; on disk when this returns.</summary>
    public void Keep(string test, int id, string passing)
    {
        File.Move(passing, PathOf(test, id), overwrite: true);
        NativeDisk.SyncDirectory(Path.Combine(folder, test));
        NativeDisk.SyncDirectory(folder);
    }
}
