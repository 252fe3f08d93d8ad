using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace PouchMonitor.Mqtt.Transport;

/// <summary>
/// The authorities whose client certificates are accepted. A chain must end at one of them; what the system trusts counts
/// for nothing here, and nothing is fetched from the network, revocation lists included: a client is put out by taking its
/// identity away.
/// </summary>
public sealed class ClientTrust
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";
    private readonly X509Certificate2Collection _authorities;

    private ClientTrust(X509Certificate2Collection authorities) => _authorities = authorities;

    /// <summary>Authorities read.</summary>
    public int Count => _authorities.Count;

    /// <summary>Reads a PEM file of one or more certificates and follows it.</summary>
    /// <exception cref="InvalidDataException">The file holds no certificate.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static ReloadingFiles<ClientTrust> Follow(string authoritiesFile, TimeProvider? time = null)
        => new([authoritiesFile], contents => Read(authoritiesFile, contents[0]), time);

    /// <summary>How one chain is to be built and judged; made anew for each, since building changes it.</summary>
    internal X509ChainPolicy NewPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_authorities);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }

    private static ClientTrust Read(string file, byte[] content)
    {
        X509Certificate2Collection authorities = [];
        try
        {
            authorities.ImportFromPem(Encoding.ASCII.GetString(content));
        }
        catch (CryptographicException exception)
        {
            throw new InvalidDataException($"{file}: {exception.Message}", exception);
        }

        return authorities.Count > 0 ? new ClientTrust(authorities) : throw new InvalidDataException($"{file} holds no certificate in PEM.");
    }
}
