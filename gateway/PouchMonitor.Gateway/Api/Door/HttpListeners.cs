using System.Net;
using System.Net.Security;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>Where HTTP listens; how long it waits for those who are slow is in <see cref="WebLimits"/>.</summary>
internal static class HttpListeners
{
    private static readonly TimeSpan HandshakeWithin = TimeSpan.FromSeconds(10);

    /// <exception cref="ArgumentException">The options would open more than is safe.</exception>
    public static void Check(GatewayOptions options)
    {
        GatewayHttpOptions http = options.Http;
        IPAddress[] addresses = http.Tls is { } tls ? [http.Address, tls.Address] : [http.Address];
        if (options.OpenOnLoopback && addresses.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } other)
        {
            throw new ArgumentException($"An open gateway listens on loopback only, not on {other}.", nameof(options));
        }

        if (options.OpenOnLoopback && (http.TrustedProxies.Count > 0 || http.Hosts.Count > 0))
        {
            throw new ArgumentException("An open gateway is for this machine alone: it takes no other host names and no proxies.", nameof(options));
        }

        if (!IPAddress.IsLoopback(http.Address) && http.TrustedProxies.Count == 0)
        {
            throw new ArgumentException(
                $"Plain HTTP on {http.Address} needs a trusted proxy that speaks TLS for it; without one give the gateway a certificate, and leave plain HTTP on loopback.",
                nameof(options));
        }
    }

    /// <exception cref="InvalidDataException">A certificate file holds none, or an expired one.</exception>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    public static void Listen(KestrelServerOptions kestrel, GatewayOptions options)
    {
        kestrel.Listen(options.Http.Address, options.HttpPort);
        if (options.Http.Tls is not { } tls)
        {
            return;
        }

        ReloadingFiles<ServerCertificate> certificate = ServerCertificate.Follow(tls.CertificateFile, tls.KeyFile, tls.Password);
        certificate.ReloadFailed = options.Notice;
        kestrel.Listen(tls.Address, tls.Port, listener => listener.UseHttps(new TlsHandshakeCallbackOptions
        {
            HandshakeTimeout = HandshakeWithin,
            OnConnection = _ => ValueTask.FromResult(ForHttp(certificate.Current)),
        }));
    }

    private static SslServerAuthenticationOptions ForHttp(ServerCertificate certificate)
    {
        SslServerAuthenticationOptions options = certificate.ForServer();
        options.ApplicationProtocols = [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11];
        return options;
    }
}
