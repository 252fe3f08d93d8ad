using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Persistence;

/// <summary>What is there again when the process comes back: after an orderly stop, and after the power was lost.</summary>
public sealed class RestartTests
{
    public static TheoryData<bool> Ends() => new(true, false);

    [Theory]
    [MemberData(nameof(Ends))]
    public async Task Subscriptions_WaitingMessages_AndRetainedOnes_AreThereAgain(bool inOrder)
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer away = first.Raw();
            away.Connect(Kept("away"));
            Subscribe(away, "a/+", MqttQos.AtLeastOnce);
            away.Send(0xE0, 0);
            Assert.Empty(away.ReadToEnd());
            (MqttClient publisher, _) = await first.ConnectAsync(MqttProtocolVersion.V5);
            for (int index = 0; index < 10; index++)
            {
                Assert.Equal(MqttReason.Success, await publisher.PublishAsync("a/b", BitConverter.GetBytes(index), MqttQos.AtLeastOnce));
            }

            await publisher.PublishAsync("kept/1", "one"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
            await publisher.PublishAsync("kept/2", "two"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
            await publisher.PublishAsync("kept/2", default, MqttQos.AtLeastOnce, retain: true);
            if (!inOrder)
            {
                files = files.LosePower(new Random(1));
            }
        }

        await using Bench second = await StartAsync(files);
        Assert.Equal("kept/1", System.Text.Encoding.UTF8.GetString(Assert.Single(second.Server.RetainedMessages).TopicUtf8));
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(Kept("away")).SessionPresent);
        for (int index = 0; index < 10; index++)
        {
            byte[] body = back.Expect(MqttPacketType.Publish);
            Assert.Equal(0x32, back.FirstByte);
            Assert.Equal(BitConverter.GetBytes(index), body[^4..]);
            back.Send(0x40, 2, body[5], body[6]);
        }

        Assert.True(second.Server.Publish("a/c", "live"u8, MqttQos.AtLeastOnce));
        Assert.Equal("live"u8, back.Expect(MqttPacketType.Publish)[^4..]);
    }

    [Fact]
    public async Task MessagesInFlight_AreSentAgain_WithTheirIdentifiers_AndReleasedOnes_NotAtAll()
    {
        var files = new MemoryLogFiles();
        ushort published;
        ushort received;
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer peer = first.Raw();
            peer.Connect(Kept("c"));
            Subscribe(peer, "t", MqttQos.ExactlyOnce);
            first.Server.Publish("t", "1"u8, MqttQos.ExactlyOnce);
            first.Server.Publish("t", "2"u8, MqttQos.ExactlyOnce);
            first.Server.Publish("t", "3"u8, MqttQos.ExactlyOnce);
            ushort done = IdentifierOf(peer.Expect(MqttPacketType.Publish));
            received = IdentifierOf(peer.Expect(MqttPacketType.Publish));
            published = IdentifierOf(peer.Expect(MqttPacketType.Publish));
            Answer(peer, 0x50, done);
            peer.Expect(MqttPacketType.PublishRelease);
            Answer(peer, 0x70, done);
            Answer(peer, 0x50, received);
            Assert.Equal(received, IdentifierOf(peer.Expect(MqttPacketType.PublishRelease), at: 0));
            await Eventually.TrueAsync(() => first.Server.Log!.IsDurable(first.Server.Log.NewestFrame), "the last step durable");
            files = files.LosePower(new Random(2));
        }

        await using Bench second = await StartAsync(files);
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(Kept("c")).SessionPresent);
        Assert.Equal(received, IdentifierOf(back.Expect(MqttPacketType.PublishRelease), at: 0));
        byte[] again = back.Expect(MqttPacketType.Publish);
        Assert.Equal(0x3C, back.FirstByte); // DUP
        Assert.Equal((published, "3"), (IdentifierOf(again), System.Text.Encoding.UTF8.GetString(again[^1..])));
        Answer(back, 0x70, received);
        back.Send(0xC0, 0);
        back.Expect(MqttPacketType.PingResponse);
    }

    [Fact]
    public async Task InboundQos2Identifiers_AreKnownAgain_UntilTheirRelease()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer peer = first.Raw();
            peer.Connect(Kept("c"));
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, 7));
            peer.Expect(MqttPacketType.PublishReceived);
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "y", MqttQos.ExactlyOnce, 8));
            peer.Expect(MqttPacketType.PublishReceived);
            Answer(peer, 0x62, 8);
            peer.Expect(MqttPacketType.PublishComplete);
            files = files.LosePower(new Random(3));
        }

        await using Bench second = await StartAsync(files);
        using RawPeer back = second.Raw();
        back.Connect(Kept("c"));
        back.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, 7, duplicate: true));
        back.Expect(MqttPacketType.PublishReceived);
        Assert.Empty(second.Handler.Seen); // taken by the former process
        back.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "new", MqttQos.ExactlyOnce, 8));
        back.Expect(MqttPacketType.PublishReceived);
        Assert.Equal("new", Assert.Single(second.Handler.Seen).Payload);
    }

    [Fact]
    public async Task AnEndedSession_AndACleanStart_LeaveNothing()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            using RawPeer kept = first.Raw();
            kept.Connect(Kept("a"));
            Subscribe(kept, "t", MqttQos.AtLeastOnce);
            using RawPeer ended = first.Raw();
            ended.Connect(Kept("b"));
            ended.Send(0xE0, 7, 0, 5, 0x11, 0, 0, 0, 0); // session expiry 0
            Assert.Empty(ended.ReadToEnd());
            kept.Abort();
            await Eventually.TrueAsync(() => first.Handler.Ends.Count == 2, "both ends");
            using RawPeer clean = first.Raw();
            clean.Connect(new ConnectPacket { ClientId = "a", CleanStart = true, Properties = new MqttProperties { SessionExpirySeconds = 60 } });
            clean.Abort();
            files = files.LosePower(new Random(4));
        }

        await using Bench second = await StartAsync(files);
        using RawPeer a = second.Raw();
        Assert.True(a.Connect(Kept("a")).SessionPresent);
        using RawPeer b = second.Raw();
        Assert.False(b.Connect(Kept("b")).SessionPresent);
        Assert.Equal(0, second.Server.Snapshot().Subscriptions);
    }

    [Fact]
    public async Task Sessions_AndMessages_ExpireWhileTheProcessIsAway()
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromSeconds(1)); // a wall clock never stands at 0
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files, time))
        {
            using RawPeer soon = first.Raw();
            soon.Connect(Kept("soon", expirySeconds: 30));
            using RawPeer later = first.Raw();
            later.Connect(Kept("later", expirySeconds: 300));
            Subscribe(later, "t", MqttQos.AtLeastOnce);
            soon.Abort();
            later.Abort();
            await Eventually.TrueAsync(() => first.Handler.Ends.Count == 2, "both ends");
            (MqttClient publisher, _) = await first.ConnectAsync(MqttProtocolVersion.V311);
            using RawPeer raw = first.Raw();
            raw.Connect(MqttProtocolVersion.V5, "publisher");
            raw.Send(0x32, 13, 0, 1, (byte)'t', 0, 1, 5, 2, 0, 0, 0, 20, (byte)'g', (byte)'o'); // expires in 20 s
            raw.Expect(MqttPacketType.PublishAcknowledge);
            await publisher.PublishAsync("t", "stays"u8.ToArray(), MqttQos.AtLeastOnce);
        }

        time.Advance(TimeSpan.FromSeconds(60));
        await using Bench second = await StartAsync(files, time);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1, second.Server.Snapshot().Sessions);
        using RawPeer back = second.Raw();
        Assert.True(back.Connect(Kept("later", expirySeconds: 300)).SessionPresent);
        Assert.Equal("stays"u8, back.Expect(MqttPacketType.Publish)[^5..]);
    }

    [Fact]
    public async Task Wills_OfConnectionsThatEndedWithTheProcess_ArePublishedAtTheNextStart()
    {
        var time = new ManualTime();
        time.Advance(TimeSpan.FromSeconds(1)); // a wall clock never stands at 0
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files, time))
        {
            using RawPeer shortLived = first.Raw();
            shortLived.Connect(new ConnectPacket { ClientId = "now", Will = new MqttWill { Topic = "will/now", Payload = "gone"u8.ToArray(), Qos = MqttQos.AtLeastOnce, Retain = true } });
            using RawPeer delayed = first.Raw();
            delayed.Connect(new ConnectPacket
            {
                ClientId = "delayed",
                CleanStart = false,
                Properties = new MqttProperties { SessionExpirySeconds = 600 },
                Will = new MqttWill { Topic = "will/delayed", Payload = "late"u8.ToArray(), Properties = new MqttProperties { WillDelaySeconds = 30 } },
            });
            using RawPeer gone = first.Raw();
            gone.Connect(new ConnectPacket { ClientId = "gone", Will = new MqttWill { Topic = "will/gone" } });
            gone.Send(0xE0, 0); // an orderly end: no will
            Assert.Empty(gone.ReadToEnd());
            await Eventually.TrueAsync(() => !first.Handler.Ends.IsEmpty && first.Server.Log!.IsDurable(first.Server.Log.NewestFrame), "the end noted");
            files = files.LosePower(new Random(5));
        }

        await using Bench second = await StartAsync(files, time);
        SeenPublish seen = Assert.Single(second.Handler.Seen);
        Assert.Equal(("will/now", "gone", true), (seen.Topic, seen.Payload, seen.IsWill));
        Assert.Single(second.Server.RetainedMessages);
        time.Advance(TimeSpan.FromSeconds(40));
        Assert.Equal(["will/now", "will/delayed"], second.Handler.Seen.Select(publish => publish.Topic));
        await second.DisposeAsync();

        await using Bench third = await StartAsync(files, time);
        Assert.Empty(third.Handler.Seen);
    }

    [Fact]
    public async Task SharedSubscriptions_AndWhatTheirMembersHad_AreThereAgain()
    {
        var files = new MemoryLogFiles();
        await using (Bench first = await StartAsync(files))
        {
            foreach (string name in new[] { "m1", "m2" })
            {
                using RawPeer member = first.Raw();
                member.Connect(Kept(name));
                Subscribe(member, "$share/g/t", MqttQos.AtLeastOnce);
                member.Send(0xE0, 0);
                Assert.Empty(member.ReadToEnd());
            }

            (MqttClient publisher, _) = await first.ConnectAsync(MqttProtocolVersion.V5);
            for (int index = 0; index < 6; index++)
            {
                await publisher.PublishAsync("t", BitConverter.GetBytes(index), MqttQos.AtLeastOnce);
            }

            files = files.LosePower(new Random(6));
        }

        await using Bench second = await StartAsync(files);
        Assert.Equal(2, second.Server.Snapshot().SharedSubscriptions);
        var got = new ConcurrentQueue<Got>();
        foreach (string name in new[] { "m1", "m2" })
        {
            await second.ConnectAsync(new MqttClientOptions { ClientId = name, CleanStart = false, SessionExpirySeconds = 60 }, got.Enqueue);
        }

        await Eventually.TrueAsync(() => got.Count == 6, "all six, each at one member");
        Assert.Equal(6, got.Select(message => message.Payload).Distinct().Count());
    }

    [Fact]
    public async Task AnotherOwnersClientOfTheSameName_HasASessionOfItsOwn()
    {
        await using Bench bench = await StartAsync(new MemoryLogFiles());
        bench.Handler.OnConnect = request =>
        {
            request.IdentityName = request.UserName!;
            return MqttReason.Success;
        };
        using RawPeer ada = bench.Raw();
        ada.Connect(Kept("c", user: "ada"));
        Subscribe(ada, "t", MqttQos.AtLeastOnce);
        using RawPeer bob = bench.Raw();
        Assert.False(bob.Connect(Kept("c", user: "bob")).SessionPresent);
        ada.Send(0xC0, 0);
        ada.Expect(MqttPacketType.PingResponse); // not taken over
        Assert.Equal(2, bench.Server.Snapshot().Sessions);
    }

    internal static Task<Bench> StartAsync(MemoryLogFiles files, ManualTime? time = null) => Bench.StartAsync(() => new MqttServerOptions
    {
        EndPoint = Bench.Options().EndPoint,
        SessionFiles = files,
        SessionStopPatience = TimeSpan.Zero,
        TimeProvider = time ?? TimeProvider.System,
    });

    internal static ConnectPacket Kept(string clientId, uint expirySeconds = 600, string? user = null) => new()
    {
        ClientId = clientId,
        CleanStart = false,
        UserName = user,
        Properties = new MqttProperties { SessionExpirySeconds = expirySeconds },
    };

    internal static void Subscribe(RawPeer peer, string filter, MqttQos qos)
    {
        peer.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new MqttTopicFilter(filter, qos)] }.Write(writer, MqttProtocolVersion.V5).ToArray());
        Assert.Equal((byte)qos, peer.Expect(MqttPacketType.SubscribeAcknowledge)[^1]);
    }

    private static ushort IdentifierOf(byte[] body, int at = -1)
    {
        int start = at >= 0 ? at : 2 + ((body[0] << 8) | body[1]);
        return (ushort)((body[start] << 8) | body[start + 1]);
    }

    private static void Answer(RawPeer peer, byte first, ushort identifier) => peer.Send(first, 2, (byte)(identifier >> 8), (byte)identifier);
}
