using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.HttpOverrides;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>
/// Believes <c>X-Forwarded-For</c>, <c>-Proto</c> and <c>-Host</c> of the configured proxies and of nobody else, and keeps others
/// away from a port that is plain for a proxy's sake.
/// </summary>
internal static class ProxyTrust
{
    public static void Use(WebApplication web, GatewayHttpOptions http)
    {
        if (http.TrustedProxies.Count == 0)
        {
            return;
        }

        HashSet<IPAddress> proxies = [.. http.TrustedProxies.Select(Plain)];
        web.Use(async (context, next) =>
        {
            IPAddress from = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
            if (!context.Request.IsHttps && !IPAddress.IsLoopback(from) && !proxies.Contains(from))
            {
                await GatewayEndpoints.Fail(context, StatusCodes.Status403Forbidden, "This port is for the gateway's proxy. Ask the proxy.");
                return;
            }

            await next(context);
        });
        ForwardedHeadersOptions options = new()
        {
            ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost,
            ForwardLimit = null, // Each step is a known proxy, or it is the last.
            AllowedHosts = [.. http.Hosts],
        };
        options.KnownIPNetworks.Clear();
        options.KnownProxies.Clear();
        foreach (IPAddress proxy in proxies)
        {
            options.KnownProxies.Add(proxy);
        }

        web.UseForwardedHeaders(options);
    }

    private static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
