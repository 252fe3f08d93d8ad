using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Steps;

/// <summary>
/// Learns how large the currents of a test are and how much they flicker at rest, and says from that what is rest.
/// The scale is the largest current that two samples in a row reached, so that one wild record does not set it. Rest is
/// below 0.1 % of it, or below the flicker between neighbouring records near zero where that is more, up to 1 %:
/// C/50 after a 5 C pulse is still a current, and 5 mA of noise beside 2 A is not. Where the nominal capacity is known,
/// less than C/2000 is rest from the first record on: what 0.1 % of C/2 would be.
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
            if (magnitude < nearZero && previous < nearZero)
            {
                state.FlickerA = Math.Max(Math.Abs(currentA - state.PreviousA), state.FlickerA * FlickerMemory);
            }
        }

        state.PreviousA = currentA;
        state.Any = true;
        return magnitude <= RestA ? 0 : Math.Sign(currentA);
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

    private struct Memory
    {
        public double LargestA;
        public double PreviousA;
        public double FlickerA;
        public bool Any;
    }
}
