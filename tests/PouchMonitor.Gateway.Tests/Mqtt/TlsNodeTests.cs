using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Gateway.Tests.Mqtt;

/// <summary>Nodes that are known by their certificate, over TLS to a whole gateway.</summary>
public sealed class TlsNodeTests : IDisposable
{
    private readonly CertificateFolder files = new();
    private readonly TestAuthority servers = TestAuthority.Create("servers");
    private readonly TestAuthority nodes = TestAuthority.Create("nodes");

    public TlsNodeTests() => files.Write(servers.Server());

    public void Dispose()
    {
        files.Dispose();
        servers.Dispose();
        nodes.Dispose();
    }

    [Fact]
    public async Task ANodeWithItsCertificate_NeedsNoToken_AndMayWriteOnlyItsOwnTopics()
    {
        await using GatewayBench bench = await Start(required: true);
        X509Certificate2 certificate = nodes.Client("whatever it is called");
        bench.Access.AddCertificate("n7", PeerCertificate.ThumbprintOf(certificate));
        using StreamPeer peer = await Open(bench, certificate);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
        Assert.True((await Publish(peer, "pouch/v1/n7/event")) < MqttReason.UnspecifiedError);
        Assert.Equal(MqttReason.NotAuthorized, await Publish(peer, "pouch/v1/n8/event"));
    }

    [Fact]
    public async Task ACertificateThatIsNobodys_AndOneThatWasTakenAway_LetNobodyIn()
    {
        await using GatewayBench bench = await Start(required: true);
        X509Certificate2 certificate = nodes.Client("n7"); // the name in it counts for nothing
        Assert.Equal(MqttReason.NotAuthorized, await Connect(bench, certificate));
        bench.Access.AddCertificate("n7", PeerCertificate.ThumbprintOf(certificate));
        Assert.Equal(MqttReason.Success, await Connect(bench, certificate));
        Assert.Equal(MqttReason.Success, await Connect(bench, certificate, "n7"));
        Assert.Equal(MqttReason.NotAuthorized, await Connect(bench, certificate, "n8"));
        bench.Access.RemoveNode("n7");
        Assert.Equal(MqttReason.NotAuthorized, await Connect(bench, certificate));
    }

    [Fact]
    public async Task WhereItIsNotRequired_ATokenIsAnotherWayIn()
    {
        await using GatewayBench bench = await Start(required: false);
        string token = bench.Access.AddNode("n7");
        Assert.Equal(MqttReason.Success, await Connect(bench, certificate: null, "n7", token));
        Assert.Equal(MqttReason.NotAuthorized, await Connect(bench, certificate: null));
        Assert.Equal(MqttReason.Success, await Connect(bench, nodes.Client("n9"), "n7", token));
    }

    [Fact]
    public async Task AnOpenGateway_ListensOnLoopbackOnly()
    {
        ArgumentException error = await Assert.ThrowsAsync<ArgumentException>(() => GatewayBench.StartAsync(
            options => options with { OpenOnLoopback = true, MqttAddress = System.Net.IPAddress.Any }));
        Assert.Contains("0.0.0.0", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<ArgumentException>(() => GatewayBench.StartAsync(options => options with
        {
            OpenOnLoopback = true,
            MqttTls = new GatewayTlsOptions { CertificateFile = files.CertificateFile, KeyFile = files.KeyFile, Port = 0, Address = System.Net.IPAddress.IPv6Any },
        }));
    }

    private Task<GatewayBench> Start(bool required) => GatewayBench.StartAsync(options => options with
    {
        MqttTls = new GatewayTlsOptions
        {
            CertificateFile = files.CertificateFile,
            KeyFile = files.KeyFile,
            Port = 0,
            ClientAuthoritiesFile = files.WriteAuthorities(nodes),
            ClientCertificateRequired = required,
        },
    });

    private static Task<StreamPeer> Open(GatewayBench bench, X509Certificate2? certificate) =>
        StreamPeer.OpenAsync(bench.Gateway.MqttTlsEndPoint!, SslProtocols.None, certificate);

    private static async Task<MqttReason> Connect(GatewayBench bench, X509Certificate2? certificate, string? user = null, string? token = null)
    {
        using StreamPeer peer = await Open(bench, certificate);
        await peer.SendAsync(new ConnectPacket
        {
            ClientId = "peer",
            UserName = user,
            Password = token is null ? null : System.Text.Encoding.UTF8.GetBytes(token),
        }.Write(new MqttWriter()).ToArray());
        byte[] body = await peer.ExpectAsync(MqttPacketType.ConnectAcknowledge);
        return ConnectAcknowledgePacket.Read(body, MqttProtocolVersion.V5, out _)!.Reason;
    }

    private static async Task<MqttReason> Publish(StreamPeer peer, string topic)
    {
        PublishEncoder encoder = new(MqttProtocolVersion.V5, System.Text.Encoding.UTF8.GetBytes(topic), "{}"u8, MqttQos.AtLeastOnce);
        byte[] packet = new byte[encoder.PacketBytes];
        encoder.Write(packet, 1, retain: false, duplicate: false);
        await peer.SendAsync(packet);
        byte[] body = await peer.ExpectAsync(MqttPacketType.PublishAcknowledge);
        return body.Length > 2 ? (MqttReason)body[2] : MqttReason.Success;
    }
}
