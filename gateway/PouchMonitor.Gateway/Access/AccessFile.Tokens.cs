using System.Security.Cryptography;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Access;

/// <summary>What is known of a token for a program; the token itself is not kept.</summary>
/// <param name="Id">For lists and for taking it away.</param>
/// <param name="Name">What its maker called it.</param>
/// <param name="Scopes">What it is good for.</param>
/// <param name="CreatedBy">Who made it; <c>cli</c> on the command line.</param>
/// <param name="CreatedMicroseconds">Unix microseconds.</param>
/// <param name="ExpiresMicroseconds">Unix microseconds; from then on it is worth nothing.</param>
public sealed record ApiToken(
    string Id, string Name, IReadOnlyList<string> Scopes, string CreatedBy, long CreatedMicroseconds, long ExpiresMicroseconds)
{
    /// <summary>The greatest role among the scopes; null where it may only read the metrics.</summary>
    public Role? Role => Scopes.Contains(TokenScopes.Admin, StringComparer.Ordinal) ? Api.Role.Admin
        : Scopes.Contains(TokenScopes.Operate, StringComparer.Ordinal) ? Api.Role.Operator
        : Scopes.Contains(TokenScopes.Read, StringComparer.Ordinal) ? Api.Role.Viewer
        : null;
}

/// <summary>What a token may be good for; each of read, operate and admin includes those before it.</summary>
public static class TokenScopes
{
    public const string Read = "read";
    public const string Operate = "operate";
    public const string Admin = "admin";
    public const string Metrics = "metrics";

    /// <summary>All of them, for messages.</summary>
    public const string All = "read, operate, admin, metrics";

    public static bool IsScope(string? scope) => scope is Read or Operate or Admin or Metrics;
}

/// <summary>Tokens for programs: random 256 bits, kept as a keyed fast hash.</summary>
public sealed partial class AccessFile
{
    /// <summary>Every token begins with this, so that one that leaks is found by those who look for such things.</summary>
    public const string TokenPrefix = "pmt_";

    /// <summary>Most tokens of one gateway.</summary>
    public const int MostTokens = 1000;

    /// <summary>Most characters of a token's name.</summary>
    public const int LongestTokenName = 48;

    /// <summary>Longest life of a token.</summary>
    public static readonly TimeSpan LongestTokenLife = TimeSpan.FromDays(3660);

    public IReadOnlyList<ApiToken> Tokens
    {
        get
        {
            Refresh();
            return [.. content.Tokens.Values.Select(TokenOf).OrderBy(token => token.CreatedMicroseconds)];
        }
    }

    /// <summary>Makes a token and returns it; it is shown this once. Tokens that have expired are forgotten.</summary>
    /// <exception cref="ArgumentException">The name, a scope or the life is none, or there are as many tokens as there may be.</exception>
    public (string Token, ApiToken Entry) AddToken(string name, IReadOnlyCollection<string> scopes, TimeSpan life, string createdBy,
        Action<ApiToken>? before = null)
    {
        ArgumentNullException.ThrowIfNull(scopes);
        if (string.IsNullOrWhiteSpace(name) || name.Length > LongestTokenName || name.Any(char.IsControl))
        {
            throw new ArgumentException($"A token's name has 1 to {LongestTokenName} characters.", nameof(name));
        }

        if (scopes.Count == 0 || !scopes.All(TokenScopes.IsScope))
        {
            throw new ArgumentException($"A token needs scopes: one or more of {TokenScopes.All}.", nameof(scopes));
        }

        if (life <= TimeSpan.Zero || life > LongestTokenLife)
        {
            throw new ArgumentException($"A token lives above 0 and at most {LongestTokenLife.Days} days.", nameof(life));
        }

        string token = TokenPrefix + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        long now = NowMicroseconds();
        TokenEntry entry = new(
            Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), name.Trim(), [.. scopes.Distinct(StringComparer.Ordinal)], createdBy, now,
            now + (life.Ticks / TimeSpan.TicksPerMicrosecond));
        Change(c =>
        {
            foreach (string expired in c.Tokens.Where(known => known.Value.ExpiresUs <= now).Select(known => known.Key).ToArray())
            {
                c.Tokens.Remove(expired);
            }

            if (c.Tokens.Count >= MostTokens)
            {
                throw new ArgumentException($"There are {MostTokens} tokens already, as many as there may be.", nameof(name));
            }

            c.Tokens[Convert.ToHexStringLower(KeyedHash(c, token))] = entry;
            before?.Invoke(TokenOf(entry));
        });
        return (token, TokenOf(entry));
    }

    /// <summary>Takes a token away; null where there is none of that id.</summary>
    public ApiToken? RemoveToken(string id, Action<ApiToken>? before = null)
    {
        ApiToken? removed = null;
        Change(c =>
        {
            if (c.Tokens.FirstOrDefault(entry => entry.Value.Id == id) is { Key: { } hash } found)
            {
                removed = TokenOf(found.Value);
                c.Tokens.Remove(hash);
                before?.Invoke(removed);
            }
        });
        return removed;
    }

    /// <summary>The token's entry; null where it is nobody's or has expired. What is looked up is a keyed hash, so that time tells nothing.</summary>
    internal ApiToken? FindToken(string token, long nowMicroseconds)
    {
        Refresh();
        Content now = content;
        if (now.Tokens.Count == 0 || !token.StartsWith(TokenPrefix, StringComparison.Ordinal))
        {
            return null;
        }

        return now.Tokens.TryGetValue(Convert.ToHexStringLower(KeyedHash(now, token)), out TokenEntry? entry) && entry.ExpiresUs > nowMicroseconds
            ? TokenOf(entry)
            : null;
    }

    /// <summary>Whether a token that was let in is still in the list and has not expired.</summary>
    internal bool HasToken(string id, long nowMicroseconds)
    {
        Refresh();
        return KnowsToken(id, nowMicroseconds);
    }

    /// <summary>The same in the list as it was last read.</summary>
    internal bool KnowsToken(string id, long nowMicroseconds) => content.Tokens.Values.Any(entry => entry.Id == id && entry.ExpiresUs > nowMicroseconds);

    /// <summary>When the next token of the list, as it was last read, expires; null where none will.</summary>
    internal long? NextExpiryMicroseconds(long nowMicroseconds) =>
        content.Tokens.Values.Where(entry => entry.ExpiresUs > nowMicroseconds).Min(entry => (long?)entry.ExpiresUs);

    private static bool IsToken(TokenEntry? entry) => entry is { Id.Length: > 0, Name: not null, CreatedBy: not null, Scopes: not null }
        && entry.Scopes.All(TokenScopes.IsScope);

    private static ApiToken TokenOf(TokenEntry entry) =>
        new(entry.Id, entry.Name, entry.Scopes, entry.CreatedBy, entry.CreatedUs, entry.ExpiresUs);

    private sealed record TokenEntry(string Id, string Name, string[] Scopes, string CreatedBy, long CreatedUs, long ExpiresUs);
}
