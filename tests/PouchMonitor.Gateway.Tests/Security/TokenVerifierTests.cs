using System.Security.Cryptography;
using System.Text;
using PouchMonitor.Gateway.Access.Oidc;
using PouchMonitor.Gateway.Api;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>Tokens of an OpenID provider: the good ones, and every way of forging one that is known (RFC 8725).</summary>
public sealed class TokenVerifierTests : IDisposable
{
    private const double Now = 1_790_000_000;
    private readonly ProviderKeys provider = new();
    private readonly SigningKeys keys;
    private readonly TokenVerifier verifier;
    private int fetches;

    public TokenVerifierTests()
    {
        keys = new SigningKeys(_ =>
        {
            fetches++;
            return Task.FromResult(provider.KeySet());
        }, TimeProvider.System);
        verifier = Verifier("roles");
    }

    public void Dispose()
    {
        keys.Dispose();
        provider.Dispose();
    }

    [Theory]
    [InlineData("RS256")]
    [InlineData("PS256")]
    [InlineData("ES256")]
    public async Task AGoodToken_IsLetIn_WithTheRoleThatIsMappedToItsGroup(string algorithm)
    {
        VerifiedToken? verified = await Verify(provider.Sign(ProviderKeys.Claims(Now), algorithm));
        Assert.NotNull(verified);
        Assert.Equal("oidc:ada", verified.Name);
        Assert.Equal(Role.Operator, verified.Role);
    }

    [Fact]
    public async Task NoRoleOfOurs_IsNoRole_AndTheGreatestOfSeveralCounts()
    {
        Assert.Null((await Verify(Signed(claims => claims["roles"] = new[] { "others" })))!.Role);
        Assert.Null((await Verify(Signed(claims => claims.Remove("roles"))))!.Role);
        Assert.Null((await Verify(Signed(claims => claims["roles"] = 7)))!.Role);
        Assert.Equal(Role.Admin, (await Verify(Signed(claims => claims["roles"] = new[] { "lab-viewers", "lab-admins" })))!.Role);
        Assert.Equal(Role.Viewer, (await Verify(Signed(claims => claims["roles"] = "lab-viewers")))!.Role);
        TokenVerifier nested = Verifier("realm_access.roles");
        string token = Signed(claims => claims["realm_access"] = new { roles = new[] { "lab-admins" } });
        Assert.Equal(Role.Admin, (await nested.VerifyAsync(token, TestContext.Current.CancellationToken))!.Role);
    }

    [Fact]
    public async Task AWrongAlgorithm_IsNeverTaken()
    {
        Dictionary<string, object?> claims = ProviderKeys.Claims(Now);
        byte[] publicPem = Encoding.ASCII.GetBytes(provider.Rsa.ExportSubjectPublicKeyInfoPem());
        byte[] modulus = provider.Rsa.ExportParameters(includePrivateParameters: false).Modulus!;
        string[] forged =
        [
            provider.Sign(claims, "none", "rsa-1"),
            provider.Sign(claims, "None", "rsa-1"),
            provider.Sign(claims, "", "rsa-1"),

            // The provider's public key, taken for a shared secret.
            provider.Sign(claims, "HS256", "rsa-1", data => HMACSHA256.HashData(publicPem, data)),
            provider.Sign(claims, "HS256", "rsa-1", data => HMACSHA256.HashData(modulus, data)),
            provider.Sign(claims, "HS256", "oct-1", data => HMACSHA256.HashData("a shared secret is no public key"u8, data)),

            // One kind of signature under the name of another.
            provider.Sign(claims, "RS256", "rsa-1", data => provider.Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss)),
            provider.Sign(claims, "PS256", "rsa-1", data => provider.Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)),
            provider.Sign(claims, "ES256", "rsa-1"),
            provider.Sign(claims, "RS256", "ec-1"),
            provider.Sign(claims, "RS384", "rsa-1", data => provider.Rsa.SignData(data, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1)),
            provider.Sign(claims, "RS1", "rsa-1", data => provider.Rsa.SignData(data, HashAlgorithmName.SHA1, RSASignaturePadding.Pkcs1)),

            // Signatures that fit anything in a careless implementation.
            provider.Sign(claims, "ES256", "ec-1", _ => new byte[64]),
            provider.Sign(claims, "ES256", "ec-1", data => provider.Curve.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            provider.Sign(claims, "RS256", "rsa-1", _ => new byte[256]),
            provider.Sign(claims, "RS256", "rsa-1", _ => []),
        ];
        foreach (string token in forged)
        {
            Assert.Null(await Verify(token));
        }
    }

    [Fact]
    public async Task AWrongKey_OrOneForAnotherUse_IsNotTaken()
    {
        using RSA other = RSA.Create(2048);
        Dictionary<string, object?> claims = ProviderKeys.Claims(Now);
        byte[] Other(byte[] data) => other.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        Assert.Null(await Verify(provider.Sign(claims, "RS256", "rsa-1", Other)));
        Assert.Null(await Verify(provider.Sign(claims, "RS256", "rsa-2", Other)));
        Assert.Null(await Verify(provider.Sign(claims, "RS256", "enc-1")));

        // A key that the token itself brings.
        RSAParameters parameters = other.ExportParameters(includePrivateParameters: false);
        string header = ProviderKeys.Part(new { alg = "RS256", kid = "rsa-1", jwk = new { kty = "RSA", n = Convert.ToBase64String(parameters.Modulus!), e = "AQAB" }, jku = "https://forger.example/keys" });
        Assert.Null(await Verify(provider.Finish($"{header}.{ProviderKeys.Part(claims)}", "RS256", Other)));
    }

    [Fact]
    public async Task WhatATokenSays_HasToBeForUs_AndOfNow()
    {
        Action<Dictionary<string, object?>>[] wrong =
        [
            claims => claims["iss"] = "https://provider.example/lab/",
            claims => claims["iss"] = null,
            claims => claims["aud"] = "another",
            claims => claims["aud"] = new[] { "another", "third" },
            claims => claims["aud"] = 7,
            claims => claims.Remove("aud"),
            claims => claims["exp"] = Now - 60,
            claims => claims["exp"] = "tomorrow",
            claims => claims.Remove("exp"),
            claims => claims["nbf"] = Now + 61,
            claims => claims["nbf"] = "yesterday",
            claims => claims.Remove("sub"),
            claims => claims["sub"] = "",
        ];
        foreach (Action<Dictionary<string, object?>> change in wrong)
        {
            Assert.Null(await Verify(Signed(change)));
        }

        Action<Dictionary<string, object?>>[] right =
        [
            claims => claims["aud"] = new[] { "another", ProviderKeys.Audience },
            claims => claims["exp"] = Now - 59,
            claims => claims["nbf"] = Now + 60,
            claims => claims.Remove("nbf"),
        ];
        foreach (Action<Dictionary<string, object?>> change in right)
        {
            Assert.NotNull(await Verify(Signed(change)));
        }
    }

    [Fact]
    public async Task AChangedToken_IsNotTaken()
    {
        string token = provider.Sign(ProviderKeys.Claims(Now));
        string[] parts = token.Split('.');
        Dictionary<string, object?> greater = ProviderKeys.Claims(Now);
        greater["roles"] = new[] { "lab-admins" };
        string[] changed =
        [
            $"{parts[0]}.{ProviderKeys.Part(greater)}.{parts[2]}",
            $"{parts[0]}.{parts[1]}",
            $"{parts[0]}.{parts[1]}.",
            $"..{parts[2]}",
            $"{token}.{parts[2]}",
            $"{token} ",
            $"{token}=",
            $"{parts[0]}.{parts[1]}.{parts[2]}\n",
            token[..^10],
            "",
            "....",
            new string('a', TokenVerifier.MostCharacters + 1),
            $"{parts[0]}.{new string('A', TokenVerifier.MostCharacters)}.{parts[2]}",
            $"{ProviderKeys.Part("text")}.{parts[1]}.{parts[2]}",
            $"{ProviderKeys.Part(new[] { 1 })}.{parts[1]}.{parts[2]}",
        ];
        foreach (string wrong in changed)
        {
            Assert.Null(await Verify(wrong));
        }
    }

    [Fact]
    public async Task AHeaderOrClaimsThatMeanTwoThings_AreNotTaken()
    {
        string claims = ProviderKeys.Part(ProviderKeys.Claims(Now));
        string Header(string json) => System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(json));
        string[] headers =
        [
            """{"alg":"none","alg":"RS256","kid":"rsa-1"}""",
            """{"alg":"RS256","kid":"rsa-1","crit":["exp"]}""",
            """{"alg":"RS256","kid":"rsa-1","b64":false}""",
            """{"alg":"RS256","kid":7}""",
            """{"alg":"RS256","kid":"rsa-1","typ":"JWE"}""",
            """{"alg":["RS256"],"kid":"rsa-1"}""",
            """{"kid":"rsa-1"}""",
        ];
        foreach (string header in headers)
        {
            Assert.Null(await Verify(provider.Finish($"{Header(header)}.{claims}", "RS256")));
        }

        Assert.NotNull(await Verify(provider.Finish($"{Header("""{"alg":"RS256","kid":"rsa-1"}""")}.{claims}", "RS256")));
        string twice = Header($$"""{"iss":"{{ProviderKeys.Issuer}}","aud":"{{ProviderKeys.Audience}}","sub":"a","sub":"b","exp":{{Now + 300}}}""");
        Assert.Null(await Verify(provider.Finish($"{Header("""{"alg":"RS256","kid":"rsa-1"}""")}.{twice}", "RS256")));
    }

    [Fact]
    public async Task UnknownKeys_DoNotMakeTheGatewayAskAgainAndAgain()
    {
        for (int i = 0; i < 50; i++)
        {
            Assert.Null(await Verify(provider.Sign(ProviderKeys.Claims(Now), "RS256", $"unknown-{i}")));
        }

        Assert.Equal(1, fetches);
    }

    [Fact]
    public void AWeakKey_IsLeftOut_AndASetHasABound()
    {
        using RSA weak = RSA.Create(1024);
        RSAParameters parameters = weak.ExportParameters(includePrivateParameters: false);
        string n = System.Buffers.Text.Base64Url.EncodeToString(parameters.Modulus);
        Assert.Empty(SigningKeys.Parse(Encoding.UTF8.GetBytes($$"""{"keys":[{"kty":"RSA","kid":"w","n":"{{n}}","e":"AQAB"},{"kty":"EC","crv":"P-256","x":"AA","y":"AA"},7,{"kty":"RSA"}]}""")));
        Assert.Throws<InvalidDataException>(() => SigningKeys.Parse(new byte[SigningKeys.MostBytes + 1]));
        Assert.Throws<InvalidDataException>(() => SigningKeys.Parse("[]"u8.ToArray()));
        Assert.Equal(2, SigningKeys.Parse(provider.KeySet()).Count);
    }

    private TokenVerifier Verifier(string roleClaim) => new(new OidcOptions
    {
        Issuer = ProviderKeys.Issuer,
        Audience = ProviderKeys.Audience,
        RoleClaim = roleClaim,
        Roles = new Dictionary<string, Role>(StringComparer.Ordinal) { ["lab-viewers"] = Role.Viewer, ["lab-operators"] = Role.Operator, ["lab-admins"] = Role.Admin },
    }, keys, () => (long)(Now * 1e6));

    private string Signed(Action<Dictionary<string, object?>> change)
    {
        Dictionary<string, object?> claims = ProviderKeys.Claims(Now);
        change(claims);
        return provider.Sign(claims);
    }

    private Task<VerifiedToken?> Verify(string token) => verifier.VerifyAsync(token, TestContext.Current.CancellationToken);
}
