using System.Globalization;
using System.Runtime.CompilerServices;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds the coulombic efficiency of each comparable cycle against the median of those before it. A cycle that falls out
/// does not enter the median, so that a collapse does not become its own standard.
/// </summary>
internal sealed class EfficiencyCollapseDetector(IFindingSink findings, CycleRule rule)
{
    private const int WindowCycles = 20;
    private const int LeastCycles = 5;

    private readonly double[] scratch = new double[WindowCycles];
    private Memory state;

    public void Take(in CycleMeasures cycle)
    {
        double efficiency = cycle.CoulombicEfficiency;
        if (state.Count < LeastCycles)
        {
            Append(efficiency);
            return;
        }

        double median = MedianBefore();
        double fall = median - efficiency;
        HoldChange change = state.Hold.Take(
            fall >= rule.RaiseLevel,
            fall < rule.ClearLevel,
            rule.HoldCycles,
            cycle.EndMicroseconds,
            cycle.Index);
        if (change == HoldChange.Raised)
        {
            state.Observed = efficiency;
            state.Median = median;
            Report(null);
        }
        else if (change == HoldChange.Cleared)
        {
            Report(cycle.EndMicroseconds);
        }

        if (Math.Abs(fall) < rule.RaiseLevel)
        {
            Append(efficiency);
        }
    }

    /// <summary>What it was held against was no cycle: ends what is raised and begins anew.</summary>
    public void Forget(long microseconds)
    {
        if (state.Hold.IsRaised)
        {
            Report(microseconds);
        }

        state = default;
    }

    public void Save(BinaryWriter writer) => StateBlock.Write(writer, state);

    public void Load(BinaryReader reader) => StateBlock.Read(reader, ref state);

    private double MedianBefore()
    {
        for (int i = 0; i < state.Count; i++)
        {
            scratch[i] = state.Efficiencies[i];
        }

        return TheilSen.Median(scratch.AsSpan(0, state.Count));
    }

    private void Append(double efficiency)
    {
        if (state.Count < WindowCycles)
        {
            state.Efficiencies[state.Count++] = efficiency;
            return;
        }

        state.Efficiencies[state.Oldest] = efficiency;
        state.Oldest = (state.Oldest + 1) % WindowCycles;
    }

    private void Report(long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = rule.Name,
        OnsetMicroseconds = state.Hold.OnsetMicroseconds,
        Severity = rule.Severity,
        Cycle = state.Hold.OnsetCycle,
        Measure = rule.Measure,
        Observed = state.Observed,
        Limit = state.Median - rule.RaiseLevel,
        Unit = rule.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Coulombic efficiency of {100 * state.Observed:0.##} % is {100 * (state.Median - state.Observed):0.##} points below the {100 * state.Median:0.##} % of the cycles before."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    [InlineArray(WindowCycles)]
    private struct Efficiencies
    {
        private double first;
    }

    private struct Memory
    {
        public Efficiencies Efficiencies;
        public CycleHold Hold;
        public double Observed;
        public double Median;
        public int Count;
        public int Oldest;
    }
}
