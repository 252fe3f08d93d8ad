using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.State;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>
/// Holds the retention of each comparable cycle against the profile's reference curve. Where a cell of this kind is known
/// to fade, its fading says nothing; fading more than it does. A departure smaller than the capacities' own uncertainty
/// gives no verdict.
/// </summary>
internal sealed class CurveDepartureDetector(IFindingSink findings, CycleRule rule, ReferenceCurve curve)
{
    private Memory state;

    /// <summary>Takes a comparable cycle.</summary>
    /// <param name="cycle">The cycle.</param>
    /// <param name="referenceCycle">The cycle whose capacity is 1.</param>
    /// <param name="retention">Its capacity over the reference's.</param>
    /// <param name="uncertainty">Standard uncertainty of the retention.</param>
    public void Take(in CycleMeasures cycle, int referenceCycle, double retention, double uncertainty)
    {
        if (curve.At(cycle.Index) is not { } then || curve.At(referenceCycle) is not { } first)
        {
            return;
        }

        double expected = then / first;
        double below = expected - retention;
        HoldChange change = state.Hold.Take(
            below - uncertainty >= rule.RaiseLevel,
            below < rule.ClearLevel,
            rule.HoldCycles,
            cycle.EndMicroseconds,
            cycle.Index);
        if (change == HoldChange.Raised)
        {
            state.Retention = retention;
            state.Expected = expected;
            state.ReferenceCycle = referenceCycle;
            state.Cycle = cycle.Index;
            Report(null);
        }
        else if (change == HoldChange.Cleared)
        {
            Report(cycle.EndMicroseconds);
        }
    }

    /// <summary>What it was held against was no cycle, or the end of life takes its place: ends what is raised and begins anew.</summary>
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
        Observed = state.Retention,
        Limit = state.Expected - rule.RaiseLevel,
        Unit = rule.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Capacity in cycle {state.Cycle} is {100 * state.Retention:0.##} % of cycle {state.ReferenceCycle}; the profile's reference curve has {100 * state.Expected:0.##} % there, {100 * rule.RaiseLevel:0.#} points less is the limit."),
        ClearedMicroseconds = clearedMicroseconds,
    });

    private struct Memory
    {
        public CycleHold Hold;
        public double Retention;
        public double Expected;
        public int ReferenceCycle;
        public int Cycle;
    }
}
