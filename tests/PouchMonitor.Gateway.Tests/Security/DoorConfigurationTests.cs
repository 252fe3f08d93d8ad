using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Access.Oidc;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>A gateway that is reached by TLS, through a proxy, or with a provider's tokens.</summary>
public sealed class DoorConfigurationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("door-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public async Task OverTls_TheCookieIsTheHostsOwn_AndBrowsersAreToldToStayThere()
    {
        (string certificate, string key) = MakeCertificate();
        new AccessFile(folder) { Rounds = 1000 }.AddUser("ada", ClosedGateway.Password, Role.Admin);
        await using MonitorGateway gateway = await Start(new GatewayHttpOptions
        {
            Hosts = ["lab.example"],
            Tls = new GatewayTlsOptions { CertificateFile = certificate, KeyFile = key, Port = 0 },
        });
        using X509Certificate2 trusted = X509CertificateLoader.LoadCertificateFromFile(certificate);
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(trusted);
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false, SslOptions = { CertificateChainPolicy = policy } });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(gateway.HttpTlsAddress + "/api/v1/session")) { Content = SignIn() };
        request.Headers.Host = "lab.example";
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        string cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-pouchmonitor-session=", cookie);
        Assert.Contains("; secure", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("max-age=31536000", Assert.Single(answer.Headers.GetValues("Strict-Transport-Security")));
        Assert.Equal("1.1", answer.Version.ToString());
    }

    [Fact]
    public async Task OnlyTheProxysWord_CountsForNameAndAddress()
    {
        new AccessFile(folder) { Rounds = 1000 }.AddUser("ada", ClosedGateway.Password, Role.Admin);
        await using (MonitorGateway trusting = await Start(new GatewayHttpOptions { Hosts = ["lab.example"], TrustedProxies = [IPAddress.Loopback] }))
        {
            (HttpStatusCode status, string cookie) = await Forwarded(trusting, "lab.example");
            Assert.Equal(HttpStatusCode.OK, status);
            Assert.StartsWith("__Host-", cookie);
            Assert.Contains("from 192.0.2.9", trusting.Services.Database.ReadAudit(long.MaxValue, 1)[0].Detail);
            Assert.Equal(HttpStatusCode.OK, (await Forwarded(trusting, "elsewhere.example")).Status); // not one of the hosts: left aside
        }

        await using MonitorGateway wary = await Start(new GatewayHttpOptions { Hosts = ["lab.example"] });
        (HttpStatusCode plain, string own) = await Forwarded(wary, "lab.example");
        Assert.Equal(HttpStatusCode.OK, plain);
        Assert.StartsWith("pouchmonitor-session=", own);
        Assert.Contains("from 127.0.0.1", wary.Services.Database.ReadAudit(long.MaxValue, 1)[0].Detail);
    }

    [Fact]
    public async Task WhatWouldOpenTooMuch_IsRefusedInAClearSentence()
    {
        ArgumentException plain = await Assert.ThrowsAsync<ArgumentException>(() => Start(new GatewayHttpOptions { Address = IPAddress.Any }));
        Assert.Contains("Plain HTTP on 0.0.0.0 needs a trusted proxy", plain.Message);
        ArgumentException open = await Assert.ThrowsAsync<ArgumentException>(() => MonitorGateway.StartAsync(
            Options(new GatewayHttpOptions { Address = IPAddress.Any, TrustedProxies = [IPAddress.Loopback] }) with { OpenOnLoopback = true }, CancellationToken.None));
        Assert.Contains("An open gateway listens on loopback only, not on 0.0.0.0", open.Message);
    }

    [Fact]
    public async Task AProvidersToken_IsLetInWithItsRole_AndAForgedOneIsNot()
    {
        using ProviderKeys provider = new();
        string file = Path.Combine(folder, "keys.json");
        await File.WriteAllBytesAsync(file, provider.KeySet(), TestContext.Current.CancellationToken);
        await using MonitorGateway gateway = await MonitorGateway.StartAsync(Options(new GatewayHttpOptions()) with
        {
            Oidc = new OidcOptions
            {
                Issuer = ProviderKeys.Issuer,
                Audience = ProviderKeys.Audience,
                Roles = new Dictionary<string, Role>(StringComparer.Ordinal) { ["lab-operators"] = Role.Operator },
                KeyFile = file,
            },
        }, CancellationToken.None);
        using HttpClient http = new();
        double now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        string good = provider.Sign(ProviderKeys.Claims(now));
        Dictionary<string, object?> others = ProviderKeys.Claims(now);
        others["roles"] = new[] { "others" };
        Assert.Equal(HttpStatusCode.OK, await Get(http, gateway, "/api/v1/cells", good));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(http, gateway, "/api/v1/accounts", good));
        Assert.Equal(HttpStatusCode.Forbidden, await Get(http, gateway, "/api/v1/cells", provider.Sign(others)));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(http, gateway, "/api/v1/cells", good[..^4] + "AAAA"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Get(http, gateway, "/api/v1/cells", provider.Sign(ProviderKeys.Claims(now), "none", "rsa-1")));
    }

    private static async Task<HttpStatusCode> Get(HttpClient http, MonitorGateway gateway, string path, string token)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, new Uri(gateway.HttpAddress + path));
        ClosedGateway.Bearer(token)(request);
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    private static async Task<(HttpStatusCode Status, string Cookie)> Forwarded(MonitorGateway gateway, string host)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseCookies = false });
        using HttpRequestMessage request = new(HttpMethod.Post, new Uri(gateway.HttpAddress + "/api/v1/session")) { Content = SignIn() };
        request.Headers.Add("X-Forwarded-For", "192.0.2.9");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Forwarded-Host", host);
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        return (answer.StatusCode, answer.Headers.TryGetValues("Set-Cookie", out IEnumerable<string>? cookies) ? cookies.Single() : "");
    }

    private static StringContent SignIn() => new(JsonSerializer.Serialize(new { user = "ada", password = ClosedGateway.Password }), Encoding.UTF8, "application/json");

    private Task<MonitorGateway> Start(GatewayHttpOptions http) => MonitorGateway.StartAsync(Options(http), CancellationToken.None);

    private GatewayOptions Options(GatewayHttpOptions http) =>
        new() { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, Http = http };

    private (string Certificate, string Key) MakeCertificate()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=lab.example", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName("lab.example");
        request.CertificateExtensions.Add(names.Build());
        using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(30));
        string certificateFile = Path.Combine(folder, "http.pem");
        string keyFile = Path.Combine(folder, "http.key");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(keyFile, key.ExportPkcs8PrivateKeyPem());
        return (certificateFile, keyFile);
    }
}
