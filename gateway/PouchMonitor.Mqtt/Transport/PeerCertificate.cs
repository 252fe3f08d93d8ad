using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>The certificate that a client showed and that was found good.</summary>
/// <param name="Subject">Its subject name, as it stands in the certificate.</param>
/// <param name="Sha256">SHA-256 of the whole certificate, 64 lower-case hexadecimal digits.</param>
public sealed record PeerCertificate(string Subject, string Sha256)
{
    /// <summary>SHA-256 of a certificate, 64 lower-case hexadecimal digits.</summary>
    public static string ThumbprintOf(X509Certificate certificate)
    {
        ArgumentNullException.ThrowIfNull(certificate);
        return Convert.ToHexStringLower(certificate.GetCertHash(HashAlgorithmName.SHA256));
    }

    internal static PeerCertificate? Of(X509Certificate? certificate)
        => certificate is null ? null : new PeerCertificate(certificate.Subject, ThumbprintOf(certificate));
}
