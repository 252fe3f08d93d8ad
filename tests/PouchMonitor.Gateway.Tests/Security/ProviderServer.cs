using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>An OpenID provider on loopback: its discovery document and its keys over HTTP, whole, otherwise, or not at all.</summary>
internal sealed class ProviderServer : IAsyncDisposable
{
    private readonly WebApplication web;
    private bool isDisposed;

    private ProviderServer(ProviderKeys keys)
    {
        Keys = keys;
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        web = builder.Build();
        web.Run(AnswerAsync);
    }

    public string Issuer { get; private set; } = "";

    /// <summary>The keys that it serves.</summary>
    public ProviderKeys Keys { get; set; }

    /// <summary>In place of its discovery document; null for that.</summary>
    public string? Discovery { get; set; }

    /// <summary>True answers everything with 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>Requests so far.</summary>
    public int Requests { get; private set; }

    public static async Task<ProviderServer> StartAsync(ProviderKeys keys)
    {
        ProviderServer server = new(keys);
        await server.web.StartAsync();
        server.Issuer = server.web.Urls.First() + "/realms/lab";
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        if (isDisposed)
        {
            return;
        }

        isDisposed = true;
        using CancellationTokenSource now = new(TimeSpan.FromMilliseconds(100));
        await web.StopAsync(now.Token);
        await web.DisposeAsync();
    }

    private Task AnswerAsync(HttpContext context)
    {
        Requests++;
        if (IsDown)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return context.Response.WriteAsync("later");
        }

        string discovery = Discovery ?? $$"""{"issuer":"{{Issuer}}","jwks_uri":"{{Issuer}}/keys","response_types_supported":["code"]}""";
        switch (context.Request.Path.Value)
        {
            case "/realms/lab/.well-known/openid-configuration":
                return context.Response.WriteAsync(discovery);
            case "/realms/lab/keys":
                return context.Response.Body.WriteAsync(Keys.KeySet()).AsTask();
            case "/realms/lab/moved":
                context.Response.Redirect(Issuer + "/keys");
                return Task.CompletedTask;
            default:
                context.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
        }
    }
}
