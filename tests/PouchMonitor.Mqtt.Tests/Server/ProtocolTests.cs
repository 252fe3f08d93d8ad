using System.Net.Sockets;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class ProtocolTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task OneByteAtATime_IsAsGoodAsAllAtOnce(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        byte[] conversation =
        [
            .. new ConnectPacket { Version = version, ClientId = "f" }.Write(new MqttWriter()),
            .. RawPeer.Publish(version, "t/1", "a", MqttQos.AtLeastOnce, 1),
            .. RawPeer.Publish(version, "t/2", new string('b', 300), MqttQos.AtLeastOnce, 2),
            0xC0, 0,
        ];
        foreach (bool isSplit in (bool[])[true, false])
        {
            using RawPeer peer = bench.Raw();
            for (int index = 0; index < conversation.Length && isSplit; index++)
            {
                peer.Send(conversation[index]);
            }

            if (!isSplit)
            {
                peer.Send(conversation);
            }

            peer.Expect(MqttPacketType.ConnectAcknowledge);
            Assert.Equal([0, 1], peer.Expect(MqttPacketType.PublishAcknowledge));
            Assert.Equal([0, 2], peer.Expect(MqttPacketType.PublishAcknowledge));
            peer.Expect(MqttPacketType.PingResponse);
        }

        Assert.Equal(["t/1", "t/2", "t/1", "t/2"], bench.Handler.Seen.Select(seen => seen.Topic));
    }

    [Fact]
    public async Task ManyPacketsInOneSegment_AndOneLargerThanTheBuffer_AllArrive()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        var all = new List<byte>();
        for (ushort identifier = 1; identifier <= 1000; identifier++)
        {
            all.AddRange(RawPeer.Publish(MqttProtocolVersion.V5, "t", identifier == 500 ? new string('x', 900_000) : $"{identifier}", MqttQos.AtLeastOnce, identifier));
        }

        peer.Send([.. all]);
        for (int identifier = 1; identifier <= 1000; identifier++)
        {
            byte[] body = peer.Expect(MqttPacketType.PublishAcknowledge);
            Assert.Equal(identifier, (body[0] << 8) | body[1]);
        }

        Assert.Equal(900_000, bench.Handler.Seen.ElementAt(499).Payload.Length);
    }

    [Theory]
    [InlineData("C000", "")] // first packet is not CONNECT
    [InlineData("10050102030405", "")] // no protocol name
    [InlineData("3080808080", "")]
    [InlineData("1080808080", "")] // a five-byte length
    [InlineData("100C00044D5154540502000A0000", null)] // a v5 CONNECT without its client id
    [InlineData("100C00044D5154540302000A0000", "20020001")] // level 3
    [InlineData("100E00064D51497364700302003C0000", "20020001")] // MQTT 3.1
    [InlineData("100D00044D5154540600000A000000", "2003008400")] // level 6
    public async Task BadBeginnings_AreClosed_WithTheRightAnswer(string hex, string? expected)
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Send(Convert.FromHexString(hex));
        byte[] answer = peer.ReadToEnd();
        Assert.Equal(expected ?? "2003008100", Convert.ToHexString(answer));
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        Assert.Single(bench.Server.Snapshot().Faults);
    }

    [Theory]
    [InlineData("100C00044D5154540402000A0000", MqttReason.ProtocolError)] // a second CONNECT
    [InlineData("3600", MqttReason.MalformedPacket)] // QoS 3
    [InlineData("300500012B0078", MqttReason.TopicNameInvalid)] // a wildcard in a topic
    [InlineData("80020001", MqttReason.MalformedPacket)] // SUBSCRIBE with wrong flags
    [InlineData("8203000100", MqttReason.ProtocolError)] // SUBSCRIBE without filters
    [InlineData("3400", MqttReason.MalformedPacket)] // nothing in it
    [InlineData("C00100", MqttReason.MalformedPacket)] // PINGREQ with a body
    [InlineData("2003000000", MqttReason.ProtocolError)] // CONNACK from a client
    [InlineData("F000", MqttReason.ProtocolError)] // AUTH without a method
    [InlineData("3007000003230011FF", MqttReason.TopicAliasInvalid)] // alias 17 of 16
    [InlineData("3007000003230000FF", MqttReason.TopicAliasInvalid)] // alias 0
    [InlineData("3007000003230001FF", MqttReason.TopicAliasInvalid)] // an alias never set
    [InlineData("30080001610401010101", MqttReason.ProtocolError)] // a repeated property
    [InlineData("3006000161020B01", MqttReason.ProtocolError)] // a subscription identifier from a client
    [InlineData("3080808001", MqttReason.PacketTooLarge)] // 2 MiB announced
    [InlineData("E0020400", MqttReason.Success)] // DISCONNECT with will: a normal end, nothing is sent
    public async Task BreachesOfTheProtocol_AreAnsweredWithTheirReason(string hex, MqttReason expected)
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        peer.Send(Convert.FromHexString(hex));
        byte[] end = peer.ReadToEnd();
        Assert.Equal(expected == MqttReason.Success ? [] : [0xE0, 1, (byte)expected], end);
    }

    [Fact]
    public async Task RandomBytes_CloseConnections_AndNothingElse()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using Bench bench = await Bench.StartAsync();
        byte[][] samples = [.. SamplePackets.All(MqttProtocolVersion.V5).Select(sample => sample.Bytes)];
        for (int round = 0; round < 200; round++)
        {
            using RawPeer peer = bench.Raw();
            peer.Connect(MqttProtocolVersion.V5, $"r{round}");
            byte[] bytes = [.. samples[random.Next(samples.Length)]];
            bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                peer.Send(bytes);
                peer.Send(0xE0, 0);
            }
            catch (SocketException)
            {
                // Closed at the first byte.
            }
        }

        Assert.True(bench.Server.Snapshot().HandlerFailures == 0, $"seed {seed}");
        using RawPeer last = bench.Raw();
        last.Connect(MqttProtocolVersion.V5, "last");
        last.Send(0xC0, 0);
        last.Expect(MqttPacketType.PingResponse);
    }

    [Fact]
    public async Task TopicAliases_StandForTheirTopics()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        peer.Send(Alias("a", 16));
        peer.Send(Alias(string.Empty, 16));
        peer.Send(Alias("b", 16));
        peer.Send([.. Alias(string.Empty, 16), 0xC0, 0]);
        peer.Expect(MqttPacketType.PingResponse);
        Assert.Equal(["a", "a", "b", "b"], bench.Handler.Seen.Select(seen => seen.Topic));

        static byte[] Alias(string topic, ushort alias)
        {
            var encoder = new PublishEncoder(MqttProtocolVersion.V5, System.Text.Encoding.UTF8.GetBytes(topic), "x"u8, MqttQos.AtMostOnce, [0x23, (byte)(alias >> 8), (byte)alias], null, []);
            byte[] packet = new byte[encoder.PacketBytes];
            encoder.Write(packet, 0, retain: false, duplicate: false);
            return packet;
        }
    }

    [Theory]
    [InlineData(MqttReason.NotAuthorized, 5)]
    [InlineData(MqttReason.BadUserNameOrPassword, 4)]
    [InlineData(MqttReason.ServerUnavailable, 3)]
    [InlineData(MqttReason.ClientIdentifierNotValid, 2)]
    [InlineData(MqttReason.Banned, 5)]
    public async Task RefusedConnects_GetTheirReason_InBothVersions(MqttReason reason, byte returnCode)
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.OnConnect = _ => reason;
        using RawPeer old = bench.Raw();
        old.Send(new ConnectPacket { Version = MqttProtocolVersion.V311, ClientId = "x" }.Write(new MqttWriter()));
        Assert.Equal([0x20, 2, 0, returnCode], old.ReadToEnd());
        MqttClientException refusal = await Assert.ThrowsAsync<MqttClientException>(() => bench.ConnectAsync(MqttProtocolVersion.V5, "x"));
        Assert.Equal(reason, refusal.Reason);
        Assert.Equal(2, bench.Server.Snapshot().ConnectsRefused[reason]);
        Assert.Equal(0, bench.Server.Snapshot().Sessions);
    }

    [Fact]
    public async Task Subscriptions_AreRefusedOneByOne()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumSubscriptionsPerSession = 2, MaximumTopicLevels = 3 });
        bench.Handler.OnSubscribe = filter => filter == "secret/#" ? MqttReason.NotAuthorized : MqttReason.Success;
        (MqttClient client, _) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        Assert.Equal(
            [MqttReason.NotAuthorized, MqttReason.GrantedQos1, MqttReason.TopicFilterInvalid, MqttReason.TopicFilterInvalid, MqttReason.Success, MqttReason.QuotaExceeded, MqttReason.TopicFilterInvalid],
            await client.SubscribeAsync([new("secret/#"), new("a", MqttQos.AtLeastOnce), new("a/#/b"), new("$share/g"), new("b"), new("c"), new("a/b/c/d")]));
        (MqttClient old, _) = await bench.ConnectAsync(MqttProtocolVersion.V311);
        Assert.Equal(MqttReason.UnspecifiedError, await old.SubscribeAsync("secret/#"));
    }

    [Fact]
    public async Task Stopping_TellsVersion5Clients_AndReleasesThePort()
    {
        Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        using RawPeer silent = bench.Raw();
        Task stop = bench.Server.StopAsync();
        Assert.Equal([0xE0, 1, (byte)MqttReason.ServerShuttingDown], peer.ReadToEnd());
        await stop.WaitAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(("raw", MqttReason.ServerShuttingDown), Assert.Single(bench.Handler.Ends));
        Assert.Throws<SocketException>(bench.Raw);
        await bench.DisposeAsync();
    }

    [Fact]
    public async Task ConnectionsOverTheLimit_AreClosedAndCounted()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumConnections = 1 });
        using RawPeer first = bench.Raw();
        first.Connect(MqttProtocolVersion.V5);
        using RawPeer second = bench.Raw();
        Assert.Empty(second.ReadToEnd());
        Assert.Equal(1, bench.Server.Snapshot().ConnectionsOverLimit);
    }
}
