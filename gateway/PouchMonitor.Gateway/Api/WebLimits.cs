using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace PouchMonitor.Gateway.Api;

/// <summary>What a request may take of the gateway: bytes, headers, time; and what of an answer is compressed and kept.</summary>
internal static class WebLimits
{
    /// <summary>Most characters of a query.</summary>
    public const int MostQueryCharacters = 2048;

    private const int MostBodyBytes = 64 * 1024;
    private const string HeadKey = "PouchMonitor.Head";

    // Their answers hold secrets: never kept, and never compressed beside something that the asker chose.
    private static readonly string[] Secret = ["/api/v1/session", "/api/v1/setup", "/api/v1/accounts", "/api/v1/tokens", "/api/v1/delivery"];

    public static void Apply(KestrelServerLimits limits)
    {
        limits.MaxRequestBodySize = MostBodyBytes;
        limits.MaxRequestLineSize = 8 * 1024;
        limits.MaxRequestHeadersTotalSize = 32 * 1024; // A provider's bearer token may be long.
        limits.MaxRequestHeaderCount = 64;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        limits.MinRequestBodyDataRate = new MinDataRate(bytesPerSecond: 240, gracePeriod: TimeSpan.FromSeconds(5));
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(130);
    }

    public static void AddCompression(IServiceCollection services)
    {
        services.AddResponseCompression(options =>
        {
            options.EnableForHttps = true;
            options.MimeTypes = ["application/json", "text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "text/plain"];
            options.Providers.Add<BrotliCompressionProvider>();
            options.Providers.Add<GzipCompressionProvider>();
        });
        services.Configure<BrotliCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(options => options.Level = CompressionLevel.Fastest);
    }

    /// <summary>To be used first of all.</summary>
    public static void Use(IApplicationBuilder web)
    {
        web.Use(Guard);
        web.UseWhen(context => !IsSecret(context) && !context.Request.Path.StartsWithSegments("/api/v1/stream", StringComparison.OrdinalIgnoreCase),
            branch => branch.UseResponseCompression());
    }

    /// <summary>True where an answer is for nobody to keep.</summary>
    public static bool IsSecret(HttpContext context) =>
        Array.Exists(Secret, path => context.Request.Path.StartsWithSegments(path, StringComparison.OrdinalIgnoreCase));

    /// <summary>True where only the headers of an answer are wanted.</summary>
    public static bool IsHead(HttpContext context) => context.Items.ContainsKey(HeadKey);

    /// <summary>Built assets have their content's hash in their name and never change; all else is asked about each time.</summary>
    public static void SetCaching(HttpContext context) => context.Response.Headers.CacheControl =
        context.Request.Path.StartsWithSegments("/assets", StringComparison.Ordinal) ? "public, max-age=31536000, immutable" : "no-cache";

    private static async Task Guard(HttpContext context, RequestDelegate next)
    {
        if (context.Request.QueryString.Value?.Length > MostQueryCharacters)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status414UriTooLong,
                $"The query has {context.Request.QueryString.Value.Length} characters, more than {MostQueryCharacters}.");
            return;
        }

        if (HttpMethods.IsHead(context.Request.Method) && IsOwn(context.Request.Path))
        {
            // Answered as a GET is; the server leaves the body out.
            context.Items[HeadKey] = true;
            context.Request.Method = HttpMethods.Get;
        }

        try
        {
            await next(context);
        }
        catch (Microsoft.AspNetCore.Http.BadHttpRequestException error) when (!context.Response.HasStarted)
        {
            // Too large or too slow a body, told while it was read.
            string what = error.StatusCode switch
            {
                StatusCodes.Status413PayloadTooLarge => $"The body has more than {MostBodyBytes} bytes.",
                StatusCodes.Status408RequestTimeout => "The body came too slowly.",
                _ => "The request is not valid HTTP.",
            };
            await GatewayEndpoints.Fail(context, error.StatusCode, what);
        }
    }

    private static bool IsOwn(PathString path) =>
        path.StartsWithSegments("/api", StringComparison.OrdinalIgnoreCase) || path == "/healthz" || path == "/readyz" || path == "/metrics";
}
