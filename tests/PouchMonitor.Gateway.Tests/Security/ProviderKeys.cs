using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace PouchMonitor.Gateway.Tests.Security;

/// <summary>An OpenID provider's keys, made for the test, and the tokens that it, or a forger, would make.</summary>
internal sealed class ProviderKeys : IDisposable
{
    public const string Issuer = "https://provider.example/lab";
    public const string Audience = "pouchmonitor";

    /// <summary>What its RSA key is called.</summary>
    public string RsaId { get; init; } = "rsa-1";

    public RSA Rsa { get; } = RSA.Create(2048);

    public ECDsa Curve { get; } = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void Dispose()
    {
        Rsa.Dispose();
        Curve.Dispose();
    }

    /// <summary>The public keys, as a provider serves them.</summary>
    public byte[] KeySet()
    {
        RSAParameters rsa = Rsa.ExportParameters(includePrivateParameters: false);
        ECParameters curve = Curve.ExportParameters(includePrivateParameters: false);
        return JsonSerializer.SerializeToUtf8Bytes(new
        {
            keys = new object[]
            {
                new { kty = "RSA", kid = RsaId, use = "sig", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) },
                new { kty = "EC", kid = "ec-1", crv = "P-256", x = Base64Url.EncodeToString(curve.Q.X), y = Base64Url.EncodeToString(curve.Q.Y) },
                new { kty = "oct", kid = "oct-1", k = Base64Url.EncodeToString("a shared secret is no public key"u8) },
                new { kty = "RSA", kid = "enc-1", use = "enc", n = Base64Url.EncodeToString(rsa.Modulus), e = Base64Url.EncodeToString(rsa.Exponent) },
            },
        });
    }

    /// <summary>What a good token says.</summary>
    public static Dictionary<string, object?> Claims(double nowSeconds) => new(StringComparer.Ordinal)
    {
        ["iss"] = Issuer,
        ["aud"] = Audience,
        ["sub"] = "7f3a",
        ["preferred_username"] = "ada",
        ["roles"] = new[] { "lab-operators", "somebody-elses" },
        ["exp"] = nowSeconds + 300,
        ["nbf"] = nowSeconds - 1,
    };

    public static string Part(object content) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(content));

    public string Sign(Dictionary<string, object?> claims, string algorithm = "RS256", string? kid = null, Func<byte[], byte[]>? signer = null) =>
        Finish($"{Part(new Dictionary<string, object?>(StringComparer.Ordinal) { ["alg"] = algorithm, ["typ"] = "JWT", ["kid"] = kid ?? (algorithm == "ES256" ? "ec-1" : RsaId) })}.{Part(claims)}", algorithm, signer);

    public string Finish(string signed, string algorithm, Func<byte[], byte[]>? signer = null)
    {
        byte[] data = Encoding.ASCII.GetBytes(signed);
        byte[] signature = signer is not null ? signer(data) : algorithm switch
        {
            "RS256" => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "PS256" => Rsa.SignData(data, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
            "ES256" => Curve.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation),
            _ => [],
        };
        return $"{signed}.{Base64Url.EncodeToString(signature)}";
    }
}
