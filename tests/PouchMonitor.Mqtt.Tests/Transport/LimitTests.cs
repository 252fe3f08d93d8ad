using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Transport;

/// <summary>What one connection, or all together, may ask of the server, over sockets.</summary>
public sealed class LimitTests
{
    [Fact]
    public async Task ThoseWhoDoNotLogIn_LeaveRoomForOthers_OnlyUpToTheirBound()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumPendingConnectionsPerAddress = 2 });
        using RawPeer first = bench.Raw();
        using RawPeer second = bench.Raw();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().PendingConnections == 2, "two wait", seconds: 30);
        using (RawPeer third = bench.Raw())
        {
            Assert.Empty(third.ReadToEnd());
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().ConnectionsOverPending == 1, "it is counted", seconds: 30);
        first.Connect(MqttProtocolVersion.V311, "first");
        Assert.Equal(1, bench.Server.Snapshot().PendingConnections);
        using RawPeer fourth = bench.Raw();
        fourth.Connect(MqttProtocolVersion.V311, "fourth");
        second.Abort();
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { PendingConnections: 0, Connections: 2 }, "its place is free", seconds: 30);
    }

    [Fact]
    public async Task OverTheConnectRate_AConnectionIsClosedAtOnce()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time, ConnectBurstPerAddress = 1, ConnectRatePerAddress = 1 });
        using RawPeer first = bench.Raw();
        first.Connect(MqttProtocolVersion.V5, "first");
        using (RawPeer second = bench.Raw())
        {
            Assert.Empty(second.ReadToEnd());
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().ConnectionsOverRate == 1, "it is counted", seconds: 30);
        time.Advance(TimeSpan.FromSeconds(1));
        using RawPeer third = bench.Raw();
        third.Connect(MqttProtocolVersion.V5, "third");
    }

    [Fact]
    public async Task AConnectThatTricklesIn_EndsInTime()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        using RawPeer peer = bench.Raw();
        byte[] connect = new ConnectPacket { ClientId = "slow" }.Write(new MqttWriter()).ToArray();
        for (int index = 0; index < 4; index++)
        {
            long before = bench.Server.Snapshot().BytesReceived;
            peer.Send(connect[index]);
            await Eventually.TrueAsync(() => bench.Server.Snapshot().BytesReceived == before + 1, "a byte comes", seconds: 30);
            time.Advance(TimeSpan.FromSeconds(3)); // never silent for the ten seconds that a CONNECT may take
        }

        Assert.Empty(peer.ReadToEnd());
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { Connections: 0, PendingConnections: 0 }, "it is gone", seconds: 30);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task ALargeConnect_IsRefused_ThoughAPublishOfThatSizeIsNot(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumConnectPacketBytes = 1000 });
        using RawPeer peer = bench.Raw();
        var large = new ConnectPacket { Version = version, ClientId = "large", UserName = "u", Password = new byte[1000] };
        peer.Send(large.Write(new MqttWriter()));
        byte[] answer = peer.ReadToEnd();
        if (version == MqttProtocolVersion.V5)
        {
            Assert.Equal([0x20, (byte)(answer.Length - 2), 0, (byte)MqttReason.PacketTooLarge], answer[..4]);
            Assert.Contains("at most 1000", System.Text.Encoding.UTF8.GetString(answer), StringComparison.Ordinal);
        }
        else
        {
            Assert.Empty(answer);
        }

        Assert.Equal(1, bench.Server.Snapshot().Faults[MqttFault.PacketTooLarge]);
        using RawPeer small = bench.Raw();
        small.Connect(version);
        small.Send(RawPeer.Publish(version, "t", new string('x', 2000), MqttQos.AtLeastOnce, 1));
        small.Expect(MqttPacketType.PublishAcknowledge);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V5)]
    [InlineData(MqttProtocolVersion.V311)]
    public async Task BytesInFlight_HoldTheConnection_UntilTheApplicationAcknowledges(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumInFlightBytesPerConnection = 10_000 });
        bench.Handler.Judge = _ => PublishOutcome.Deferred();
        using RawPeer peer = bench.Raw();
        peer.Connect(version);
        ushort identifier = 0;
        foreach (int size in (int[])[20_000, 5000, 5000, 1])
        {
            peer.Send(RawPeer.Publish(version, "t", new string('x', size), MqttQos.AtLeastOnce, ++identifier));
        }

        await HoldsAsync(1, seen: 1); // the first is larger than the bound and goes alone
        bench.Handler.Seen.ElementAt(0).Token.Complete();
        peer.Expect(MqttPacketType.PublishAcknowledge);
        await HoldsAsync(2, seen: 3); // twice 5000 fill it
        await Eventually.TrueAsync(() => bench.Server.Snapshot().InFlightBytes == 10_000, "it is reported", seconds: 30);
        bench.Handler.Seen.ElementAt(1).Token.Complete();
        peer.Expect(MqttPacketType.PublishAcknowledge);
        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 4, "the last is taken", seconds: 30);
        bench.Handler.Seen.ElementAt(3).Token.Complete();
        bench.Handler.Seen.ElementAt(2).Token.Complete();
        Assert.Equal([0, 3], peer.Expect(MqttPacketType.PublishAcknowledge)[..2]);
        Assert.Equal([0, 4], peer.Expect(MqttPacketType.PublishAcknowledge)[..2]);
        await Eventually.TrueAsync(() => bench.Server.Snapshot().InFlightBytes == 0, "nothing is in flight", seconds: 30);

        Task HoldsAsync(long holds, int seen) => Eventually.TrueAsync(
            () => bench.Server.Snapshot().InFlightHolds == holds && bench.Handler.Seen.Count == seen, $"{holds} holds, {seen} seen", seconds: 30);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task BytesInFlightOfAll_HoldEveryone_UntilSomeAreAcknowledgedOrTheirConnectionEnds(bool ends)
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumInFlightBytes = 10_000 });
        bench.Handler.Judge = _ => PublishOutcome.Deferred();
        using RawPeer first = bench.Raw();
        using RawPeer second = bench.Raw();
        first.Connect(MqttProtocolVersion.V311, "first");
        second.Connect(MqttProtocolVersion.V311, "second");
        first.Send(RawPeer.Publish(MqttProtocolVersion.V311, "t", new string('x', 12_000), MqttQos.AtLeastOnce, 1));
        await Eventually.TrueAsync(() => bench.Server.Snapshot().InFlightBytes == 12_000, "it is full", seconds: 30);
        second.Send(RawPeer.Publish(MqttProtocolVersion.V311, "free", "x")); // QoS 0 is nothing that waits for an answer
        second.Send(RawPeer.Publish(MqttProtocolVersion.V311, "held", "x", MqttQos.AtLeastOnce, 1));
        await Eventually.TrueAsync(() => bench.Server.Snapshot().InFlightHoldsOfAll == 1, "the second is held", seconds: 30);
        Assert.Equal(["t", "free"], bench.Handler.Seen.Select(publish => publish.Topic));
        if (ends)
        {
            first.Abort();
        }
        else
        {
            bench.Handler.Seen.First().Token.Complete();
        }

        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 3, "the second goes on", seconds: 30);
        bench.Handler.Seen.Last().Token.Complete();
        second.Expect(MqttPacketType.PublishAcknowledge);
    }

    [Fact]
    public void AnOptionOutOfItsRange_IsNamed()
    {
        ArgumentOutOfRangeException error = Assert.Throws<ArgumentOutOfRangeException>(
            () => new MqttServer(new MqttServerOptions { ConnectRate = 0 }, new TestHandler()));
        Assert.Contains("ConnectRate is 0, allowed are 1 to", error.Message, StringComparison.Ordinal);
    }
}
