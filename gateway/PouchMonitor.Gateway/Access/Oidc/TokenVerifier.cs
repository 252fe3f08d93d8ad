using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Access.Oidc;

/// <summary>Who a provider's token says asks.</summary>
/// <param name="Name">For the audit trail, beginning with <c>oidc:</c>, so that it is never taken for an account of the gateway.</param>
/// <param name="Role">Null where none of the roles is theirs.</param>
/// <param name="ExpiresMicroseconds">Unix microseconds.</param>
internal sealed record VerifiedToken(string Name, Role? Role, long ExpiresMicroseconds);

/// <summary>
/// Verifies signed JSON Web Tokens (RFC 7519, 7515, 8725): a listed algorithm that fits the key, the provider's signature, issuer,
/// audience and times with a minute of leeway. Whatever else is in a token is believed only after all of that.
/// </summary>
internal sealed class TokenVerifier(OidcOptions options, SigningKeys keys, Func<long> nowMicroseconds)
{
    /// <summary>Most characters of a token.</summary>
    public const int MostCharacters = 8 * 1024;

    private const double LeewaySeconds = 60;
    private const double LatestSeconds = 1e12;
    private const int LongestName = 64;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 8, AllowDuplicateProperties = false };

    /// <summary>Null where the token is not good, for whatever reason.</summary>
    public async Task<VerifiedToken?> VerifyAsync(string token, CancellationToken cancellation)
    {
        string[] parts = token.Length <= MostCharacters ? token.Split('.', 4) : [];
        if (parts.Length != 3 || Decode(parts[0]) is not { } header || Decode(parts[1]) is not { } payload || Decode(parts[2]) is not { } signature)
        {
            return null;
        }

        if (Algorithm(header) is not { } named || await keys.FindAsync(named.KeyId, named.Algorithm, cancellation) is not { } key
            || !key.Verify(named.Algorithm, Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), signature))
        {
            return null;
        }

        try
        {
            using JsonDocument claims = JsonDocument.Parse(payload, Strict);
            return claims.RootElement.ValueKind == JsonValueKind.Object ? Judge(claims.RootElement) : null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static (string Algorithm, string? KeyId)? Algorithm(byte[] header)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(header, Strict);
            JsonElement root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object || Text(root, "alg") is not { } algorithm || !SigningKey.IsAlgorithm(algorithm)
                || root.TryGetProperty("crit", out _) || root.TryGetProperty("b64", out _)
                || Text(root, "typ") is { } type && !IsType(type))
            {
                return null;
            }

            bool hasKey = root.TryGetProperty("kid", out JsonElement kid);
            return hasKey && kid.ValueKind != JsonValueKind.String ? null : (algorithm, hasKey ? kid.GetString() : null);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static bool IsType(string type) => type.ToUpperInvariant() is "JWT" or "AT+JWT" or "APPLICATION/AT+JWT";

    private VerifiedToken? Judge(JsonElement claims)
    {
        double now = nowMicroseconds() / 1e6;
        if (Text(claims, "iss") != options.Issuer || !IsFor(claims) || Number(claims, "exp") is not { } expires || expires + LeewaySeconds <= now
            || claims.TryGetProperty("nbf", out _) && !(Number(claims, "nbf") is { } from && from - LeewaySeconds <= now)
            || Text(claims, "sub") is not { Length: > 0 } subject)
        {
            return null;
        }

        string name = Text(claims, options.NameClaim) is { Length: > 0 } called && !called.Any(char.IsControl) ? called : subject;
        return new VerifiedToken(Shorten("oidc:" + name), RoleOf(claims), (long)((Math.Min(expires, LatestSeconds) + LeewaySeconds) * 1e6));
    }

    private bool IsFor(JsonElement claims) => claims.TryGetProperty("aud", out JsonElement audience) && audience.ValueKind switch
    {
        JsonValueKind.String => audience.GetString() == options.Audience,
        JsonValueKind.Array => audience.EnumerateArray().Any(item => item.ValueKind == JsonValueKind.String && item.GetString() == options.Audience),
        _ => false,
    };

    private Role? RoleOf(JsonElement claims)
    {
        if (!claims.TryGetProperty(options.RoleClaim, out JsonElement value))
        {
            value = claims;
            foreach (string step in options.RoleClaim.Split('.'))
            {
                if (value.ValueKind != JsonValueKind.Object || !value.TryGetProperty(step, out value))
                {
                    return null;
                }
            }
        }

        IEnumerable<string> names = value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!.Split(' '),
            JsonValueKind.Array => value.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(item => item.GetString()!),
            _ => [],
        };
        Role[] roles = [.. names.Where(options.Roles.ContainsKey).Select(name => options.Roles[name])];
        return roles.Length == 0 ? null : roles.Max();
    }

    // A long name keeps its beginning, and what tells it from others that begin alike.
    private static string Shorten(string name) => name.Length <= LongestName ? name
        : $"{name[..(LongestName - 13)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..12]}";

    private static byte[]? Decode(string part)
    {
        // The decoder forgives spaces and padding; a token that was changed in these would still be the same token.
        if (part.Length == 0 || part.AsSpan().ContainsAnyExcept("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
        {
            return null;
        }

        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static string? Text(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement root, string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) && double.IsFinite(number)
            ? number : null;
}
