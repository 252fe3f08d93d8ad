using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Access.Oidc;

/// <summary>An OpenID provider whose tokens are let in as bearer tokens.</summary>
public sealed record OidcOptions
{
    /// <summary>As in its tokens, to the letter.</summary>
    public required string Issuer { get; init; }

    /// <summary>What the tokens have to be meant for.</summary>
    public required string Audience { get; init; }

    /// <summary>The claim with groups or roles: a text, or an array of them; dots lead into objects.</summary>
    public string RoleClaim { get; init; } = "roles";

    /// <summary>The claim that names people in the audit trail; <c>sub</c> where a token has none.</summary>
    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>Role by the value of that claim; who has several gets the greatest, who has none nothing.</summary>
    public required IReadOnlyDictionary<string, Role> Roles { get; init; }

    /// <summary>The provider's public keys (a JSON Web Key Set); null looks them up at the issuer.</summary>
    public string? KeyFile { get; init; }
}
