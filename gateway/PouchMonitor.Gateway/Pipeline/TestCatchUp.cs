using System.Diagnostics;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Feeds a test from the journal in sample order: after a restart, after a late frame, and after a gap was filled or has
/// been waited for long enough.
/// </summary>
internal sealed class TestCatchUp(string node, string channel, ChannelServices services, Dictionary<ulong, BootLine> boots)
{
    private const int FramesPerCall = 2000;

    public void Work(TestProgress test, SampleFrame scratch, long nowMicroseconds, bool isIdle)
    {
        long startedTicks = Stopwatch.GetTimestamp();
        bool rejudges = test.RejudgeFrom is not null;
        if (test.RejudgeFrom is { } from)
        {
            if (!isIdle && nowMicroseconds < test.RejudgeNotBeforeMicroseconds)
            {
                return;
            }

            test.Run.RollBack(from);
            test.BeginRejudgement();
        }

        bool expired = test.WaitingSinceMicroseconds is { } since && nowMicroseconds - since >= services.ReorderHoldMicroseconds;
        test.HasMore = !ReadOn(test, scratch, expired);
        if (!test.HasMore)
        {
            test.CaughtUp(expired, nowMicroseconds);
            if (test.Run.Record.Closed && !test.Run.Ended && test.WaitingSinceMicroseconds is null)
            {
                test.Run.End();
            }
        }

        if (rejudges)
        {
            long tookMicroseconds = (long)Stopwatch.GetElapsedTime(startedTicks).TotalMicroseconds;
            test.RejudgeNotBeforeMicroseconds = nowMicroseconds + (4 * tookMicroseconds);
        }
    }

    /// <returns>False when it stopped at its budget and is to be called again.</returns>
    private bool ReadOn(TestProgress test, SampleFrame scratch, bool expired)
    {
        TestRun run = test.Run;
        int budget = FramesPerCall;
        while (!run.Ended && run.Next.Segment < run.Segments.Count)
        {
            TestSegment segment = run.Segments[run.Next.Segment];
            BootLine boot = boots[segment.Boot];
            long next = Math.Max(run.Next.Number, segment.FirstNumber);
            run.MoveTo(new TestPosition(run.Next.Segment, next));
            using (IFrameCursor cursor = services.History.Open(node, channel, segment.Boot, next))
            {
                while (!run.Ended && cursor.TryRead(scratch))
                {
                    if (segment.EndNumber is { } end && scratch.FirstSampleNumber >= end)
                    {
                        break;
                    }

                    TestPosition place = new(run.Next.Segment, scratch.FirstSampleNumber);
                    bool mayPass = ChannelState.IsContiguous(boot, scratch, run.Next.Number)
                        || scratch.FirstSampleNumber <= run.Next.Number
                        || (expired && place <= test.WaitingUpTo);
                    if (!mayPass)
                    {
                        return true;
                    }

                    run.Feed(scratch, boot.StartMicroseconds);
                    if (--budget == 0)
                    {
                        return false;
                    }
                }
            }

            bool leavesSegment = !run.Ended && run.Next.Segment + 1 < run.Segments.Count
                && (run.Segments[run.Next.Segment].EndNumber is { } known && run.Next.Number >= known
                    || (expired && test.WaitingUpTo.Segment > run.Next.Segment));
            if (!leavesSegment)
            {
                return true;
            }

            run.MoveTo(new TestPosition(run.Next.Segment + 1, run.Segments[run.Next.Segment + 1].FirstNumber));
        }

        return true;
    }
}
