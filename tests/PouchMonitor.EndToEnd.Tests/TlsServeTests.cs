using System.Net;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.EndToEnd.Tests.Programs;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.EndToEnd.Tests;

/// <summary>TLS as an operator sets it up: a configuration file, <c>node add --certificate</c>, and what is said of mistakes.</summary>
public sealed class TlsServeTests : IDisposable
{
    private readonly CertificateFolder files = new();
    private readonly TestAuthority authority = TestAuthority.Create();

    public TlsServeTests() => files.Write(authority.Server("first"));

    public void Dispose()
    {
        files.Dispose();
        authority.Dispose();
    }

    [Fact]
    public async Task ANodeAddedByItsCertificate_Connects_AndARenewedServerCertificateComesIntoUse()
    {
        string data = files.PathOf("data");
        X509Certificate2 certificate = authority.Client("n7");
        await File.WriteAllTextAsync(files.PathOf("n7.pem"), certificate.ExportCertificatePem());
        CommandRun added = await CommandRun.PouchMonitor("node", "add", "n7", "--certificate", files.PathOf("n7.pem"), "--data", data);
        Assert.Equal(0, added.ExitCode);
        Assert.Equal(Convert.ToHexStringLower(certificate.GetCertHash(System.Security.Cryptography.HashAlgorithmName.SHA256)), added.Output.Trim());

        string config = $$$"""
            {"mqttTls": {"port": 0, "certificate": "{{{files.CertificateFile}}}", "key": "{{{files.KeyFile}}}",
                         "clientCa": "{{{files.WriteAuthorities(authority)}}}", "clientCertificateRequired": true}}
            """;
        await using ServeProcess serve = await ServeProcess.Closed(data, config);
        using StreamPeer peer = await Open(serve, certificate);
        Assert.Equal("CN=first", peer.ServerCertificate!.Subject);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);

        files.Write(authority.Server("second"));
        using CancellationTokenSource limit = new(TimeSpan.FromSeconds(60));
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(100));
        string shown = "CN=first";
        while (shown == "CN=first")
        {
            await timer.WaitForNextTickAsync(limit.Token);
            using StreamPeer next = await Open(serve, certificate);
            shown = next.ServerCertificate!.Subject;
        }

        Assert.Equal("CN=second", shown);
        await peer.SendAsync(new byte[] { 0xC0, 0 });
        await peer.ExpectAsync(MqttPacketType.PingResponse);
    }

    [Theory]
    [InlineData("""{"mqttListen": "0.0.0.0"}""", "mqttTls", false)]
    [InlineData("""{"mqttListen": "0.0.0.0", "mqttPlain": true}""", "--open-on-loopback", true)]
    [InlineData("""{"mqttListen": "here"}""", "here", false)]
    [InlineData("""{"mqttTls": {"port": 70000, "certificate": "x"}}""", "70000", false)]
    [InlineData("""{"mqttTls": {"certificate": "x", "clientCertificateRequired": true}}""", "clientCa", false)]
    [InlineData("""{"mqttTls": {"certificate": "nowhere.pem"}}""", "nowhere.pem", false)]
    public async Task AMistakeInTheConfiguration_IsNamed(string config, string expected, bool open)
    {
        await File.WriteAllTextAsync(files.PathOf("gateway.json"), config);
        string[] command = ["serve", "--data", files.PathOf("data"), "--http-port", "0", "--mqtt-port", "0", "--config", files.PathOf("gateway.json")];
        CommandRun run = await CommandRun.PouchMonitor(open ? [.. command, "--open-on-loopback"] : command);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(expected, Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AFileThatIsNoCertificate_IsNamed()
    {
        await File.WriteAllTextAsync(files.PathOf("n7.pem"), "no certificate");
        CommandRun run = await CommandRun.PouchMonitor("node", "add", "n7", "--certificate", files.PathOf("n7.pem"), "--data", files.PathOf("data"));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("n7.pem", Assert.Single(run.ErrorLines), StringComparison.Ordinal);
    }

    private static Task<StreamPeer> Open(ServeProcess serve, X509Certificate2 certificate) =>
        StreamPeer.OpenAsync(new IPEndPoint(IPAddress.Loopback, serve.MqttTlsPort), SslProtocols.None, certificate);
}
