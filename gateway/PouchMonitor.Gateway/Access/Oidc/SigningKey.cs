using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace PouchMonitor.Gateway.Access.Oidc;

/// <summary>
/// A provider's public key. Which algorithms it is good for follows from its kind and is never the token's choice: RS256 and
/// PS256 for RSA, ES256 for P-256. Symmetric keys are not taken at all.
/// </summary>
internal sealed class SigningKey
{
    private const int FewestRsaBits = 2048;
    private const int MostRsaBits = 8192;
    private const int EcdsaSignatureBytes = 64;
    private readonly RSAParameters? rsa;
    private readonly ECParameters? curve;
    private readonly string? algorithm;

    private SigningKey(string? id, string? algorithm, RSAParameters? rsa, ECParameters? curve)
    {
        Id = id;
        this.algorithm = algorithm;
        this.rsa = rsa;
        this.curve = curve;
    }

    public string? Id { get; }

    public static bool IsAlgorithm(string? name) => name is "RS256" or "PS256" or "ES256";

    /// <summary>A key of a set; null where it is of a kind, or for a use, that is of no concern here.</summary>
    public static SigningKey? Read(JsonElement key)
    {
        if (key.ValueKind != JsonValueKind.Object || Text(key, "use") is not (null or "sig"))
        {
            return null;
        }

        string? algorithm = Text(key, "alg");
        if (algorithm is not null && !IsAlgorithm(algorithm))
        {
            return null;
        }

        try
        {
            return Text(key, "kty") switch
            {
                "RSA" => Rsa(key, algorithm),
                "EC" when Text(key, "crv") == "P-256" => Ec(key, algorithm),
                _ => null,
            };
        }
        catch (Exception error) when (error is CryptographicException or FormatException or ArgumentException)
        {
            return null; // Not a point of the curve, or no base64url.
        }
    }

    public bool IsFor(string name) => (algorithm is null || algorithm == name) && (rsa is null ? name is "ES256" : name is "RS256" or "PS256");

    public bool Verify(string name, ReadOnlySpan<byte> signed, ReadOnlySpan<byte> signature)
    {
        if (!IsFor(name))
        {
            return false;
        }

        try
        {
            if (rsa is { } modulus)
            {
                using RSA key = RSA.Create(modulus);
                return key.VerifyData(signed, signature, HashAlgorithmName.SHA256, name == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1);
            }

            using ECDsa point = ECDsa.Create(curve!.Value);
            return signature.Length == EcdsaSignatureBytes
                && point.VerifyData(signed, signature, HashAlgorithmName.SHA256, DSASignatureFormat.IeeeP1363FixedFieldConcatenation);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static SigningKey? Rsa(JsonElement key, string? algorithm)
    {
        byte[] modulus = Bytes(key, "n");
        RSAParameters parameters = new() { Modulus = modulus, Exponent = Bytes(key, "e") };
        using RSA check = RSA.Create(parameters);
        return check.KeySize is >= FewestRsaBits and <= MostRsaBits && algorithm is not "ES256" ? new SigningKey(Text(key, "kid"), algorithm, parameters, curve: null) : null;
    }

    private static SigningKey? Ec(JsonElement key, string? algorithm)
    {
        ECParameters parameters = new() { Curve = ECCurve.NamedCurves.nistP256, Q = new ECPoint { X = Bytes(key, "x"), Y = Bytes(key, "y") } };
        using ECDsa check = ECDsa.Create(parameters);
        return algorithm is null or "ES256" ? new SigningKey(Text(key, "kid"), algorithm, rsa: null, parameters) : null;
    }

    private static byte[] Bytes(JsonElement key, string name) =>
        Base64Url.DecodeFromChars(Text(key, name) is { Length: > 0 and <= MostRsaBits } text ? text : throw new FormatException());

    private static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
