using System.Diagnostics;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Feeds a test from the journal in sample order: after a restart, after a late frame, and after a gap was filled or has
/// been waited for long enough.
/// </summary>
internal sealed class TestCatchUp(
    string node, string channel, ChannelServices services, Dictionary<ulong, BootLine> boots, ReadAhead readAhead)
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

            // Without the frames before it, judging again would take away what is known: a late frame is stored and left at that.
            if (HasFramesFrom(test.Run, test.Run.RollBackPlace(from)))
            {
                test.Run.RollBack(from);
            }

            test.BeginRejudgement();
        }

        bool expired = test.WaitingSinceMicroseconds is { } since && nowMicroseconds - since >= services.ReorderHoldMicroseconds;
        bool wasEnded = test.Run.Ended;
        test.HasMore = !ReadOn(test, scratch, expired, out TestPosition? waits);
        if (!test.HasMore)
        {
            test.CaughtUp(waits, expired, nowMicroseconds);
            if (test.Run.Record.Closed && !test.Run.Ended && test.WaitingSinceMicroseconds is null)
            {
                test.Run.End();
            }
        }

        test.LooksBeyond |= test.Run.Ended && !wasEnded;
        if (rejudges)
        {
            long tookMicroseconds = (long)Stopwatch.GetElapsedTime(startedTicks).TotalMicroseconds;
            test.RejudgeNotBeforeMicroseconds = nowMicroseconds + (4 * tookMicroseconds);
        }
    }

    private bool HasFramesFrom(TestRun run, TestPosition place)
    {
        if (place.Segment >= run.Segments.Count)
        {
            return true;
        }

        TestSegment segment = run.Segments[place.Segment];
        long removed = services.History.RemovedEnd(node, channel, segment.Boot);
        return removed == 0 || removed <= Math.Max(place.Number, segment.FirstNumber);
    }

    /// <returns>False when it stopped at its budget and is to be called again.</returns>
    private bool ReadOn(TestProgress test, SampleFrame scratch, bool expired, out TestPosition? waits)
    {
        TestRun run = test.Run;
        int budget = FramesPerCall;
        waits = null;
        while (!run.Ended && run.Next.Segment < run.Segments.Count)
        {
            TestSegment segment = run.Segments[run.Next.Segment];
            long next = Math.Max(run.Next.Number, segment.FirstNumber);
            run.MoveTo(new TestPosition(run.Next.Segment, next));

            // A boot that the journal no longer knows has nothing to be read.
            if (boots.TryGetValue(segment.Boot, out BootLine? boot))
            {
                using IFrameCursor cursor = services.History.Open(node, channel, segment.Boot, next);
                while (!run.Ended && cursor.TryRead(scratch))
                {
                    TestPosition place = new(run.Next.Segment, scratch.FirstSampleNumber);
                    if (segment.EndNumber is { } end && scratch.FirstSampleNumber >= end)
                    {
                        break;
                    }

                    if (scratch.StartsTest && test.IsInside(place))
                    {
                        test.StartsAnotherAt = place;
                        return true;
                    }

                    bool mayPass = boot.IsContiguous(scratch, run.Next.Number)
                        || scratch.FirstSampleNumber <= run.Next.Number
                        || (expired && place <= test.WaitingUpTo);
                    if (!mayPass)
                    {
                        waits = place;
                        return true;
                    }

                    run.Feed(scratch, boot.StartMicroseconds);
                    readAhead.Read(cursor.Position);
                    if (--budget == 0)
                    {
                        return false;
                    }
                }
            }

            if (run.Ended || run.Next.Segment + 1 >= run.Segments.Count)
            {
                return true;
            }

            TestPosition following = new(run.Next.Segment + 1, run.Segments[run.Next.Segment + 1].FirstNumber);
            bool leavesSegment = (run.Segments[run.Next.Segment].EndNumber is { } known && run.Next.Number >= known)
                || (expired && test.WaitingUpTo.Segment > run.Next.Segment);
            if (!leavesSegment)
            {
                waits = following;
                return true;
            }

            run.MoveTo(following);
        }

        return true;
    }
}
