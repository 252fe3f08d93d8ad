using System.Text.Json;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>What only the receiver of one route may know.</summary>
/// <param name="Url">Address of a webhook or a watchdog; those of chat tools let anybody in who knows them.</param>
/// <param name="Secret">Key that webhooks are signed with.</param>
/// <param name="Token">Bearer token.</param>
/// <param name="Password">Of the mail server.</param>
internal sealed record DeliverySecret(string? Url = null, string? Secret = null, string? Token = null, string? Password = null)
{
    // The text of a record lists its values; this one may end in a log.
    public override string ToString() => nameof(DeliverySecret);
}

/// <summary>
/// The secrets of all routes in a file of their own, its owner's only, so that the database can be looked at, copied and exported
/// without them. Written whole, under another name first.
/// </summary>
internal sealed class DeliverySecrets
{
    public const string FileName = "delivery-secrets.json";

    /// <summary>Key of the mail server.</summary>
    public const string Mail = "/smtp";

    /// <summary>Key of the watchdog.</summary>
    public const string Heartbeat = "/heartbeat";

    private readonly string path;
    private Dictionary<string, DeliverySecret> secrets = new(StringComparer.Ordinal);

    public DeliverySecrets(string dataDirectory)
    {
        path = Path.Combine(dataDirectory, FileName);
        if (!File.Exists(path))
        {
            return;
        }

        try
        {
            secrets = new Dictionary<string, DeliverySecret>(
                JsonSerializer.Deserialize<Dictionary<string, DeliverySecret>>(File.ReadAllText(path)) ?? [], StringComparer.Ordinal);
        }
        catch (JsonException)
        {
            // Not the error's own text, which may quote the file; and the gateway runs on, since the rest of its work matters more.
            Problem = $"{path} is damaged; set the addresses and secrets of the routes again.";
        }
    }

    /// <summary>What is wrong with the file; null where nothing is, or it has been written since.</summary>
    public string? Problem { get; private set; }

    public IReadOnlyDictionary<string, DeliverySecret> All => Volatile.Read(ref secrets);

    public DeliverySecret Of(string key) => All.GetValueOrDefault(key) ?? new DeliverySecret();

    public void Write(Dictionary<string, DeliverySecret> next)
    {
        FileStreamOptions options = new() { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        string temporary = path + ".new";
        using (FileStream file = new(temporary, options))
        {
            JsonSerializer.Serialize(file, next);
            file.Flush(flushToDisk: true);
        }

        if (Problem is not null)
        {
            File.Move(path, path + ".damaged", overwrite: true);
        }

        File.Move(temporary, path, overwrite: true);
        Problem = null;
        Volatile.Write(ref secrets, next);
    }
}
