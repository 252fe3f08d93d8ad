using System.Net;

namespace PouchMonitor.Gateway;

/// <summary>MQTT over TLS, beside plain MQTT. The files are followed: what is put in their place comes into use without a restart.</summary>
public sealed record GatewayTlsOptions
{
    /// <summary>Where to listen.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>0 takes a free port.</summary>
    public int Port { get; init; } = 8883;

    /// <summary>PEM (the certificate first, then those between it and its root) or PKCS #12.</summary>
    public required string CertificateFile { get; init; }

    /// <summary>PEM; null where the key is in the certificate's file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Of an encrypted key; never to be logged.</summary>
    public string? Password { get; init; }

    /// <summary>PEM with the authorities of nodes' certificates; null asks for none.</summary>
    public string? ClientAuthoritiesFile { get; init; }

    /// <summary>True lets nobody without a certificate past the handshake; false leaves the token as another way in.</summary>
    public bool ClientCertificateRequired { get; init; }
}
