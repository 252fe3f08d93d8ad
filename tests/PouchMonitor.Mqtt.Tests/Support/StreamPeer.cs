using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>An MQTT client of the plainest kind over TLS: sends bytes, reads packets.</summary>
internal sealed class StreamPeer : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly TcpClient _client = new();
    private SslStream? _stream;

    /// <summary>What the server showed.</summary>
    public X509Certificate2? ServerCertificate { get; private set; }

    /// <summary>What the server sent beside its certificate.</summary>
    public IReadOnlyList<string> OtherSubjects { get; private set; } = [];

    public SslProtocols Protocol => _stream!.SslProtocol;

    public static async Task<StreamPeer> OpenAsync(IPEndPoint endPoint, SslProtocols protocols = SslProtocols.None, X509Certificate2? certificate = null, params X509Certificate2[] others)
    {
        var peer = new StreamPeer();
        try
        {
            await peer._client.ConnectAsync(endPoint);
            await peer.ShakeHandsAsync(protocols, certificate, others);
            return peer;
        }
        catch
        {
            peer.Dispose();
            throw;
        }
    }

    public Task SendAsync(ReadOnlyMemory<byte> bytes) => _stream!.WriteAsync(bytes).AsTask().WaitAsync(Patience);

    public async Task<ConnectAcknowledgePacket> ConnectAsync(MqttProtocolVersion version, string clientId = "peer")
    {
        await SendAsync(new ConnectPacket { Version = version, ClientId = clientId }.Write(new MqttWriter()).ToArray());
        byte[] body = await ExpectAsync(MqttPacketType.ConnectAcknowledge);
        return ConnectAcknowledgePacket.Read(body, version, out _)!;
    }

    public async Task<byte[]> ExpectAsync(MqttPacketType type)
    {
        byte[] one = await ReadAsync(1);
        int length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = (await ReadAsync(1))[0];
            length |= (next & 0x7F) << shift;
            if (next < 0x80)
            {
                break;
            }
        }

        byte[] body = await ReadAsync(length);
        Assert.Equal(type, (MqttPacketType)(one[0] >> 4));
        return body;
    }

    /// <summary>Reads to the end of the stream, however it comes.</summary>
    public async Task<byte[]> ReadToEndAsync()
    {
        var all = new MemoryStream();
        try
        {
            await _stream!.CopyToAsync(all).WaitAsync(Patience);
        }
        catch (IOException)
        {
            // As good an end.
        }

        return all.ToArray();
    }

    public void Dispose()
    {
        _stream?.Dispose();
        _client.Dispose();
        ServerCertificate?.Dispose();
    }

    private async Task ShakeHandsAsync(SslProtocols protocols, X509Certificate2? certificate, X509Certificate2[] others)
    {
        _stream = new SslStream(_client.GetStream());
        await _stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
        {
            TargetHost = "localhost",
            EnabledSslProtocols = protocols,
            ClientCertificateContext = certificate is null ? null : SslStreamCertificateContext.Create(certificate, [.. others], offline: true),
            RemoteCertificateValidationCallback = (_, shown, chain, _) =>
            {
                ServerCertificate = X509CertificateLoader.LoadCertificate(shown!.GetRawCertData());
                OtherSubjects = [.. chain!.ChainPolicy.ExtraStore.Select(other => other.Subject)];
                return true;
            },
        }).WaitAsync(Patience);
    }

    private async Task<byte[]> ReadAsync(int count)
    {
        byte[] bytes = new byte[count];
        await _stream!.ReadExactlyAsync(bytes).AsTask().WaitAsync(Patience);
        return bytes;
    }
}
