using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Interop;

/// <summary>The clients that come with mosquitto, over TLS: they check our certificate, and show one of their own.</summary>
public sealed class MosquittoTlsTests : IDisposable
{
    private readonly CertificateFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public MosquittoTlsTests() => _files.Write(_authority.Server("localhost"));

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData("tlsv1.2", "mqttv311")]
    [InlineData("tlsv1.3", "mqttv5")]
    public async Task PublishesAndSubscribes_WithACertificate(string tls, string version)
    {
        MosquittoClientTests.SkipWithoutBinaries();
        string authorities = _files.WriteAuthorities(_authority);
        await using TlsBench bench = await TlsBench.StartAsync(_files, MqttClientCertificates.Required, authorities);
        var subjects = new ConcurrentQueue<string?>();
        bench.Handler.OnConnect = request =>
        {
            subjects.Enqueue(request.ClientCertificateSubject);
            return MqttReason.Success;
        };
        X509Certificate2 certificate = _authority.Client("n7");
        await File.WriteAllTextAsync(_files.PathOf("n7.pem"), certificate.ExportCertificatePem());
        await File.WriteAllTextAsync(_files.PathOf("n7.key"), certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        string[] login =
        [
            "-h", "localhost", "-p", $"{bench.EndPoint.Port}", "-V", version, "--tls-version", tls, "-q", "1", "-t", "m/1",
            "--cafile", authorities, "--cert", _files.PathOf("n7.pem"), "--key", _files.PathOf("n7.key"),
        ];
        using Process subscriber = Start("mosquitto_sub", [.. login, "-C", "1", "-W", "60", "-F", "%t %q %p"]);
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Subscriptions == 1, "the subscription", seconds: 60);
        using Process publisher = Start("mosquitto_pub", [.. login, "-m", "secret"]);
        string errors = await publisher.StandardError.ReadToEndAsync();
        await publisher.WaitForExitAsync();
        Assert.True(publisher.ExitCode == 0, errors);
        Assert.Equal("m/1 1 secret\n", await subscriber.StandardOutput.ReadToEndAsync());
        Assert.Equal(["CN=n7", "CN=n7"], subjects);
    }

    private static Process Start(string program, string[] arguments) => Process.Start(new ProcessStartInfo(program, arguments)
    {
        UseShellExecute = false,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    })!;
}
