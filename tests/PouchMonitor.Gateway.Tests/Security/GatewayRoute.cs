using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>A route of a running gateway with one of its methods, <c>*</c> for any.</summary>
internal sealed partial record GatewayRoute(string Method, string Name, RouteEndpoint Endpoint)
{
    /// <summary>Every route there is, also those that nobody has thought of when these tests were written.</summary>
    public static IEnumerable<GatewayRoute> All(MonitorGateway gateway)
    {
        foreach (RouteEndpoint endpoint in gateway.Web.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            string pattern = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            IReadOnlyList<string>? methods = endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods;
            foreach (string method in methods is { Count: > 0 } ? methods : ["*"])
            {
                yield return new GatewayRoute(method, $"{method} {pattern}", endpoint);
            }
        }
    }

    /// <summary>Its path with something in place of each parameter.</summary>
    public static string PathOf(RouteEndpoint endpoint, string value) => "/" + Parameter().Replace(endpoint.RoutePattern.RawText!.TrimStart('/'), value);

    [GeneratedRegex(@"\{[^}]*\}", RegexOptions.None, 1000)]
    private static partial Regex Parameter();
}
