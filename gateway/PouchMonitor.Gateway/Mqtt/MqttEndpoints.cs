using System.Net;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Gateway.Mqtt;

/// <summary>What the gateway asks of its MQTT server: where it listens, and by which certificates.</summary>
internal static class MqttEndpoints
{
    /// <exception cref="InvalidDataException">A certificate file holds none, or an expired one.</exception>
    /// <exception cref="IOException">A certificate file cannot be read.</exception>
    /// <exception cref="ArgumentException">An open gateway is to listen elsewhere than on loopback.</exception>
    public static MqttServerOptions Options(GatewayOptions options)
    {
        IPAddress[] addresses = options.MqttTls is { } tls ? [options.MqttAddress, tls.Address] : [options.MqttAddress];
        if (options.OpenOnLoopback && addresses.FirstOrDefault(address => !IPAddress.IsLoopback(address)) is { } other)
        {
            throw new ArgumentException($"An open gateway listens on loopback only, not on {other}.", nameof(options));
        }

        return new MqttServerOptions
        {
            EndPoint = new IPEndPoint(options.MqttAddress, options.MqttPort),
            MaximumKeepAlive = options.MaximumKeepAliveSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            SessionFiles = new MqttLogFiles(new DiskJournalFiles(Path.Combine(options.DataDirectory, "sessions"))),
            SessionsDamaged = options.Notice,
            Listeners = options.MqttTls is null ? [] : [TlsListener(options.MqttTls, options.Notice)],
        };
    }

    private static MqttListenerOptions TlsListener(GatewayTlsOptions tls, Action<string>? notice)
    {
        ReloadingFiles<ServerCertificate> certificate = ServerCertificate.Follow(tls.CertificateFile, tls.KeyFile, tls.Password);
        certificate.ReloadFailed = notice;
        ReloadingFiles<ClientTrust>? authorities = tls.ClientAuthoritiesFile is { } file ? ClientTrust.Follow(file) : null;
        if (authorities is not null)
        {
            authorities.ReloadFailed = notice;
        }

        return new MqttListenerOptions
        {
            EndPoint = new IPEndPoint(tls.Address, tls.Port),
            Tls = new MqttTlsOptions
            {
                Certificate = certificate,
                ClientAuthorities = authorities,
                ClientCertificates = authorities is null ? MqttClientCertificates.None
                    : tls.ClientCertificateRequired ? MqttClientCertificates.Required : MqttClientCertificates.Optional,
            },
        };
    }
}
