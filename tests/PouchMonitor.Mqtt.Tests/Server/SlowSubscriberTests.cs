using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

public sealed class SlowSubscriberTests
{
    private static MqttServerOptions Options(TimeSpan patience, int messages = 100_000, int bytes = 16 * 1024 * 1024) => new()
    {
        EndPoint = Bench.Options().EndPoint,
        SlowSubscriberPatience = patience,
        MaximumQueuedMessagesPerSession = messages,
        MaximumQueuedBytesPerSession = bytes,
        MaximumInFlightPerSession = 5,
    };

    [Fact]
    public async Task Qos1OverTheQueueBound_EndsTheConnection_WithQuotaExceeded()
    {
        await using Bench bench = await Bench.StartAsync(() => Options(TimeSpan.Zero, messages: 20));
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        SessionTests.Subscribe(peer, MqttProtocolVersion.V5, "#", MqttQos.AtLeastOnce);
        for (int index = 0; index < 25; index++)
        {
            bench.Server.Publish("t", "x"u8, MqttQos.AtLeastOnce); // 5 in flight, 20 queued
        }

        peer.Send(0xC0, 0);
        for (int index = 0; index < 5; index++)
        {
            peer.Expect(MqttPacketType.Publish);
        }

        peer.Expect(MqttPacketType.PingResponse);
        bench.Server.Publish("t", "x"u8, MqttQos.AtLeastOnce);
        Assert.Equal([0xE0, 1, (byte)MqttReason.QuotaExceeded], peer.ReadToEnd());
        await Eventually.TrueAsync(() => bench.Server.Snapshot().Sessions == 0, "the end");
        Assert.Equal(1, bench.Server.Snapshot().Drops[MqttDropReason.QueueFull]);
        Assert.Equal(25, bench.Server.Snapshot().Drops[MqttDropReason.SessionEnded]);
    }

    [Fact]
    public async Task Qos0OverTheByteBound_IsDropped_AndCountedForTheClient()
    {
        await using Bench bench = await Bench.StartAsync(() => Options(TimeSpan.Zero, bytes: 1024 * 1024));
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V311);
        SessionTests.Subscribe(peer, MqttProtocolVersion.V311, "#", MqttQos.AtMostOnce);
        byte[] payload = new byte[64 * 1024];
        int published = 0;
        while (!bench.Server.Snapshot().Drops.ContainsKey(MqttDropReason.SubscriberSlow))
        {
            Assert.True(++published < 10_000);
            bench.Server.Publish("t", payload);
        }

        long dropped = bench.Server.Snapshot().Drops[MqttDropReason.SubscriberSlow];
        for (long index = dropped; index < published; index++)
        {
            peer.Expect(MqttPacketType.Publish);
        }

        bench.Server.Publish("t", "end"u8);
        Assert.Equal("end"u8.ToArray(), peer.Expect(MqttPacketType.Publish)[3..]);
    }

    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task PublishersAreHeld_SoThatASlowSubscriberLosesNothing(MqttQos qos)
    {
        const int count = 5000;
        await using Bench bench = await Bench.StartAsync(() => Options(TimeSpan.FromSeconds(30), messages: 100, bytes: 64 * 1024));
        using RawPeer peer = bench.Raw();
        peer.Connect(MqttProtocolVersion.V5);
        SessionTests.Subscribe(peer, MqttProtocolVersion.V5, "#", qos);
        (MqttClient publisher, _) = await bench.ConnectAsync(new MqttClientOptions { MaximumInFlight = 20 });
        Task flood = Task.Run(async () =>
        {
            byte[] payload = new byte[4096];
            for (int index = 0; index < count; index++)
            {
                BitConverter.TryWriteBytes(payload, index);
                await publisher.PublishPipelinedAsync("t"u8.ToArray(), payload, qos, index);
            }
        });
        await Eventually.TrueAsync(() => bench.Server.Snapshot().SlowSubscriberHolds > 0, "the hold");
        for (int index = 0; index < count; index++)
        {
            byte[] body = peer.Expect(MqttPacketType.Publish);
            Assert.Equal(MqttFault.None, PublishView.Read((int)qos << 1, body, MqttProtocolVersion.V5, out PublishView view));
            Assert.Equal(index, BitConverter.ToInt32(view.Payload));
            if (qos == MqttQos.AtLeastOnce)
            {
                peer.Send(0x40, 2, (byte)(view.PacketIdentifier >> 8), (byte)view.PacketIdentifier);
            }
        }

        await flood;
        Assert.Empty(bench.Server.Snapshot().Drops);
    }

    [Fact]
    public async Task ADeadSubscriber_HoldsPublishersOnce_ThenNoMore()
    {
        await using Bench bench = await Bench.StartAsync(() => Options(TimeSpan.FromMilliseconds(100), messages: 1000));
        using RawPeer dead = bench.Raw();
        dead.Connect(MqttProtocolVersion.V5, "dead");
        SessionTests.Subscribe(dead, MqttProtocolVersion.V5, "#", MqttQos.AtLeastOnce);
        (MqttClient publisher, _) = await bench.ConnectAsync(MqttProtocolVersion.V5, "pub");
        for (int index = 0; index < 1005; index++)
        {
            Assert.Equal(MqttReason.Success, await publisher.PublishAsync("t", default, MqttQos.AtLeastOnce));
        }

        Assert.Equal(1, bench.Server.Snapshot().SlowSubscriberHolds);
        Assert.Equal(MqttReason.Success, await publisher.PublishAsync("t", default, MqttQos.AtLeastOnce));
        await Eventually.TrueAsync(() => bench.Handler.Ends.Contains(("dead", MqttReason.QuotaExceeded)), "the end of the dead one");
    }
}
