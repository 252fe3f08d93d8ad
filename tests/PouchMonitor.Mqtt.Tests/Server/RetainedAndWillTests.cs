using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class RetainedAndWillTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Retained_ComesToNewSubscribers_AndGoesWithAnEmptyPayload(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient publisher, _) = await bench.ConnectAsync(version, "p");
        await publisher.PublishAsync("r/1", "old"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await publisher.PublishAsync("r/1", "new"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await publisher.PublishAsync("r/2", "two"u8.ToArray(), MqttQos.AtMostOnce, retain: true);
        await publisher.PublishAsync("r/3", "gone"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await publisher.PublishAsync("r/3", default, MqttQos.AtLeastOnce, retain: true);
        (MqttClient subscriber, ConcurrentQueue<Got> got) = await bench.ConnectAsync(version, "s");
        await subscriber.SubscribeAsync("r/#", MqttQos.AtLeastOnce);
        await publisher.PublishAsync("r/live", "live"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await Eventually.TrueAsync(() => got.Count == 3, "three messages");
        Assert.Equal(
            [("r/1", "new", MqttQos.AtLeastOnce, true), ("r/2", "two", MqttQos.AtMostOnce, true), ("r/live", "live", MqttQos.AtLeastOnce, false)],
            got.Select(message => (message.Topic, message.Payload, message.Qos, message.Retain)).OrderBy(message => message.Topic, StringComparer.Ordinal));
        Assert.Equal(3, bench.Server.RetainedMessages.Count());
    }

    [Fact]
    public async Task RetainOptions_OfVersion5_AreObserved()
    {
        await using Bench bench = await Bench.StartAsync();
        bench.Server.Publish("o/kept", "x"u8, retain: true);
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        MqttTopicFilter filter = new("o/#", MqttQos.AtLeastOnce) { RetainHandling = MqttRetainHandling.SendWhenNew, RetainAsPublished = true };
        await client.SubscribeAsync([filter]); // one
        await client.SubscribeAsync([filter]); // not new: none
        await client.SubscribeAsync([filter with { RetainHandling = MqttRetainHandling.DoNotSend }]); // none
        await client.SubscribeAsync([filter with { RetainHandling = MqttRetainHandling.SendAlways }]); // one
        await client.PublishAsync("o/live", "y"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        await Eventually.TrueAsync(() => got.Count >= 3, "three messages");
        Assert.Equal(["o/kept", "o/kept", "o/live"], got.Select(message => message.Topic));
        Assert.All(got, message => Assert.True(message.Retain));
    }

    [Fact]
    public async Task RetainedStore_RefusesAboveItsBound_AndSaysSo()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, MaximumRetainedMessages = 2 });
        (MqttClient client, _) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        Assert.Equal(MqttReason.Success, await client.PublishAsync("b/1", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("b/2", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true));
        Assert.Equal(MqttReason.QuotaExceeded, await client.PublishAsync("b/3", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("b/2", "y"u8.ToArray(), MqttQos.AtLeastOnce, retain: true));
        Assert.False(bench.Server.Publish("b/4", "x"u8, retain: true));
        Assert.Equal(2, bench.Server.Snapshot().Drops[MqttDropReason.RetainedStoreFull]);
        Assert.Equal(2, bench.Server.Snapshot().RetainedMessages);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public async Task Will_IsPublishedWhenTheConnectionBreaks_AndOnlyThen(MqttProtocolVersion version)
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient watcher, ConcurrentQueue<Got> got) = await bench.ConnectAsync(version, "watch");
        await watcher.SubscribeAsync("w/#", MqttQos.AtLeastOnce);
        MqttClientOptions WithWill(string name) => new() { Version = version, ClientId = name, Will = new MqttWill { Topic = $"w/{name}", Payload = "dead"u8.ToArray(), Qos = MqttQos.AtLeastOnce, Retain = true } };
        (MqttClient polite, _) = await bench.ConnectAsync(WithWill("polite"));
        await polite.DisconnectAsync();
        (MqttClient rude, _) = await bench.ConnectAsync(WithWill("rude"));
        rude.Abort();
        await Eventually.TrueAsync(() => !got.IsEmpty && bench.Handler.Ends.Count == 2, "the will");
        bench.Server.Publish("w/end", default, MqttQos.AtLeastOnce);
        await Eventually.TrueAsync(() => got.Count >= 2, "the mark behind it");
        Assert.Equal(["w/rude", "w/end"], got.Select(message => message.Topic));
        Assert.Equal("dead", Assert.Single(bench.Server.RetainedMessages).Payload.Select(letter => (char)letter).Aggregate(string.Empty, (text, letter) => text + letter));
        SeenPublish seen = Assert.Single(bench.Handler.Seen);
        Assert.True(seen.IsWill);
        Assert.False(seen.Token.IsExpected);
        Assert.Equal("rude", seen.ClientId);
    }

    [Fact]
    public async Task DisconnectWithWill_SendsTheWill()
    {
        await using Bench bench = await Bench.StartAsync();
        (MqttClient client, _) = await bench.ConnectAsync(new MqttClientOptions { ClientId = "c", Will = new MqttWill { Topic = "w" } });
        await client.DisconnectAsync(MqttReason.DisconnectWithWill);
        await Eventually.TrueAsync(() => !bench.Handler.Seen.IsEmpty, "the will");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task WillDelay_GivesTheClientTimeToComeBack(bool comesBack)
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        var connect = new ConnectPacket
        {
            ClientId = "d",
            CleanStart = false,
            Properties = new MqttProperties { SessionExpirySeconds = 60 },
            Will = new MqttWill { Topic = "w", Properties = new MqttProperties { WillDelaySeconds = 20 } },
        };
        using (RawPeer peer = bench.Raw())
        {
            peer.Connect(connect);
            peer.Abort();
        }

        await Eventually.TrueAsync(() => bench.Server.Snapshot().Connections == 0, "the end");
        time.Advance(TimeSpan.FromSeconds(19.5));
        Assert.Empty(bench.Handler.Seen);
        using RawPeer back = comesBack ? bench.Raw() : null!;
        back?.Connect(connect);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(comesBack ? 0 : 1, bench.Handler.Seen.Count);
    }

    [Fact]
    public async Task AWillThatTheApplicationCannotTakeNow_IsOfferedAgain()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        bool isBusy = true;
        bench.Handler.Judge = _ => isBusy ? PublishOutcome.Busy : PublishOutcome.Acknowledge;
        using (RawPeer peer = bench.Raw())
        {
            peer.Connect(new ConnectPacket { ClientId = "d", Will = new MqttWill { Topic = "w", Payload = [1], Retain = true } });
            peer.Abort();
        }

        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 1, "the first offer");
        isBusy = false;
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.5));
                return bench.Server.RetainedMessages.Any();
            },
            "the will");
        Assert.Equal(2, bench.Handler.Seen.Count);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task AWillOfTheConnectionBefore_IsToldBeforeAnythingThatTheClientSaysWhenItIsBack(bool takesOver, bool cleanStart)
    {
        await using Bench bench = await Bench.StartAsync();
        using var isTold = new ManualResetEventSlim();
        bench.Handler.Judge = seen =>
        {
            if (seen.IsWill)
            {
                isTold.Wait(TimeSpan.FromSeconds(30));
            }

            return PublishOutcome.Acknowledge;
        };
        var connect = new ConnectPacket
        {
            ClientId = "n", CleanStart = cleanStart, Properties = new MqttProperties { SessionExpirySeconds = cleanStart ? 0u : 60u }, Will = new MqttWill { Topic = "n/status", Payload = "offline"u8.ToArray() },
        };
        using RawPeer before = bench.Raw();
        before.Connect(connect);
        if (!takesOver)
        {
            before.Abort();
            await Eventually.TrueAsync(() => bench.Handler.Ends.Count == 1, "the end of the connection");
        }

        Task<(MqttClient Client, ConcurrentQueue<Got> Got)> back = bench.ConnectAsync(
            new MqttClientOptions { ClientId = "n", CleanStart = cleanStart, SessionExpirySeconds = cleanStart ? 0u : 60u });
        await Eventually.TrueAsync(() => bench.Handler.Ends.Count == 1, "the end of the connection before");
        await NotLetInAsync(back);
        isTold.Set();
        (MqttClient client, _) = await back;
        await client.PublishAsync("n/status", "online"u8.ToArray(), MqttQos.AtLeastOnce);
        Assert.Equal(["offline", "online"], bench.Handler.Seen.Select(seen => seen.Payload));
    }

    [Fact]
    public async Task AClientThatIsBack_WaitsForItsWillAlsoWhereTheApplicationCannotTakeItYet()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        bool isBusy = true;
        bench.Handler.Judge = _ => isBusy ? PublishOutcome.Busy : PublishOutcome.Acknowledge;
        using (RawPeer peer = bench.Raw())
        {
            peer.Connect(new ConnectPacket { ClientId = "n", Will = new MqttWill { Topic = "n/status", Payload = "offline"u8.ToArray() } });
            peer.Abort();
        }

        await Eventually.TrueAsync(() => bench.Handler.Seen.Count == 1, "the first offer");
        Task<(MqttClient Client, ConcurrentQueue<Got> Got)> back = bench.ConnectAsync(new MqttClientOptions { ClientId = "n" });
        await NotLetInAsync(back);
        isBusy = false;
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(0.5));
                return back.IsCompleted;
            },
            "the client");
        (MqttClient client, _) = await back;
        await client.PublishAsync("n/status", "online"u8.ToArray(), MqttQos.AtLeastOnce);
        Assert.Equal(["offline", "offline", "online"], bench.Handler.Seen.Select(seen => seen.Payload));
    }

    private static async Task NotLetInAsync(Task back)
    {
        await Task.WhenAny(back, Task.Delay(TimeSpan.FromMilliseconds(200), TestContext.Current.CancellationToken)); // time to be too early
        Assert.False(back.IsCompleted, "The client was let in before its will was told.");
    }

    [Fact]
    public async Task MessageExpiry_RemovesWhatWaitedTooLong_AndTellsWhatIsLeft()
    {
        var time = new ManualTime();
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions { EndPoint = Bench.Options().EndPoint, TimeProvider = time });
        using RawPeer publisher = bench.Raw();
        publisher.Connect(MqttProtocolVersion.V5, "p");
        foreach ((string topic, uint seconds) in (ReadOnlySpan<(string, uint)>)[("x/short", 10), ("x/long", 30)])
        {
            var encoder = new PublishEncoder(MqttProtocolVersion.V5, System.Text.Encoding.UTF8.GetBytes(topic), "x"u8, MqttQos.AtLeastOnce, default, seconds, []);
            byte[] packet = new byte[encoder.PacketBytes];
            encoder.Write(packet, 1, retain: true, duplicate: false);
            publisher.Send(packet);
            publisher.Expect(MqttPacketType.PublishAcknowledge);
        }

        time.Advance(TimeSpan.FromSeconds(10));
        using RawPeer subscriber = bench.Raw();
        subscriber.Connect(MqttProtocolVersion.V5, "s");
        SessionTests.Subscribe(subscriber, MqttProtocolVersion.V5, "x/#", MqttQos.AtLeastOnce);
        byte[] body = subscriber.Expect(MqttPacketType.Publish);
        Assert.Equal(MqttFault.None, PublishView.Read(3, body, MqttProtocolVersion.V5, out PublishView view));
        Assert.Equal(("x/long", 20u), (System.Text.Encoding.UTF8.GetString(view.Topic), view.ExpirySeconds!.Value));
        Assert.Single(bench.Server.RetainedMessages);
        Assert.Equal(1, bench.Server.Snapshot().Drops[MqttDropReason.Expired]);
    }
}
