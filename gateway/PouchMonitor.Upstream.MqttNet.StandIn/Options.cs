using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using MQTTnet.Formatter;

namespace MQTTnet;

public sealed class MqttClientOptions;

public sealed class MqttClientOptionsBuilder
{
    public MqttClientOptionsBuilder WithTcpServer(string host, int? port = null) => this;

    public MqttClientOptionsBuilder WithProtocolVersion(MqttProtocolVersion value) => this;

    public MqttClientOptionsBuilder WithClientId(string value) => this;

    public MqttClientOptionsBuilder WithCredentials(string username, byte[]? password = null) => this;

    public MqttClientOptionsBuilder WithCleanStart(bool value = true) => this;

    public MqttClientOptionsBuilder WithSessionExpiryInterval(uint sessionExpiryInterval) => this;

    public MqttClientOptionsBuilder WithReceiveMaximum(ushort receiveMaximum) => this;

    public MqttClientOptionsBuilder WithKeepAlivePeriod(TimeSpan value) => this;

    public MqttClientOptionsBuilder WithTimeout(TimeSpan value) => this;

    public MqttClientOptionsBuilder WithoutPacketFragmentation() => this;

    public MqttClientOptionsBuilder WithTlsOptions(Action<MqttClientTlsOptionsBuilder> configure) => this;

    public MqttClientOptions Build() => new();
}

public sealed class MqttClientTlsOptionsBuilder
{
    public MqttClientTlsOptionsBuilder UseTls(bool useTls = true) => this;

    public MqttClientTlsOptionsBuilder WithTargetHost(string targetHost) => this;

    public MqttClientTlsOptionsBuilder WithSslProtocols(SslProtocols sslProtocols) => this;

    public MqttClientTlsOptionsBuilder WithRevocationMode(X509RevocationMode revocationMode) => this;

    public MqttClientTlsOptionsBuilder WithAllowRenegotiation(bool allowRenegotiation = true) => this;

    public MqttClientTlsOptionsBuilder WithTrustChain(X509Certificate2Collection chain) => this;

    public MqttClientTlsOptionsBuilder WithClientCertificates(X509Certificate2Collection certificates) => this;
}
