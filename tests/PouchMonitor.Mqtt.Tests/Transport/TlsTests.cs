using System.Security.Authentication;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Transport;

public sealed class TlsTests : IDisposable
{
    private readonly CertificateFolder _files = new();
    private readonly TestAuthority _authority = TestAuthority.Create();

    public TlsTests() => _files.Write(_authority.Server());

    public void Dispose()
    {
        _files.Dispose();
        _authority.Dispose();
    }

    [Theory]
    [InlineData(SslProtocols.Tls12)]
    [InlineData(SslProtocols.Tls13)]
    public async Task AClientOfEitherVersion_IsServed_AndManyMessagesComeBackInOrder(SslProtocols protocol)
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint, protocol);
        Assert.Equal(protocol, peer.Protocol);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V5)).Reason);
        await peer.SendAsync(new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter("t", MqttQos.AtMostOnce)] }.Write(new MqttWriter(), MqttProtocolVersion.V5).ToArray());
        await peer.ExpectAsync(MqttPacketType.SubscribeAcknowledge);
        const int Count = 500;
        Task sending = Task.Run(async () =>
        {
            for (int index = 0; index < Count; index++)
            {
                await peer.SendAsync(RawPeer.Publish(MqttProtocolVersion.V5, "t", new string((char)('a' + (index % 26)), index * 7)));
            }
        });
        for (int index = 0; index < Count; index++)
        {
            byte[] body = await peer.ExpectAsync(MqttPacketType.Publish);
            Assert.Equal(4 + (index * 7), body.Length);
            Assert.True(body.AsSpan(4).IndexOfAnyExcept((byte)('a' + (index % 26))) < 0);
        }

        await sending;
    }

    [Fact]
    public async Task AMessageOfManyRecords_GoesThroughWhole()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
        await peer.ConnectAsync(MqttProtocolVersion.V5);
        string payload = new('x', 700_000);
        await peer.SendAsync(RawPeer.Publish(MqttProtocolVersion.V5, "t", payload, MqttQos.AtLeastOnce, 1));
        Assert.Equal([0, 1], await peer.ExpectAsync(MqttPacketType.PublishAcknowledge));
        Assert.Equal(payload, bench.Handler.Seen.Single().Payload);
    }

    [Fact]
    public async Task AHandshakeThatNeverComes_EndsInTime_AndHoldsNobodyUp()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using var silent = new RawPeer(bench.EndPoint);
        using var half = new RawPeer(bench.EndPoint);
        half.Send(0x16, 0x03, 0x01, 0x02, 0x00, 0x01); // the beginning of a ClientHello
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal(MqttReason.Success, (await peer.ConnectAsync(MqttProtocolVersion.V311)).Reason);
        await Eventually.TrueAsync(() => bench.Server.Snapshot().PendingConnections == 2, "both wait", seconds: 30);
        await Eventually.TrueAsync(
            () =>
            {
                bench.Time.Advance(TimeSpan.FromSeconds(30)); // again and again, since a handshake's clock starts when a thread takes it up
                return bench.Server.Snapshot().HandshakesTimedOut == 2;
            },
            "both are given up",
            seconds: 30);
        Assert.Empty(silent.ReadToEnd());
        Assert.Empty(half.ReadToEnd());
        Assert.Equal(0, bench.Server.Snapshot().PendingConnections);
        Assert.Equal(0, bench.Server.Snapshot().HandshakesFailed);
    }

    [Fact]
    public async Task HandshakesOfOneAddress_TakeTurns()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files, handshakesPerAddress: 2);
        RawPeer[] silent = [.. Enumerable.Range(0, 5).Select(_ => new RawPeer(bench.EndPoint))];
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { PendingConnections: 5, HandshakesUnderWay: 2 }, "two are under way", seconds: 30);
        await Eventually.TrueAsync(
            () =>
            {
                Assert.InRange(bench.Server.Snapshot().HandshakesUnderWay, 0, 2);
                bench.Time.Advance(TimeSpan.FromSeconds(30));
                return bench.Server.Snapshot().HandshakesTimedOut == 5;
            },
            "the silent ones are given up, two by two",
            seconds: 30);
        using StreamPeer peer = await StreamPeer.OpenAsync(bench.EndPoint);
        Array.ForEach(silent, one => one.Dispose());
    }

    [Fact]
    public async Task PlainMqttAtTheTlsPort_IsAFailedHandshake()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using var plain = new RawPeer(bench.EndPoint);
        plain.Send(new ConnectPacket { ClientId = "intruder" }.Write(new MqttWriter()));
        plain.ReadToEnd();
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { HandshakesFailed: > 0, PendingConnections: 0 }, "it is counted", seconds: 30);
        Assert.DoesNotContain(bench.Handler.Sessions, session => session.ClientId == "intruder");
    }

    [Fact]
    public async Task AServerThatStops_SaysSo_AndAConnectionThatBreaksIsNoticed()
    {
        TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer stays = await StreamPeer.OpenAsync(bench.EndPoint);
        await stays.ConnectAsync(MqttProtocolVersion.V5, "stays");
        using (StreamPeer goes = await StreamPeer.OpenAsync(bench.EndPoint))
        {
            await goes.ConnectAsync(MqttProtocolVersion.V5, "goes");
        }

        await Eventually.TrueAsync(() => bench.Handler.Ends.Contains(("goes", MqttReason.UnspecifiedError)), "the end is seen", seconds: 30);
        await bench.DisposeAsync();
        Assert.Equal([0xE0, 1, (byte)MqttReason.ServerShuttingDown], await stays.ReadToEndAsync());
        Assert.Contains(("stays", MqttReason.ServerShuttingDown), bench.Handler.Ends);
    }

    [Fact]
    public async Task ASubscriberThatDoesNotRead_IsBounded_AndTheOthersGoOn()
    {
        await using TlsBench bench = await TlsBench.StartAsync(_files);
        using StreamPeer slow = await StreamPeer.OpenAsync(bench.EndPoint);
        await slow.ConnectAsync(MqttProtocolVersion.V5, "slow");
        await slow.SendAsync(new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter("t", MqttQos.AtMostOnce)] }.Write(new MqttWriter(), MqttProtocolVersion.V5).ToArray());
        await slow.ExpectAsync(MqttPacketType.SubscribeAcknowledge);
        byte[] payload = new byte[256 * 1024];
        for (int published = 0; !bench.Server.Snapshot().Drops.ContainsKey(MqttDropReason.SubscriberSlow); published++)
        {
            Assert.True(published < 10_000);
            bench.Server.Publish("t", payload);
        }

        using StreamPeer other = await StreamPeer.OpenAsync(bench.EndPoint);
        Assert.Equal(MqttReason.Success, (await other.ConnectAsync(MqttProtocolVersion.V5, "other")).Reason);
    }
}
