using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>A test with what is known of frames that have arrived but are not analysed yet.</summary>
internal sealed class TestProgress(TestRun run)
{
    public TestRun Run { get; } = run;

    /// <summary>Place from which the analysis must be done again, because a frame came late.</summary>
    public TestPosition? RejudgeFrom { get; private set; }

    /// <summary>Since when a frame has been missing before others that have arrived.</summary>
    public long? WaitingSinceMicroseconds { get; private set; }

    /// <summary>Frames up to here had arrived when the waiting began; once it has lasted long enough they go on.</summary>
    public TestPosition WaitingUpTo { get; private set; }

    public TestPosition HighestArrived { get; private set; }

    /// <summary>Earliest time of the next re-judgement, so that a stream of late frames cannot use up the worker.</summary>
    public long RejudgeNotBeforeMicroseconds { get; set; }

    /// <summary>True while the last call of catching up stopped at its budget.</summary>
    public bool HasMore { get; set; }

    /// <summary>Findings when everything that was stored had been judged; those that the alarms follow.</summary>
    public IReadOnlyList<Finding> SettledFindings { get; set; } = [.. run.Analysis.Findings];

    /// <summary>False while something that is stored is still to be judged, so that findings may be missing.</summary>
    public bool IsSettled => RejudgeFrom is null && !HasMore && !Run.IsRejudging;

    /// <summary>Where a stored frame inside the test says that another test starts; to be split there.</summary>
    public TestPosition? StartsAnotherAt { get; set; }

    /// <summary>True when the test has just ended: what is stored after its end belongs to another.</summary>
    public bool LooksBeyond { get; set; }

    /// <summary>True when a test that starts there is not this one.</summary>
    public bool IsInside(TestPosition place) => place.Segment > 0 || place.Number > Run.Segments[0].FirstNumber;

    public bool NeedsWork => HasMore || LooksBeyond || RejudgeFrom is not null || WaitingSinceMicroseconds is not null
        || (Run.Record.Closed && !Run.Ended);

    /// <summary>Every sample before this is analysed and will not be judged again unless a frame comes late.</summary>
    public TestPosition Analysed => RejudgeFrom is { } from && from < Run.Next ? from : Run.Next;

    /// <summary>Number below which a boot's samples in this test are analysed; null where none are, or none of its samples are here.</summary>
    public long? AnalysedBelow(ulong boot)
    {
        long? below = null;
        for (int i = 0; i < Run.Segments.Count && i <= Analysed.Segment; i++)
        {
            TestSegment segment = Run.Segments[i];
            if (segment.Boot == boot)
            {
                below = Analysed.Segment == i ? Analysed.Number : segment.EndNumber ?? below;
            }
        }

        return below;
    }

    public void Arrived(TestPosition first, TestPosition last, long nowMicroseconds)
    {
        if (last > HighestArrived)
        {
            HighestArrived = last;
        }

        if (first < Run.Next || Run.Ended)
        {
            // An ended test takes no more samples either: it goes back to before its end.
            TestPosition place = first < Run.Next ? first : Run.Next;
            RejudgeFrom = RejudgeFrom is { } from && from < place ? from : place;
        }
        else if (WaitingSinceMicroseconds is null)
        {
            WaitingSinceMicroseconds = nowMicroseconds;
            WaitingUpTo = HighestArrived;
        }
    }

    /// <summary>The segments have changed: everything is to be judged again.</summary>
    public void Restart()
    {
        Run.RestartFromTheBeginning();
        RejudgeFrom = null;
        HasMore = true;
    }

    public void BeginRejudgement() => RejudgeFrom = null;

    /// <summary>Called when catching up has read all it may.</summary>
    /// <param name="waits">What is stored beyond and has to wait for what is missing; null where nothing is.</param>
    /// <param name="expired">True when the time of waiting was over.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    public void CaughtUp(TestPosition? waits, bool expired, long nowMicroseconds)
    {
        if (Run.Ended || waits is not { } place)
        {
            WaitingSinceMicroseconds = null;
        }
        else if (expired || WaitingSinceMicroseconds is null || Run.Next > WaitingUpTo)
        {
            WaitingSinceMicroseconds = nowMicroseconds;
            WaitingUpTo = place > HighestArrived ? place : HighestArrived;
        }
    }
}
