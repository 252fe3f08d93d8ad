using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// Everything the gateway keeps of one channel: its boots, its tests and how far each is analysed. Owned by one worker
/// and can be rebuilt from stored frames at any time. Decides to which test a sample belongs:
/// a boot whose first frame starts a test begins one; another boot joins the test that is open; after a test's end the
/// next sample begins a new one.
/// </summary>
internal sealed partial class ChannelState
{
    /// <summary>Ended tests are kept in memory until there are more than this many after them.</summary>
    public const int RunsKept = 4;

    private const int BootsShown = 4;
    private readonly Dictionary<ulong, BootLine> boots = [];
    private readonly HashSet<ulong> forgotten = [];
    private readonly List<TestProgress> tests = [];
    private readonly ChannelServices services;
    private readonly ReadAhead readAhead;
    private readonly TestCatchUp catchUp;
    private readonly Func<uint, NodeCalibration?> calibrationOf;
    private long calibrationVersion;

    public ChannelState(string node, string channel, ChannelServices services)
    {
        Node = node;
        Channel = channel;
        this.services = services;
        readAhead = new ReadAhead(services.History.StartPosition);
        catchUp = new TestCatchUp(node, channel, services, boots, readAhead);
        Latest = new LatestReadings();
        calibrationOf = id => services.Calibrations.Find(node, channel, id);
    }

    public string Node { get; }

    public string Channel { get; }

    public LatestReadings Latest { get; }

    public IReadOnlyList<TestProgress> Tests => tests;

    public TestProgress? Current => tests.Count > 0 ? tests[^1] : null;

    public bool NeedsWork => calibrationVersion != services.Calibrations.Version || boots.Values.Any(boot => !boot.IsAssigned) || tests.Any(test => test.NeedsWork);

    /// <summary>Takes a test as it was stored; oldest first.</summary>
    public void Restore(TestRun run)
    {
        ArgumentNullException.ThrowIfNull(run);
        run.CalibrationOf = calibrationOf;
        tests.Add(new TestProgress(run) { HasMore = !run.Ended, LooksBeyond = run.Ended });
    }

    /// <summary>Applies the calibrations that are known to a frame that is shown or watched without being analysed.</summary>
    public void Calibrate(SampleFrame frame) => NodeCalibration.Apply(frame, calibrationOf);

    /// <summary>Notes that a boot belongs to a test of which nothing is kept in memory; before <see cref="RestoreBoot"/>.</summary>
    public void RestoreForgotten(ulong boot) => forgotten.Add(boot);

    /// <summary>
    /// After a start: a test in which fewer samples are analysed than are stored up to there had a late frame that no
    /// checkpoint knows, and is judged again.
    /// </summary>
    /// <param name="storedBefore">Samples stored of a boot from a number (included) to another (excluded).</param>
    public void CheckRestored(Func<ulong, long, long, long> storedBefore)
    {
        foreach (TestProgress test in tests)
        {
            TestRun run = test.Run;
            long stored = 0;
            for (int i = 0; i <= run.Next.Segment && i < run.Segments.Count; i++)
            {
                TestSegment segment = run.Segments[i];
                long end = segment.EndNumber ?? long.MaxValue;
                stored += storedBefore(segment.Boot, segment.FirstNumber, i == run.Next.Segment ? Math.Min(run.Next.Number, end) : end);
            }

            // One whose steps were not kept from its beginning is judged again, while the journal still has all of it.
            if (stored > run.Record.SampleCount || (run.LacksSteps && stored == run.Record.SampleCount))
            {
                test.Restart();
            }
        }
    }

    /// <summary>Makes a stored boot known at a start, from the first frame that is stored of it.</summary>
    public void RestoreBoot(SampleFrame first, long receivedMicroseconds, SampleFrame last, long lastReceivedMicroseconds)
    {
        BootLine boot = new(first, receivedMicroseconds);
        boot.UpdateAnchor(last);
        boot.Arrived(last);
        boots[boot.Boot] = boot;
        Calibrate(last);
        Latest.Restore(last, boot.StartMicroseconds, lastReceivedMicroseconds);
        long lastNumber = last.FirstSampleNumber + last.Count - 1;
        boot.IsAssigned = forgotten.Remove(boot.Boot) || tests.Exists(test => test.Run.Segments.Exists(segment => segment.Boot == boot.Boot));
        if (Find(boot.Boot, lastNumber, out TestProgress? progress, out int segment))
        {
            // Whatever is stored beyond the checkpoint is read from the journal at once.
            TestPosition end = new(segment, lastNumber);
            if (end >= progress.Run.Next)
            {
                progress.Arrived(end, end, receivedMicroseconds);
                progress.HasMore = true;
            }
        }
        else
        {
            Assign(boot, first, receivedMicroseconds);
        }
    }

    /// <summary>A frame has become durable: analyses it now, or notes that it waits in the journal.</summary>
    /// <returns>True when it has been analysed, false when it waits.</returns>
    public bool Take(SampleFrame frame, long position, long receivedMicroseconds, long nowMicroseconds) =>
        Take(frame, readAhead.Reported(position), receivedMicroseconds, nowMicroseconds);

    private bool Take(SampleFrame frame, bool isRead, long receivedMicroseconds, long nowMicroseconds)
    {
        if (!boots.TryGetValue(frame.Boot, out BootLine? boot))
        {
            boot = new BootLine(frame, receivedMicroseconds);
            boots.Add(frame.Boot, boot);
        }
        else if (boot.UpdateAnchor(frame))
        {
            MoveInTime(boot);
        }

        boot.ReceivedMicroseconds = Math.Max(boot.ReceivedMicroseconds, receivedMicroseconds);
        boot.Arrived(frame);

        if (!Find(frame.Boot, frame.FirstSampleNumber, out TestProgress? test, out int segment))
        {
            if (!Assign(boot, frame, nowMicroseconds)
                || !Find(frame.Boot, frame.FirstSampleNumber, out test, out segment))
            {
                return false;
            }
        }
        else if (frame.StartsTest && test.IsInside(new TestPosition(segment, frame.FirstSampleNumber)))
        {
            // It was taken for a part of the test before, until this frame came.
            Split(test, new TestPosition(segment, frame.FirstSampleNumber));
            return Take(frame, isRead: false, receivedMicroseconds, nowMicroseconds);
        }

        TestPosition place = new(segment, frame.FirstSampleNumber);
        bool isNext = test.RejudgeFrom is null && !test.HasMore && !test.Run.Ended && segment == test.Run.Next.Segment
            && (frame.FirstSampleNumber == test.Run.Next.Number || boot.IsContiguous(frame, test.Run.Next.Number));
        if (isRead && place < test.Run.Next)
        {
            return true;
        }

        if (!isNext)
        {
            test.Arrived(place, new TestPosition(segment, frame.FirstSampleNumber + frame.Count - 1), nowMicroseconds);
            return false;
        }

        test.Run.Feed(frame, boot.StartMicroseconds);
        test.LooksBeyond |= test.Run.Ended;
        if (test.WaitingSinceMicroseconds is not null)
        {
            test.HasMore = true;
        }

        return true;
    }

    /// <summary>Goes on with what waits in the journal; <paramref name="isIdle"/> when nothing else is to be done.</summary>
    public void Work(SampleFrame scratch, long nowMicroseconds, bool isIdle)
    {
        foreach (BootLine boot in boots.Values.Where(boot => !boot.IsAssigned).ToList())
        {
            if (nowMicroseconds - boot.UnassignedSinceMicroseconds >= services.ReorderHoldMicroseconds)
            {
                Join(boot, 0);
            }
        }

        long version = services.Calibrations.Version;
        if (calibrationVersion != version)
        {
            calibrationVersion = version;
            foreach (TestProgress test in tests)
            {
                // What was judged before its calibration was known is judged again.
                if (test.Run.PlaceToCalibrate() is { } place)
                {
                    test.Arrived(place, place, nowMicroseconds);
                }
            }
        }

        for (int i = 0; i < tests.Count; i++)
        {
            TestProgress test = tests[i];
            if (!test.NeedsWork)
            {
                continue;
            }

            catchUp.Work(test, scratch, nowMicroseconds, isIdle);
            if (test.StartsAnotherAt is { } place)
            {
                test.StartsAnotherAt = null;
                Split(test, place);
            }
            else if (test.LooksBeyond)
            {
                test.LooksBeyond = false;
                MoveOutWhatFollows(test, scratch);
            }
        }
    }

    /// <summary>Unix microseconds at uptime zero of the frame's boot.</summary>
    public long BootStart(SampleFrame frame, long receivedMicroseconds)
    {
        if (boots.TryGetValue(frame.Boot, out BootLine? boot) && !frame.HasBootAnchor)
        {
            return boot.StartMicroseconds;
        }

        return frame.HasBootAnchor
            ? frame.BootAnchorUnixMicroseconds
            : receivedMicroseconds - frame.UptimeMicroseconds[frame.Count - 1];
    }

    /// <summary>How far each of the boots that frames came from last is analysed, the newest first.</summary>
    public IReadOnlyList<BootProgress> Progress() => [.. boots.Values
        .OrderByDescending(boot => boot.ReceivedMicroseconds).Take(BootsShown)
        .Select(boot => new BootProgress(boot.Boot, tests.Max(test => test.AnalysedBelow(boot.Boot)) ?? 0))];

    private bool Find(ulong boot, long number, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out TestProgress? test, out int segment)
    {
        for (int t = tests.Count - 1; t >= 0; t--)
        {
            List<TestSegment> segments = tests[t].Run.Segments;
            for (segment = segments.Count - 1; segment >= 0; segment--)
            {
                TestSegment candidate = segments[segment];
                if (candidate.Boot == boot && number >= candidate.FirstNumber
                    && (candidate.EndNumber is not { } end || number < end))
                {
                    test = tests[t];
                    return true;
                }
            }
        }

        test = null;
        segment = -1;
        return false;
    }

    /// <returns>False while it is too early to say: the first frame of the boot has not come yet.</returns>
    private bool Assign(BootLine boot, SampleFrame frame, long nowMicroseconds)
    {
        if (boot.IsAssigned && !tests.Exists(test => test.Run.Segments.Exists(segment => segment.Boot == boot.Boot)))
        {
            return false; // Belongs to a test that is no longer kept; it stays in the journal.
        }

        long? endedAt = tests.SelectMany(test => test.Run.Segments).Where(segment => segment.Boot == boot.Boot)
            .Max(segment => segment.EndNumber);
        if (endedAt is { } end)
        {
            if (frame.FirstSampleNumber < end)
            {
                return false; // Before the first segment of its boot: belongs to nothing that is kept.
            }

            Begin(boot.Boot, end);
            return true;
        }

        if (frame.StartsTest)
        {
            Begin(boot.Boot, frame.FirstSampleNumber);
            return true;
        }

        bool isFirst = boot.IsSparse || frame.FirstSampleNumber - frame.DroppedBeforeCount <= 0;
        if (!isFirst && nowMicroseconds - boot.UnassignedSinceMicroseconds < services.ReorderHoldMicroseconds)
        {
            return false;
        }

        Join(boot, boot.IsSparse ? long.MinValue : 0);
        return true;
    }

    private void Join(BootLine boot, long firstNumber)
    {
        TestProgress? current = Current;
        if (current is null || current.Run.Ended || current.Run.Record.Closed)
        {
            Begin(boot.Boot, firstNumber);
            return;
        }

        boot.IsAssigned = true;
        List<TestSegment> segments = current.Run.Segments;
        int at = segments.Count;
        while (at > 0 && boots.TryGetValue(segments[at - 1].Boot, out BootLine? other)
            && other.StartMicroseconds > boot.StartMicroseconds)
        {
            at--;
        }

        segments.Insert(at, new TestSegment(boot.Boot, firstNumber, null));
        if (at < segments.Count - 1)
        {
            current.Restart();
        }

        current.HasMore = true;
    }
}
