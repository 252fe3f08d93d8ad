using System.Text.Json;

namespace PouchMonitor.Gateway.Backup;

/// <summary>One file of a backup.</summary>
/// <param name="Path">Where it lies in the data directory, with '/' between folders.</param>
/// <param name="Bytes">Its length.</param>
/// <param name="Sha256">SHA-256 of its content, 64 hexadecimal digits.</param>
public sealed record BackupFile(string Path, long Bytes, string Sha256);

/// <summary>What a backup holds. Written last, so that a backup without it is known to be unfinished.</summary>
public sealed record BackupManifest
{
    /// <summary>Name of the manifest in a backup's folder.</summary>
    public const string FileName = "backup.json";

    private const string FormatName = "pouchmonitor-backup";
    private const int NewestVersion = 1;
    private const int MostBytes = 64 * 1024 * 1024;
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public string Format { get; init; } = FormatName;

    public int Version { get; init; } = NewestVersion;

    /// <summary>When the backup began, UTC.</summary>
    public required DateTimeOffset CreatedUtc { get; init; }

    /// <summary>Version of the program that made it.</summary>
    public required string Program { get; init; }

    public required IReadOnlyList<BackupFile> Files { get; init; }

    /// <exception cref="InvalidDataException">There is none, or it is not one this program can read.</exception>
    public static BackupManifest Read(string folder)
    {
        string path = Path.Combine(folder, FileName);
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                throw new InvalidDataException($"{folder} has no {FileName}: it is no backup, or one that was never finished.");
            }

            if (file.Length > MostBytes)
            {
                throw new InvalidDataException($"{path} has {file.Length} bytes; at most {MostBytes} are read.");
            }

            BackupManifest? manifest = JsonSerializer.Deserialize<BackupManifest>(File.ReadAllBytes(path), Json);
            if (manifest is not { Format: FormatName })
            {
                throw new InvalidDataException($"{path} is no list of a backup.");
            }

            if (manifest.Version > NewestVersion)
            {
                throw new InvalidDataException($"{path} has version {manifest.Version}; this program reads up to {NewestVersion}. Use the newer program.");
            }

            foreach (BackupFile listed in manifest.Files)
            {
                CheckPath(listed.Path, path);
            }

            return manifest;
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"{path} is damaged: {error.Message}", error);
        }
    }

    public void Write(string folder) => FileCopy.Publish(Path.Combine(folder, FileName), JsonSerializer.SerializeToUtf8Bytes(this, Json));

    // Nothing may be written outside the folder, whatever a list says.
    private static void CheckPath(string path, string manifest)
    {
        bool isPlain = path.Length is > 0 and <= 1000 && path.Split('/').All(part =>
            part.Length > 0 && part is not ("." or "..") && part.IndexOfAny(['\\', ':', '\0']) < 0);
        if (!isPlain)
        {
            throw new InvalidDataException($"{manifest} names a file '{path}', which is no path inside a data directory.");
        }
    }
}
