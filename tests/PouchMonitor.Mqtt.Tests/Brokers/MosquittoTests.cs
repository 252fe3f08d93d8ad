using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Brokers;

/// <summary>This client against a real mosquitto.</summary>
public sealed class MosquittoTests
{
    private const string MutualTls = """
        allow_anonymous true
        cafile FOLDER/authority.pem
        certfile FOLDER/server.pem
        keyfile FOLDER/server.key
        require_certificate true
        """;

    public static MatrixTheoryData<MqttProtocolVersion, MqttQos> VersionsAndQos()
        => new([MqttProtocolVersion.V311, MqttProtocolVersion.V5], [MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce]);

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task PublishesAndReceives(MqttProtocolVersion version, MqttQos qos)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await BrokerConversation.PublishAndReceiveAsync(new MqttClientOptions { Port = broker.Port, Version = version }, qos);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, MqttQos.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.AtLeastOnce)]
    [InlineData(MqttProtocolVersion.V5, MqttQos.ExactlyOnce)]
    public async Task KeepsItsSession_ThroughARestartOfTheBroker(MqttProtocolVersion version, MqttQos qos)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync();
        await BrokerConversation.KeepTheSessionAsync(new MqttClientOptions { Port = broker.Port, Version = version }, qos, async () =>
        {
            await broker.StopAsync();
            await broker.StartAsync();
        });
    }

    [Fact]
    public async Task TalksOverTls_WithACertificateOfItsOwn()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, Prepare("localhost"));
        MqttClientTls tls = Tls(broker, "authority", "client");
        await BrokerConversation.PublishAndReceiveAsync(new MqttClientOptions { Port = broker.Port, Tls = tls }, MqttQos.AtLeastOnce);
    }

    [Theory]
    [InlineData("authority", null)]
    [InlineData("stranger", "client")]
    [InlineData(null, "client")]
    public async Task ByTls_NoConnection_WithoutACertificate_OrToAStranger(string? trusted, string? shown)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, Prepare("localhost"));
        await using var client = new MqttClient(new MqttClientOptions { Port = broker.Port, Tls = Tls(broker, trusted, shown) });
        await Assert.ThrowsAsync<MqttClientException>(() => client.ConnectAsync());
    }

    [Fact]
    public async Task ByTls_TheCertificateMustNameTheHost()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, Prepare("broker.lab"));
        await using var wrong = new MqttClient(new MqttClientOptions { Port = broker.Port, Tls = Tls(broker, "authority", "client") });
        MqttClientException refused = await Assert.ThrowsAsync<MqttClientException>(() => wrong.ConnectAsync());
        Assert.Contains("RemoteCertificateNameMismatch", refused.Message, StringComparison.Ordinal);
        await using var right = new MqttClient(new MqttClientOptions { Port = broker.Port, Tls = Tls(broker, "authority", "client", "broker.lab") });
        await right.ConnectAsync();
        Assert.True(right.IsConnected);
    }

    [Fact]
    public void AFileThatHoldsNoCertificate_IsNamed()
    {
        string file = Path.GetTempFileName();
        try
        {
            Assert.Contains(file, Assert.Throws<InvalidDataException>(() => MqttClientTls.Load(file, null, null, null)).Message, StringComparison.Ordinal);
            Assert.Contains("absent.pem", Assert.Throws<InvalidDataException>(() => MqttClientTls.Load(null, "absent.pem", null, null)).Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Writes an authority, certificates of it for the broker, under its host's name, and for the client, and another authority.</summary>
    private static Action<string> Prepare(string host) => folder =>
    {
        using TestAuthority authority = TestAuthority.Create();
        using TestAuthority stranger = TestAuthority.Create("stranger");
        using X509Certificate2 server = authority.Server(host);
        using X509Certificate2 client = authority.Client("client");
        foreach ((string name, X509Certificate2 certificate) in new[] { ("authority", authority.Certificate), ("stranger", stranger.Certificate), ("server", server), ("client", client) })
        {
            File.WriteAllText(Path.Combine(folder, name + ".pem"), certificate.ExportCertificatePem());
        }

        File.WriteAllText(Path.Combine(folder, "server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        File.WriteAllText(Path.Combine(folder, "client.key"), client.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    };

    private static MqttClientTls Tls(Mosquitto broker, string? trusted, string? shown, string hostName = "localhost")
    {
        string? Named(string? name, string extension) => name is null ? null : Path.Combine(broker.Folder, name + extension);
        return MqttClientTls.Load(Named(trusted, ".pem"), Named(shown, ".pem"), Named(shown, ".key"), hostName);
    }
}
