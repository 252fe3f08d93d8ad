using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>The cookie of a session. Over TLS its name binds it to this host and to TLS, so that no other page can plant one.</summary>
internal static class SessionCookie
{
    public const string PlainName = "pouchmonitor-session";
    public const string SecureName = "__Host-" + PlainName;

    public static string? Read(HttpRequest request) => request.Cookies[NameFor(request)];

    public static void Write(HttpContext context, string id, TimeSpan life) =>
        context.Response.Cookies.Append(NameFor(context.Request), id, Options(context.Request, life));

    public static void Clear(HttpContext context) =>
        context.Response.Cookies.Append(NameFor(context.Request), string.Empty, Options(context.Request, TimeSpan.Zero));

    private static string NameFor(HttpRequest request) => request.IsHttps ? SecureName : PlainName;

    private static CookieOptions Options(HttpRequest request, TimeSpan life) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = request.IsHttps,
        Path = "/",
        MaxAge = life,
        IsEssential = true,
    };
}
