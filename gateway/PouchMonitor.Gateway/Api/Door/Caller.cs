using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>How somebody has shown who they are.</summary>
internal enum CallerKind
{
    /// <summary>An open trial: nobody has to.</summary>
    Open,

    /// <summary>HTTP Basic.</summary>
    Password,

    /// <summary>A cookie.</summary>
    Session,

    /// <summary>A token of this gateway.</summary>
    Token,

    /// <summary>A token of an OpenID provider.</summary>
    Provider,
}

/// <summary>Who asks, and what they may do.</summary>
internal sealed record Caller(CallerKind Kind, string? Name, Role? Role)
{
    /// <summary>Of the account, where a password was shown.</summary>
    public string? Stamp { get; init; }

    public Session? Session { get; init; }

    /// <summary>The id in the cookie, for the token against forged requests.</summary>
    public string? SessionId { get; init; }

    public ApiToken? Token { get; init; }

    /// <summary>Unix microseconds; null where nothing ends by itself.</summary>
    public long? ExpiresMicroseconds { get; init; }

    /// <summary>True where what is asked for is admitted by a token's scope, whatever its role.</summary>
    public bool HasScope(string scope) => Token?.Scopes.Contains(scope, StringComparer.Ordinal) == true;
}

/// <summary>Why nobody is let in.</summary>
/// <param name="Status">HTTP status.</param>
/// <param name="Reason">One sentence for people.</param>
/// <param name="WaitSeconds">Seconds to wait before the next try; 0 for none.</param>
internal sealed record Refusal(int Status, string Reason, int WaitSeconds = 0);
