using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>Aliases that the server uses towards clients that allow them.</summary>
public sealed class TopicAliasTests
{
    [Fact]
    public async Task Aliases_AreToldWithTheTopic_ThenUsedAlone_AndNeverMoreThanTheClientAllows()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = Connected(bench, new MqttProperties { TopicAliasMaximum = 2 });
        Assert.Equal(("alias/one", 1), Next(bench, peer, "alias/one"));
        Assert.Equal((string.Empty, 1), Next(bench, peer, "alias/one"));
        Assert.Equal(("alias/two", 2), Next(bench, peer, "alias/two"));
        Assert.Equal(("alias/three", 0), Next(bench, peer, "alias/three"));
        Assert.Equal((string.Empty, 2), Next(bench, peer, "alias/two"));
        Assert.Equal((string.Empty, 1), Next(bench, peer, "alias/one", MqttQos.AtLeastOnce));
    }

    [Fact]
    public async Task TheServersOwnBound_HoldsToo_AndShortOrLongTopicsGetNone()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumTopicAliasesPerClient = 1 });
        using RawPeer peer = Connected(bench, new MqttProperties { TopicAliasMaximum = 100 });
        string longest = new('t', 256);
        Assert.Equal(("short", 0), Next(bench, peer, "short"));
        Assert.Equal((longest + "t", 0), Next(bench, peer, longest + "t"));
        Assert.Equal((longest, 1), Next(bench, peer, longest));
        Assert.Equal(("longer", 0), Next(bench, peer, "longer"));
    }

    [Fact]
    public async Task WithoutTheClientsWord_ThereAreNone_AndANewConnectionBeginsAnew()
    {
        await using Bench bench = await Bench.StartAsync();
        using (RawPeer plain = Connected(bench, null))
        {
            Assert.Equal(("alias/one", 0), Next(bench, plain, "alias/one"));
            Assert.Equal(("alias/one", 0), Next(bench, plain, "alias/one"));
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        for (int round = 0; round < 2; round++)
        {
            using RawPeer peer = Connected(bench, new MqttProperties { TopicAliasMaximum = 5, SessionExpirySeconds = 60 });
            Assert.Equal(("alias/one", 1), Next(bench, peer, "alias/one"));
            Assert.Equal((string.Empty, 1), Next(bench, peer, "alias/one"));
        }
    }

    [Fact]
    public async Task APacketThatFitsOnlyWithoutAnAlias_IsSentWithoutOne()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = Connected(bench, new MqttProperties { TopicAliasMaximum = 5, MaximumPacketBytes = 17 });
        Assert.Equal(("alias/one", 0), Next(bench, peer, "alias/one")); // 2 + 2 + 9 + 1 + 3 = 17 bytes
    }

    private static RawPeer Connected(Bench bench, MqttProperties? properties)
    {
        RawPeer peer = bench.Raw();
        peer.Connect(new ConnectPacket { ClientId = "alias", Properties = properties });
        peer.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter("#", MqttQos.AtLeastOnce)] }.Write(writer, MqttProtocolVersion.V5).ToArray());
        peer.Expect(MqttPacketType.SubscribeAcknowledge);
        return peer;
    }

    private static (string Topic, int Alias) Next(Bench bench, RawPeer peer, string topic, MqttQos qos = MqttQos.AtMostOnce)
    {
        bench.Server.Publish(topic, "abc"u8, qos);
        byte[] body = peer.Expect(MqttPacketType.Publish);
        Assert.Equal(MqttFault.None, PublishView.Read(peer.FirstByte & 15, body, MqttProtocolVersion.V5, out PublishView view));
        Assert.Equal("abc", Encoding.UTF8.GetString(view.Payload));
        return (Encoding.UTF8.GetString(view.Topic), view.TopicAlias);
    }
}
