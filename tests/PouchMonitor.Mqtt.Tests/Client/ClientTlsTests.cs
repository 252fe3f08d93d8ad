using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>This client against this project's server, over TLS with certificates on both sides.</summary>
public sealed class ClientTlsTests : IDisposable
{
    private const int Messages = 200;
    private readonly CertificateFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public ClientTlsTests() => _files.Write(_authority.Server());

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task OverTls_ThroughBrokenConnections_QoS2IsExactlyOnce(MqttProtocolVersion version)
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files, MqttClientCertificates.Required, _files.WriteAuthorities(_authority));
        await using var client = new MqttReconnectingClient(new MqttReconnectOptions
        {
            Client = new MqttClientOptions
            {
                Port = bench.EndPoint.Port, Version = version, ClientId = "n7", CleanStart = false, SessionExpirySeconds = 3600, MaximumInFlight = 32,
                Tls = new MqttClientTls { Authorities = [_authority.Certificate], Certificate = _authority.Client("n7"), HostName = "localhost" },
                AnswerTimeout = TimeSpan.FromSeconds(60),
            },
            FirstDelay = TimeSpan.FromMilliseconds(1),
            LongestDelay = TimeSpan.FromMilliseconds(20),
        });
        client.Start();
        Task<MqttReason>[] answers = [.. Enumerable.Range(0, Messages).Select(index => client.PublishAsync("t", Encoding.UTF8.GetBytes($"{index}"), MqttQos.ExactlyOnce))];
        for (int breaks = 0; breaks < 3; breaks++)
        {
            int seen = bench.Handler.Seen.Count;
            await Eventually.TrueAsync(() => bench.Handler.Seen.Count > seen || answers.All(answer => answer.IsCompleted), "some go through", 60);
            client.Abort();
        }

        Assert.All(await Task.WhenAll(answers).WaitAsync(TimeSpan.FromSeconds(60)), reason => Assert.Equal(MqttReason.Success, reason));
        Assert.Equal(Enumerable.Range(0, Messages).Select(index => $"{index}"), bench.Handler.Seen.Select(message => message.Payload));
    }

    [Fact]
    public async Task AServerOfAnotherAuthority_IsNotSpokenTo()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using TestAuthority stranger = TestAuthority.Create("stranger");
        await using var client = new MqttClient(new MqttClientOptions
        {
            Port = bench.EndPoint.Port, UserName = "n7", Password = "s3cret"u8.ToArray(),
            Tls = new MqttClientTls { Authorities = [stranger.Certificate], HostName = "localhost" },
        });
        MqttClientException refused = await Assert.ThrowsAsync<MqttClientException>(() => client.ConnectAsync());
        Assert.Contains("cannot be reached by TLS", refused.Message, StringComparison.Ordinal);
        Assert.Empty(bench.Handler.Sessions);
    }
}
