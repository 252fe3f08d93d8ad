using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>What has brought other brokers down, tried here over a socket.</summary>
public sealed class HostileClientTests
{
    /// <summary>CVE-2023-28366: QoS 2 messages with one identifier, sent for ever and never released.</summary>
    [Fact]
    public async Task RepeatedQosTwoIdentifiers_DoNotGrowMemory()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V311);
        byte[] publish = RawPeer.Publish(MqttProtocolVersion.V311, "t", new string('x', 500), MqttQos.ExactlyOnce, 7, duplicate: true);
        byte[] batch = [.. Enumerable.Repeat(publish, 100).SelectMany(bytes => bytes)];
        void SendBatches(int count)
        {
            for (int index = 0; index < count; index++)
            {
                peer.Send(batch);
                for (int answer = 0; answer < 100; answer++)
                {
                    Assert.Equal([0, 7], peer.Expect(MqttPacketType.PublishReceived));
                }
            }
        }

        SendBatches(10);
        Assert.Single(bench.Handler.Seen);
        Assert.Equal(1, bench.Handler.Sessions.Single().InboundReceivedCount);
        SendBatches(50);
        Assert.Single(bench.Handler.Seen);
        Assert.Equal(1, bench.Handler.Sessions.Single().InboundReceivedCount);
    }

    /// <summary>As many identifiers as there are: no more are held than the receive maximum.</summary>
    [Fact]
    public async Task UnreleasedQosTwoIdentifiers_EndAtTheReceiveMaximum()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, ReceiveMaximum = 3 });
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        for (ushort identifier = 1; identifier <= 3; identifier++)
        {
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, identifier));
            peer.Expect(MqttPacketType.PublishReceived);
        }

        peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, 4));
        Assert.Equal([0xE0, 1, (byte)MqttReason.ReceiveMaximumExceeded], peer.ReadToEnd());
        Assert.Equal(3, bench.Handler.Seen.Count);
    }

    /// <summary>CVE-2021-34431 and CVE-2021-34432: bad and repeated properties in a CONNECT.</summary>
    [Theory]
    [InlineData("101800044D5154540502000A0A110000000A110000000A000161", "2003008200")] // session expiry twice
    [InlineData("101000044D5154540502000A027F00000161", "2003008100")] // a property that does not exist
    [InlineData("101100044D5154540502000A03230001000161", "20")] // a topic alias has no place here
    [InlineData("101100044D5154540502000A03210000000161", "2003008200")] // a receive maximum of 0
    public async Task BadPropertiesInConnect_AreRefused(string hex, string expected)
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Send(Convert.FromHexString(hex));
        string answer = Convert.ToHexString(peer.ReadToEnd());
        Assert.StartsWith(expected, answer, StringComparison.Ordinal);
        Assert.Contains(answer, (string[])["2003008100", "2003008200"]);
        Assert.Single(bench.Server.Snapshot().Faults);
    }

    /// <summary>CVE-2026-21888 and its like: lengths of five bytes, and topics of none.</summary>
    [Theory]
    [InlineData("308080808001", MqttReason.MalformedPacket)] // the packet's length
    [InlineData("30FFFFFFFF7F", MqttReason.MalformedPacket)]
    [InlineData("3009000161808080800100", MqttReason.MalformedPacket)] // the properties' length
    [InlineData("3004000000FF", MqttReason.ProtocolError)] // no topic and no alias
    public async Task LongLengthsAndEmptyTopics_EndTheConnection(string hex, MqttReason expected)
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        peer.Send(Convert.FromHexString(hex));
        Assert.Equal([0xE0, 1, (byte)expected], peer.ReadToEnd());
        Assert.Empty(bench.Handler.Seen);
    }
}
