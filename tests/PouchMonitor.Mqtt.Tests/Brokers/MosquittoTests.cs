using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

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
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, folder =>
        {
            using var authority = new TestCertificates(folder);
            authority.Issue("server");
            authority.Issue("client");
        });
        MqttClientTls tls = Tls(broker, "authority", "client");
        await BrokerConversation.PublishAndReceiveAsync(new MqttClientOptions { Port = broker.Port, Tls = tls }, MqttQos.AtLeastOnce);
    }

    [Theory]
    [InlineData("authority", null)]
    [InlineData("stranger", "client")]
    [InlineData(null, "client")]
    public async Task ByTls_NoConnection_WithoutACertificate_OrToAStranger(string? trusted, string? shown)
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, Prepare("server", host: null));
        await using var client = new MqttClient(new MqttClientOptions { Port = broker.Port, Tls = Tls(broker, trusted, shown) });
        await Assert.ThrowsAsync<MqttClientException>(() => client.ConnectAsync());
    }

    [Fact]
    public async Task ByTls_TheCertificateMustNameTheHost()
    {
        await using Mosquitto broker = await Mosquitto.StartAsync(MutualTls, Prepare("server", host: "broker.lab"));
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

    private static Action<string> Prepare(string server, string? host) => folder =>
    {
        using var authority = new TestCertificates(folder);
        authority.Issue(server, host);
        authority.Issue("client");
        using var stranger = new TestCertificates(folder, "stranger");
    };

    private static MqttClientTls Tls(Mosquitto broker, string? trusted, string? shown, string? hostName = null)
    {
        string? File(string? name, string extension) => name is null ? null : Path.Combine(broker.Folder, name + extension);
        return MqttClientTls.Load(File(trusted, ".pem"), File(shown, ".pem"), File(shown, ".key"), hostName);
    }
}
