using System.Collections.Concurrent;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Tests.Pipeline;

/// <summary>A fault in one channel's analysis is counted and told, and ends nobody else's.</summary>
public class WorkerFaultTests : IFrameHistory
{
    private readonly FakeChannel stored = new();
    private readonly ConcurrentQueue<string> faults = new();
    private long nowMicroseconds = 1_000_000_000_000;

    [Fact]
    public async Task AChannelWhoseFramesCannotBeRead_DoesNotStopTheOthers()
    {
        TaskCompletionSource analysed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        WorkerServices services = new()
        {
            Channel = new ChannelServices(this, FakeChannel.HoldMicroseconds, (_, _) => CellProfiles.Default, Begin),
            Alarms = new AlarmBook([], _ => { }),
            NowMicroseconds = () => Interlocked.Add(ref nowMicroseconds, 1000), // Moves each time it is looked at.
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

    long IFrameHistory.StartPosition => stored.StartPosition;

    IFrameCursor IFrameHistory.Open(string node, string channel, ulong boot, long fromNumber) =>
        node == "broken" ? throw new IOException("the disk is gone.") : stored.Open(node, channel, boot, fromNumber);

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
