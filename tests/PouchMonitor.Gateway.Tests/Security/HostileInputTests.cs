using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>What people with bad intentions send: markup, SQL, paths, too much, too slowly, and bodies of the wrong shape.</summary>
public sealed class HostileInputTests(PagesGateway gateway) : IClassFixture<PagesGateway>
{
    private static readonly string[] Hostile =
    [
        "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "'; DROP TABLE audit; --", "' OR '1'='1", "\r\nSet-Cookie: a=b", "${7*7}{{7*7}}",
        "../../../etc/passwd", "%00", "\u202Etxt.exe", "\uFFFF", new string('x', 5000),
    ];

    private readonly ClosedGateway bench = gateway.Bench;

    [Fact]
    public async Task HostileText_IsStoredAndGivenBackAsItIs_OrRefused()
    {
        Action<HttpRequestMessage> admin = ClosedGateway.As(ClosedGateway.Admin);
        foreach (string text in Hostile)
        {
            int status = await bench.StatusAsync(HttpMethod.Post, "/api/v1/accounts", admin, JsonSerializer.Serialize(new { user = text, password = ClosedGateway.Password }));
            Assert.Equal(400, status);
            using HttpResponseMessage made = await bench.SendAsync(HttpMethod.Post, "/api/v1/tokens", admin, JsonSerializer.Serialize(new { name = text, scopes = new[] { TokenScopes.Read } }));
            if (text.Length > AccessFile.LongestTokenName || text.Any(char.IsControl))
            {
                Assert.Equal(HttpStatusCode.BadRequest, made.StatusCode);
                continue;
            }

            Assert.Equal(HttpStatusCode.Created, made.StatusCode);
            Assert.Equal("application/json", made.Content.Headers.ContentType!.MediaType);
            using HttpResponseMessage listed = await bench.SendAsync(HttpMethod.Get, "/api/v1/tokens", admin);
            string json = await listed.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.DoesNotContain("<script", json);
            using JsonDocument tokens = JsonDocument.Parse(json);
            Assert.Contains(tokens.RootElement.EnumerateArray(), token => token.GetProperty("name").GetString() == text.Trim());
        }

        Assert.NotEmpty(bench.Gateway.Services.Database.ReadAudit(long.MaxValue, 10));
    }

    [Fact]
    public async Task NoBodyOfTheWrongShape_AndNoHostilePath_MakesARouteFail()
    {
        string[] bodies =
        [
            "", "null", "[]", "7", "\"text\"", "{", "{\"a\":", new string('[', 2000), $$"""{"user":{"a":1},"password":[],"role":7,"name":{},"scopes":{},"token":null,"by":5,"note":[1],"reason":{},"seconds":"x","route":[]}""",
            JsonSerializer.Serialize(Hostile.Take(10).ToDictionary(text => text, text => text)), """{"user":"\ud800","password":"\ud800","name":"\ud800","by":"\ud800","note":"\ud800","token":"\ud800"}""",
        ];
        string[] values = ["%00", "..%2f..%2fsecret.txt", "%3Cscript%3E", "a%0d%0ab", "%F0%9F%94%A5", new string('y', 300), "'%20OR%20'1'%3D'1", "%ff%fe"];
        List<string> failed = [];
        foreach (GatewayRoute route in GatewayRoute.All(bench.Gateway))
        {
            if (route.Method is "POST" or "PUT" or "PATCH" or "DELETE")
            {
                foreach (string body in bodies)
                {
                    await Ask(route, GatewayRoute.PathOf(route.Endpoint, "none-of-it"), body, failed);
                }
            }

            if (route.Endpoint.RoutePattern.Parameters.Count > 0)
            {
                foreach (string value in values)
                {
                    await Ask(route, GatewayRoute.PathOf(route.Endpoint, value), "{}", failed);
                }
            }
        }

        Assert.Empty(failed);
    }

    [Theory]
    [InlineData("/../secret.txt")]
    [InlineData("/..%2fsecret.txt")]
    [InlineData("/%2e%2e/secret.txt")]
    [InlineData("/%2e%2e%2fsecret.txt")]
    [InlineData("/..%5csecret.txt")]
    [InlineData("/..\\secret.txt")]
    [InlineData("/....//secret.txt")]
    [InlineData("/%252e%252e/secret.txt")]
    [InlineData("/index.html/../../secret.txt")]
    [InlineData("/./../access.json")]
    [InlineData("//secret.txt")]
    public async Task APathLeadsNowhereOutsideThePages(string target)
    {
        string answer = await Raw($"GET {target} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 4", answer);
        Assert.DoesNotContain(PagesGateway.Marker, answer);
        Assert.DoesNotContain("Users", answer);
    }

    [Fact]
    public async Task TooMuch_IsRefused_AndTooSlow_IsNotWaitedFor()
    {
        Action<HttpRequestMessage> admin = ClosedGateway.As(ClosedGateway.Admin);
        string large = $$"""{"name":"{{new string('x', 20_000)}}"}""";
        Assert.Equal(413, await bench.StatusAsync(HttpMethod.Post, "/api/v1/tokens", admin, large));
        Assert.Equal(413, await bench.StatusAsync(HttpMethod.Post, "/api/v1/session", ClosedGateway.Nobody, large));
        Assert.StartsWith("HTTP/1.1 413", await Raw("POST /api/v1/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999\r\nConnection: close\r\n\r\n"));
        Assert.StartsWith("HTTP/1.1 431", await Raw($"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: {new string('h', 60_000)}\r\n\r\n"));
        KestrelServerLimits limits = bench.Gateway.Web.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;
        Assert.InRange(limits.RequestHeadersTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30));
        Assert.InRange(limits.KeepAliveTimeout, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(3));
        Assert.InRange(limits.MaxRequestBodySize!.Value, 1, 1024 * 1024);
        Assert.True(limits.MinRequestBodyDataRate is { BytesPerSecond: >= 100 });
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/api/v1/session")]
    [InlineData("/api/v1/cells")]
    [InlineData("/nothing-here")]
    public async Task EveryAnswer_TellsBrowsersToBeCareful(string path)
    {
        using HttpResponseMessage answer = await bench.SendAsync(HttpMethod.Get, path, ClosedGateway.Nobody);
        string policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        foreach (string part in (string[])["default-src 'self'", "script-src 'self'", "style-src 'self'", "connect-src 'self'", "object-src 'none'", "frame-ancestors 'none'", "base-uri 'none'"])
        {
            Assert.Contains(part, policy);
        }

        Assert.DoesNotContain("unsafe", policy);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Resource-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.Equal(path.StartsWith("/api", StringComparison.Ordinal), answer.Headers.CacheControl?.NoStore == true);
    }

    private async Task Ask(GatewayRoute route, string path, string body, List<string> failed)
    {
        using HttpRequestMessage request = new(new HttpMethod(route.Method == "*" ? "GET" : route.Method), bench.Address + path.TrimStart('/'));
        if (route.Method is not ("GET" or "HEAD" or "*"))
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        ClosedGateway.Bearer(bench.TokenOf(TokenScopes.Admin))(request);
        using HttpResponseMessage answer = await bench.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.InternalServerError)
        {
            failed.Add($"{route.Name} at {path[..Math.Min(path.Length, 80)]}: {body[..Math.Min(body.Length, 80)]}");
        }
    }

    private async Task<string> Raw(string request)
    {
        using TcpClient tcp = new();
        await tcp.ConnectAsync(IPAddress.Loopback, bench.Address.Port, TestContext.Current.CancellationToken);
        await using NetworkStream stream = tcp.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        using StreamReader reader = new(stream, Encoding.Latin1);
        StringBuilder answer = new();
        char[] piece = new char[4096];
        try
        {
            int length;
            while ((length = await reader.ReadAsync(piece, TestContext.Current.CancellationToken)) > 0 && answer.Length < 100_000)
            {
                answer.Append(piece, 0, length);
            }
        }
        catch (IOException)
        {
            // Closed on us, after what it had to say.
        }

        return answer.ToString();
    }
}
