using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api.Door;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// The one place that decides, between the choice of a route and its answer, whether who asks may have it: by the role that
/// the route names (<see cref="RoleNeeded"/>), or else a viewer for reading and an administrator for anything else.
/// </summary>
internal sealed class HttpAccess(GatewayDoor door)
{
    /// <summary>Carries what <c>GET /session</c> gave, with every change by cookie.</summary>
    public const string CsrfHeader = "X-PouchMonitor-Csrf";

    private static readonly object CallerKey = new();

    public async Task Invoke(HttpContext context, RequestDelegate next)
    {
        Endpoint? endpoint = context.GetEndpoint();
        if (endpoint is null || endpoint.Metadata.GetMetadata<OpenRoute>() is not null)
        {
            await next(context);
            return;
        }

        (Caller? caller, Refusal? refusal) = await Identify(context);
        if (caller is null)
        {
            await Refuse(context, refusal!);
            return;
        }

        if ((Forbidden(context.Request, endpoint, caller) ?? Forged(context.Request, caller) ?? TooMany(context, caller)) is { } problem)
        {
            await Refuse(context, problem);
            return;
        }

        context.Items[CallerKey] = caller;
        if (caller.Name is { } name)
        {
            context.User = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Name, name)], caller.Kind.ToString()));
        }

        if (!IsReading(context.Request))
        {
            // A change is answered, also one that ends its own session.
            await next(context);
            return;
        }

        CancellationTokenSource stay = door.Enter(caller, context.RequestAborted);
        context.RequestAborted = stay.Token;
        try
        {
            await next(context);
        }
        finally
        {
            door.Leave(stay);
        }
    }

    /// <summary>Who asks, for routes behind this.</summary>
    public static Caller CallerOf(HttpContext context) => (Caller)context.Items[CallerKey]!;

    /// <summary>Who is written into the audit trail.</summary>
    public static string PersonOf(HttpContext context) => context.User.Identity?.Name ?? "(open trial)";

    /// <summary>True where a browser says that a page of another site asks.</summary>
    public static bool IsForeign(HttpRequest request)
    {
        string? site = request.Headers["Sec-Fetch-Site"];
        if (site is not (null or "" or "same-origin" or "none"))
        {
            return true;
        }

        string? origin = request.Headers.Origin;
        return !string.IsNullOrEmpty(origin)
            && !(Uri.TryCreate(origin, UriKind.Absolute, out Uri? from)
                && string.Equals(from.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>True where nothing is changed.</summary>
    public static bool IsReading(HttpRequest request) => HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>Writes why somebody is not let in.</summary>
    public static Task Refuse(HttpContext context, Refusal refusal)
    {
        if (refusal.WaitSeconds > 0)
        {
            context.Response.Headers.RetryAfter = refusal.WaitSeconds.ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        if (refusal.Status == StatusCodes.Status401Unauthorized && !IsBrowser(context.Request))
        {
            context.Response.Headers.WWWAuthenticate = "Basic realm=\"PouchMonitor\", charset=\"UTF-8\"";
        }

        return GatewayEndpoints.Fail(context, refusal.Status, refusal.Reason);
    }

    // A browser would open a dialog of its own over the dashboard, and remember a password for every request afterwards.
    private static bool IsBrowser(HttpRequest request) => request.Headers.ContainsKey("Sec-Fetch-Site")
        || request.Headers.ContainsKey("Sec-Fetch-Mode")
        || request.Headers.ContainsKey("X-Requested-With")
        || request.Headers.Origin.Count > 0
        || request.Headers.Cookie.Count > 0
        || request.Headers.Accept.ToString() is { } accept && (accept.Contains("application/json", StringComparison.OrdinalIgnoreCase)
            || accept.Contains("text/html", StringComparison.OrdinalIgnoreCase) || accept.Contains("text/event-stream", StringComparison.OrdinalIgnoreCase));

    private static Refusal? Forbidden(HttpRequest request, Endpoint endpoint, Caller caller)
    {
        if (endpoint.Metadata.GetMetadata<AdmittingScope>() is { } admitting && caller.HasScope(admitting.Scope))
        {
            return null;
        }

        Role needed = endpoint.Metadata.GetMetadata<RoleNeeded>()?.Role ?? (IsReading(request) ? Role.Viewer : Role.Admin);
        return caller.Role is { } role && role >= needed ? null : new Refusal(StatusCodes.Status403Forbidden, caller.Role is { } has
            ? $"This needs the role {Roles.NameOf(needed)}; {caller.Name} has the role {Roles.NameOf(has)}."
            : caller.Token is not null ? "This token may only read the metrics." : $"None of the roles of {caller.Name} is one here.");
    }

    // A page of another site can make a browser send its cookie, but cannot read what has to be sent beside it.
    private static Refusal? Forged(HttpRequest request, Caller caller)
    {
        if (caller.SessionId is not { } id || IsReading(request))
        {
            return null;
        }

        string? sent = request.Headers[CsrfHeader];
        return sent is not null && CryptographicOperations.FixedTimeEquals(
            Encoding.UTF8.GetBytes(sent), Encoding.UTF8.GetBytes(SessionBook.CsrfOf(id)))
            ? null
            : new Refusal(StatusCodes.Status403Forbidden, $"The header {CsrfHeader} is missing or not this session's. Load the page again.");
    }

    private async Task<(Caller? Caller, Refusal? Refusal)> Identify(HttpContext context)
    {
        try
        {
            return await door.IdentifyAsync(context);
        }
        catch (Exception error) when (AccessFile.IsUnreadable(error))
        {
            return (null, new Refusal(StatusCodes.Status503ServiceUnavailable, "The list of accounts cannot be read, so nobody is let in; 'pouchmonitor doctor' says why."));
        }
    }

    private Refusal? TooMany(HttpContext context, Caller caller)
    {
        if (caller.Kind == CallerKind.Open || IsReading(context.Request))
        {
            return null;
        }

        string who = caller.Session?.Hash ?? caller.Token?.Id ?? $"{caller.Name} {context.Connection.RemoteIpAddress}";
        return door.Changes.TryTake(who) ? null : new Refusal(StatusCodes.Status429TooManyRequests,
            $"More than {ChangeRate.PerSecond} changes a second. Try again in a moment.", WaitSeconds: 1);
    }
}
