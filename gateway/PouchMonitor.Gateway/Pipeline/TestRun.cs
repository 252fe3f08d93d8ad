using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>
/// One test and its analysis: takes frames in sample order, can be rolled back to an earlier place, and says what is to
/// be stored. Owned by one worker; only <see cref="View"/> is read by others.
/// </summary>
public sealed class TestRun : IAnalysisSink
{
    /// <summary>Samples analysed at a time; memory of every test that runs.</summary>
    private const int BlockSamples = 64;
    private const int SamplesBetweenSnapshots = 8192;
    private readonly CellProfile profile;
    private readonly StoredProfile storedProfile;
    private readonly AnalysisSnapshots snapshots = new();
    private readonly List<CycleSummary> cycles = [];
    private readonly List<PulseResistance> pulses = [];
    private readonly List<StepSummary> steps = [];
    private readonly CalibrationSpans calibrations = new();
    private readonly BoardOfFrames boards;
    private readonly Func<uint, bool> isKnown;
    private readonly Dictionary<int, CycleSummary> replaced = [];
    private ChannelAnalysis analysis;
    private long sampleCount;
    private long? startMicroseconds;
    private long? lastMicroseconds;
    private long samplesSinceSnapshot;
    private TestPosition judgedUpTo;
    private int storedCycles;
    private int storedPulses;
    private int storedSteps;
    private int storedCalibrations;
    private bool isDirty;
    private volatile bool checkpointFailed;
    private readonly Sample[] block = new Sample[BlockSamples];

    public TestRun(TestRecord record, CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(record);
        this.profile = profile;
        storedProfile = StoredProfile.Of(profile);
        record = record with { ProfileHash = storedProfile.Hash };
        Record = record;
        analysis = new ChannelAnalysis(profile, this);
        isKnown = id => CalibrationOf(id) is not null;
        boards = new BoardOfFrames(id => CalibrationOf(id));
        Segments.AddRange(record.Segments);
        View = new TestView(record, [], [], []);
    }

    /// <summary>Goes on from what was stored.</summary>
    public TestRun(StoredTest stored, CellProfile profile)
        : this(stored.Record, profile)
    {
        ArgumentNullException.ThrowIfNull(stored);
        Next = new TestPosition(stored.NextSegment, stored.NextNumber);
        cycles.AddRange(stored.Cycles);
        pulses.AddRange(stored.Pulses);
        steps.AddRange(stored.Steps);
        storedCycles = cycles.Count;
        storedPulses = pulses.Count;
        storedSteps = steps.Count;
        calibrations.Restore(stored.Calibrations);
        storedCalibrations = calibrations.Count;
        sampleCount = stored.Record.SampleCount;
        startMicroseconds = stored.Record.StartMicroseconds;
        lastMicroseconds = stored.Record.LastMicroseconds;
        FindingsChanged = true;
        try
        {
            using BinaryReader reader = new(new MemoryStream(stored.Snapshot));
            analysis.Load(reader);
        }
        catch (InvalidDataException)
        {
            // Of another version of the analysis: the journal gives it all again, and cycles keep their revisions.
            RestartFromTheBeginning();
        }

        // The state of an ended test takes no more samples: a late one is judged from the beginning.
        if (!Ended && sampleCount > 0)
        {
            AddSnapshot(stored.Snapshot);
        }

        Publish();
    }

    public TestRecord Record { get; private set; }

    /// <summary>Runs of sample numbers, in the order in which they are analysed.</summary>
    public List<TestSegment> Segments { get; } = [];

    /// <summary>The next sample to be analysed.</summary>
    public TestPosition Next { get; private set; }

    public ChannelAnalysis Analysis => analysis;

    /// <summary>True for a test whose analysis was begun by a version that kept no steps.</summary>
    public bool LacksSteps => !analysis.HasWholeSteps;

    /// <summary>True once something has changed that is not stored yet.</summary>
    public bool IsDirty
    {
        get => isDirty || checkpointFailed;
        private set => isDirty = value;
    }

    public bool Ended => Record.Ended;

    /// <summary>True after a roll-back until the analysis has come as far again as it was: its findings are not all there yet.</summary>
    public bool IsRejudging => !Ended && Next < judgedUpTo;

    /// <summary>What the rest of the gateway sees of the test; replaced as a whole.</summary>
    public TestView View { get; private set; }

    public long? LastMicroseconds => lastMicroseconds;

    /// <summary>The record of a calibration of this test's channel; null where it is not known.</summary>
    public Func<uint, NodeCalibration?> CalibrationOf { get; set; } = static _ => null;

    /// <summary>Place from which a calibration that has become known is still to be applied; null for none.</summary>
    public TestPosition? PlaceToCalibrate()
    {
        if (calibrations.FirstToApply(isKnown) is not { } span)
        {
            return null;
        }

        int segment = Segments.FindIndex(candidate => candidate.Boot == span.Boot && span.FirstNumber >= candidate.FirstNumber
            && (candidate.EndNumber is not { } end || span.FirstNumber < end));
        return segment < 0 ? null : new TestPosition(segment, span.FirstNumber);
    }

    /// <summary>Which calibrations covered which stretch so far.</summary>
    public IReadOnlyList<CalibrationSpan> Calibrations => calibrations.From(0, lastMicroseconds);

    /// <summary>Analyses a frame from the next sample on; the frame must belong to the segment of <see cref="Next"/>.</summary>
    public void Feed(SampleFrame frame, long bootStartMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(frame);

        // Numbers of JSON samples may lie anywhere, so that a difference could overflow; overlapping frames count once.
        int from = Next.Number > frame.FirstSampleNumber ? (int)Math.Min(frame.Count, Next.Number - frame.FirstSampleNumber) : 0;
        if (from == 0 && (samplesSinceSnapshot >= SamplesBetweenSnapshots || sampleCount == 0))
        {
            TakeSnapshot();
        }

        calibrations.Take(frame, from, bootStartMicroseconds, lastMicroseconds, isKnown);
        if (from < frame.Count)
        {
            analysis.MeasureWith(boards.Of(frame), bootStartMicroseconds + frame.UptimeMicroseconds[from]);
        }

        NodeCalibration.Apply(frame, CalibrationOf);
        for (int at = from; at < frame.Count;)
        {
            int count = Math.Min(block.Length, frame.Count - at);
            for (int i = 0; i < count; i++, at++)
            {
                FrameSamples.Read(frame, at, bootStartMicroseconds, ref block[i]);
            }

            startMicroseconds ??= block[0].TimeMicroseconds;
            lastMicroseconds = block[count - 1].TimeMicroseconds;
            analysis.Add(block.AsSpan(0, count));
        }

        sampleCount += frame.Count - from;
        samplesSinceSnapshot += frame.Count - from;
        Next = new TestPosition(Next.Segment, Math.Max(Next.Number, frame.FirstSampleNumber + frame.Count));
        IsDirty = true;
        if (frame.EndsTest)
        {
            Segments[Next.Segment] = Segments[Next.Segment] with { EndNumber = Next.Number };
            End();
        }
    }

    /// <summary>Goes on with the first sample of a segment.</summary>
    public void MoveTo(TestPosition place) => Next = place;

    /// <summary>Where analysis would go on from after a roll-back to a place.</summary>
    public TestPosition RollBackPlace(TestPosition place) =>
        snapshots.PlaceOf(place) ?? new TestPosition(0, Segments.Count > 0 ? Segments[0].FirstNumber : 0);

    /// <summary>
    /// Forgets everything from a place on, to be fed again from <see cref="Next"/>, which may lie earlier. Cycles keep
    /// their revision where the new judgement agrees with the old.
    /// </summary>
    public void RollBack(TestPosition place)
    {
        judgedUpTo = Next > judgedUpTo ? Next : judgedUpTo;
        FindingsChanged = true;
        AnalysisSnapshot? snapshot = snapshots.RollBackTo(place);
        int cycleCount = snapshot?.CycleCount ?? 0;
        int pulseCount = snapshot?.PulseCount ?? 0;
        int stepCount = snapshot?.StepCount ?? 0;
        foreach (CycleSummary cycle in cycles.Skip(cycleCount))
        {
            replaced[cycle.Index] = cycle;
        }

        cycles.RemoveRange(cycleCount, cycles.Count - cycleCount);
        pulses.RemoveRange(pulseCount, pulses.Count - pulseCount);
        steps.RemoveRange(stepCount, steps.Count - stepCount);
        calibrations.RollBack(snapshot?.CalibrationCount ?? 0, snapshot?.UnlistedCalibrationFrames ?? 0);
        listsChanged = true;
        storedCycles = Math.Min(storedCycles, cycleCount);
        storedPulses = Math.Min(storedPulses, pulseCount);
        storedSteps = Math.Min(storedSteps, stepCount);
        storedCalibrations = Math.Min(storedCalibrations, calibrations.Count);
        analysis = new ChannelAnalysis(profile, this);
        if (snapshot is not null)
        {
            using BinaryReader reader = new(new MemoryStream(snapshot.State));
            analysis.Load(reader);
        }

        sampleCount = snapshot?.SampleCount ?? 0;
        startMicroseconds = snapshot?.StartMicroseconds;
        lastMicroseconds = snapshot?.LastMicroseconds;
        samplesSinceSnapshot = 0;
        Next = snapshot?.Next ?? new TestPosition(0, Segments.Count > 0 ? Segments[0].FirstNumber : 0);
        Record = Record with { Ended = false };
        IsDirty = true;
    }

    /// <summary>Throws all snapshots away, because the order or the times before them have changed.</summary>
    public void RestartFromTheBeginning()
    {
        snapshots.Clear();
        RollBack(new TestPosition(0, 0));
    }

    /// <summary>What is to be stored now; the caller stores it whole or not at all.</summary>
    public TestCheckpoint Checkpoint()
    {
        Publish();
        if (checkpointFailed)
        {
            checkpointFailed = false;
            storedCycles = 0;
            storedPulses = 0;
            storedSteps = 0;
            storedCalibrations = 0;
        }

        int firstCalibration = Math.Max(0, storedCalibrations - 1); // the last one has grown

        TestCheckpoint checkpoint = new()
        {
            Record = Record,
            Profile = storedProfile,
            Snapshot = SaveAnalysis(),
            NextSegment = Next.Segment,
            NextNumber = Next.Number,
            FirstCycleAt = storedCycles,
            Cycles = [.. cycles.Skip(storedCycles)],
            FirstPulseAt = storedPulses,
            Pulses = [.. pulses.Skip(storedPulses)],
            FirstStepAt = storedSteps,
            Steps = [.. steps.Skip(storedSteps)],
            FirstCalibrationAt = firstCalibration,
            Calibrations = calibrations.From(firstCalibration, lastMicroseconds),
            Findings = [.. analysis.Findings],
        };
        storedCycles = cycles.Count;
        storedPulses = pulses.Count;
        storedSteps = steps.Count;
        storedCalibrations = calibrations.Count;
        IsDirty = false;
        return checkpoint;
    }

    /// <summary>Says that the last checkpoint could not be stored, so that the next one holds everything again.</summary>
    public void CheckpointFailed() => checkpointFailed = true;

    /// <summary>Brings <see cref="Record"/> and <see cref="View"/> up to date.</summary>
    public void Publish()
    {
        Record = Record with
        {
            Segments = [.. Segments],
            SampleCount = sampleCount,
            StartMicroseconds = startMicroseconds,
            LastMicroseconds = lastMicroseconds,
        };
        View = new TestView(Record, View.Cycles.Count == cycles.Count && !listsChanged ? View.Cycles : [.. cycles],
            View.Pulses.Count == pulses.Count && !listsChanged ? View.Pulses : [.. pulses],
            View.Findings.SequenceEqual(analysis.Findings) ? View.Findings : [.. analysis.Findings])
        {
            Steps = View.Steps.Count == steps.Count && !listsChanged ? View.Steps : [.. steps],
        };
        listsChanged = false;
    }

    void IAnalysisSink.OnCycle(CycleSummary cycle)
    {
        if (replaced.Remove(cycle.Index, out CycleSummary? old))
        {
            cycle = cycle with { Revision = old.Revision };
            if (cycle != old)
            {
                cycle = cycle with { Revision = old.Revision + 1 };
            }
        }

        cycles.Add(cycle);
        listsChanged = true;
    }

    void IAnalysisSink.OnPulse(PulseResistance pulse)
    {
        pulses.Add(pulse);
        listsChanged = true;
    }

    void IAnalysisSink.OnStep(StepSummary step)
    {
        steps.Add(step);
        listsChanged = true;
    }

    void IFindingSink.OnFinding(Finding finding) => FindingsChanged = true;

    private bool listsChanged;

    /// <summary>True when a finding came or changed; reset by whoever brings the alarms in line.</summary>
    public bool FindingsChanged { get; set; }

    /// <summary>Another test begins on the channel: this one ends with what is stored of it.</summary>
    public void Close()
    {
        if (!Ended)
        {
            Record = Record with { Closed = true };
            IsDirty = true;
        }
    }

    /// <summary>The last sample has been analysed: closes the open step and cycle.</summary>
    public void End()
    {
        analysis.Complete();
        Record = Record with { Ended = true };
        FindingsChanged = true;
        IsDirty = true;
    }

    private void TakeSnapshot()
    {
        samplesSinceSnapshot = 0;
        AddSnapshot(SaveAnalysis());
    }

    private void AddSnapshot(byte[] state) => snapshots.Add(
        new AnalysisSnapshot(Next, state, cycles.Count, pulses.Count, steps.Count, sampleCount, startMicroseconds, lastMicroseconds)
        {
            CalibrationCount = calibrations.Count, UnlistedCalibrationFrames = calibrations.UnlistedFrames,
        });

    private byte[] SaveAnalysis()
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        analysis.Save(writer);
        writer.Flush();
        return stream.ToArray();
    }
}

/// <summary>A test as the rest of the gateway sees it; immutable.</summary>
public sealed record TestView(
    TestRecord Record, IReadOnlyList<CycleSummary> Cycles, IReadOnlyList<PulseResistance> Pulses, IReadOnlyList<Finding> Findings)
{
    public IReadOnlyList<StepSummary> Steps { get; init; } = [];
}
