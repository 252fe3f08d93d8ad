using System.Collections.Concurrent;
using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// Who may use the dashboard and the API: everyone on loopback in an open trial, otherwise people with an account, by HTTP
/// Basic. A password is checked slowly once and remembered as a keyed hash for a while, so that each request is cheap.
/// </summary>
internal sealed class HttpAccess(AccessFile access, bool isOpen)
{
    private const int MostRemembered = 1000;
    private static readonly TimeSpan RememberedFor = TimeSpan.FromMinutes(10);
    private readonly byte[] key = RandomNumberGenerator.GetBytes(32);
    private readonly ConcurrentDictionary<string, DateTimeOffset> remembered = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim slowChecks = new(2);
    private volatile object? edition;

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        if (!IsLocalHost(context.Request.Host.Host))
        {
            // A page of another site that was given our address under its own name gets nothing.
            await GatewayEndpoints.Fail(context, StatusCodes.Status421MisdirectedRequest,
                $"This gateway serves loopback only, not '{context.Request.Host.Host}'.");
            return;
        }

        if (!HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && IsForeign(context.Request))
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status403Forbidden, "A page of another site may not change anything here.");
            return;
        }

        if (isOpen || context.Request.Path == "/healthz" || context.Request.Path == "/readyz" || context.Request.Path == MqttWebSocket.Path)
        {
            await next(context);
            return;
        }

        (string User, string Password)? login = Login(context.Request.Headers.Authorization);
        if (login is { } known && await IsKnown(known.User, known.Password))
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, known.User)], "Basic"));
            await next(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"PouchMonitor\", charset=\"UTF-8\"";
        await GatewayEndpoints.Fail(context, StatusCodes.Status401Unauthorized, access.HasUsers
            ? "Sign in with an account of this gateway."
            : "No account exists yet: run 'pouchmonitor user add NAME --data DIR' beside this gateway.");
    }

    private static bool IsLocalHost(string host) =>
        host is "localhost" or "127.0.0.1" or "[::1]" or "::1" || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase);

    /// <summary>True where a browser says that a page of another site asks.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        string? origin = request.Headers.Origin;
        return !string.IsNullOrEmpty(origin)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    private static (string User, string Password)? Login(string? header)
    {
        const string Scheme = "Basic ";
        if (header is null || header.Length > 1000 || !header.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        Span<byte> bytes = stackalloc byte[1000];
        if (!Convert.TryFromBase64String(header[Scheme.Length..].Trim(), bytes, out int length))
        {
            return null;
        }

        string text = Encoding.UTF8.GetString(bytes[..length]);
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        return colon < 0 ? null : (text[..colon], text[(colon + 1)..]);
    }

    private async Task<bool> IsKnown(string user, string password)
    {
        string ticket = Convert.ToHexString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(user + "\n" + password)));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        object current = access.Edition;
        if (!ReferenceEquals(edition, current))
        {
            // An account that was taken away, or a password that was changed, ends at once.
            remembered.Clear();
            edition = current;
        }

        if (remembered.TryGetValue(ticket, out DateTimeOffset until) && until > now)
        {
            return true;
        }

        await slowChecks.WaitAsync();
        try
        {
            if (!await Task.Run(() => access.IsUser(user, password)))
            {
                return false;
            }
        }
        finally
        {
            slowChecks.Release();
        }

        if (remembered.Count >= MostRemembered)
        {
            remembered.Clear();
        }

        if (ReferenceEquals(current, access.Edition))
        {
            remembered[ticket] = now + RememberedFor;
        }

        return true;
    }
}
