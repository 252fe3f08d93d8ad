using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Steps;

/// <summary>
/// Learns how large the currents of a test are and how much they flicker at rest, and says from that what is rest.
/// The scale is the largest current that two samples in a row reached, so that one wild record does not set it. Rest is
/// below 0.1 % of it, or below the flicker between neighbouring records near zero where that is more, up to 1 %:
/// C/50 after a 5 C pulse is still a current, and 5 mA of noise beside 2 A is not. Where the nominal capacity is known,
/// less than C/2000 is rest from the first record on: what 0.1 % of C/2 would be. A current that dies away at a held voltage
/// remains one below all that, down to its flicker: rest begins with a drop, and hours of such a tail are charge.
/// </summary>
/// <param name="nominalCapacityAh">Of the cell, Ah; null where not known.</param>
internal sealed class CurrentScale(double? nominalCapacityAh)
{
    /// <summary>Share of the largest current below which a current is rest.</summary>
    public const double RestShare = 0.001;

    /// <summary>Rate below which nothing is a current, 1/h.</summary>
    public const double RestRatePerHour = 1.0 / 2000;
    private const double NearZeroShare = 0.01;
    private const double FlickerMargin = 1.5;
    private const double FlickerMemory = 0.9999;

    /// <summary>Share of the record before down to which a current only dies away.</summary>
    private const double DyingShare = 0.8;

    /// <summary>Share of the largest current below which nothing is told from zero.</summary>
    private const double LeastShare = 1e-5;

    private readonly double leastA = RestRatePerHour * (nominalCapacityAh ?? 0);
    private Memory state;

    /// <summary>Largest sustained magnitude of current so far, A; 0 before any.</summary>
    public double LargestA => state.LargestA;

    /// <summary>Magnitude at or below which a current is rest, A.</summary>
    public double RestA => Math.Max(
        Math.Max(leastA, RestShare * state.LargestA),
        Math.Min(FlickerMargin * state.FlickerA, NearZeroShare * state.LargestA));

    /// <summary>Learns from a sample and classifies it: 1 charge, -1 discharge, 0 rest.</summary>
    public int Classify(double currentA)
    {
        double magnitude = Math.Abs(currentA);
        double previous = Math.Abs(state.PreviousA);
        if (state.Any)
        {
            state.LargestA = Math.Max(state.LargestA, Math.Min(magnitude, previous));
            double nearZero = NearZeroShare * state.LargestA;
            if (magnitude < nearZero && previous < nearZero && !IsLittleLess(currentA, magnitude, previous))
            {
                state.FlickerA = Math.Max(Math.Abs(currentA - state.PreviousA), state.FlickerA * FlickerMemory);
            }
        }

        int kind = magnitude > RestA || IsDyingAway(currentA, magnitude, previous) ? Math.Sign(currentA) : 0;
        state.PreviousA = currentA;
        state.PreviousKind = (sbyte)kind;
        state.Any = true;
        return kind;
    }

    /// <summary>How many of a run's currents surely flow as the one before it did, and without a change at rest that would be flicker.</summary>
    /// <param name="currentA">Place 0 is the current before the run.</param>
    /// <param name="kind">1 charge, -1 discharge.</param>
    /// <param name="edgeShare">Share of the larger of two currents by which they may differ.</param>
    public int FlowCount(ReadOnlySpan<double> currentA, int kind, double edgeShare)
    {
        ReadOnlySpan<double> run = currentA[1..];
        (double least, double largest) = RunMath.Range(currentA);
        double weakest = kind > 0 ? least : -largest;
        double strongest = kind > 0 ? largest : -least;
        if (weakest > leastA && weakest > NearZeroShare * Math.Max(state.LargestA, strongest) && largest - least <= edgeShare * weakest)
        {
            return run.Length;
        }

        strongest = state.LargestA;
        double before = kind * currentA[0];
        for (int i = 0; i < run.Length; i++)
        {
            double now = kind * run[i];
            strongest = Math.Max(strongest, now);
            if (!(now > leastA && now > NearZeroShare * strongest && Math.Abs(now - before) <= edgeShare * Math.Max(now, before)))
            {
                return i;
            }

            before = now;
        }

        return run.Length;
    }

    /// <summary>Learns from currents that <see cref="FlowCount"/> allowed.</summary>
    /// <param name="currentA">Place 0 is the current before the run.</param>
    public void TakeFlow(ReadOnlySpan<double> currentA)
    {
        state.LargestA = Math.Max(state.LargestA, RunMath.LargestOfBoth(currentA));
        state.PreviousA = currentA[^1];
        state.PreviousKind = (sbyte)Math.Sign(currentA[^1]);
    }

    /// <summary>Learns from the currents of a run as long as they are rest; gives how many are.</summary>
    public int TakeRest(ReadOnlySpan<double> run)
    {
        for (int i = 0; i < run.Length; i++)
        {
            Memory before = state;
            if (Classify(run[i]) != 0)
            {
                state = before;
                return i;
            }
        }

        return run.Length;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private bool IsDyingAway(double currentA, double magnitude, double previous) =>
        state.PreviousKind != 0 && Math.Sign(currentA) == state.PreviousKind && magnitude >= DyingShare * previous
        && magnitude > Math.Max(FlickerMargin * state.FlickerA, LeastShare * state.LargestA);

    /// <summary>True where a current may only be dying away, which is no flicker.</summary>
    private bool IsLittleLess(double currentA, double magnitude, double previous) =>
        state.PreviousKind != 0 && Math.Sign(currentA) == state.PreviousKind && magnitude <= previous && magnitude >= DyingShare * previous;

    private struct Memory
    {
        public double LargestA;
        public double PreviousA;
        public double FlickerA;
        public bool Any;

        /// <summary>What the record before was; lies where the structure had no use for its bytes, so that older snapshots are read.</summary>
        public sbyte PreviousKind;
    }
}
