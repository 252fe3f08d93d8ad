using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Nothing sealed is lost without being counted, and nothing is freed before its acknowledgement.</summary>
public sealed class StoreAndPublisherTests
{
    private const long Second = 1_000_000;
    private readonly MemoryLink link = new();
    private readonly FrameStore store = new(1000, 1_000_000);
    private readonly FramePublisher publisher;
    private readonly NodeReports reports;
    private long now;
    private int added;

    public StoreAndPublisherTests()
    {
        var configuration = new NodeConfiguration
        {
            Node = "n1",
            Channels = [new ChannelConfiguration { Label = "cell-a" }],
        };
        reports = new NodeReports(configuration, new VirtualClock(), 0x0123456789abcdef);
        publisher = new FramePublisher(store, link, reports, 42, 8, 60 * Second);
    }

    [Fact]
    public void LinkDownForHours_ThenEveryFrameArrivesInOrder()
    {
        link.IsReachable = false;
        for (int i = 0; i < 900; i++)
        {
            AddFrame();
            now += 24 * Second;
            publisher.Pump(now);
        }

        Assert.Equal(900, store.Count);
        link.IsReachable = true;
        RunUntil(() => store.Count == 0);
        Assert.Equal(Enumerable.Range(0, 900), Arrived());
        Assert.Equal(900, publisher.AcknowledgedFrameCount);
    }

    [Fact]
    public void Unacknowledged_StayInTheStoreAndInsideTheWindow()
    {
        link.AcknowledgesAtOnce = false;
        AddFrames(20);
        publisher.Pump(now);
        publisher.Pump(now += 3600 * Second);
        Assert.Equal(6, publisher.InFlightCount);
        Assert.Equal(6, link.Frames.Count());
        Assert.Equal(20, store.Count);
        link.Settle(true);
        publisher.Pump(now);
        Assert.Equal(14, store.Count);
    }

    [Fact]
    public void GivenUpByTheLink_IsSentAgainWithTheSameBytes()
    {
        link.AcknowledgesAtOnce = false;
        AddFrames(3);
        publisher.Pump(now);
        link.Settle(false);
        publisher.Pump(now);
        Assert.Equal(3, store.Count);
        Assert.Equal(3, publisher.GivenUpFrameCount);
        Assert.Equal([0, 1, 2], Arrived());
        link.AcknowledgesAtOnce = true;
        RunUntil(() => store.Count == 0);
        Assert.Equal([0, 1, 2, 0, 1, 2], Arrived());
    }

    [Fact]
    public void CutInFlight_IsSentAgainAfterReconnectingAndOldWordsAreIgnored()
    {
        link.AcknowledgesAtOnce = false;
        AddFrames(4);
        publisher.Pump(now);
        link.Cut();
        publisher.Pump(now += Second);
        link.IsReachable = true;
        link.AcknowledgesAtOnce = true;
        RunUntil(() => store.Count == 0);
        Assert.Equal([0, 1, 2, 3, 0, 1, 2, 3], Arrived());
        Assert.Equal(2, publisher.ConnectionCount);
    }

    [Fact]
    public void AcknowledgedOutOfOrder_FreesFromTheFrontOnly()
    {
        AddFrames(3);
        for (int id = 11; id <= 13; id++)
        {
            store.MarkInFlight(store.TryNext(takesBacklog: true, out _, out _), id);
        }

        Assert.True(store.Settle(12, true));
        Assert.Equal(3, store.Count);
        Assert.True(store.Settle(11, true));
        Assert.Equal(1, store.Count);
        Assert.False(store.Settle(11, true));
        Assert.True(store.Settle(13, true));
        Assert.Equal(0, store.Count);
        Assert.Equal(0, store.Bytes);
    }

    [Theory]
    [InlineData(4, 5)]
    [InlineData(5, 5)]
    [InlineData(6, 5)]
    public void FullOfFrames_RefusesTheNewestAndCountsIt(int offered, int limit)
    {
        var small = new FrameStore(limit, 1000);
        int taken = 0;
        for (int i = 0; i < offered; i++)
        {
            taken += small.TryAdd("t", new byte[10], 10, 7, endsTest: false) ? 1 : 0;
        }

        Assert.Equal(Math.Min(offered, limit), taken);
        Assert.Equal(Math.Max(0, offered - limit), small.RefusedFrameCount);
        Assert.Equal(7 * Math.Max(0, offered - limit), small.RefusedSampleCount);
    }

    [Theory]
    [InlineData(99, true)]
    [InlineData(100, true)]
    [InlineData(101, false)]
    public void FullOfBytes_RefusesWhatDoesNotFit(int length, bool expected)
    {
        var small = new FrameStore(10, 100);
        Assert.Equal(expected, small.TryAdd("t", new byte[200], length, 1, endsTest: false));
    }

    [Fact]
    public void EndOfATest_FindsRoomInAFullStore()
    {
        var small = new FrameStore(1, 100);
        Assert.True(small.TryAdd("t", new byte[100], 100, 1, endsTest: false));
        Assert.False(small.TryAdd("t", new byte[100], 100, 1, endsTest: false));
        for (int i = 0; i < FrameStore.PlacesForEnds; i++)
        {
            Assert.True(small.TryAdd("t", new byte[100], 100, 1, endsTest: true));
        }

        Assert.False(small.TryAdd("t", new byte[100], 100, 1, endsTest: true));
    }

    [Fact]
    public void FullLinkQueue_IsTriedAgainLater()
    {
        link.AcknowledgesAtOnce = false;
        link.QueueLimit = 4;
        AddFrames(6);
        publisher.Pump(now);
        Assert.Equal(6, store.Count);
        for (int i = 0; i < 5; i++)
        {
            link.Settle(true);
            publisher.Pump(now);
        }

        Assert.Equal(0, store.Count);
        Assert.Equal([0, 1, 2, 3, 4, 5], Arrived());
    }

    [Fact]
    public void Unreachable_IsTriedWithGrowingPausesOfAtMost75Seconds()
    {
        link.IsReachable = false;
        for (int i = 0; i < 600; i++)
        {
            publisher.Pump(now += Second);
        }

        // 1, 2, 4 ... 60 s, each within a quarter: some 14 in ten minutes instead of 600.
        Assert.InRange(link.ConnectAttempts, 12, 20);
        int before = link.ConnectAttempts;
        now += 75 * Second;
        publisher.Pump(now);
        Assert.Equal(before + 1, link.ConnectAttempts);
    }

    [Fact]
    public void TwoNodes_SpreadTheirAttempts()
    {
        var one = new BackOff(1);
        var other = new BackOff(0xDEADBEEF_12345678);
        Assert.NotEqual(
            Enumerable.Range(0, 5).Select(_ => one.NextMicroseconds()), Enumerable.Range(0, 5).Select(_ => other.NextMicroseconds()));
    }

    [Fact]
    public void Connected_TellsItsStateRetainedAndLeavesAWill()
    {
        publisher.Pump(now);
        var (topic, payload, isRetained) = link.Received[0];
        Assert.Equal("pouch/v1/n1/status", topic);
        Assert.True(isRetained);
        using JsonDocument status = JsonDocument.Parse(payload);
        Assert.Equal("online", status.RootElement.GetProperty("state").GetString());
        Assert.Equal("0123456789abcdef", status.RootElement.GetProperty("boot").GetString());
        Assert.Equal("cell-a", status.RootElement.GetProperty("channels").GetProperty("1").GetString());
        using JsonDocument will = JsonDocument.Parse(link.WillMessage!);
        Assert.Equal("pouch/v1/n1/status", link.WillTopic);
        Assert.Equal("offline", will.RootElement.GetProperty("state").GetString());
    }

    [Fact]
    public void Events_AreSentOnceAndTheirQueueIsBounded()
    {
        for (int i = 0; i < 20; i++)
        {
            reports.AddEvent("test-ended", "1", i);
        }

        Assert.Equal(4, reports.RefusedEventCount);
        publisher.Pump(now);
        publisher.Pump(now);
        List<byte[]> events =
            [.. link.Received.Where(m => string.Equals(m.Topic, "pouch/v1/n1/event", StringComparison.Ordinal)).Select(m => m.Payload)];
        Assert.Equal(16, events.Count);
        using JsonDocument first = JsonDocument.Parse(events[0]);
        Assert.Equal("test-ended", first.RootElement.GetProperty("event").GetString());
        Assert.Equal(0, first.RootElement.GetProperty("value").GetInt64());
    }

    [Fact]
    public void Flowing_OnlyWhileConnectedAndWithoutBacklog()
    {
        publisher.Pump(now);
        Assert.True(store.IsFlowing);
        link.AcknowledgesAtOnce = false;
        AddFrames(20);
        publisher.Pump(now);
        Assert.False(store.IsFlowing);
        link.Cut();
        publisher.Pump(now);
        Assert.False(store.IsFlowing);
    }

    private void AddFrames(int count)
    {
        for (int i = 0; i < count; i++)
        {
            AddFrame();
        }
    }

    private void AddFrame()
    {
        byte[] payload = Encoding.ASCII.GetBytes(added.ToString(CultureInfo.InvariantCulture));
        Assert.True(store.TryAdd("pouch/v1/n1/1/frame", payload, payload.Length, 1, endsTest: false));
        added++;
    }

    private int[] Arrived() =>
        [.. link.Frames.Select(payload => int.Parse(Encoding.ASCII.GetString(payload), CultureInfo.InvariantCulture))];

    private void RunUntil(Func<bool> condition)
    {
        for (int i = 0; i < 10_000 && !condition(); i++)
        {
            publisher.Pump(now += Second / 10);
        }

        Assert.True(condition());
    }
}
