using System.Collections.Concurrent;
using System.Globalization;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class SharedSubscriptionTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task EachMessage_GoesToOneMember_InTurn_AndToEveryoneElse(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        var members = new List<ConcurrentQueue<Got>>();
        for (int index = 0; index < 3; index++)
        {
            (MqttClient member, ConcurrentQueue<Got> got) = await bench.ConnectAsync(version, $"m{index}");
            await member.SubscribeAsync("$share/g/s/+", MqttQos.AtLeastOnce);
            members.Add(got);
        }

        (MqttClient alone, ConcurrentQueue<Got> gotAlone) = await bench.ConnectAsync(version, "alone");
        await alone.SubscribeAsync("s/#", MqttQos.AtLeastOnce);
        (MqttClient other, ConcurrentQueue<Got> gotOther) = await bench.ConnectAsync(version, "other");
        await other.SubscribeAsync("$share/h/s/+", MqttQos.AtLeastOnce);
        for (int index = 0; index < 300; index++)
        {
            bench.Server.Publish("s/x", Text(index), index % 2 == 0 ? MqttQos.AtMostOnce : MqttQos.AtLeastOnce);
        }

        await Eventually.TrueAsync(() => members.Sum(got => got.Count) == 300 && gotAlone.Count == 300 && gotOther.Count == 300, "all messages");
        Assert.Equal(300, members.SelectMany(got => got).Select(message => message.Payload).Distinct().Count());
        Assert.All(members, got => Assert.Equal(100, got.Count));
        Assert.Equal(4, bench.Server.Snapshot().SharedSubscriptions);
        Assert.Empty(bench.Server.Snapshot().Drops);
    }

    [Fact]
    public async Task AMemberThatIsAway_DoesNotDoubleItsNeighboursTurn()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient away, _) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "a", CleanStart = false, SessionExpirySeconds = 60 });
        await away.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        (MqttClient b, ConcurrentQueue<Got> gotB) = await bench.ConnectAsync(MqttProtocolVersion.V5, "b");
        await b.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        (MqttClient c, ConcurrentQueue<Got> gotC) = await bench.ConnectAsync(MqttProtocolVersion.V5, "c");
        await c.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        await away.DisconnectAsync();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 2, "the end");
        for (int index = 0; index < 60; index++)
        {
            bench.Server.Publish("t", Text(index), MqttQos.AtMostOnce);
        }

        await Eventually.TrueAsync(() => gotB.Count + gotC.Count == 60, "all");
        Assert.Equal(30, gotB.Count);
    }

    [Theory]
    [InlineData(0u)]
    [InlineData(60u)]
    public async Task UnacknowledgedAtQosOne_AndWhatWaited_GoOnToAnotherMember(uint expirySeconds)
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer first = bench.Raw();
        first.Connect(new ConnectPacket { ClientId = "first", Properties = new MqttProperties { ReceiveMaximum = 2, SessionExpirySeconds = expirySeconds } });
        Subscribe(first, "$share/g/t", MqttQos.AtLeastOnce);
        for (int index = 0; index < 5; index++)
        {
            bench.Server.Publish("t", Text(index), MqttQos.AtLeastOnce); // two in flight, three waiting
        }

        first.Expect(MqttPacketType.Publish);
        first.Expect(MqttPacketType.Publish);
        (MqttClient second, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5, "second");
        await second.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        first.Abort();
        await Eventually.TrueAsync(() => got.Count == 5, "the messages of the first");
        Assert.Equal(["0", "1", "2", "3", "4"], got.Select(message => message.Payload));
        Assert.All(got, message => Assert.False(message.Duplicate));
        Assert.Equal(5, bench.Server.Snapshot().SharedOfferedAgain);
        Assert.Empty(bench.Server.Snapshot().Drops);
    }

    [Fact]
    public async Task AtQosTwo_WhatWasSentStays_AndWhatWaitedGoesOn()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer first = bench.Raw();
        first.Connect(new ConnectPacket { ClientId = "first", Properties = new MqttProperties { ReceiveMaximum = 1 } });
        Subscribe(first, "$share/g/t", MqttQos.ExactlyOnce);
        bench.Server.Publish("t", "sent"u8, MqttQos.ExactlyOnce);
        bench.Server.Publish("t", "waits"u8, MqttQos.ExactlyOnce);
        first.Expect(MqttPacketType.Publish);
        (MqttClient second, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5, "second");
        await second.SubscribeAsync("$share/g/t", MqttQos.ExactlyOnce);
        first.Abort();
        await Eventually.TrueAsync(() => !got.IsEmpty, "what waited");
        Assert.Equal("waits", Assert.Single(got).Payload);
        Assert.Equal(1, bench.Server.Snapshot().Drops[MqttDropReason.SessionEnded]); // [MQTT-4.8.2-5]
    }

    [Fact]
    public async Task WithAllAway_MembersCollect_AndWithNoneLeft_TheLossIsCounted()
    {
        await using Bench bench = await Bench.StartAsync();
        var options = new MqttClientOptions { ClientId = "keeper", CleanStart = false, SessionExpirySeconds = 60 };
        (MqttClient keeper, _) = await bench.ConnectAsync(options);
        await keeper.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        await keeper.DisconnectAsync();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        bench.Server.Publish("t", "kept"u8, MqttQos.AtLeastOnce);
        (MqttClient back, ConcurrentQueue<Got> got) = await bench.ConnectAsync(options);
        await Eventually.TrueAsync(() => !got.IsEmpty, "what was kept");
        await back.DisconnectAsync();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the second end");
        bench.Server.Publish("t", "lost"u8, MqttQos.AtLeastOnce);
        bench.Server.Publish("t", "none"u8, MqttQos.AtMostOnce);
        await bench.ConnectAsync(new MqttClientOptions { ClientId = "keeper", CleanStart = true });
        Assert.Equal(2, bench.Server.Snapshot().Drops[MqttDropReason.NoGroupMember]);
        Assert.Equal(0, bench.Server.Snapshot().SharedSubscriptions);
    }

    [Fact]
    public async Task AFullMember_IsPassedOver_AndNobodyIsDisconnected()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumQueuedMessagesPerSession = 3, SlowSubscriberPatience = TimeSpan.Zero });
        using RawPeer stuck = bench.Raw();
        stuck.Connect(new ConnectPacket { ClientId = "stuck", Properties = new MqttProperties { ReceiveMaximum = 1 } });
        Subscribe(stuck, "$share/g/t", MqttQos.AtLeastOnce);
        (MqttClient quick, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5, "quick");
        await quick.SubscribeAsync("$share/g/t", MqttQos.AtLeastOnce);
        for (int index = 0; index < 100; index++)
        {
            bench.Server.Publish("t", Text(index), MqttQos.AtLeastOnce);
        }

        await Eventually.TrueAsync(() => got.Count >= 96, "what the stuck member cannot take");
        Assert.Equal(2, bench.Server.Snapshot().Connections);
        Assert.Empty(bench.Server.Snapshot().Drops);
    }

    [Fact]
    public async Task Access_IsJudgedByTheFilterBehindTheGroup_AndRetainedMessagesAreNotSent()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.OnSubscribe = filter => filter == "t" ? MqttReason.Success : MqttReason.NotAuthorized;
        bench.Server.Publish("t", "kept"u8, retain: true);
        using RawPeer peer = bench.Raw();
        Assert.True(peer.Connect(new ConnectPacket { ClientId = "p" }).Properties!.SharedSubscriptionAvailable);
        Assert.Equal(MqttReason.NotAuthorized, Subscribe(peer, "$share/t/secret", MqttQos.AtMostOnce));
        Assert.Equal(MqttReason.TopicFilterInvalid, Subscribe(peer, "$share//t", MqttQos.AtMostOnce));
        Assert.Equal(MqttReason.TopicFilterInvalid, Subscribe(peer, "$share/g/", MqttQos.AtMostOnce));
        Assert.Equal(MqttReason.TopicFilterInvalid, Subscribe(peer, "$share/+/t", MqttQos.AtMostOnce));
        Assert.Equal(MqttReason.Success, Subscribe(peer, "$share/g/t", MqttQos.AtMostOnce));
        peer.Send(0xC0, 0);
        peer.Expect(MqttPacketType.PingResponse);
    }

    private static byte[] Text(int value) => System.Text.Encoding.UTF8.GetBytes(value.ToString(CultureInfo.InvariantCulture));

    private static MqttReason Subscribe(RawPeer peer, string filter, MqttQos qos)
    {
        peer.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter(filter, qos)] }.Write(writer, MqttProtocolVersion.V5).ToArray());
        return (MqttReason)peer.Expect(MqttPacketType.SubscribeAcknowledge)[^1];
    }
}
