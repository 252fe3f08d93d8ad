using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>A certificate authority made for one test.</summary>
internal sealed class TestAuthority : IDisposable
{
    private const string ServerUse = "1.3.6.1.5.5.7.3.1";
    private const string ClientUse = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2 _certificate;

    private TestAuthority(X509Certificate2 certificate) => _certificate = certificate;

    public X509Certificate2 Certificate => _certificate;

    public static TestAuthority Create(string name = "test authority")
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = AuthorityRequest(name, key);
        return new TestAuthority(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddYears(-2), DateTimeOffset.UtcNow.AddYears(2)));
    }

    /// <summary>An authority below this one.</summary>
    public TestAuthority Below(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using X509Certificate2 signed = AuthorityRequest(name, key).Create(
            _certificate, DateTimeOffset.UtcNow.AddYears(-1), DateTimeOffset.UtcNow.AddYears(1), RandomNumberGenerator.GetBytes(8));
        return new TestAuthority(signed.CopyWithPrivateKey(key));
    }

    public X509Certificate2 Server(string name = "localhost", DateTimeOffset? notAfter = null) => Issue(name, ServerUse, notAfter);

    public X509Certificate2 Client(string name, DateTimeOffset? notAfter = null) => Issue(name, ClientUse, notAfter);

    public void Dispose() => _certificate.Dispose();

    private static CertificateRequest AuthorityRequest(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return request;
    }

    private X509Certificate2 Issue(string name, string use, DateTimeOffset? notAfter)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(use)], critical: false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        request.CertificateExtensions.Add(names.Build());
        DateTimeOffset end = notAfter ?? DateTimeOffset.UtcNow.AddMonths(6);
        DateTimeOffset begin = end < DateTimeOffset.UtcNow ? end.AddDays(-30) : DateTimeOffset.UtcNow.AddMonths(-1);
        using ECDsa signer = _certificate.GetECDsaPrivateKey()!;
        using X509Certificate2 signed = request.Create(_certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), begin, end, RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), password: null, X509KeyStorageFlags.Exportable);
    }
}

/// <summary>Certificate files in a folder of their own.</summary>
internal sealed class CertificateFolder : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pouchmonitor-tls-").FullName;

    public string CertificateFile => Path.Combine(_folder, "server.pem");

    public string KeyFile => Path.Combine(_folder, "server.key");

    public string PathOf(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a server's certificate, what stands between it and its root, and its key.</summary>
    public void Write(X509Certificate2 certificate, params X509Certificate2[] others)
    {
        File.WriteAllText(KeyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(CertificateFile, string.Join('\n', [certificate.ExportCertificatePem(), .. others.Select(other => other.ExportCertificatePem())]));
    }

    public string WriteAuthorities(params TestAuthority[] authorities)
    {
        File.WriteAllText(PathOf("authorities.pem"), string.Join('\n', authorities.Select(authority => authority.Certificate.ExportCertificatePem())));
        return PathOf("authorities.pem");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
