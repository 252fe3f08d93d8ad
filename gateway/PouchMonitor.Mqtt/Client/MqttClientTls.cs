using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PouchMonitor.Mqtt.Client;

/// <summary>
/// TLS 1.2 or 1.3 towards a server. Its certificate must lead to a trusted authority and name the host; neither can be
/// switched off. Revocation is not looked up, since that needs a network that a laboratory may not have.
/// </summary>
public sealed class MqttClientTls
{
    private SslStreamCertificateContext? _context;

    /// <summary>The authorities that are trusted, and no others. Null trusts those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Shown to the server; must hold its private key. Null shows none.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>Sent with <see cref="Certificate"/>, where authorities stand between it and what the server trusts.</summary>
    public X509Certificate2Collection Intermediates { get; init; } = [];

    /// <summary>The name that the server's certificate must have, where it is not the one it is reached by.</summary>
    public string? HostName { get; init; }

    /// <summary>Reads PEM files. What cannot be read is told with the file's name.</summary>
    /// <param name="authorityFile">One or more authorities; null for those of the system.</param>
    /// <param name="certificateFile">This client's certificate, then any intermediate ones; null for none.</param>
    /// <param name="keyFile">Its private key, not encrypted; null where it is in the same file.</param>
    /// <param name="hostName">See <see cref="HostName"/>.</param>
    /// <exception cref="InvalidDataException">A file is absent or does not hold what it should.</exception>
    public static MqttClientTls Load(string? authorityFile, string? certificateFile, string? keyFile, string? hostName)
    {
        X509Certificate2Collection? all = certificateFile is null ? null : ReadCertificates(certificateFile);
        all?.RemoveAt(0);
        return new MqttClientTls
        {
            Authorities = authorityFile is null ? null : ReadCertificates(authorityFile),
            Certificate = certificateFile is null ? null : ReadWithKey(certificateFile, keyFile ?? certificateFile),
            Intermediates = all ?? [],
            HostName = hostName,
        };
    }

    internal SslClientAuthenticationOptions Options(string host)
    {
        if (Certificate is not null)
        {
            _context ??= SslStreamCertificateContext.Create(Certificate, Intermediates, offline: true);
        }

        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck };
        if (Authorities is not null)
        {
            policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            policy.CustomTrustStore.AddRange(Authorities);
        }

        return new SslClientAuthenticationOptions
        {
            TargetHost = HostName ?? host,
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            CertificateChainPolicy = policy,
            ClientCertificateContext = _context,
            AllowRenegotiation = false,
        };
    }

    private static X509Certificate2Collection ReadCertificates(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new InvalidDataException($"{file} cannot be read as PEM certificates: {error.Message}", error);
        }

        return certificates.Count > 0 ? certificates : throw new InvalidDataException($"{file} holds no PEM certificate.");
    }

    private static X509Certificate2 ReadWithKey(string certificateFile, string keyFile)
    {
        try
        {
            using var read = X509Certificate2.CreateFromPemFile(certificateFile, keyFile);

            // Some systems use a key for TLS only when it came with its certificate in one file.
            return X509CertificateLoader.LoadPkcs12(read.Export(X509ContentType.Pkcs12), password: null);
        }
        catch (Exception error) when (error is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new InvalidDataException($"{certificateFile} with the key of {keyFile} is no certificate to show to a server: {error.Message}", error);
        }
    }
}
