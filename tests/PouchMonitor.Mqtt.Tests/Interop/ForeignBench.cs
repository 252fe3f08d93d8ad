using System.Net;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Tests.Interop;

/// <summary>A server and the way to it: plain (<c>mqtt</c>) or with TLS (<c>mqtts</c>), with a certificate made for the test.</summary>
internal sealed class ForeignBench : IAsyncDisposable
{
    private readonly Bench _bench;
    private readonly TestAuthority _authority;
    private readonly CertificateFolder _files;

    private ForeignBench(Bench bench, ForeignRoute route, TestAuthority authority, CertificateFolder files)
    {
        _bench = bench;
        _authority = authority;
        _files = files;
        Route = route;
    }

    public MqttServer Server => _bench.Server;

    public TestHandler Handler => _bench.Handler;

    public ForeignRoute Route { get; }

    public static async Task<ForeignBench> StartAsync(string transport)
    {
        var authority = TestAuthority.Create();
        var files = new CertificateFolder();
        using X509Certificate2 certificate = authority.Server();
        files.Write(certificate);
        Bench bench = await Bench.StartAsync(() => new MqttServerOptions
        {
            EndPoint = Bench.Options().EndPoint,
            Listeners =
            [
                new MqttListenerOptions
                {
                    EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                    Tls = new MqttTlsOptions { Certificate = ServerCertificate.Follow(files.CertificateFile, files.KeyFile) },
                },
            ],
        });
        ForeignRoute route = transport == "mqtt"
            ? new ForeignRoute(bench.Server.EndPoint.Port)
            : new ForeignRoute(bench.Server.ListenerEndPoints[0].Port, transport, AuthorityFile: files.WriteAuthorities(authority));
        return new ForeignBench(bench, route, authority, files);
    }

    public async ValueTask DisposeAsync()
    {
        await _bench.DisposeAsync();
        _files.Dispose();
        _authority.Dispose();
    }
}
