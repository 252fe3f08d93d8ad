using System.Collections.Concurrent;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>Channels of one worker do not stand in each other's way: neither by a fault nor by what they have to read.</summary>
public class WorkerTests : IFrameHistory
{
    private readonly FakeChannel stored = new();
    private readonly ConcurrentQueue<string> faults = new();
    private long nowMicroseconds = 1_000_000_000_000;
    private Action<int> whenOpened = _ => { };
    private int opened;

    [Fact]
    public async Task AChannelWhoseFramesCannotBeRead_DoesNotStopTheOthers()
    {
        TaskCompletionSource analysed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerServices services = new()
        {
            Channel = new ChannelServices(this, FakeChannel.HoldMicroseconds, (_, _) => CellProfiles.Default, Begin),
            Alarms = new AlarmBook([], _ => { }),
            NowMicroseconds = () => Interlocked.Add(ref nowMicroseconds, 50_000), // Moves each time it is looked at.
            Publish = view =>
            {
                if (view is { Node: "n1", Tests.Count: 1 } && view.Tests[0].Record.SampleCount == 2 * 720)
                {
                    analysed.TrySetResult();
                }
            },
            Faulted = faults.Enqueue,
            Store = (_, _) => { },
        };
        List<byte[]> frames = [];
        foreach (SampleFrame frame in CycledCell.Frames(2, 60, 7, 0, endsTest: true, startsTest: true))
        {
            byte[] bytes = stored.Encode(frame);
            stored.Arrive(bytes);
            frame.Node = "broken";
            frames.Add(stored.Encode(frame));
            frames.Add(bytes);
        }

        using ChannelWorker worker = new(0, services);
        worker.Start();
        FrameEntryPool pool = new(null!);
        frames.ForEach(bytes => Enqueue(worker, pool, bytes));
        await analysed.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        string fault = Assert.Single(faults);
        Assert.Contains("broken/1", fault, StringComparison.Ordinal);
        Assert.Contains("the disk is gone", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatArrives_WaitsFor50MillisecondsOfReadingOn_NotForAllChannels()
    {
        const int Old = 30;
        TaskCompletionSource<int> liveBegan = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerServices services = new()
        {
            Channel = new ChannelServices(this, FakeChannel.HoldMicroseconds, (_, _) => CellProfiles.Default, (node, channel, segment) =>
            {
                if (node == "live")
                {
                    liveBegan.TrySetResult(opened);
                }

                return Begin(node, channel, segment);
            }),
            Alarms = new AlarmBook([], _ => { }),
            NowMicroseconds = () => Interlocked.Add(ref nowMicroseconds, 50_000),
            Publish = _ => { },
            Faulted = faults.Enqueue,
            Store = (_, _) => { },
        };
        using ChannelWorker worker = new(0, services);
        FrameEntryPool pool = new(null!);
        SampleFrame frame = CycledCell.Frames(1, 60, 7, 0, endsTest: false, startsTest: true)[0];
        for (int i = 0; i < Old; i++)
        {
            frame.Node = $"old-{i}";
            Enqueue(worker, pool, stored.Encode(frame));
        }

        frame.Node = "live";
        byte[] live = stored.Encode(frame);
        whenOpened = count =>
        {
            if (count == 3)
            {
                Enqueue(worker, pool, live);
            }
        };
        worker.Start();
        int openedBefore = await liveBegan.Task.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.InRange(openedBefore, 3, 4);
        Assert.Empty(faults);
    }

    long IFrameHistory.StartPosition => stored.StartPosition;

    IFrameCursor IFrameHistory.Open(string node, string channel, ulong boot, long fromNumber)
    {
        whenOpened(++opened);
        return node == "broken" ? throw new IOException("the disk is gone.") : stored.Open(node, channel, boot, fromNumber);
    }

    private static void Enqueue(ChannelWorker worker, FrameEntryPool pool, byte[] bytes)
    {
        FrameEntry entry = pool.Rent();
        entry.Fill(bytes);
        entry.IsStored = true;
        worker.Enqueue(entry);
    }

    private static TestRun Begin(string node, string channel, TestSegment segment) => new(
        new TestRecord { Test = $"{node}@1", Cell = node, Node = node, Channel = channel, Ordinal = 1, Segments = [segment] },
        CellProfiles.Default);
}
