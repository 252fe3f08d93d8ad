using PouchMonitor.Analysis.Detection;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>A channel with what its worker does for it besides analysing: limits at arrival, alarms, views, checkpoints.</summary>
internal sealed class WorkerChannel(ChannelState state)
{
    private readonly UntestedAlarms untested = new(state.Node, state.Channel);
    private LiveWatch? watch;
    private TestRun? watched;
    private bool isForNoTest;
    private long version;
    private bool wasEnded;

    public ChannelState State { get; } = state;

    /// <summary>True once its analysis has met a fault of the program; it is not analysed further until a restart.</summary>
    public bool HasFailed { get; set; }

    /// <summary>True when something has changed since the last view.</summary>
    public bool IsTouched { get; set; } = true;

    public long PublishedMicroseconds { get; private set; }

    public long CheckpointMicroseconds { get; private set; }

    /// <summary>
    /// Shows the newest sample and sees to it that a live frame's limits are judged now: by the ordered analysis where it
    /// could take the frame at once, otherwise by a watch that goes on from there.
    /// </summary>
    /// <param name="frame">The frame as it arrived, stored or not, in order or not.</param>
    /// <param name="isAnalysed">True when the ordered analysis has taken it.</param>
    /// <param name="receivedMicroseconds">Gateway time of its arrival.</param>
    /// <param name="services">The gateway around.</param>
    /// <param name="nowMicroseconds">Gateway time.</param>
    public void Arrived(SampleFrame frame, bool isAnalysed, long receivedMicroseconds, WorkerServices services, long nowMicroseconds)
    {
        long start = State.BootStart(frame, receivedMicroseconds);
        if (frame.Kind == FrameKind.Samples)
        {
            State.Latest.Update(frame, start, receivedMicroseconds);
        }

        if (isAnalysed)
        {
            TestRun current = State.Current!.Run;
            if (watch?.IsJudgedBy(current.LastMicroseconds ?? long.MinValue) == true)
            {
                // What it alone had seen is withdrawn now.
                watch = null;
                current.FindingsChanged = true;
            }

            if (current.FindingsChanged)
            {
                ReconcileAlarms(services, nowMicroseconds);
            }
        }
        else if (frame.IsLive && frame.Kind != FrameKind.Image)
        {
            Watch(frame, start, services);
            if (watch!.HasNews)
            {
                ReconcileAlarms(services, nowMicroseconds);
            }
        }
    }

    /// <summary>Brings alarms in line with the findings and shows the channel as it is now.</summary>
    public void Publish(WorkerServices services, long nowMicroseconds)
    {
        PublishedMicroseconds = nowMicroseconds;
        IsTouched = false;
        foreach (TestProgress test in State.Tests)
        {
            if (test.Run.FindingsChanged || test.Run.IsDirty)
            {
                test.Run.Publish();
            }
        }

        ReconcileAlarms(services, nowMicroseconds);
        services.Publish(new ChannelView
        {
            Node = State.Node,
            Channel = State.Channel,
            Version = ++version,
            Tests = [.. State.Tests.Select(test => test.Run.View)],
            HasSample = State.Latest.HasSample,
            Latest = State.Latest.Sample,
            IsLive = State.Latest.IsLive,
            IsAnchored = State.Latest.IsAnchored,
            ReceivedMicroseconds = State.Latest.ReceivedMicroseconds,
            DroppedSamples = State.Latest.DroppedSamples,
            Trend = State.Latest.Trend(),
            Live = State.Current?.Run.Analysis.Progress,
            Boots = State.Progress(),
        });
    }

    /// <summary>Hands over what is to be stored of each changed test.</summary>
    public void Checkpoint(WorkerServices services, long nowMicroseconds)
    {
        CheckpointMicroseconds = nowMicroseconds;
        foreach (TestProgress test in State.Tests)
        {
            if (test.Run.IsDirty && test.RejudgeFrom is null)
            {
                services.Store(test.Run, test.Run.Checkpoint());
            }
        }
    }

    private void Watch(SampleFrame frame, long bootStartMicroseconds, WorkerServices services)
    {
        TestRun? run = State.Current?.Run;
        bool isNoTestRunning = run is null || run.Ended;
        if (watch is null || frame.StartsTest || watched != run || (isNoTestRunning && !isForNoTest))
        {
            isForNoTest = isNoTestRunning;
            watch = frame.StartsTest || run is null || run.Ended || run.LastMicroseconds is not { } analysed
                ? new LiveWatch(run is { Ended: false } && !frame.StartsTest ? run.Analysis.Profile : services.Channel.ProfileOf(State.Node, State.Channel))
                : new LiveWatch(run.Analysis, analysed);
            watched = run;
        }

        if (frame.Kind == FrameKind.Capture)
        {
            watch.TakeCapture(frame, bootStartMicroseconds, run?.Analysis.Profile ?? services.Channel.ProfileOf(State.Node, State.Channel));
            return;
        }

        watch.Take(frame, bootStartMicroseconds);
    }

    private void ReconcileAlarms(WorkerServices services, long nowMicroseconds)
    {
        foreach (TestProgress test in State.Tests)
        {
            TestRun run = test.Run;
            bool isWatched = test == State.Current && watch is not null && watched == run && !isForNoTest;
            bool hasNews = run.FindingsChanged || (isWatched && (watch!.HasNews || run.Ended != wasEnded));
            if (!hasNews || (!test.IsSettled && !isWatched))
            {
                continue;
            }

            if (test.IsSettled)
            {
                run.FindingsChanged = false;
                test.SettledFindings = [.. run.Analysis.Findings];
            }

            // While the analysis goes through the past again, what it had found before holds; limits still raise at once.
            IEnumerable<Finding> findings = test.SettledFindings;
            if (isWatched)
            {
                wasEnded = run.Ended;
                watch!.HasNews = false;

                // What has been seen at arrival holds until the ordered analysis has come that far and judges for itself.
                findings = findings.Concat(watch.After(test.IsSettled ? run.LastMicroseconds ?? long.MinValue : long.MinValue));
            }

            services.Alarms.Reconcile(run.Record.Cell, run.Record.Test, findings, run.Ended, nowMicroseconds, State.Node);
        }

        // Last, so that what a test takes over stands in its own name first.
        untested.Reconcile(State.Current, isForNoTest ? watch : null, services, nowMicroseconds);
    }
}
