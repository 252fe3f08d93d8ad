using PouchMonitor.Firmware.Host.Board;
using PouchMonitor.Firmware.Publishing;
using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Firmware.Tests;

/// <summary>Frames on flash: in order, never lost once written, freed only when done, whatever byte the power fails at.</summary>
public sealed class FlashQueueTests
{
    private const string Topic = "pouch/v1/n1/1/frame";
    private const ulong Boot = 7;
    private readonly EmulatedFlash flash = new(new VirtualClock());

    [Fact]
    public void AddedFrames_ComeBackInOrderWithTheirBytesAndTopic()
    {
        FlashQueue queue = Queue();
        byte[][] frames = Add(queue, 0, 300);
        for (int i = 0; i < 300; i++)
        {
            int place = queue.TryNext(out string topic, out byte[] payload);
            Assert.Equal(Topic, topic);
            Assert.Equal(frames[i], payload);
            queue.MarkInFlight(place, i + 1);
            Assert.True(queue.Settle(i + 1, isPublished: true, isDone: true));
        }

        Assert.True(queue.IsEmpty);
        Assert.Equal(0, queue.Bytes);
        Assert.Empty(flash.List());
    }

    [Fact]
    public void UnsettledFrames_AreKnownUpToTheWindowAndSentAgainAfterARecall()
    {
        FlashQueue queue = Queue(window: 4);
        Add(queue, 0, 10);
        Assert.Equal([0, 1, 2, 3], SendAll(queue));
        queue.Recall();
        Assert.Equal([0, 1, 2, 3], SendAll(queue));
        Assert.Equal(4, queue.InFlightCount);
    }

    [Fact]
    public void AfterARestart_WhatWasNotDoneComesAgainInItsSegment()
    {
        FlashQueue queue = Queue();
        Add(queue, 0, 1000);
        long written = flash.UsedBytes;
        for (int i = 0; i < 700; i++)
        {
            queue.MarkInFlight(queue.TryNext(out _, out _), i + 1);
            queue.Settle(i + 1, isPublished: true, isDone: true);
        }

        long perFrame = written / 1000;
        List<long> left = SendAll(Queue(window: 1000));
        Assert.Equal(999, left[^1]);
        Assert.InRange(left[0], 700 - (SegmentFiles.SegmentBytes / perFrame) - 1, 700);
        Assert.Equal(left.Count, left[^1] - left[0] + 1);
    }

    [Fact]
    public void PowerLostAtAnyByte_NoFrameWrittenBeforeIsLostAndTheTornOneIsSkipped()
    {
        int length = Frame(0).Length;
        for (int cut = 0; cut <= 3 * length; cut++)
        {
            var board = new EmulatedFlash(new VirtualClock());
            var queue = new FlashQueue(board, "n1", 1_000_000, 16);
            Append(queue, Frame(0), Frame(1));
            board.StepsUntilPowerLoss = cut;
            bool isCut = false;
            try
            {
                Append(queue, Frame(2), Frame(3), Frame(4));
            }
            catch (PowerLossException)
            {
                isCut = true;
            }

            board.StepsUntilPowerLoss = null;
            var next = new FlashQueue(board, "n1", 1_000_000, 16);
            Append(next, Frame(5));
            List<long> kept = SendAll(next);
            List<long> expected = [.. Enumerable.Range(0, 2 + (cut / length)).Select(i => (long)i), 5];
            Assert.Equal(expected, kept);
            Assert.Equal(cut % length, next.SkippedBytes);
            Assert.Equal(isCut, cut < 3 * length);
        }
    }

    [Theory]
    [InlineData(-1, false)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    public void Full_RefusesAndKeepsWhatItHas(int spare, bool expected)
    {
        byte[] frame = Frame(0);
        var queue = new FlashQueue(flash, "n1", (frame.Length * 2) + spare, 4);
        Assert.True(queue.TryAppend(frame, frame.Length));
        Assert.Equal(expected, queue.TryAppend(Frame(1), frame.Length));
        Assert.Equal(expected ? [0, 1] : [0], SendAll(queue));
    }

    [Fact]
    public void WornFlash_IsCountedAndLeftAlone()
    {
        FlashQueue queue = Queue();
        Add(queue, 0, 1);
        flash.IsWorn = true;
        Assert.False(queue.TryAppend(Frame(1), Frame(1).Length));
        Assert.Equal(1, queue.FailedWriteCount);
        flash.IsWorn = false;
        Add(queue, 2, 1);
        Assert.Equal([0, 2], SendAll(queue));
    }

    [Fact]
    public void HeldFrames_AreNotSentFromHereUnlessGivenBack()
    {
        FlashQueue queue = Queue();
        byte[] frame = Frame(0);
        var positions = new long[3];
        for (int i = 0; i < 3; i++)
        {
            Append(queue, Frame(i));
            positions[i] = queue.PositionFromEnd(frame.Length);
            queue.Hold(positions[i]);
        }

        Add(queue, 3, 1);
        queue.SetDone(positions[0]);
        Assert.Equal([3], SendAll(queue));
        queue.Release(positions[1]);
        Assert.Equal([1], SendAll(queue));
        queue.Settle(104, isPublished: true, isDone: true);
        queue.Settle(101, isPublished: true, isDone: true);
        Assert.False(queue.IsEmpty);
        queue.SetDone(positions[2]);
        Settle(queue, 101, 104);
        Assert.True(queue.IsEmpty);
    }

    [Fact]
    public void BehindAForeignBroker_OnlyTheGatewaysWordFrees()
    {
        FlashQueue queue = Queue();
        Add(queue, 0, 3);
        for (int id = 1; id <= 3; id++)
        {
            queue.MarkInFlight(queue.TryNext(out _, out _), id);
            queue.Settle(id, isPublished: true, isDone: false);
        }

        queue.FreeStored(Boot + 1, Topic, 100);
        queue.FreeStored(Boot, "pouch/v1/n1/2/frame", 100);
        Assert.False(queue.IsEmpty);
        queue.FreeStored(Boot, Topic, 1);
        queue.Recall();
        Assert.Equal([1, 2], SendAll(queue));
        queue.FreeStored(Boot, Topic, 3);
        Assert.True(queue.IsEmpty);
    }

    private static byte[] Frame(long number)
    {
        var frame = new SampleFrame(1) { Node = "n1", Channel = "1", Boot = Boot, Kind = FrameKind.Samples };
        var sample = new CellSample { Number = number, UptimeMicroseconds = 1000 + number };
        frame.Add(sample);
        byte[] buffer = new byte[1024];
        int length = SampleFrameEncoder.Encode(frame, buffer, 0);
        return buffer[..length];
    }

    private static void Append(FlashQueue queue, params byte[][] frames)
    {
        byte[] all = [.. frames.SelectMany(frame => frame)];
        Assert.True(queue.TryAppend(all, all.Length));
    }

    private static byte[][] Add(FlashQueue queue, int first, int count)
    {
        byte[][] frames = [.. Enumerable.Range(first, count).Select(i => Frame(i))];
        foreach (byte[] frame in frames)
        {
            Append(queue, frame);
        }

        return frames;
    }

    private static void Settle(FlashQueue queue, int fromId, int toId)
    {
        for (int id = fromId; id <= toId; id++)
        {
            queue.Settle(id, isPublished: true, isDone: true);
        }
    }

    /// <summary>Hands everything that waits to a link that gives no word; the samples' numbers. Ids are 100 and the number.</summary>
    private static List<long> SendAll(FlashQueue queue)
    {
        List<long> sent = [];
        var frame = new SampleFrame(60);
        int place = queue.TryNext(out _, out byte[] payload);
        while (place >= 0)
        {
            Assert.Equal(DecodeFault.None, SampleFrameDecoder.TryDecode(payload, 0, payload.Length, frame));
            sent.Add(frame.FirstSampleNumber);
            queue.MarkInFlight(place, 100 + (int)frame.FirstSampleNumber);
            place = queue.TryNext(out _, out payload);
        }

        return sent;
    }

    private FlashQueue Queue(int window = 16) => new(flash, "n1", 1_000_000, window);
}
