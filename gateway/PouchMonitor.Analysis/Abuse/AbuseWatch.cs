using PouchMonitor.Analysis.Abuse.Evaluation;
using PouchMonitor.Analysis.Detection.Limits;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Abuse;

/// <summary>
/// Evaluates one abuse test while it runs or from its record: a pure function of plan, samples and moments, which knows no clock,
/// store or network. Bounded memory, no allocation for a sample that changes nothing. Not thread-safe. What each figure means stands
/// in <c>gateway/ABUSE.md</c>.
/// </summary>
/// <remarks>The limit rules run inside as they do live, so that runaway and warnings are theirs and no second judgement.</remarks>
public sealed partial class AbuseWatch
{
    private readonly AbusePlan plan;
    private readonly SensorClass sensors;
    private readonly ReadingGuard guard = new();
    private readonly SensorBook book = new();
    private readonly SensorTrack?[] tracks = new SensorTrack?[SampleColumns.Count];
    private readonly SampleLog log;
    private readonly TriggerFinder finder;
    private readonly TriggerMoments moments;
    private readonly LimitRules limits;
    private readonly LimitNotes notes;
    private readonly double ambientC;
    private readonly long judgedFromMicroseconds;
    private readonly RunawayDoubt runawayDoubt;
    private readonly CriterionJudge[] judges;
    private readonly CriterionJudge[] dropJudges;
    private readonly CoolWatch cool;
    private readonly ForceTrack force = new();
    private readonly ImageTrack images = new();
    private readonly ContactWatch contact = new();
    private readonly SampleTimes times = new();
    private AfterTrigger? after;
    private Sample held;
    private uint heldDoubts;
    private bool isHeld;
    private bool wasLive;
    private bool isAnomalous;
    private bool wasComplete;
    private double? exposureEndedS;
    private double? endedS;
    private double runawayIntervalS;
    private double largestSpreadK = double.NaN;
    private long largestSpreadMicroseconds;
    private int spreadHot;
    private int spreadCold;

    /// <summary>Makes the evaluation of one test.</summary>
    /// <param name="plan">Its plan.</param>
    /// <param name="profile">Its cell, for the maker's maximum and the warning limits.</param>
    /// <param name="sensors">What is known of its temperature sensors, for the uncertainties.</param>
    /// <param name="ruleFromS">The plan's rule triggers on nothing earlier, such as what was handled before arming, s; null where it always may.</param>
    /// <param name="judgedFromS">Criteria are judged from here on, after an event that was taken back, s; null where always.</param>
    public AbuseWatch(AbusePlan plan, CellProfile profile, SensorClass sensors = SensorClass.Node, double? ruleFromS = null, double? judgedFromS = null)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(profile);
        this.plan = plan;
        this.sensors = sensors;
        log = new SampleLog(plan.PreTriggerS);
        long fromMicroseconds = ruleFromS is not { } from ? long.MinValue : double.IsFinite(from) ? TriggerMoments.Microseconds(from) : long.MaxValue;
        finder = new TriggerFinder(plan.Trigger) { FromMicroseconds = fromMicroseconds };
        ambientC = PlanAmbient.Of(plan);
        judgedFromMicroseconds = judgedFromS is { } judged ? TriggerMoments.Microseconds(judged) : long.MinValue;
        notes = new LimitNotes(ambientC, fromMicroseconds == long.MaxValue ? long.MinValue : fromMicroseconds);
        moments = new TriggerMoments(plan.PreTriggerS);
        limits = new LimitRules(profile, notes);
        runawayDoubt = new RunawayDoubt(profile.MaximumWorkingTemperatureC ?? double.PositiveInfinity, sensors);
        judges = [.. plan.Criteria.Select(rule => new CriterionJudge(rule))];
        dropJudges = [.. judges.Where(judge => judge.Rule.Measure == CriterionMeasure.VoltageDrop)];
        cool = new CoolWatch(plan.Observation.BelowC);
        Traces = new AbuseTraces(log, force);
    }

    /// <summary>What is kept for plots.</summary>
    public AbuseTraces Traces { get; }

    /// <summary>True once the event has begun.</summary>
    public bool IsTriggered => moments.Chosen is not null;

    /// <summary>Whether the rule's trigger may have been a lost contact; null where it was none, where it does not count, and before 10 s have shown it.</summary>
    public AbuseLostContact? LostContact => ReferenceEquals(moments.Chosen, finder.Found) && !double.IsNaN(finder.NotFallenV) ? contact.Found : null;

    /// <summary>Counts up whenever the trigger, a criterion, a lost sensor or the observation changed; cheap to poll after each <see cref="Add"/>.</summary>
    public int Revision { get; private set; }

    /// <summary>Takes the next sample, in order of time; one that is earlier than the last is left out and counted.</summary>
    public void Add(in Sample sample)
    {
        if (!times.Accepts(sample.TimeMicroseconds))
        {
            return;
        }

        if (isHeld)
        {
            guard.Settle(ref held, heldDoubts, sample, HasHappened(held.TimeMicroseconds));
            isHeld = false;
            Take(ref held);
        }

        if (times.TakeSetback() is > 0 and long setback)
        {
            finder.Missed(setback);
        }

        Sample next = sample;
        if (guard.MustWait(ref next))
        {
            held = next;
            heldDoubts = guard.Doubtful;
            isHeld = true;
        }
        else
        {
            Take(ref next);
        }
    }

    /// <summary>Takes force and displacement where they are recorded; in order of time among themselves, each before the samples after it.</summary>
    /// <param name="timeS">Seconds as in the samples.</param>
    /// <param name="forceN">Force, N; compression may be recorded with either sign. NaN where only the displacement is known.</param>
    /// <param name="displacementMm">Displacement, mm; null where it is not recorded.</param>
    public void AddForce(double timeS, double forceN, double? displacementMm)
    {
        long time = TriggerMoments.Microseconds(timeS);
        if (!force.Add(time, forceN, displacementMm))
        {
            return;
        }

        if (double.IsFinite(forceN) && finder.AddForce(time, forceN))
        {
            TakeMoment(finder.Found!);
        }
    }

    /// <summary>Takes an infrared image.</summary>
    public void AddImage(AbuseImage image)
    {
        ArgumentNullException.ThrowIfNull(image);
        images.Add(image);
    }

    /// <summary>
    /// Takes the moment of the event as a person or the node tells it; may be called before or after the samples around it. Of
    /// several moments within the plan's span before the trigger the input's counts before the rule's, and that before a person's;
    /// else the earliest does.
    /// </summary>
    /// <returns>False where samples that the moment needs are not kept any more: then the caller builds a new watch from the journal.</returns>
    public bool Trigger(TriggerSource source, double timeS, double uncertaintyS, string reason) =>
        TakeMoment(new AbuseTrigger(source, timeS, uncertaintyS, reason));

    /// <summary>The exposure (short, hold in the oven, charge) has ended; may be called before or after the samples around it.</summary>
    public void EndExposure(double timeS)
    {
        exposureEndedS = timeS;
        Revision++;
    }

    /// <summary>The test was ended; what was not reached stays said.</summary>
    public void End(double timeS)
    {
        if (isHeld)
        {
            guard.Settle(ref held, heldDoubts, next: null, HasHappened(held.TimeMicroseconds));
            isHeld = false;
            Take(ref held);
        }

        endedS = timeS;
        limits.Complete();
        Revision++;
    }

    private void Take(ref Sample sample)
    {
        long time = sample.TimeMicroseconds;
        times.Took(time);
        uint believed = FollowTemperatures(ref sample);
        int revisions = book.Add(in sample, tracks, HasHappened(time)) ? 1 : 0;
        runawayIntervalS = notes.Runaway is null ? Math.Max(times.IntervalS, HeatIntervalS(time)) : runawayIntervalS;
        JudgeLimits(sample);
        runawayDoubt.Add(time, believed, tracks, limits.RunawayBasis, !isAnomalous, notes.RunawayMicroseconds);
        if (finder.Add(in sample, tracks, believed))
        {
            TakeMoment(finder.Found!);
            FollowContact();
        }

        (double hottest, bool isLost) = LastKnown(time);
        cool.Add(time, hottest, isLost);
        LoggedSample logged = new()
        {
            Sample = sample,
            HottestC = hottest,
            IsSensorLost = isLost,
            ForceN = force.TakeForceN(),
            DisplacementMm = force.TakeDisplacementMm(),
        };
        long? begun = moments.ChosenMicroseconds is { } at && time >= at ? at : null;
        log.Add(in logged, begun);
        Traces.Add(in sample);
        if (begun is not null)
        {
            if (after is null)
            {
                revisions += Begin() ? 1 : 0;
            }
            else
            {
                revisions += after.Add(in logged) ? 1 : 0;
            }
        }

        revisions += contact.Add(in sample, believed, isLost) ? 1 : 0;
        revisions += JudgeCriteria(time, in sample, believed) ? 1 : 0;
        bool isComplete = CompleteAt(time / 1e6) is not null;
        revisions += isComplete != wasComplete ? 1 : 0;
        wasComplete = isComplete;
        Revision += revisions > 0 ? 1 : 0;
    }

    private void FollowContact()
    {
        if (!double.IsNaN(finder.NotFallenV))
        {
            contact.Begin(TriggerMoments.Microseconds(finder.Found!.At), finder.NotFallenV);
        }
    }

    private bool HasHappened(long time) => isAnomalous || moments.ChosenMicroseconds <= time;

    private bool TakeMoment(AbuseTrigger moment)
    {
        AbuseTrigger chosen = moments.With(moment);
        long at = TriggerMoments.Microseconds(moment.At);
        bool isCovered = log.Covers(Math.Min(at, TriggerMoments.Microseconds(chosen.At)));
        if (ReferenceEquals(chosen, moments.Chosen) && moments.EarliestMicroseconds <= at)
        {
            moments.Add(moment);
            return true;
        }

        if (!isCovered && log.IsClosed)
        {
            // What is counted from the known moment is whole; what could be counted from this one would not be.
            return false;
        }

        moments.Add(moment);
        after = null;
        if (log.Count > 0 && log.NewestMicroseconds >= moments.ChosenMicroseconds)
        {
            Begin();
        }

        Revision++;
        return isCovered;
    }

    /// <summary>Counts from the trigger on anew, from the samples kept; true when a criterion changed by it.</summary>
    private bool Begin()
    {
        long at = moments.ChosenMicroseconds!.Value;
        Beginning beginning = Beginning.Of(log, moments.EarliestMicroseconds!.Value, Hold.Microseconds(plan.PreTriggerS));
        foreach (CriterionJudge judge in dropJudges)
        {
            judge.Clear();
        }

        double noiseK = 0;
        foreach (SensorTrack? track in tracks)
        {
            noiseK = Math.Max(noiseK, track?.NoiseK ?? 0);
        }

        after = new AfterTrigger(
            plan.Observation, beginning.VoltageV, beginning.HottestC, Math.Max(SmallestRiseK, 6 * noiseK), dropJudges, beginning.VoltageMicroseconds);
        initial = beginning;
        bool changed = false;
        int begin = log.IndexOf(at);
        for (int i = log.IndexOf(beginning.BeforeMicroseconds - LimitTable.InitialSpanMicroseconds); i < begin; i++)
        {
            changed |= after.AddBefore(in log[i].Sample);
        }

        for (int i = begin; i < log.Count; i++)
        {
            changed |= after.Add(in log[i]);
        }

        return changed;
    }

    private uint FollowTemperatures(ref Sample sample)
    {
        uint believed = 0;
        Span<int> columns = stackalloc int[SampleColumns.Count];
        int count = CellReadings.ListTemperatures(sample.States, columns);
        for (int i = 0; i < count; i++)
        {
            int column = columns[i];
            SensorTrack track = tracks[column] ??= new SensorTrack(plan.RateWindowsS, plan.SelfHeating);
            readingIntervals[column] = track.LastMicroseconds is var last && last != long.MinValue && last < sample.TimeMicroseconds
                ? sample.TimeMicroseconds - last : readingIntervals[column];
            SensorState state = track.Add(sample.TimeMicroseconds, sample.Values[column], !isAnomalous);
            if (state == SensorState.Good)
            {
                believed |= 1u << column;
            }
            else
            {
                sample.States = SensorStates.With(sample.States, column, state);
            }

            isAnomalous |= track.RateCPerS >= LimitTable.RunawayRate.Raise;
        }

        for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
        {
            if (sample.StateOf(column) == SensorState.Saturated && ColumnText.IsCellTemperature(column))
            {
                tracks[column]?.AddBound(sample.TimeMicroseconds, sample.Values[column]);
            }
        }

        FollowSpread(in sample, believed);
        FollowRates(sample.TimeMicroseconds, believed);
        return believed;
    }

    private void FollowSpread(in Sample sample, uint believed)
    {
        (double low, double high, int cold, int hot) = (double.PositiveInfinity, double.NegativeInfinity, -1, -1);
        for (uint rest = believed; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            double value = sample.Values[column];
            (low, cold) = value < low ? (value, column) : (low, cold);
            (high, hot) = value > high ? (value, column) : (high, hot);
        }

        spreadNowK = cold != hot ? high - low : double.NaN;
        if (spreadNowK > largestSpreadK || (double.IsNaN(largestSpreadK) && !double.IsNaN(spreadNowK)))
        {
            largestSpreadK = spreadNowK;
            largestSpreadMicroseconds = sample.TimeMicroseconds;
            spreadHot = hot;
            spreadCold = cold;
        }
    }

    private void JudgeLimits(Sample sample)
    {
        // A voltage that was lost before the record began says nothing of a fall; the rule's initial voltage begins with a live one.
        wasLive |= sample.IsGood(SampleColumns.Voltage) && sample.Values[SampleColumns.Voltage] >= TriggerFinder.LeastLevelV;
        if (!wasLive)
        {
            sample.States = SensorStates.With(sample.States, SampleColumns.Voltage, SensorState.Absent);
        }

        notes.NowMicroseconds = sample.TimeMicroseconds;
        limits.Add(sample);
        isAnomalous |= notes.HasDanger;
    }

    private (double HottestC, bool IsLost) LastKnown(long time)
    {
        double hottest = double.NaN;
        bool isLost = false;
        for (uint rest = book.Known & ColumnText.CellTemperatures; rest != 0; rest &= rest - 1)
        {
            int column = System.Numerics.BitOperations.TrailingZeroCount(rest);
            if ((book.Lost & (1u << column)) != 0 || book.IsSilent(column, time))
            {
                // Its last value says nothing of now.
                isLost = true;
                continue;
            }

            double value = book.LastGood(column);
            hottest = value <= hottest ? hottest : value;
        }

        return (hottest, isLost);
    }
}
