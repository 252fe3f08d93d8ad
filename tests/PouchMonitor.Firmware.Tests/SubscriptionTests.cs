using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Tests;

/// <summary>What the broker brings to the node: asked for anew on each connection, kept in bounds, never without a count.</summary>
public sealed class SubscriptionTests
{
    private const string Topic = "pouch/v1/n1/command";
    private readonly MemoryLink link = new();
    private readonly FramePublisher publisher;
    private long now;

    public SubscriptionTests()
    {
        var configuration = new NodeConfiguration { Node = "n1", Channels = [new ChannelConfiguration()] };
        publisher = new FramePublisher(
            new FrameStore(10, 1000), link, new NodeReports(configuration, new VirtualClock(), 1), 1, 8, 60_000_000);
    }

    [Fact]
    public void Topics_AreAskedForOnEveryConnection()
    {
        Assert.True(publisher.Subscribe(Topic));
        publisher.Pump(now);
        publisher.Pump(now);
        Assert.Equal(["pouch/v1/n1/stored", Topic], link.Subscriptions);
        link.Cut();
        publisher.Pump(now);
        link.IsReachable = true;
        publisher.Pump(now += 10_000_000);
        Assert.Equal(["pouch/v1/n1/stored", Topic], link.Subscriptions);
    }

    [Fact]
    public void RefusedByTheLink_IsAskedForAgain()
    {
        link.TakesSubscriptions = false;
        publisher.Subscribe(Topic);
        publisher.Pump(now);
        Assert.Empty(link.Subscriptions);
        link.TakesSubscriptions = true;
        publisher.Pump(now);
        Assert.Equal(["pouch/v1/n1/stored", Topic], link.Subscriptions);
    }

    [Fact]
    public void TooManyTopics_AreRefused()
    {
        int taken = 0;
        for (int i = 0; i < 20; i++)
        {
            taken += publisher.Subscribe(Topic + i) ? 1 : 0;
        }

        Assert.Equal(7, taken);
    }

    [Fact]
    public void Messages_ComeInOrderOnce()
    {
        publisher.Subscribe(Topic);
        publisher.Pump(now);
        link.Deliver(Topic, [1]);
        link.Deliver(Topic, [2]);
        link.Deliver("pouch/v1/other/command", [3]);
        Assert.True(publisher.Received.TryTake(out string topic, out byte[] payload));
        Assert.Equal(Topic, topic);
        Assert.Equal([1], payload);
        Assert.True(publisher.Received.TryTake(out _, out payload));
        Assert.Equal([2], payload);
        Assert.False(publisher.Received.TryTake(out _, out _));
    }

    [Theory]
    [InlineData(ReceivedMessages.MessageLimit - 1, 10, 0)]
    [InlineData(ReceivedMessages.MessageLimit, 10, 0)]
    [InlineData(ReceivedMessages.MessageLimit + 1, 10, 1)]
    [InlineData(1, ReceivedMessages.ByteLimit, 0)]
    [InlineData(1, ReceivedMessages.ByteLimit + 1, 1)]
    public void BeyondTheBounds_TheNewestIsRefusedAndCounted(int messages, int bytes, int refused)
    {
        publisher.Subscribe(Topic);
        publisher.Pump(now);
        for (int i = 0; i < messages; i++)
        {
            link.Deliver(Topic, new byte[bytes]);
        }

        Assert.Equal(refused, publisher.Received.RefusedCount);
        int taken = 0;
        while (publisher.Received.TryTake(out _, out _))
        {
            taken++;
        }

        Assert.Equal(messages - refused, taken);
        link.Deliver(Topic, new byte[ReceivedMessages.ByteLimit]);
        Assert.True(publisher.Received.TryTake(out _, out _));
    }
}
