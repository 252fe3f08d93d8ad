using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Detection.Shorts;

/// <summary>
/// <c>soft-short</c> as <see cref="ShortTable"/> states it: five kinds of evidence from voltage and current alone, one pass,
/// bounded memory, no clock but the samples' own time. Runs on ordered samples, since it compares with earlier cycles.
/// </summary>
internal sealed class SoftShort
{
    private const double SteadyShare = 0.02;
    private const double LevelMemory = 0.05;

    private readonly CellKind kind;
    private readonly ShortEvidence evidence;
    private readonly DipWatch dips;
    private readonly RestLeakWatch rests;
    private readonly ChargeOverrunWatch overrun;
    private readonly ChargeNoiseWatch noise;
    private readonly PlateauWatch plateau;
    private Memory state;

    public SoftShort(CellProfile profile, IFindingSink findings)
    {
        kind = profile.Kind;
        evidence = new ShortEvidence(profile, findings);
        dips = new DipWatch(evidence);
        rests = new RestLeakWatch(evidence);
        overrun = new ChargeOverrunWatch(evidence);
        noise = new ChargeNoiseWatch(evidence);
        plateau = new PlateauWatch(evidence);
        Reset();
    }

    /// <summary>Takes the next sample.</summary>
    /// <param name="interval">The interval it ends.</param>
    /// <param name="dipV">How far the lowest voltage since the sample before lay below its own, V; 0 where not known.</param>
    /// <param name="isVoltageBelieved">False where the voltage is the one before, held.</param>
    /// <param name="largestA">Largest current of the test so far, A.</param>
    /// <param name="cycles">Where the running half stands.</param>
    public void Take(in Interval interval, double dipV, bool isVoltageBelieved, double largestA, CycleAssembler cycles)
    {
        if (cycles.RunningDirection != state.Direction)
        {
            Turn(interval, cycles);
        }

        if (!isVoltageBelieved)
        {
            Break();
            return;
        }

        if (kind == CellKind.Symmetric)
        {
            plateau.Take(
                interval.Kind, interval.TimeMicroseconds, interval.Seconds, interval.VoltageV, interval.CurrentA, interval.TemperatureC,
                state.Noise.DeviationV, cycles.RunningIndex ?? 0);
        }
        else
        {
            rests.Take(interval, largestA, state.Noise.LeastChangeV, cycles.RunningIndex ?? 0);
        }

        if (interval.Kind == 0 || interval.Seconds <= 0)
        {
            return;
        }

        if (interval.Kind > 0 && state.Direction > 0 && kind is CellKind.Full or CellKind.AnodeFree)
        {
            overrun.Take(cycles.RunningHalf, interval.VoltageV, interval.TimeMicroseconds, cycles.RunningIndex ?? 0);
        }

        FollowSteady(interval, dipV, cycles);
    }

    /// <summary>A cycle has closed.</summary>
    public void CloseCycle(CycleSummary summary, in CycleMeasures measures)
    {
        dips.CloseCycle(measures.Index, measures.EndMicroseconds);
        rests.CloseCycle(measures);
        if (kind is CellKind.Full or CellKind.AnodeFree)
        {
            overrun.CloseCycle(summary, measures);
        }
    }

    public void Save(BinaryWriter writer)
    {
        StateBlock.Write(writer, state);
        evidence.Save(writer);
        dips.Save(writer);
        rests.Save(writer);
        overrun.Save(writer);
        noise.Save(writer);
        plateau.Save(writer);
    }

    public void Load(BinaryReader reader)
    {
        StateBlock.Read(reader, ref state);
        evidence.Load(reader);
        dips.Load(reader);
        rests.Load(reader);
        overrun.Load(reader);
        noise.Load(reader);
        plateau.Load(reader);
    }

    /// <summary>A snapshot of before there was this rule: it begins anew.</summary>
    public void Reset()
    {
        state = default;
        evidence.Reset();
        dips.Reset();
        rests.Reset();
        overrun.Reset();
        noise.Reset();
        plateau.Reset();
    }

    /// <summary>Noise and dips are judged where the current stays within 2 % of its level: no resistance explains them.</summary>
    private void FollowSteady(in Interval interval, double dipV, CycleAssembler cycles)
    {
        double offA = interval.CurrentA - state.LevelA;
        bool steady = !interval.OpensStep && !interval.ConstantVoltage && interval.GapSeconds == 0
            && Math.Abs(offA) <= SteadyShare * Math.Abs(state.LevelA);
        if (!steady)
        {
            state.LevelA = interval.CurrentA;
            Break();
            return;
        }

        state.LevelA += LevelMemory * offA;
        double value = interval.VoltageV * interval.Kind;
        double magnitude = state.Noise.Take(value);
        if (magnitude >= 0 && kind != CellKind.Symmetric)
        {
            noise.Take(interval.Kind, magnitude, interval.CurrentA, interval.Seconds);
        }

        if (interval.Kind > 0 || kind == CellKind.Symmetric)
        {
            dips.Take(
                interval.TimeMicroseconds, value, interval.Kind > 0 ? dipV : 0, interval.Seconds, state.Noise, cycles.RunningIndex ?? 0);
        }
    }

    private void Break()
    {
        state.Noise.Break();
        dips.Break();
    }

    /// <summary>The charge passed has turned for good: one half has ended.</summary>
    private void Turn(in Interval interval, CycleAssembler cycles)
    {
        if (state.Direction != 0 && kind != CellKind.Symmetric)
        {
            noise.CloseHalf(state.Direction, interval.TimeMicroseconds, state.Noise.LeastChangeV, cycles.RunningIndex ?? 0);
        }

        if (state.Direction > 0)
        {
            overrun.CloseCharge();
        }

        state.Direction = cycles.RunningDirection;
    }

    private struct Memory
    {
        public SteadyNoise Noise;
        public double LevelA;
        public int Direction;
    }
}
