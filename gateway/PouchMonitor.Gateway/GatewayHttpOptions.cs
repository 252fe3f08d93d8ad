using System.Net;

namespace PouchMonitor.Gateway;

/// <summary>
/// Where dashboard and API are, besides the port. It is loopback until TLS or a proxy is configured: passwords and sessions
/// would cross the network for all to read.
/// </summary>
public sealed record GatewayHttpOptions
{
    /// <summary>Where plain HTTP listens. Anything but loopback takes requests of <see cref="TrustedProxies"/> only.</summary>
    public IPAddress Address { get; init; } = IPAddress.Loopback;

    /// <summary>Names that browsers may ask for this gateway by, besides those of loopback.</summary>
    public IReadOnlyList<string> Hosts { get; init; } = [];

    /// <summary>Proxies whose word counts for who asks, by which name, and whether by TLS.</summary>
    public IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>HTTP over TLS beside plain HTTP; null where there is none.</summary>
    public GatewayTlsOptions? Tls { get; init; }
}
