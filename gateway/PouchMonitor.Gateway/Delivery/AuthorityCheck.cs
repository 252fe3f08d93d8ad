using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Checks servers' certificates against the machine's authorities and, where a file names them, those of the house.</summary>
internal sealed class AuthorityCheck
{
    private readonly X509Certificate2Collection own = [];

    /// <param name="file">PEM; null for none.</param>
    /// <exception cref="InvalidDataException">It cannot be read or holds no certificate.</exception>
    public AuthorityCheck(string? file)
    {
        if (file is null)
        {
            return;
        }

        try
        {
            own.ImportFromPemFile(file);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or System.Security.Cryptography.CryptographicException)
        {
            throw new InvalidDataException($"{file}: {error.Message}", error);
        }

        if (own.Count == 0)
        {
            throw new InvalidDataException($"{file} holds no certificate in PEM form.");
        }
    }

    public bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (errors == SslPolicyErrors.None)
        {
            return true;
        }

        // Another name or none at all is no matter of authorities.
        if (errors != SslPolicyErrors.RemoteCertificateChainErrors || own.Count == 0 || certificate is not X509Certificate2 shown)
        {
            return false;
        }

        using X509Chain house = new();
        house.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        house.ChainPolicy.CustomTrustStore.AddRange(own);
        house.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (chain is not null)
        {
            house.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Select(element => element.Certificate).ToArray());
        }

        return house.Build(shown);
    }
}
