using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Access.Oidc;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Cli.Commands;

/// <summary>The settings <c>oidc</c> of the configuration file: an OpenID provider whose bearer tokens are let in.</summary>
internal sealed record OidcEntry
{
    private const int MostRoles = 100;

    public required string Issuer { get; init; }

    public required string Audience { get; init; }

    public string RoleClaim { get; init; } = "roles";

    public string NameClaim { get; init; } = "preferred_username";

    /// <summary>Role of this gateway by the value of the claim.</summary>
    public required Dictionary<string, string> Roles { get; init; }

    /// <summary>JSON Web Key Set, found beside the configuration file; without it the keys are looked up at the issuer.</summary>
    public string? JwksFile { get; init; }

    public GatewayOptions AddTo(GatewayOptions options, string file)
    {
        if (!KeyLookUp.IsSafe(Issuer))
        {
            throw new CommandException($"--config {file}: oidc.issuer '{Issuer}' is no https address.");
        }

        if (Audience.Length == 0 || RoleClaim.Length == 0 || NameClaim.Length == 0)
        {
            throw new CommandException($"--config {file}: oidc.audience, oidc.roleClaim and oidc.nameClaim may not be empty.");
        }

        if (Roles.Count is 0 or > MostRoles)
        {
            throw new CommandException($"--config {file}: oidc.roles has {Roles.Count} entries, 1 to {MostRoles} are allowed; without any nobody would be let in.");
        }

        Dictionary<string, Role> roles = new(StringComparer.Ordinal);
        foreach ((string claim, string name) in Roles)
        {
            roles[claim] = Gateway.Access.Roles.TryParse(name, out Role role) ? role
                : throw new CommandException($"--config {file}: oidc.roles '{claim}': '{name}' is none of {Gateway.Access.Roles.All}.");
        }

        string? keys = JwksFile is null ? null : Path.Combine(Path.GetDirectoryName(Path.GetFullPath(file))!, JwksFile);
        if (keys is not null)
        {
            CheckKeys(keys, file);
        }

        return options with
        {
            Oidc = new OidcOptions { Issuer = Issuer, Audience = Audience, RoleClaim = RoleClaim, NameClaim = NameClaim, Roles = roles, KeyFile = keys },
        };
    }

    private static void CheckKeys(string keys, string file)
    {
        try
        {
            KeyLookUp.CheckFile(keys);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            throw new CommandException($"--config {file}: oidc.jwksFile: {error.Message}");
        }
    }
}
