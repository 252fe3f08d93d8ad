using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>
/// What is asked before everything else: that the name in the request is one of this gateway's, so that a page of another site
/// that was given our address under its own name gets nothing, and that no page of another site changes anything.
/// </summary>
internal sealed class HostGuard(IReadOnlyList<string> hosts)
{
    private readonly HashSet<string> names = new(hosts, StringComparer.OrdinalIgnoreCase);

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        string host = context.Request.Host.Host;
        if (!IsLocalHost(host) && !names.Contains(host))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status421MisdirectedRequest, names.Count == 0
                ? $"This gateway serves loopback only, not '{host}'."
                : $"This gateway does not go by the name '{host}'; 'hosts' in its configuration says by which.");
            return;
        }

        if (!HttpAccess.IsReading(context.Request) && HttpAccess.IsForeign(context.Request))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status403Forbidden, "A page of another site may not change anything here.");
            return;
        }

        await next(context);
    }

    internal static bool IsLocalHost(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]" or "::1" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);
}
