using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds the mean-voltage gap of each comparable cycle against that of the reference cycle, and where the profile knows how
/// such cells' gap grows, against what it should have grown to.
/// </summary>
internal sealed class PolarizationRiseDetector(IFindingSink findings, CycleRule rule, ReferenceCurve? curve)
{
    private Memory state;

    public void Take(in CycleMeasures cycle, in CycleMeasures reference)
    {
        double expectedV = reference.PolarizationV;
        if (curve?.At(cycle.Index) is { } then && curve.At(reference.Index) is { } first)
        {
            expectedV *= then / first;
        }

        double rise = cycle.PolarizationV - expectedV;
        double share = rule.RaiseLevel;
        double level = Math.Max(share * Math.Abs(expectedV), CycleRule.LeastPolarizationRiseV);
        HoldChange change = state.Hold.Take(
            rise >= level,
            rise < level * rule.ClearLevel / share,
            rule.HoldCycles,
            cycle.EndMicroseconds,
            cycle.Index);
        if (change == HoldChange.Raised)
        {
            state.ObservedV = cycle.PolarizationV;
            state.LimitV = expectedV + level;
            state.ReferenceV = reference.PolarizationV;
            state.ReferenceCycle = reference.Index;
            Report(null);
        }
        else if (change == HoldChange.Cleared)
        {
            Report(cycle.EndMicroseconds);
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

    private void Report(long? clearedMicroseconds) => findings.OnFinding(new Finding
    {
        Rule = rule.Name,
        OnsetMicroseconds = state.Hold.OnsetMicroseconds,
        Severity = rule.Severity,
        Cycle = state.Hold.OnsetCycle,
        Measure = rule.Measure,
        Observed = state.ObservedV,
        Limit = state.LimitV,
        Unit = rule.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Mean-voltage gap of {state.ObservedV:0.####} V exceeds {state.LimitV:0.####} V; cycle {state.ReferenceCycle} had {state.ReferenceV:0.####} V."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    private struct Memory
    {
        public CycleHold Hold;
        public double ObservedV;
        public double LimitV;
        public double ReferenceV;
        public int ReferenceCycle;
    }
}
