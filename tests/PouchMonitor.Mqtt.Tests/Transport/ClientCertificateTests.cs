using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Tests.Transport;

public sealed class ClientCertificateTests : IDisposable
{
    private readonly CertificateFolder _files = new();
    private readonly TestAuthority _servers = TestAuthority.Create("servers");
    private readonly TestAuthority _nodes = TestAuthority.Create("nodes");
    private readonly TestAuthority _strangers = TestAuthority.Create("nodes"); // the same name, another key

    public ClientCertificateTests() => _files.Write(_servers.Server());

    public void Dispose()
    {
        _files.Dispose();
        _servers.Dispose();
        _nodes.Dispose();
        _strangers.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task AGoodCertificate_IsToldToTheApplication_AlsoWhenTheClientComesAgain(SslProtocols protocol)
    {
        await using TlsBench bench = await StartAsync(MqttClientCertificates.Required);
        var requests = new List<MqttConnectRequest>();
        bench.Handler.OnConnect = request =>
        {
            requests.Add(request);
            return MqttReason.Success;
        };
        X509Certificate2 certificate = _nodes.Client("n7");
        for (int time = 1; time <= 2; time++)
        {
            using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint, protocol, certificate);
            Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
            Assert.Equal(time, requests.Count);
            Assert.Equal("CN=n7", requests[^1].ClientCertificateSubject);
            Assert.Equal(PeerCertificate.ThumbprintOf(certificate), requests[^1].ClientCertificateSha256);
        }
    }

    [Fact]
    public async Task ACertificateBelowAnIntermediateAuthority_IsGood_WhereTheClientSendsIt()
    {
        using TestAuthority below = _nodes.Below("bench nodes");
        await using TlsBench bench = await StartAsync(MqttClientCertificates.Required);
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint, SslProtocols.None, below.Client("n8"), below.Certificate);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
    }

    [Theory]
    [InlineData("expired", MqttClientCertificates.Required, SslProtocols.Tls13)]
    [InlineData("expired", MqttClientCertificates.Optional, SslProtocols.Tls12)]
    [InlineData("of strangers", MqttClientCertificates.Required, SslProtocols.Tls12)]
    [InlineData("of strangers", MqttClientCertificates.Optional, SslProtocols.Tls13)]
    [InlineData("of the servers' authority", MqttClientCertificates.Required, SslProtocols.Tls13)]
    [InlineData("of a server", MqttClientCertificates.Required, SslProtocols.Tls13)]
    [InlineData("none", MqttClientCertificates.Required, SslProtocols.Tls12)]
    [InlineData("none", MqttClientCertificates.Required, SslProtocols.Tls13)]
    public async Task ABadCertificate_DoesNotGetPastTheHandshake(string kind, MqttClientCertificates wanted, SslProtocols protocol)
    {
        await using TlsBench bench = await StartAsync(wanted);
        X509Certificate2? certificate = kind switch
        {
            "expired" => _nodes.Client("n7", DateTimeOffset.UtcNow.AddDays(-1)),
            "of strangers" => _strangers.Client("n7"),
            "of the servers' authority" => _servers.Client("n7"),
            "of a server" => _nodes.Server("n7"),
            _ => null,
        };

        // With TLS 1.3 the client learns it only when it reads.
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint, protocol, certificate);
            await peer.ConnectAsync(MqttProtocolVersion.V5, "intruder");
        });
        await Eventually.TrueAsync(() => bench.Server.Snapshot().HandshakesFailed > 0, "it is counted", seconds: 30);

        // Looked for by name: a client of something else on this machine may still look for its server at a port that is ours now.
        Assert.DoesNotContain(bench.Handler.Sessions, session => session.ClientId == "intruder");
    }

    [Fact]
    public async Task WhereItIsOptional_AClientWithoutOne_ComesAsNobody()
    {
        await using TlsBench bench = await StartAsync(MqttClientCertificates.Optional);
        MqttConnectRequest? seen = null;
        bench.Handler.OnConnect = request =>
        {
            seen = request;
            return MqttReason.Success;
        };
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
        Assert.Null(seen!.ClientCertificateSubject);
        Assert.Null(seen.ClientCertificateSha256);
    }

    [Fact]
    public async Task AuthoritiesThatChange_AreUsedForTheNext()
    {
        await using TlsBench bench = await StartAsync(MqttClientCertificates.Required);
        _files.WriteAuthorities(_strangers);
        bench.Time.Advance(TimeSpan.FromSeconds(1));
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint, SslProtocols.None, _strangers.Client("n9"));
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using StreamPeer former = await StreamPeer.OpenAsync(bench.EndPoint, SslProtocols.None, _nodes.Client("n7"));
            await former.ConnectAsync(MqttProtocolVersion.V5);
        });
    }

    [Fact]
    public void CertificatesWithoutAuthorities_AreRefusedAtTheStart()
    {
        File.WriteAllText(_files.PathOf("empty.pem"), "");
        Assert.Throws<InvalidDataException>(() => ClientTrust.Follow(_files.PathOf("empty.pem")));
        var listener = new MqttListenerOptions
        {
            EndPoint = Bench.Options().EndPoint,
            Tls = new MqttTlsOptions { Certificate = ServerCertificate.Follow(_files.CertificateFile, _files.KeyFile), ClientCertificates = MqttClientCertificates.Required },
        };
        Assert.Throws<ArgumentException>(() => new MqttServer(new MqttServerOptions { Listeners = [listener] }, new TestHandler()));
    }

    private Task<TlsBench> StartAsync(MqttClientCertificates wanted) => TlsBench.StartAsync(_files, wanted, _files.WriteAuthorities(_nodes));
}
