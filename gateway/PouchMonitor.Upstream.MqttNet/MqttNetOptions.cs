using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet;
using MQTTnet.Formatter;
using MQTTnet.Packets;
using MQTTnet.Protocol;
using PouchMonitor.Gateway.Links;
using MqttClientTls = PouchMonitor.Mqtt.Client.MqttClientTls;

namespace PouchMonitor.Upstream.MqttNet;

/// <summary>The link's settings in the words of MQTTnet.</summary>
internal static class MqttNetOptions
{
    private static readonly TimeSpan AnswerTime = TimeSpan.FromSeconds(10);

    public static MqttClientOptions Connect(BrokerLinkOptions options, bool cleanStart)
    {
        MqttClientOptionsBuilder builder = new MqttClientOptionsBuilder()
            .WithTcpServer(options.Host, options.Port)
            .WithProtocolVersion(options.IsMqtt5 ? MqttProtocolVersion.V500 : MqttProtocolVersion.V311)
            .WithClientId(options.ClientId)
            .WithCleanStart(cleanStart)
            .WithKeepAlivePeriod(TimeSpan.FromSeconds(options.KeepAliveSeconds))
            .WithTimeout(AnswerTime);
        if (options.IsMqtt5)
        {
            builder = builder.WithSessionExpiryInterval(options.SessionExpirySeconds).WithReceiveMaximum((ushort)options.ReceiveMaximum);
        }

        if (options.UserName is not null)
        {
            builder = builder.WithCredentials(options.UserName, options.Password);
        }

        return options.Tls ? builder.WithTlsOptions(tls => Secure(tls, options)).Build() : builder.Build();
    }

    public static MqttClientSubscribeOptions Subscribe(BrokerLinkOptions options) => new()
    {
        TopicFilters = [.. options.Filters.Select(filter => new MqttTopicFilter { Topic = filter, QualityOfServiceLevel = MqttQualityOfServiceLevel.AtLeastOnce })],
    };

    private static void Secure(MqttClientTlsOptionsBuilder tls, BrokerLinkOptions options)
    {
        MqttClientTls files = MqttClientTls.Load(options.AuthorityFile, options.CertificateFile, options.KeyFile, options.TlsHostName);
        tls.UseTls()
            .WithTargetHost(options.TlsHostName ?? options.Host)
            .WithSslProtocols(SslProtocols.Tls12 | SslProtocols.Tls13)
            .WithRevocationMode(X509RevocationMode.NoCheck)
            .WithAllowRenegotiation(false);
        if (files.Authorities is not null)
        {
            tls.WithTrustChain(files.Authorities);
        }

        if (files.Certificate is not null)
        {
            tls.WithClientCertificates([files.Certificate, .. files.Intermediates]);
        }
    }
}
