using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Analysis.Uncertainty;

namespace PouchMonitor.Analysis.Cycles;

/// <summary>
/// Puts intervals together to halves and halves to cycles. A half ends where the charge passed so far turns for good:
/// once more than 5 % of the capacity seen has flowed back (and no less than one minute at the largest current), so that
/// rests, pulses and blips neither end a half nor make one. The stretch since the last turning point is summed apart and
/// joins the half, or opens the next one, when that is decided: nothing has to be stored or read twice. Noise at rest before
/// the first real current makes no cycle: see <see cref="VoltageResponse"/>, and <see cref="ForgetRest"/> for what is left of it.
/// </summary>
internal sealed partial class CycleAssembler
{
    private const double TurningShare = 0.05;
    private const double TurningSecondsAtLargestCurrent = 60;

    /// <summary>A step after a rest joins its half once it brings this much; less is a blip that belongs to nothing.</summary>
    private const double JoiningShare = 0.005;
    private const double LargeHalfShare = 0.3;
    private const double LeastTravelV = 0.05;
    private const double ChargeReturnShare = 0.45;
    private const double ChargeReturnV = 0.25;

    /// <summary>The capacity seen forgets slowly, so that a cell that fades to a tenth still has cycles.</summary>
    private const double CapacityMemory = 0.9;

    private readonly int leadDirection;
    private readonly CycleBuilder builder;
    private readonly ICycleSink sink;
    private readonly StepBook steps;
    private Memory state;

    public CycleAssembler(CellProfile profile, BoardSpans boards, ICycleSink sink)
    {
        leadDirection = profile.Kind == CellKind.Half ? -1 : 1;
        builder = new CycleBuilder(profile, boards);
        this.sink = sink;
        steps = new StepBook(leadDirection, sink);
    }

    /// <summary>Cycles closed so far.</summary>
    public int Count => state.Count;

    /// <summary>Index of the cycle now running; null before the first current.</summary>
    public int? RunningIndex => state.Direction == 0 && state.Count == 0 ? null
        : state.HasOpeningTrail && state.Direction == leadDirection ? state.Count + 2 : state.Count + 1;

    /// <summary>Direction of the running half: 1 charge, -1 discharge, 0 before the first current.</summary>
    public int RunningDirection => state.Direction;

    /// <summary>The half now running, without what came since its last turning point.</summary>
    public ref readonly HalfCycle RunningHalf => ref state.Body;

    public void Take(in Interval interval, double largestCurrentA)
    {
        if (interval.TailVarianceC2 > 0 || (interval.Kind == 0 && interval.GapSeconds > 0))
        {
            ref HalfCycle tail = ref state.Since.HasFlow ? ref state.Since : ref state.Body;
            tail.AddTail(interval.PreviousKind, interval.TailVarianceC2);
            if (interval.Kind == 0)
            {
                tail.AddGap(interval);
            }
        }

        if (interval.Kind != 0)
        {
            ForgetRest(largestCurrentA);
            if (state.CapacitySeenC > 0 && interval.MissingC > state.CapacitySeenC)
            {
                TakeWithinCapacity(interval, largestCurrentA);
            }
            else
            {
                TakeFlow(interval, largestCurrentA);
            }

            state.HeldLargestA = Math.Max(state.HeldLargestA, Math.Abs(state.LastFlow.CurrentA));
            state.LastFlow = interval;
        }
        else if (interval.IdleGap && IsTurnedInGap(interval))
        {
            if (state.Direction == leadDirection)
            {
                // What follows is added to this half, of which nobody knows how much was taken out again in the gap.
                state.Body.MissingUnknown = true;
                state.Body.LongestGapSeconds = Math.Max(state.Body.LongestGapSeconds, interval.Seconds);
            }

            CloseHalf(state.Body, atEnd: false);
            state.Body = default;
            state.Since = default;
            state.Direction = 0;
            steps.DropSince();
        }

        if (interval.Kind == 0)
        {
            AddToStep(interval);
        }

        ref HalfCycle warm = ref state.Since.HasFlow ? ref state.Since : ref state.Body;
        warm.AddTemperature(interval.TemperatureC, interval.Kind == 0 ? 0 : interval.Seconds);
    }

    /// <summary>The test has ended: closes what is open.</summary>
    public void Complete()
    {
        steps.CutOff();
        if (state.Direction != 0)
        {
            CloseOpen();
        }

        steps.GiveRest(isNoise: state.Count == 0 && !state.HasLead && !state.HasOpeningTrail);
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        builder.Save(writer);
        steps.Save(writer);
    }

    /// <param name="reader">Where it was saved.</param>
    /// <param name="hasSteps">False for a snapshot of before steps were kept.</param>
    public void Load(BinaryReader reader, bool hasSteps)
    {
        StateBlock.Read(reader, ref state);
        builder.Load(reader);
        if (hasSteps)
        {
            steps.Load(reader);
        }
        else
        {
            steps.Clear();
        }
    }

    private void CloseOpen()
    {
        CloseHalf(state.Body, atEnd: true);
        state.Body = default;
        state.Since = default;
        if (state.HasOpeningTrail)
        {
            EmitOpeningTrail(VoltageResponse.IsShownBy(state.OpeningTrail, -leadDirection), atEnd: true);
        }

        if (state.HasLead)
        {
            state.HasLead = false;
            bool isCycle = state.Count > 0 || VoltageResponse.IsShownBy(state.Lead, leadDirection);
            steps.GiveLead(isCycle ? state.Count + 1 : null);
            if (isCycle)
            {
                Emit(state.Lead, default, hasLead: true, hasTrail: false, atEnd: true);
            }
        }

        state.Direction = 0;
    }

    /// <summary>
    /// No gap passes more than the cell has shown to hold: a test that was stopped for days within a step would otherwise
    /// seem to have passed days of charge, beside which no later half would count as one.
    /// </summary>
    private void TakeWithinCapacity(Interval interval, double largestCurrentA)
    {
        interval.MissingC = state.CapacitySeenC;
        TakeFlow(interval, largestCurrentA);
    }

    private void TakeFlow(in Interval interval, double largestCurrentA)
    {
        if (state.Direction == 0)
        {
            state.Direction = interval.Kind;
        }

        if (interval.Kind == state.Direction && interval.PreviousKind == interval.Kind && !state.Since.HasFlow)
        {
            state.Body.AddFlow(interval);
            AddToStep(interval);
            return;
        }

        if (!state.Since.HasFlow)
        {
            steps.BeginSince();
        }

        state.Since.AddFlow(interval);
        AddToStep(interval);
        double onwardC = state.Since.NetC * state.Direction;
        if (onwardC > JoiningShare * CapacityC)
        {
            state.Body.Append(state.Since);
            state.Since = default;
            steps.JoinSince(CapacityC);
        }
        else if (onwardC < 0 && -onwardC >= TurningThresholdC(largestCurrentA))
        {
            HalfCycle closed = state.Body;
            CloseHalf(closed, atEnd: false);
            steps.TurnSince();
            state.Body = state.Since;
            state.Since = default;
            state.Direction = -state.Direction;
        }
    }

    /// <summary>
    /// Before the first cycle: once two records in a row show a current beside which all that is held was rest, the test
    /// begins anew with the first of the two.
    /// </summary>
    private void ForgetRest(double largestCurrentA)
    {
        if (state.Count > 0 || state.HeldLargestA == 0 || state.HeldLargestA > CurrentScale.RestShare * largestCurrentA)
        {
            return;
        }

        Interval first = state.LastFlow;
        steps.ForgetRest(first);
        state = default;
        TakeFlow(first, largestCurrentA);
        state.LastFlow = first;
    }

    private void AddToStep(in Interval interval)
    {
        if (interval.OpensStep || steps.MustOpen)
        {
            steps.Open(interval, CapacityC, state.Count, state.Direction);
        }

        steps.Add(interval);
    }

    private double CapacityC => Math.Max(state.CapacitySeenC, state.Body.NetC * state.Direction);

    private double TurningThresholdC(double largestCurrentA) =>
        Math.Max(TurningShare * CapacityC, TurningSecondsAtLargestCurrent * largestCurrentA);

    /// <summary>
    /// A gap of rest after which the voltage stands again where a large half began: the way back was not recorded. No cell
    /// recovers that far by resting, and after a charge not even by <see cref="ChargeReturnShare"/> of the way.
    /// </summary>
    private bool IsTurnedInGap(in Interval interval)
    {
        double travelV = state.Body.LastVoltageV - state.Body.FirstVoltageV;
        double backV = (state.Body.LastVoltageV - interval.VoltageV) * Math.Sign(travelV);
        double leastV = state.Direction > 0 ? Math.Max(ChargeReturnV, ChargeReturnShare * Math.Abs(travelV)) : Math.Abs(travelV);
        return state.Direction != 0 && Math.Abs(travelV) > LeastTravelV && backV >= Math.Min(leastV, Math.Abs(travelV))
            && state.Body.NetC * state.Direction >= LargeHalfShare * state.CapacitySeenC;
    }

    private void CloseHalf(in HalfCycle half, bool atEnd)
    {
        double capacityC = half.NetC * state.Direction;
        if (capacityC <= 0)
        {
            steps.DropBody();
            return;
        }

        state.CapacitySeenC = Math.Max(capacityC, CapacityMemory * state.CapacitySeenC);
        if (state.Direction == leadDirection)
        {
            if (state.HasOpeningTrail)
            {
                EmitOpeningTrail(VoltageResponse.IsShownBy(state.OpeningTrail, half, -leadDirection), atEnd: false);
            }

            if (state.HasLead)
            {
                state.Lead.Append(half);
            }
            else
            {
                state.Lead = half;
                state.HasLead = true;
            }

            steps.HoldLead();
        }
        else if (state.HasLead && (state.Count > 0 || VoltageResponse.IsShownBy(state.Lead, half, leadDirection)))
        {
            // A charge that only topped up an almost full cell says nothing: the cycle opens with its discharge.
            bool leadCounts = state.Count > 0 || Math.Abs(state.Lead.NetC) >= TurningShare * capacityC;
            state.HasLead = false;
            steps.GiveCycle(state.Count + 1, leadCounts);
            Emit(state.Lead, half, leadCounts, hasTrail: true, atEnd);
        }
        else if (state.Count > 0)
        {
            steps.GiveCycle(state.Count + 1, leadCounts: true);
            Emit(default, half, hasLead: false, hasTrail: true, atEnd);
        }
        else
        {
            // Held back until the next half shows whether it was a discharge, a blip or noise at rest.
            state.HasLead = false;
            state.OpeningTrail = half;
            state.HasOpeningTrail = true;
            steps.HoldTrail();
        }
    }

    private void EmitOpeningTrail(bool voltageResponds, bool atEnd)
    {
        state.HasOpeningTrail = false;
        bool isCycle = voltageResponds && Math.Abs(state.OpeningTrail.NetC) >= TurningShare * state.CapacitySeenC;
        steps.GiveTrail(isCycle ? state.Count + 1 : null, isNoise: !voltageResponds);
        if (isCycle)
        {
            Emit(default, state.OpeningTrail, hasLead: false, hasTrail: true, atEnd);
        }
    }

    private void Emit(in HalfCycle lead, in HalfCycle trail, bool hasLead, bool hasTrail, bool atEnd)
    {
        state.Count++;
        CycleSummary summary = builder.Build(state.Count, lead, trail, hasLead, hasTrail, atEnd, out CycleMeasures measures);
        sink.OnCycle(summary, measures);
    }

    private struct Memory
    {
        public HalfCycle Body;
        public HalfCycle Since;
        public HalfCycle Lead;
        public HalfCycle OpeningTrail;

        /// <summary>The last interval with current, and the largest current of those before it.</summary>
        public Interval LastFlow;
        public double HeldLargestA;
        public double CapacitySeenC;
        public int Direction;
        public int Count;
        public bool HasLead;
        public bool HasOpeningTrail;
    }
}
