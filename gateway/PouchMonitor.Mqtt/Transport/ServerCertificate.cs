using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>A server's certificate with its key and the certificates between it and its root, ready for handshakes.</summary>
public sealed class ServerCertificate
{
    private ServerCertificate(X509Certificate2 certificate, X509Certificate2Collection others)
    {
        Context = SslStreamCertificateContext.Create(certificate, others, offline: true);
        NotAfter = new DateTimeOffset(certificate.NotAfter);
        Sha256 = PeerCertificate.ThumbprintOf(certificate);
    }

    /// <summary>The last moment at which clients accept it.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>SHA-256 of the certificate, 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    private SslStreamCertificateContext Context { get; }

    /// <summary>What a server's handshake begins with: this certificate, TLS 1.2 or 1.3.</summary>
    public SslServerAuthenticationOptions ForServer() => new()
    {
        ServerCertificateContext = Context,
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        AllowRenegotiation = false,
    };

    /// <summary>
    /// Reads a certificate and follows its files. PEM: the certificate first, then those between it and the root, with the
    /// key in the same file or in <paramref name="keyFile"/>. Anything else is taken for PKCS #12 (.pfx), key included.
    /// </summary>
    /// <param name="certificateFile">PEM or PKCS #12.</param>
    /// <param name="keyFile">PEM; null where the key is in the certificate's file.</param>
    /// <param name="password">Of an encrypted key or PKCS #12 file; never to be logged.</param>
    /// <param name="time">For the interval between two looks, and for what is expired.</param>
    /// <exception cref="InvalidDataException">The files hold no certificate with its key, or it has expired.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ReloadingFiles<ServerCertificate> Follow(string certificateFile, string? keyFile = null, string? password = null, TimeProvider? time = null)
    {
        TimeProvider clock = time ?? TimeProvider.System;
        string[] paths = keyFile is null ? [certificateFile] : [certificateFile, keyFile];
        return new ReloadingFiles<ServerCertificate>(paths, contents => Read(paths, contents, password, clock.GetUtcNow()), time);
    }

    private static ServerCertificate Read(string[] paths, IReadOnlyList<byte[]> contents, string? password, DateTimeOffset now)
    {
        X509Certificate2Collection all = [];
        X509Certificate2 certificate;
        try
        {
            certificate = IsPem(contents[0]) ? FromPem(contents, password, all) : FromPkcs12(contents[0], password, all);
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException)
        {
            throw new InvalidDataException($"{string.Join(" and ", paths)}: no certificate with its private key: {exception.Message}", exception);
        }

        if (certificate.NotAfter < now.LocalDateTime)
        {
            throw new InvalidDataException($"{paths[0]}: the certificate expired on {certificate.NotAfter.ToUniversalTime():yyyy-MM-dd HH:mm} UTC.");
        }

        return new ServerCertificate(certificate, all);
    }

    private static bool IsPem(byte[] content) => content.AsSpan().IndexOf("-----BEGIN "u8) >= 0;

    private static X509Certificate2 FromPem(IReadOnlyList<byte[]> contents, string? password, X509Certificate2Collection all)
    {
        string certificates = Encoding.ASCII.GetString(contents[0]);
        string key = Encoding.ASCII.GetString(contents[^1]);
        all.ImportFromPem(certificates);
        X509Certificate2 certificate = password is null
            ? X509Certificate2.CreateFromPem(certificates, key)
            : X509Certificate2.CreateFromEncryptedPem(certificates, key, password);
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        // Windows takes no key for TLS that lives in memory only.
        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }

    private static X509Certificate2 FromPkcs12(byte[] content, string? password, X509Certificate2Collection all)
    {
        all.AddRange(X509CertificateLoader.LoadPkcs12Collection(content, password));
        return all.FirstOrDefault(certificate => certificate.HasPrivateKey) ?? throw new CryptographicException("The file has no private key.");
    }
}
