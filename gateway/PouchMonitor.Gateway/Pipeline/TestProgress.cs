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

    public bool NeedsWork => HasMore || RejudgeFrom is not null || WaitingSinceMicroseconds is not null
        || (Run.Record.Closed && !Run.Ended);

    /// <summary>Every sample before this is analysed and will not be judged again unless a frame comes late.</summary>
    public TestPosition Analysed => RejudgeFrom is { } from && from < Run.Next ? from : Run.Next;

    public void Arrived(TestPosition first, TestPosition last, long nowMicroseconds)
    {
        if (last > HighestArrived)
        {
            HighestArrived = last;
        }

        if (first < Run.Next)
        {
            RejudgeFrom = RejudgeFrom is { } from && from < first ? from : first;
        }
        else if (WaitingSinceMicroseconds is null)
        {
            WaitingSinceMicroseconds = nowMicroseconds;
            WaitingUpTo = HighestArrived;
        }
    }

    public void BeginRejudgement() => RejudgeFrom = null;

    /// <summary>Called when catching up has read all it may.</summary>
    public void CaughtUp(bool expired, long nowMicroseconds)
    {
        if (Run.Ended || Run.Next > HighestArrived)
        {
            WaitingSinceMicroseconds = null;
        }
        else if (expired || WaitingSinceMicroseconds is null || Run.Next > WaitingUpTo)
        {
            WaitingSinceMicroseconds = nowMicroseconds;
            WaitingUpTo = HighestArrived;
        }
    }
}
