using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Detection.Heat;
using PouchMonitor.Analysis.Detection.Shorts;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Uncertainty;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis;

/// <summary>
/// The one judgement: takes the samples of one test in order, in one pass with bounded memory, and gives steps, cycles,
/// pulses and findings. Live, replayed and imported data run through this same class. It knows no clock, store or
/// network. Its whole state can be saved and loaded, so that a restart or a late frame goes on from a snapshot.
/// </summary>
/// <remarks>
/// The way of a sample: gate (bad readings) -> limit rules -> steps and their integrals -> pulses and cycles -> cycle rules, soft shorts and heat. Results
/// depend on the samples and their order alone, never on how they were batched. Not safe for several threads at once.
/// </remarks>
public sealed partial class ChannelAnalysis : ICycleSink
{
    private readonly CellProfile profile;
    private readonly IAnalysisSink sink;
    private readonly FindingBook book;
    private readonly SampleGate gate;
    private readonly GatedLimits limits;
    private readonly StepSegmenter steps;
    private readonly BoardSpans boards = new();
    private readonly CycleAssembler cycles;
    private readonly PulseMeter pulses = new();
    private readonly CycleRules cycleRules;
    private readonly ResistanceRiseDetector resistance;
    private readonly SoftShort softShort;
    private readonly HeatResidual heat;
    private NamedTestCollector? watch;
    private CycleSummary? lastCycle;
    private long sampleCount;
    private bool completed;

    /// <param name="profile">What is known of the cell.</param>
    /// <param name="sink">Takes what comes out.</param>
    public ChannelAnalysis(CellProfile profile, IAnalysisSink sink)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(sink);
        this.profile = profile;
        this.sink = sink;
        steps = new StepSegmenter(profile.NominalCapacityAh);
        cycles = new CycleAssembler(profile, boards, this);
        book = new FindingBook(sink, () => cycles.RunningIndex);
        gate = new SampleGate(profile, book);
        limits = new GatedLimits(profile, book);
        cycleRules = new CycleRules(profile, book);
        resistance = new ResistanceRiseDetector(profile, book);
        softShort = new SoftShort(profile, book);
        heat = new HeatResidual(profile, book);
    }

    /// <summary>All findings of the test so far, as last changed, in order of onset; part of the state.</summary>
    public IReadOnlyList<Finding> Findings => book.Findings;

    public CellProfile Profile => profile;

    /// <summary>False after a snapshot was loaded that was saved before steps were kept: those before it are lacking.</summary>
    public bool HasWholeSteps { get; private set; } = true;

    /// <summary>Where the test stands after the last sample.</summary>
    public AnalysisProgress Progress => new()
    {
        SampleCount = sampleCount,
        BadReadingCount = gate.BadReadingCount,
        DroppedFindingCount = book.DroppedCount,
        Step = steps.Kind,
        RunningCycle = completed ? null : cycles.RunningIndex,
        CycleCount = cycles.Count,
        LastCycle = lastCycle,
        Retention = cycleRules.Retention,
        Projection = cycleRules.Projection,
    };

    /// <summary>Lets a collector see, from now on, each believed sample as the steps do; no part of the state that is saved.</summary>
    public void Watch(NamedTestCollector collector) => watch = collector;

    /// <summary>
    /// Says which board measures from a time on, before the samples from there are added; until it is said, and where it is
    /// null, cycles carry no uncertainties. Part of the state that is saved.
    /// </summary>
    public void MeasureWith(MeasuringBoard? board, long fromMicroseconds) => boards.Take(fromMicroseconds, board);

    /// <summary>Takes the next sample.</summary>
    /// <exception cref="InvalidOperationException">The test has ended.</exception>
    public void Add(in Sample sample)
    {
        if (completed)
        {
            throw new InvalidOperationException("The test has ended; load a snapshot from before its end to add samples.");
        }

        sampleCount++;
        if (gate.Admit(sample))
        {
            Take(sample, refuted: false);
            return;
        }

        Release();
    }

    /// <summary>The test has ended: decides what was held back and closes the open step and cycle.</summary>
    public void Complete()
    {
        if (completed)
        {
            return;
        }

        gate.Complete();
        Release();
        limits.Complete();
        if (pulses.Complete() is PulseResistance pulse)
        {
            TakePulse(pulse, double.NaN);
        }

        cycles.Complete();
        watch?.Complete();
        completed = true;
    }

    /// <summary>Writes the whole state.</summary>
    public void Save(BinaryWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        SnapshotEnvelope.Write(writer, SaveParts);
    }

    /// <summary>Replaces the whole state by a saved one; nothing is told to the sink.</summary>
    /// <exception cref="InvalidDataException">The snapshot is of another version or damaged.</exception>
    public void Load(BinaryReader reader)
    {
        ArgumentNullException.ThrowIfNull(reader);
        SnapshotEnvelope.Read(reader, LoadParts);
    }

    void ICycleSink.OnCycle(CycleSummary summary, in CycleMeasures measures)
    {
        lastCycle = summary;
        sink.OnCycle(summary);
        cycleRules.Take(measures);
        softShort.CloseCycle(summary, measures);
        heat.CloseCycle(measures);
    }

    private void TakePulse(PulseResistance pulse, double temperatureC)
    {
        sink.OnPulse(pulse);
        resistance.Take(pulse, temperatureC, cycles.RunningIndex);
    }

    void ICycleSink.OnStep(StepSummary step) => sink.OnStep(step);

    private void Release()
    {
        while (gate.TryRelease(out Sample released, out bool refuted))
        {
            Take(released, refuted);
        }
    }

    private void Take(in Sample sample, bool refuted)
    {
        limits.Add(sample, refuted);
        if (!sample.IsGood(SampleColumns.Current))
        {
            return;
        }

        // A current remains true where its voltage is not believed: charge goes on, energy with the last voltage.
        double currentA = sample.Values[SampleColumns.Current];
        double voltageV = sample.IsGood(SampleColumns.Voltage)
            ? sample.Values[SampleColumns.Voltage]
            : steps.HeldVoltageAt(sample.TimeMicroseconds, currentA);
        if (double.IsNaN(voltageV))
        {
            return;
        }

        steps.Take(sample.TimeMicroseconds, voltageV, currentA, CellReadings.HottestC(sample), out Interval interval);
        watch?.Take(interval);
        double largestA = steps.Scale.LargestA;
        if (pulses.Take(interval, largestA, out PulseResistance? pulse))
        {
            TakePulse(pulse!, interval.TemperatureC);
        }

        cycles.Take(interval, largestA);
        softShort.Take(interval, sample.VoltageDipV, sample.IsGood(SampleColumns.Voltage), largestA, cycles);
        heat.Take(sample, interval, largestA, cycles);
    }

    /// <summary>Writes what the limit rules know, for <see cref="LiveLimits.From"/>.</summary>
    internal void SaveLimits(BinaryWriter writer)
    {
        gate.Save(writer);
        limits.Save(writer);
    }

    private void SaveParts(BinaryWriter writer)
    {
        writer.Write(HasWholeSteps);
        writer.Write(sampleCount);
        writer.Write(completed);
        gate.Save(writer);
        limits.Save(writer);
        steps.Save(writer);
        pulses.Save(writer);
        cycles.Save(writer);
        cycleRules.Save(writer);
        softShort.Save(writer);
        heat.Save(writer);
        CycleState.Write(writer, lastCycle);
        book.Save(writer);
        resistance.Save(writer);
        boards.Save(writer);
    }

    private void LoadParts(BinaryReader reader, int layout)
    {
        bool hasSteps = layout >= SnapshotEnvelope.FirstWithSteps;
        HasWholeSteps = hasSteps && reader.ReadBoolean();
        sampleCount = reader.ReadInt64();
        completed = reader.ReadBoolean();
        gate.Load(reader);
        limits.Load(reader);
        steps.Load(reader);
        pulses.Load(reader);
        cycles.Load(reader, hasSteps);
        cycleRules.Load(reader, layout);
        if (layout >= SnapshotEnvelope.FirstWithShorts)
        {
            softShort.Load(reader);
            heat.Load(reader);
        }
        else
        {
            softShort.Reset();
            heat.Reset();
        }

        lastCycle = CycleState.Read(reader, layout);
        book.Load(reader);
        if (layout >= SnapshotEnvelope.FirstWithProjection)
        {
            resistance.Load(reader);
        }

        if (layout >= SnapshotEnvelope.FirstWithBoards)
        {
            boards.Load(reader);
        }
        else
        {
            boards.Clear();
        }
    }
}
