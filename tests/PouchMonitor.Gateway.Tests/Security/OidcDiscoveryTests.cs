using System.Net;
using System.Net.Http.Headers;
using PouchMonitor.Gateway.Access.Oidc;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Tests.Journal;
using PouchMonitor.Gateway.Tests.Mqtt;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>The keys of a real provider over HTTP: found by discovery, changed, out of reach, and a provider that says what is not to be believed.</summary>
public sealed class OidcDiscoveryTests
{
    private static readonly Dictionary<string, Role> Roles = new(StringComparer.Ordinal) { ["lab-operators"] = Role.Operator };

    [Fact]
    public async Task AGateway_LetsInWhoTheProviderSigns_ForItself_AndNobodyElse()
    {
        using ProviderKeys keys = new();
        using ProviderKeys forger = new();
        await using ProviderServer provider = await ProviderServer.StartAsync(keys);
        await using GatewayBench bench = await GatewayBench.StartAsync(options => options with
        {
            Oidc = new OidcOptions { Issuer = provider.Issuer, Audience = ProviderKeys.Audience, Roles = Roles },
        });
        using HttpClient http = new();
        double now = (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
        Dictionary<string, object?> good = Claims(provider, now);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(keys.Sign(good)));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(keys.Sign(good, "ES256")));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(forger.Sign(good)));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(keys.Sign(new Dictionary<string, object?>(good, StringComparer.Ordinal) { ["aud"] = "another-service" })));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(keys.Sign(new Dictionary<string, object?>(good, StringComparer.Ordinal) { ["iss"] = provider.Issuer + "/" })));
        Assert.Equal(HttpStatusCode.Forbidden, await AskAsync(keys.Sign(new Dictionary<string, object?>(good, StringComparer.Ordinal) { ["roles"] = "somebody-elses" })));

        // The discovery document and the keys, once: all of this was judged by what is known.
        Assert.Equal(2, provider.Requests);

        async Task<HttpStatusCode> AskAsync(string token)
        {
            using HttpRequestMessage request = new(HttpMethod.Get, bench.Gateway.HttpAddress + "/api/v1/cells");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return answer.StatusCode;
        }
    }

    [Fact]
    public async Task ChangedKeys_AreLookedUp_AtMostOnceAMinute_AndOldOnesEnd()
    {
        using ProviderKeys first = new() { RsaId = "rsa-old" };
        using ProviderKeys second = new() { RsaId = "rsa-new" };
        await using ProviderServer provider = await ProviderServer.StartAsync(first);
        ManualTime time = new();
        using SigningKeys keys = new(cancellation => KeyLookUp.FromIssuer(provider.Issuer, cancellation), time);
        TokenVerifier verifier = Verifier(provider, keys, time);
        Assert.True(await IsGoodAsync(verifier, provider, first, time));

        provider.Keys = second;
        time.Advance(TimeSpan.FromSeconds(59));
        Assert.False(await IsGoodAsync(verifier, provider, second, time));
        Assert.Equal(2, provider.Requests);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(await IsGoodAsync(verifier, provider, second, time));
        Assert.False(await IsGoodAsync(verifier, provider, first, time));
        Assert.Equal(4, provider.Requests);
    }

    [Fact]
    public async Task AProviderOutOfReach_KeepsNobodyOutWhoseKeyIsKnown_AndLetsInNobodyElse()
    {
        using ProviderKeys known = new();
        using ProviderKeys unknown = new() { RsaId = "rsa-2" };
        await using ProviderServer provider = await ProviderServer.StartAsync(known);
        ManualTime time = new();
        using SigningKeys keys = new(cancellation => KeyLookUp.FromIssuer(provider.Issuer, cancellation), time);
        TokenVerifier verifier = Verifier(provider, keys, time);

        provider.IsDown = true;
        Assert.False(await IsGoodAsync(verifier, provider, known, time));
        provider.IsDown = false;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await IsGoodAsync(verifier, provider, known, time));
        provider.IsDown = true;
        time.Advance(TimeSpan.FromHours(2));
        Assert.True(await IsGoodAsync(verifier, provider, known, time));
        Assert.False(await IsGoodAsync(verifier, provider, unknown, time));

        // Nobody listens at all any more.
        await provider.DisposeAsync();
        time.Advance(TimeSpan.FromHours(2));
        Assert.True(await IsGoodAsync(verifier, provider, known, time));
    }

    [Theory]
    [InlineData("""{"issuer":"https://elsewhere.example","jwks_uri":"ISSUER/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"http://keys.example/keys"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"file:///etc/passwd"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/moved"}""")]
    [InlineData("""{"issuer":"ISSUER","jwks_uri":"ISSUER/absent"}""")]
    [InlineData("""{"issuer":"ISSUER"}""")]
    [InlineData("""{"issuer":7,"jwks_uri":[]}""")]
    [InlineData("[]")]
    [InlineData("<html>sign in</html>")]
    public async Task WhatIsNotToBeBelieved_GivesNoKeys(string discovery)
    {
        using ProviderKeys keys = new();
        await using ProviderServer provider = await ProviderServer.StartAsync(keys);
        provider.Discovery = discovery.Replace("ISSUER", provider.Issuer, StringComparison.Ordinal);
        ManualTime time = new();
        using SigningKeys found = new(cancellation => KeyLookUp.FromIssuer(provider.Issuer, cancellation), time);
        Assert.False(await IsGoodAsync(Verifier(provider, found, time), provider, keys, time));
        provider.Discovery = null;
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.True(await IsGoodAsync(Verifier(provider, found, time), provider, keys, time));
    }

    private static Dictionary<string, object?> Claims(ProviderServer provider, double nowSeconds) =>
        new(ProviderKeys.Claims(nowSeconds), StringComparer.Ordinal) { ["iss"] = provider.Issuer };

    private static async Task<bool> IsGoodAsync(TokenVerifier verifier, ProviderServer provider, ProviderKeys signer, ManualTime time) =>
        await verifier.VerifyAsync(signer.Sign(Claims(provider, NowSeconds(time)), kid: signer.RsaId), TestContext.Current.CancellationToken) is not null;

    private static TokenVerifier Verifier(ProviderServer provider, SigningKeys keys, ManualTime time) => new(
        new OidcOptions { Issuer = provider.Issuer, Audience = ProviderKeys.Audience, Roles = Roles }, keys, () => (long)(NowSeconds(time) * 1e6));

    private static double NowSeconds(ManualTime time) => (time.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds;
}
