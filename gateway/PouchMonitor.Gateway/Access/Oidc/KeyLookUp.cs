using System.Text.Json;

namespace PouchMonitor.Gateway.Access.Oidc;

/// <summary>Where the keys of a provider come from: a file, or its discovery document and the address named there.</summary>
public static class KeyLookUp
{
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(5);

    /// <summary>True for an address that secrets and keys may cross: TLS, or this machine itself.</summary>
    public static bool IsSafe(string? address) => Uri.TryCreate(address, UriKind.Absolute, out Uri? uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback) && uri.UserInfo.Length == 0;

    /// <summary>Looks whether a file holds keys that can be used.</summary>
    /// <exception cref="InvalidDataException">It holds none.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static void CheckFile(string path)
    {
        if (SigningKeys.Parse(ReadFile(path)).Count == 0)
        {
            throw new InvalidDataException($"{path} holds no RSA key of 2048 bits or more and no P-256 key to verify tokens with.");
        }
    }

    internal static Task<byte[]> FromFile(string path, CancellationToken cancellation) => Task.Run(() => ReadFile(path), cancellation);

    internal static async Task<byte[]> FromIssuer(string issuer, CancellationToken cancellation)
    {
        using SocketsHttpHandler handler = new() { AllowAutoRedirect = false, UseCookies = false };
        using HttpClient http = new(handler) { Timeout = AnswerWithin, MaxResponseContentBufferSize = SigningKeys.MostBytes };
        byte[] discovery = await http.GetByteArrayAsync(new Uri(issuer.TrimEnd('/') + "/.well-known/openid-configuration"), cancellation);
        using JsonDocument document = JsonDocument.Parse(discovery);
        JsonElement root = document.RootElement;
        if (root.ValueKind != JsonValueKind.Object || Text(root, "issuer") != issuer || Text(root, "jwks_uri") is not { } keys || !IsSafe(keys))
        {
            throw new InvalidDataException($"The discovery document of {issuer} is another issuer's, or names no https address of its keys.");
        }

        return await http.GetByteArrayAsync(new Uri(keys), cancellation);
    }

    private static byte[] ReadFile(string path) => new FileInfo(path) is { Exists: true, Length: > SigningKeys.MostBytes }
        ? throw new InvalidDataException($"{path}: a key set has at most {SigningKeys.MostBytes} bytes.")
        : File.ReadAllBytes(path);

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
