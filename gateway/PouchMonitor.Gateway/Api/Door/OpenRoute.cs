using Microsoft.AspNetCore.Builder;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>A route that answers without asking who is there: signs of life, and signing in.</summary>
internal sealed record OpenRoute;

/// <summary>A route that a token's scope admits besides the role it needs.</summary>
internal sealed record AdmittingScope(string Scope);

internal static class RouteAccessExtensions
{
    /// <summary>Lets everybody in; the route itself has to be safe against whoever comes.</summary>
    public static TBuilder OpenToAll<TBuilder>(this TBuilder endpoint)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new OpenRoute()));
        return endpoint;
    }

    public static TBuilder AdmitsScope<TBuilder>(this TBuilder endpoint, string scope)
        where TBuilder : IEndpointConventionBuilder
    {
        endpoint.Add(builder => builder.Metadata.Add(new AdmittingScope(scope)));
        return endpoint;
    }
}
