using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Access;

/// <summary>Names of roles, as files, the API and the command line write them.</summary>
public static class Roles
{
    /// <summary>All of them, for messages.</summary>
    public const string All = "viewer, operator, admin";

    public static string NameOf(Role role) => role switch
    {
        Role.Viewer => "viewer",
        Role.Operator => "operator",
        _ => "admin",
    };

    public static bool TryParse(string? name, out Role role)
    {
        role = name switch
        {
            "operator" => Role.Operator,
            "admin" => Role.Admin,
            _ => Role.Viewer,
        };
        return name is "viewer" or "operator" or "admin";
    }

    /// <exception cref="ArgumentException">There is no such role.</exception>
    public static Role Parse(string? name) => TryParse(name, out Role role)
        ? role
        : throw new ArgumentException($"'{name}' is no role: {All}.", nameof(name));
}
