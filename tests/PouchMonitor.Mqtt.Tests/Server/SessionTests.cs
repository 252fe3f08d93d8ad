using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class SessionTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task PersistentSession_CollectsWhileAway_AndResumes(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        var options = new MqttClientOptions { Version = version, ClientId = "keeper", CleanStart = false, SessionExpirySeconds = 60 };
        (MqttClient first, _) = await bench.ConnectAsync(options);
        await first.SubscribeAsync("k/#", MqttQos.AtLeastOnce);
        await first.DisconnectAsync();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        for (int index = 0; index < 5000; index++)
        {
            bench.Server.Publish("k/x", System.Text.Encoding.UTF8.GetBytes($"{index}"), MqttQos.AtLeastOnce);
            bench.Server.Publish("k/zero", default, MqttQos.AtMostOnce);
        }

        (MqttClient _, ConcurrentQueue<Got> got) = await bench.ConnectAsync(options);
        await Eventually.TrueAsync(() => got.Count >= 5000, "what was kept");
        Assert.Equal(Enumerable.Range(0, 5000).Select(index => $"{index}"), got.Select(message => message.Payload));
    }

    [Fact]
    public async Task SessionPresent_IsToldTruly()
    {
        await using Bench bench = await Bench.StartAsync();
        ConnectAcknowledgePacket Connect(bool clean, uint expiry)
        {
            using RawPeer peer = bench.Raw();
            ConnectAcknowledgePacket answer = peer.Connect(new ConnectPacket { ClientId = "s", CleanStart = clean, Properties = new MqttProperties { SessionExpirySeconds = expiry } });
            peer.Send(0xE0, 0);
            peer.ReadToEnd();
            return answer;
        }

        Assert.False(Connect(clean: false, 10).SessionPresent);
        Assert.True(Connect(clean: false, 10).SessionPresent);
        Assert.False(Connect(clean: true, 10).SessionPresent);
        Assert.True(Connect(clean: false, 0).SessionPresent);
        Assert.False(Connect(clean: false, 0).SessionPresent);
        Assert.Equal(86_400u, Connect(clean: true, uint.MaxValue).Properties!.SessionExpirySeconds); // capped, and told
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task UnacknowledgedMessages_AreSentAgain_WithDupAndTheSameIdentifier(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        var connect = new ConnectPacket { Version = version, ClientId = "again", CleanStart = false, Properties = version == MqttProtocolVersion.V5 ? new MqttProperties { SessionExpirySeconds = 60 } : null };
        byte[] firstBody;
        using (RawPeer peer = bench.Raw())
        {
            peer.Connect(connect);
            Subscribe(peer, version, "q/#", MqttQos.ExactlyOnce);
            bench.Server.Publish("q/1", "one"u8, MqttQos.AtLeastOnce);
            bench.Server.Publish("q/2", "two"u8, MqttQos.ExactlyOnce);
            firstBody = peer.Expect(MqttPacketType.Publish);
            Assert.Equal(0x32, peer.FirstByte);
            byte[] second = peer.Expect(MqttPacketType.Publish);
            peer.Send(0x50, 2, second[5], second[6]); // PUBREC for the second
            peer.Expect(MqttPacketType.PublishRelease);
            peer.Abort();
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        using RawPeer back = bench.Raw();
        Assert.True(back.Connect(connect).SessionPresent);
        byte[] again = back.Expect(MqttPacketType.Publish);
        Assert.Equal(0x3A, back.FirstByte);
        Assert.Equal(firstBody, again);
        byte[] release = back.Expect(MqttPacketType.PublishRelease);
        back.Send([0x40, 2, again[5], again[6], 0x70, 2, release[0], release[1], 0xC0, 0]);
        back.Expect(MqttPacketType.PingResponse);
        back.Abort();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the second end");
        using RawPeer third = bench.Raw();
        third.Connect(connect);
        third.Send(0xC0, 0);
        third.Expect(MqttPacketType.PingResponse); // nothing is left to send
    }

    [Fact]
    public async Task ClientsReceiveMaximum_IsObserved()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(new ConnectPacket { ClientId = "small", Properties = new MqttProperties { ReceiveMaximum = 3 } });
        Subscribe(peer, MqttProtocolVersion.V5, "#", MqttQos.AtLeastOnce);
        for (int index = 0; index < 10; index++)
        {
            bench.Server.Publish("w", "x"u8, MqttQos.AtLeastOnce);
        }

        var identifiers = new Queue<(byte High, byte Low)>();
        for (int index = 0; index < 3; index++)
        {
            byte[] body = peer.Expect(MqttPacketType.Publish);
            identifiers.Enqueue((body[3], body[4]));
        }

        for (int index = 3; index < 10; index++)
        {
            peer.Send(0xC0, 0);
            peer.Expect(MqttPacketType.PingResponse); // and no fourth
            (byte high, byte low) = identifiers.Dequeue();
            peer.Send(0x40, 2, high, low);
            byte[] body = peer.Expect(MqttPacketType.Publish);
            identifiers.Enqueue((body[3], body[4]));
        }
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Takeover_EndsTheFormerConnection_AndKeepsTheSession(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        var connect = new ConnectPacket { Version = version, ClientId = "one", CleanStart = false, Properties = version == MqttProtocolVersion.V5 ? new MqttProperties { SessionExpirySeconds = 60 } : null };
        using RawPeer first = bench.Raw();
        first.Connect(connect);
        using RawPeer second = bench.Raw();
        Assert.True(second.Connect(connect).SessionPresent);
        byte[] last = first.ReadToEnd();
        Assert.Equal(version == MqttProtocolVersion.V5 ? [0xE0, 1, (byte)MqttReason.SessionTakenOver] : [], last);
        Assert.Equal(("one", MqttReason.SessionTakenOver), Assert.Single(bench.Handler.Ends));
        second.Send(0xC0, 0);
        second.Expect(MqttPacketType.PingResponse);
    }

    [Fact]
    public async Task Takeover_ByManyAtOnce_LeavesExactlyOne()
    {
        await using Bench bench = await Bench.StartAsync();
        int connected = 0;
        await Parallel.ForEachAsync(Enumerable.Range(0, 40), new ParallelOptions { MaxDegreeOfParallelism = 20 }, async (_, _) =>
        {
            var client = new MqttClient(new MqttClientOptions { Port = bench.Server.EndPoint.Port, ClientId = "same" });
            try
            {
                await client.ConnectAsync();
            }
            catch (MqttClientException)
            {
                return; // taken over before its CONNACK
            }

            Interlocked.Increment(ref connected);
        });
        await Eventually.TrueAsync(() => bench.Server.Snapshot() is { Connections: 1, Sessions: 1 }, "one connection");
        await Eventually.TrueAsync(() => bench.Handler.Ends.Count == bench.Server.Snapshot().Disconnects[MqttReason.SessionTakenOver], "all notices");
        Assert.True(connected > 0);
    }

    [Fact]
    public async Task Sessions_ExpireByTheClock()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        using RawPeer peer = bench.Raw();
        peer.Connect(new ConnectPacket { ClientId = "e", CleanStart = false, Properties = new MqttProperties { SessionExpirySeconds = 30 } });
        Subscribe(peer, MqttProtocolVersion.V5, "a", MqttQos.AtLeastOnce);
        peer.Send(0xE0, 0);
        peer.ReadToEnd();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        bench.Server.Publish("a", "x"u8, MqttQos.AtLeastOnce);
        time.Advance(TimeSpan.FromSeconds(29.5));
        Assert.Equal((1, 1), (bench.Server.Snapshot().Sessions, bench.Server.Snapshot().Subscriptions));
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal((0, 0), (bench.Server.Snapshot().Sessions, bench.Server.Snapshot().Subscriptions));
        Assert.Equal(1, bench.Server.Snapshot().Drops[MqttDropReason.SessionEnded]);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, 10, 0)]
    [InlineData(MqttProtocolVersion.V5, 10, 0)]
    [InlineData(MqttProtocolVersion.V311, 60, 10)]
    [InlineData(MqttProtocolVersion.V5, 0, 10)]
    public async Task KeepAlive_IsEnforcedAtOneAndAHalf(MqttProtocolVersion version, ushort wishedSeconds, int maximumSeconds)
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions
        {
            EndPoint = Bench.Options().EndPoint,
            TimeProvider = time,
            MaximumKeepAlive = maximumSeconds == 0 ? null : TimeSpan.FromSeconds(maximumSeconds),
        });
        using RawPeer peer = bench.Raw();
        ConnectAcknowledgePacket answer = peer.Connect(new ConnectPacket { Version = version, ClientId = "k", KeepAliveSeconds = wishedSeconds });
        Assert.Equal(version == MqttProtocolVersion.V5 && maximumSeconds > 0 ? (ushort)10 : null, answer.Properties?.ServerKeepAliveSeconds);
        time.Advance(TimeSpan.FromSeconds(15));
        peer.Send(0xC0, 0);
        peer.Expect(MqttPacketType.PingResponse);
        time.Advance(TimeSpan.FromSeconds(15));
        peer.Send(0xC0, 0);
        peer.Expect(MqttPacketType.PingResponse);
        time.Advance(TimeSpan.FromSeconds(15.5));
        Assert.Equal(version == MqttProtocolVersion.V5 ? [0xE0, 1, (byte)MqttReason.KeepAliveTimeout] : [], peer.ReadToEnd());
        Assert.Equal(("k", MqttReason.KeepAliveTimeout), Assert.Single(bench.Handler.Ends));
    }

    [Fact]
    public async Task AConnectionWithoutConnect_IsClosedInTime()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        using RawPeer peer = bench.Raw();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 1, "the connection");
        time.Advance(TimeSpan.FromSeconds(10.5));
        Assert.Empty(peer.ReadToEnd());
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
    }

    internal static void Subscribe(RawPeer peer, MqttProtocolVersion version, string filter, MqttQos qos)
    {
        peer.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new(filter, qos)] }.Write(writer, version).ToArray());
        Assert.Equal((byte)qos, peer.Expect(MqttPacketType.SubscribeAcknowledge)[^1]);
    }
}
