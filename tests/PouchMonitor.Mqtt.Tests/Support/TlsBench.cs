using System.Net;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Transport;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>A server with one TLS listener, its certificate files, and the time by which they are followed.</summary>
internal sealed class TlsBench : IAsyncDisposable
{
    private readonly Bench _bench;

    private TlsBench(Bench bench, ManualTime time)
    {
        _bench = bench;
        Time = time;
    }

    public MqttServer Server => _bench.Server;

    public TestHandler Handler => _bench.Handler;

    public ManualTime Time { get; }

    public IPEndPoint EndPoint => Server.ListenerEndPoints[0];

    public static async Task<TlsBench> StartAsync(
        CertificateFolder files, MqttClientCertificates wanted = MqttClientCertificates.None, string? authorities = null, Action<string>? reloadFailed = null, int handshakesPerAddress = 500)
    {
        var time = new ManualTime();
        ReloadingFiles<ServerCertificate> certificate = ServerCertificate.Follow(files.CertificateFile, files.KeyFile, time: time);
        certificate.ReloadFailed = reloadFailed;
        Bench bench = await Bench.StartAsync(() => new MqttServerOptions
        {
            EndPoint = Bench.Options().EndPoint,
            TimeProvider = time,
            MaximumHandshakesPerAddress = handshakesPerAddress,
            Listeners =
            [
                new MqttListenerOptions
                {
                    EndPoint = new IPEndPoint(IPAddress.Loopback, 0),
                    Tls = new MqttTlsOptions
                    {
                        Certificate = certificate,
                        ClientCertificates = wanted,
                        ClientAuthorities = authorities is null ? null : ClientTrust.Follow(authorities, time),
                    },
                },
            ],
        });
        return new TlsBench(bench, time);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();
}
