using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class PublishingTests
{
    public static MatrixTheoryData<MqttProtocolVersion, MqttQos> VersionsAndQos() => new(
        [MqttProtocolVersion.V311, MqttProtocolVersion.V5], [MqttQos.AtMostOnce, MqttQos.AtLeastOnce, MqttQos.ExactlyOnce]);

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Messages_ReachSubscribers_InOrderAndOnce(MqttProtocolVersion version, MqttQos qos)
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient subscriber, ConcurrentQueue<Got> got) = await bench.ConnectAsync(version, "sub");
        Assert.Equal((MqttReason)qos, await subscriber.SubscribeAsync("m/+/x", qos));
        (MqttClient publisher, _) = await bench.ConnectAsync(version, "pub");
        for (int index = 0; index < 200; index++)
        {
            Assert.Equal(MqttReason.Success, await publisher.PublishAsync($"m/{index % 3}/x", System.Text.Encoding.UTF8.GetBytes($"{index}"), qos));
        }

        await Eventually.TrueAsync(() => got.Count == 200, "200 messages");
        Assert.Equal(Enumerable.Range(0, 200).Select(index => $"{index}"), got.Select(message => message.Payload));
        Assert.All(got, message => Assert.Equal((qos, false), (message.Qos, message.Retain)));
        Assert.Equal(200, bench.Handler.Seen.Count);
        Assert.Equal(200, bench.Server.Snapshot().MessagesReceived);
        Assert.Equal(200, bench.Server.Snapshot().MessagesSent);
    }

    [Fact]
    public async Task OverlappingFilters_DeliverOnce_AtTheHighestQos()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync([new("a/#", MqttQos.AtMostOnce), new("a/+", MqttQos.ExactlyOnce), new("+/b", MqttQos.AtLeastOnce)]);
        (MqttClient other, ConcurrentQueue<Got> otherGot) = await bench.ConnectAsync(MqttProtocolVersion.V311);
        await other.SubscribeAsync("a/b");
        await client.PublishAsync("a/b", "x"u8.ToArray(), MqttQos.ExactlyOnce);
        await client.PublishAsync("a/end", default, MqttQos.ExactlyOnce);
        await Eventually.TrueAsync(() => got.Count >= 2 && otherGot.Count >= 1, "delivery");
        Assert.Equal(["a/b", "a/end"], got.Select(message => message.Topic));
        Assert.Equal(MqttQos.ExactlyOnce, got.First().Qos);
    }

    [Fact]
    public async Task Unsubscribing_EndsDelivery_AndNoLocalKeepsOwnMessagesBack()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync([new("local", MqttQos.AtLeastOnce) { NoLocal = true }, new("gone", MqttQos.AtLeastOnce), new("end", MqttQos.AtLeastOnce)]);
        await client.UnsubscribeAsync(["gone"]);
        await client.PublishAsync("local", default, MqttQos.AtLeastOnce);
        await client.PublishAsync("gone", default, MqttQos.AtLeastOnce);
        await client.PublishAsync("end", default, MqttQos.AtLeastOnce);
        await Eventually.TrueAsync(() => !got.IsEmpty, "the last message");
        Assert.Equal("end", Assert.Single(got).Topic);
    }

    [Fact]
    public async Task DeferredAcknowledgements_LeaveInOrderOfArrival_WhateverTheOrderOfCompletion()
    {
        int seed = Random.Shared.Next();
        var random = new Random(seed);
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.Judge = _ => PublishOutcome.Deferred();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        for (ushort identifier = 1; identifier <= 500; identifier++)
        {
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", identifier % 5 == 0 ? MqttQos.ExactlyOnce : MqttQos.AtLeastOnce, identifier));
        }

        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 500, "500 messages");
        Assert.True(peer.IsQuiet);
        SeenPublish[] seen = [.. bench.Handler.Seen];
        int[] order = [.. Enumerable.Range(0, 500)];
        random.Shuffle(order);
        Parallel.ForEach(order, index => seen[index].Token.Complete(index % 7 == 0 ? MqttReason.QuotaExceeded : MqttReason.Success));
        for (int index = 0; index < 500; index++)
        {
            (MqttPacketType type, byte[] body) = peer.ReadPacket();
            Assert.True(type == ((index + 1) % 5 == 0 ? MqttPacketType.PublishReceived : MqttPacketType.PublishAcknowledge), $"seed {seed}, answer {index} is {type}");
            Assert.Equal(index + 1, (body[0] << 8) | body[1]);
            Assert.Equal(index % 7 == 0 ? (byte)MqttReason.QuotaExceeded : 0, body.Length > 2 ? body[2] : 0);
        }

        seen[0].Token.Complete();
        peer.Send(0xC0, 0);
        peer.Expect(MqttPacketType.PingResponse); // completing twice sent nothing
    }

    [Fact]
    public async Task ImmediateAcknowledgements_WaitForDeferredOnesBeforeThem()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.Judge = seen => seen.Payload == "later" ? PublishOutcome.Deferred() : PublishOutcome.Acknowledge;
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V311);
        peer.Send([.. RawPeer.Publish(MqttProtocolVersion.V311, "t", "later", MqttQos.AtLeastOnce, 7), .. RawPeer.Publish(MqttProtocolVersion.V311, "t", "now", MqttQos.AtLeastOnce, 3)]);
        peer.Send(0xC0, 0);
        peer.Expect(MqttPacketType.PingResponse);
        bench.Handler.Seen.First().Token.Complete();
        Assert.Equal([0, 7], peer.Expect(MqttPacketType.PublishAcknowledge));
        Assert.Equal([0, 3], peer.Expect(MqttPacketType.PublishAcknowledge));
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Busy_HoldsThePublisher_AndLosesNothing(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        bool isFull = false;
        int taken = 0;
        var ready = new TaskCompletionSource();
        bench.Handler.Judge = _ =>
        {
            isFull |= taken == 10;
            taken += isFull ? 0 : 1;
            return isFull ? PublishOutcome.Busy : PublishOutcome.Acknowledge;
        };
        bench.Handler.Ready = token => new ValueTask(ready.Task.WaitAsync(token));
        (MqttClient client, _) = await bench.ConnectAsync(new MqttClientOptions { Version = version, MaximumInFlight = 1000 });
        Task<MqttReason>[] publishes = [.. Enumerable.Range(0, 500).Select(index => client.PublishAsync("t", System.Text.Encoding.UTF8.GetBytes($"{index}"), index % 2 == 0 ? MqttQos.AtLeastOnce : MqttQos.ExactlyOnce).AsTask())];
        await Eventually.TrueAsync(() => bench.Server.Snapshot().BusyHolds == 1, "the hold");
        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 11, "ten taken, one offered");
        Assert.All(publishes[10..], publish => Assert.False(publish.IsCompleted));
        Assert.Equal(11, bench.Handler.Seen.Count);
        isFull = false;
        taken = 11;
        ready.SetResult();
        await Task.WhenAll(publishes).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(Enumerable.Range(0, 500).Select(index => $"{index}"), bench.Handler.Seen.Select(seen => seen.Payload).Distinct());
        Assert.Equal(501, bench.Handler.Seen.Count); // the one that was offered twice
    }

    [Fact]
    public async Task Refusals_CarryTheirReason_AndGoNowhere()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.Judge = seen => seen.Payload == "bad" ? PublishOutcome.Refuse(MqttReason.PayloadFormatInvalid) : PublishOutcome.Acknowledge;
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync("#", MqttQos.AtLeastOnce);
        Assert.Equal(MqttReason.PayloadFormatInvalid, await client.PublishAsync("t", "bad"u8.ToArray(), MqttQos.AtLeastOnce, retain: true));
        Assert.Equal(MqttReason.PayloadFormatInvalid, await client.PublishAsync("t", "bad"u8.ToArray(), MqttQos.ExactlyOnce));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("t", "good"u8.ToArray(), MqttQos.ExactlyOnce));
        await Eventually.TrueAsync(() => !got.IsEmpty, "the good one");
        Assert.Equal("good", Assert.Single(got).Payload);
        Assert.Empty(bench.Server.RetainedMessages);
        Assert.Equal(2, bench.Server.Snapshot().PublishesRefused[MqttReason.PayloadFormatInvalid]);
    }

    [Fact]
    public async Task ReceiveMaximum_DisconnectsAVersion5Client_AndHoldsAVersion311Client()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, ReceiveMaximum = 10 });
        bench.Handler.Judge = _ => PublishOutcome.Deferred();
        using RawPeer modern = bench.Raw();
        ConnectAcknowledgePacket answer = modern.Connect(new ConnectPacket { Version = MqttProtocolVersion.V5, ClientId = "v5" });
        Assert.Equal((ushort)10, answer.Properties!.ReceiveMaximum);
        using RawPeer old = bench.Raw();
        old.Connect(MqttProtocolVersion.V311, "v3");
        for (ushort identifier = 1; identifier <= 11; identifier++)
        {
            modern.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.AtLeastOnce, identifier));
            old.Send(RawPeer.Publish(MqttProtocolVersion.V311, "t", "x", MqttQos.AtLeastOnce, identifier));
        }

        Assert.Equal((byte)MqttReason.ReceiveMaximumExceeded, modern.Expect(MqttPacketType.Disconnect)[0]);
        await Eventually.TrueAsync(() => bench.Handler.Seen.Count(seen => seen.ClientId == "v3") == 10, "ten messages");
        old.Send(0xC0, 0);
        bench.Handler.Seen.First(seen => seen.ClientId == "v3").Token.Complete();
        await Eventually.TrueAsync(() => bench.Handler.Seen.Count(seen => seen.ClientId == "v3") == 11, "the eleventh");
        Assert.Equal([0, 1], old.Expect(MqttPacketType.PublishAcknowledge));
        old.Expect(MqttPacketType.PingResponse);
    }

    /// <summary>Each acknowledgement falls close to the moment in which the reader begins to wait for it, on either side.</summary>
    [Fact]
    public async Task RoomThatComesWhileTheReaderBeginsToWait_IsNotMissed()
    {
        const int Messages = 20_000;
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, ReceiveMaximum = 2 });
        using var seen = new BlockingCollection<MqttAckToken>();
        bench.Handler.Judge = publish =>
        {
            seen.Add(publish.Token);
            return PublishOutcome.Deferred();
        };
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V311);
        Task completing = Task.Run(() =>
        {
            Assert.True(seen.TryTake(out MqttAckToken last, TimeSpan.FromSeconds(10)), "the first");
            for (int count = 1; count < Messages; count++)
            {
                Assert.True(seen.TryTake(out MqttAckToken next, TimeSpan.FromSeconds(10)), $"after {count} messages no room was seen");
                last.Complete();
                last = next;
            }
        });
        byte[] packet = RawPeer.Publish(MqttProtocolVersion.V311, "t", "x", MqttQos.AtLeastOnce, 1);
        _ = Task.Run(() => peer.Send([.. Enumerable.Repeat(packet, Messages).SelectMany(bytes => bytes)]));
        await completing;
    }

    [Fact]
    public async Task RepeatedQos2Identifiers_AreOfferedOnce_AndReleased()
    {
        await using Bench bench = await Bench.StartAsync();
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V311);
        for (int repeat = 0; repeat < 50; repeat++)
        {
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V311, "t", "x", MqttQos.ExactlyOnce, 5, duplicate: repeat > 0));
            peer.Expect(MqttPacketType.PublishReceived);
        }

        Assert.Single(bench.Handler.Seen);
        peer.Send(0x62, 2, 0, 5);
        peer.Expect(MqttPacketType.PublishComplete);
        peer.Send(RawPeer.Publish(MqttProtocolVersion.V311, "t", "y", MqttQos.ExactlyOnce, 5));
        peer.Expect(MqttPacketType.PublishReceived);
        Assert.Equal(2, bench.Handler.Seen.Count);
    }

    [Fact]
    public async Task AnUnfinishedQos2Message_IsOfferedAgainAfterReconnecting_NotJustAcknowledged()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.Judge = _ => PublishOutcome.Deferred();
        var connect = new ConnectPacket { ClientId = "q2", CleanStart = false, Properties = new MqttProperties { SessionExpirySeconds = 60 } };
        using (RawPeer first = bench.Raw())
        {
            first.Connect(connect);
            first.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, 9));
            await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 1, "the first offer");
            first.Abort();
        }

        using RawPeer second = bench.Raw();
        await Eventually.TrueAsync(() => !bench.Handler.Ends.IsEmpty, "the end");
        second.Connect(connect);
        second.Send([.. RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.ExactlyOnce, 9, duplicate: true), 0xC0, 0]);
        second.Expect(MqttPacketType.PingResponse);
        Assert.Equal(2, bench.Handler.Seen.Count);
        bench.Handler.Seen.First().Token.Complete(MqttReason.QuotaExceeded); // of a connection that is no more
        bench.Handler.Seen.Last().Token.Complete();
        Assert.Equal([0, 9], second.Expect(MqttPacketType.PublishReceived));
        second.Send(0x62, 2, 0, 9);
        Assert.Equal([0, 9], second.Expect(MqttPacketType.PublishComplete)); // known: no "identifier not found"
    }

    [Fact]
    public async Task TheApplicationPublishes_FromManyThreads_WithoutWaiting()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync("app/#", MqttQos.AtLeastOnce);
        Parallel.For(0, 1000, index => Assert.True(bench.Server.Publish($"app/{index}", "x"u8, MqttQos.AtLeastOnce)));
        await Eventually.TrueAsync(() => got.Count == 1000, "1000 messages");
        Assert.Equal(1000, got.Select(message => message.Topic).Distinct().Count());
        Assert.Throws<ArgumentException>(() => bench.Server.Publish("app/#", default));
    }

    [Fact]
    public async Task PipelinedPublishes_AreAcknowledgedEachWithItsTag()
    {
        await using Bench bench = await Bench.StartAsync();
        var tags = new ConcurrentQueue<long>();
        (MqttClient client, _) = await bench.ConnectAsync(new MqttClientOptions { MaximumInFlight = 50, PublishAcknowledged = (tag, _) => tags.Enqueue(tag) });
        byte[] payload = new byte[64];
        for (int index = 0; index < 5000; index++)
        {
            await client.PublishPipelinedAsync("p"u8.ToArray(), payload, MqttQos.AtLeastOnce, index);
        }

        await client.WaitForAcknowledgementsAsync();
        await Eventually.TrueAsync(() => tags.Count == 5000, "5000 acknowledgements");
        Assert.Equal(Enumerable.Range(0, 5000).Select(index => (long)index), tags);
    }

    [Fact]
    public async Task AHandlerThatThrows_EndsItsConnection_AndIsCounted()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Handler.Judge = _ => throw new InvalidOperationException("boom");
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x"));
        Assert.Equal((byte)MqttReason.UnspecifiedError, peer.Expect(MqttPacketType.Disconnect)[0]);
        Assert.Equal(1, bench.Server.Snapshot().HandlerFailures);
    }
}
