using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>A whole gateway that asks who is there, with an account of each role and a token of each scope.</summary>
public sealed class ClosedGateway : IAsyncLifetime
{
    public const string Password = "correct horse battery";

    private readonly string folder = Directory.CreateTempSubdirectory("closed-gateway-").FullName;
    private readonly Dictionary<string, string> tokens = new(StringComparer.Ordinal);
    private MonitorGateway? gateway;

    public static string Viewer => "vera";

    public static string Operator => "olga";

    public static string Admin => "ada";

    internal MonitorGateway Gateway => gateway!;

    internal string Folder => folder;

    internal Uri Address => new(Gateway.HttpAddress);

    internal HttpClient Http { get; } = new(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });

    /// <summary>Built pages to serve; null for none.</summary>
    internal string? DashboardDirectory { get; set; }

    /// <summary>The list as another process would change it; its passwords cost little, so that tests take seconds.</summary>
    internal AccessFile Access => new(folder) { Rounds = 1000 };

    public async ValueTask InitializeAsync()
    {
        Access.AddUser(Viewer, Password, Role.Viewer);
        Access.AddUser(Operator, Password, Role.Operator);
        Access.AddUser(Admin, Password, Role.Admin);
        foreach (string scope in new[] { TokenScopes.Read, TokenScopes.Operate, TokenScopes.Admin, TokenScopes.Metrics })
        {
            tokens[scope] = Access.AddToken(scope, [scope], TimeSpan.FromDays(1), "test").Token;
        }

        await StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        Directory.Delete(folder, recursive: true);
    }

    private async Task StartAsync() => gateway = await MonitorGateway.StartAsync(
        new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, DashboardDirectory = DashboardDirectory },
        CancellationToken.None);

    private async Task StopAsync()
    {
        if (gateway is not null)
        {
            await gateway.DisposeAsync();
            gateway = null;
        }
    }

    internal string TokenOf(string scope) => tokens[scope];

    internal static AuthenticationHeaderValue Basic(string user, string password = Password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    /// <summary>Signs in as a browser does.</summary>
    internal async Task<SignedIn> SignInAsync(string user, string password = Password, string? cookie = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(Address, "/api/v1/session"))
        {
            Content = JsonContent.Create(new { user, password }),
        };
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using HttpResponseMessage response = await Http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        using JsonDocument body = JsonDocument.Parse(text);
        return new SignedIn(Assert.Single(response.Headers.GetValues("Set-Cookie")), body.RootElement.GetProperty("csrf").GetString()!);
    }

    internal async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, Action<HttpRequestMessage> who, string? json = null, bool headersOnly = false)
    {
        using HttpRequestMessage request = new(method, new Uri(Address, path));
        if (json is not null || method != HttpMethod.Get && method != HttpMethod.Head)
        {
            request.Content = new StringContent(json ?? "{}", Encoding.UTF8, "application/json");
        }

        who(request);
        return await Http.SendAsync(
            request, headersOnly ? HttpCompletionOption.ResponseHeadersRead : HttpCompletionOption.ResponseContentRead, TestContext.Current.CancellationToken);
    }

    internal async Task<int> StatusAsync(HttpMethod method, string path, Action<HttpRequestMessage> who, string? json = null)
    {
        using HttpResponseMessage response = await SendAsync(method, path, who, json, headersOnly: true);
        return (int)response.StatusCode;
    }

    internal static Action<HttpRequestMessage> As(string user, string password = Password) =>
        request => request.Headers.Authorization = Basic(user, password);

    internal static Action<HttpRequestMessage> Bearer(string token) =>
        request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

    internal static void Nobody(HttpRequestMessage request)
    {
        // Nothing is said of who asks.
    }
}

/// <summary>What a browser holds after signing in.</summary>
internal sealed record SignedIn(string SetCookie, string Csrf)
{
    /// <summary>Name and value, as sent back.</summary>
    public string Cookie => SetCookie.Split(';')[0];

    public string Id => Cookie.Split('=', 2)[1];

    public void Look(HttpRequestMessage request) => request.Headers.Add("Cookie", Cookie);

    public void Change(HttpRequestMessage request)
    {
        Look(request);
        request.Headers.Add(HttpAccess.CsrfHeader, Csrf);
    }
}
