using PouchMonitor.Firmware.Configuration;
using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Memory before flash, live before backlog, and one way out for each frame.</summary>
public sealed class SpillTests
{
    private const long Second = 1_000_000;
    private const string Topic = "pouch/v1/n1/1/frame";
    private readonly EmulatedFlash flash = new(new VirtualClock());
    private readonly MemoryLink link = new() { AcknowledgesAtOnce = false };
    private readonly FrameStore store;
    private readonly FramePublisher publisher;
    private long now;
    private int added;

    public SpillTests()
    {
        store = new FrameStore(20, 100_000, new FlashQueue(flash, "n1", 1_000_000, 32));
        var configuration = new NodeConfiguration { Node = "n1", Channels = [new ChannelConfiguration()] };
        publisher = new FramePublisher(store, link, new NodeReports(configuration, new VirtualClock(), 1), 1, 8, 3600 * Second);
    }

    [Fact]
    public void Unacknowledged_GoToFlashBeforeTheirOldestSampleIsTenSecondsOld()
    {
        Add(2);
        for (int i = 0; i < 26; i++)
        {
            store.TickOfSampling(now += Second / 4);
        }

        Assert.Equal(0, flash.UsedBytes);
        store.TickOfSampling(now += Second / 4);
        Assert.True(flash.UsedBytes > 0);
        Assert.Equal(0, store.Count);
        Assert.False(store.IsEmpty);
    }

    [Fact]
    public void LiveFrames_GoBeforeTheBacklogAndKeepAPlace()
    {
        Add(30);
        Assert.True(store.FlushAll());
        publisher.Pump(now);
        Assert.Equal(6, Sent().Count);
        Assert.True(store.IsFlowing);
        Add(1);
        publisher.Pump(now);
        Assert.Equal([0, 1, 2, 3, 4, 5, 30], Sent());
        Drain();
        Assert.Equal(Enumerable.Range(0, 31).Select(i => (long)i), Sent().Order());
    }

    [Fact]
    public void FlushedInFlight_AndAcknowledgedLater_IsNotSentAgain()
    {
        publisher.Pump(now);
        Add(3);
        publisher.Pump(now);
        store.TickOfSampling(now += 20 * Second);
        Assert.True(flash.UsedBytes > 0);
        publisher.Pump(now);
        Assert.Equal([0, 1, 2], Sent());
        Drain();
        Assert.Equal([0, 1, 2], Sent());
        Assert.True(store.IsEmpty);
        Assert.Equal(0, flash.UsedBytes);
    }

    [Fact]
    public void FlushedInFlight_AndGivenUp_IsSentFromFlashWithTheSameBytes()
    {
        publisher.Pump(now);
        Add(3);
        publisher.Pump(now);
        store.TickOfSampling(now += 20 * Second);
        link.Settle(false);
        publisher.Pump(now);
        Drain();
        Assert.Equal([0, 1, 2, 0, 1, 2], Sent());
        List<byte[]> frames = [.. link.Frames];
        Assert.Equal(frames[1], frames[4]);
        Assert.True(store.IsEmpty);
    }

    [Fact]
    public void FlushedInFlight_AndCut_IsSentFromFlash()
    {
        publisher.Pump(now);
        Add(2);
        publisher.Pump(now);
        store.TickOfSampling(now += 20 * Second);
        link.Cut();
        publisher.Pump(now);
        link.IsReachable = true;
        now += 100 * Second;
        Drain();
        Assert.Equal([0, 1, 0, 1], Sent());
        Assert.True(store.IsEmpty);
    }

    [Fact]
    public void WornFlash_LeavesTheFramesInMemoryUntilThatIsFull()
    {
        flash.IsWorn = true;
        Add(19);
        store.TickOfSampling(now += 20 * Second);
        Assert.Equal(19, store.Count);
        Add(1);
        Assert.False(TryAdd());
        Assert.Equal(1, store.RefusedFrameCount);
        flash.IsWorn = false;
        Assert.True(TryAdd());
        Drain();
        Assert.Equal(21, Sent().Distinct().Count());
        Assert.True(store.IsEmpty);
    }

    [Fact]
    public void FrameLargerThanABatch_GoesOnItsOwn()
    {
        Add(1);
        byte[] large = Frame(500, 700);
        Assert.True(large.Length > 4096);
        Assert.True(store.TryAdd(Topic, large, large.Length, 700, endsTest: false, now));
        added = 1200;
        Add(1);
        Assert.True(store.FlushAll());
        Assert.Equal(0, store.Count);
        Drain();
        Assert.Equal([0, 500, 1200], Sent());
    }

    private static byte[] Frame(long first, int count)
    {
        var frame = new SampleFrame(count) { Node = "n1", Channel = "1", Boot = 1, Kind = FrameKind.Samples };
        var noise = new Simulation.SeededNoise((ulong)first);
        for (int i = 0; i < count; i++)
        {
            var sample = new CellSample { Number = first + i, UptimeMicroseconds = 1000 + first + i };
            sample.Set(SampleColumns.Voltage, SensorState.Good, (long)(noise.NextBits() & 0xFFFFFFFFFFFF));
            frame.Add(sample);
        }

        byte[] buffer = new byte[100_000];
        return buffer[..SampleFrameEncoder.Encode(frame, buffer, 0)];
    }

    private void Add(int count)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.True(TryAdd());
        }
    }

    private bool TryAdd()
    {
        byte[] frame = Frame(added, 1);
        bool isTaken = store.TryAdd(Topic, frame, frame.Length, 1, endsTest: false, now);
        added += isTaken ? 1 : 0;
        return isTaken;
    }

    private void Drain()
    {
        for (int i = 0; i < 200 && !store.IsEmpty; i++)
        {
            publisher.Pump(now += Second / 10);
            link.Settle(true);
        }

        publisher.Pump(now);
    }

    private List<long> Sent()
    {
        var frame = new SampleFrame(SampleFrame.MaximumSamples);
        List<long> numbers = [];
        foreach (byte[] payload in link.Frames)
        {
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
            numbers.Add(frame.FirstSampleNumber);
        }

        return numbers;
    }
}
