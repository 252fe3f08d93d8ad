using Microsoft.AspNetCore.Builder;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a person or a token may do; each role may do what those before it may.</summary>
public enum Role
{
    /// <summary>Looks.</summary>
    Viewer = 0,

    /// <summary>Acknowledges, shelves, assigns cells, sends commands to nodes.</summary>
    Operator = 1,

    /// <summary>Accounts, tokens, deliveries, everything.</summary>
    Admin = 2,
}

/// <summary>The least role an endpoint asks for, beside its route. Without one, reading asks for a viewer and anything else for an administrator.</summary>
internal sealed record RoleNeeded(Role Role);

internal static class RoleNeededExtensions
{
    public static TBuilder Needs<TBuilder>(this TBuilder endpoint, Role role)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new RoleNeeded(role)));
        return endpoint;
    }
}
