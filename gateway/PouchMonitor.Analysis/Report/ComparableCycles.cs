using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>One cycle that can be held against the reference cycle.</summary>
/// <param name="Cycle">The cycle.</param>
/// <param name="Retention">Its main capacity over the reference's.</param>
/// <param name="IsWhole">True where the cycle is complete, so that its efficiency and polarization may be compared too.</param>
public sealed record ComparableCycle(CycleSummary Cycle, double Retention, bool IsWhole);

/// <summary>
/// The cycles of a finished test that can be compared with one another, from its summaries: the same rate, end of discharge
/// and temperature, by the bands that the rules use (<see cref="CycleClass"/>). The main half is the
/// discharge, in a half cell the charge.
/// </summary>
public sealed class ComparableCycles
{
    private ComparableCycles(CycleSummary? reference, in CycleConditions conditions, IReadOnlyList<ComparableCycle> cycles)
    {
        Reference = reference;
        ReferenceConditions = conditions;
        Cycles = cycles;
    }

    /// <summary>The cycle whose capacity is 1: the first of the most frequent kind, none before the one the profile names; null where there is none.</summary>
    public CycleSummary? Reference { get; }

    /// <summary>Under which the reference cycle ran; not numbers where there is none.</summary>
    public CycleConditions ReferenceConditions { get; }

    /// <summary>In order; the reference cycle is among them.</summary>
    public IReadOnlyList<ComparableCycle> Cycles { get; }

    /// <summary>The capacity that is watched, Ah.</summary>
    public static double? MainCapacityAh(CycleSummary cycle, CellKind kind)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        return kind == CellKind.Half ? cycle.ChargeCapacityAh : cycle.DischargeCapacityAh;
    }

    /// <summary>Of a test's cycles and steps.</summary>
    public static ComparableCycles Of(CellProfile profile, IReadOnlyList<CycleSummary> cycles, IReadOnlyList<StepSummary> steps)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(cycles);
        ArgumentNullException.ThrowIfNull(steps);
        StepKind main = profile.Kind == CellKind.Half ? StepKind.Charge : StepKind.Discharge;
        ILookup<int, StepSummary> halves = steps.Where(step => step.Cycle is not null && step.Half == main).ToLookup(step => step.Cycle!.Value);
        List<Kind> kinds = [];
        foreach (CycleSummary cycle in cycles)
        {
            if (cycle.Index < profile.ReferenceCycle || !IsUsable(cycle, halves[cycle.Index])
                || MainCapacityAh(cycle, profile.Kind) is not > 0)
            {
                continue;
            }

            CycleConditions conditions = CycleConditions.Of(halves[cycle.Index], main);
            Kind? kind = kinds.Find(each => conditions.IsLike(each.Conditions));
            if (kind is null)
            {
                kind = new Kind(cycle, conditions, []);
                kinds.Add(kind);
            }

            double retention = MainCapacityAh(cycle, profile.Kind)!.Value / MainCapacityAh(kind.Reference, profile.Kind)!.Value;
            kind.Cycles.Add(new ComparableCycle(cycle, retention, cycle.Quality == CycleQuality.Complete));
        }

        // Formation and checks at another rate are few beside the cycles that the test is about.
        Kind? chosen = kinds.MaxBy(each => each.Cycles.Count);
        return new ComparableCycles(chosen?.Reference, chosen?.Conditions ?? CycleConditions.Unknown, chosen?.Cycles ?? []);
    }

    // The main half ran in full and without a gap, even where the other half did not.
    private static bool IsUsable(CycleSummary cycle, IEnumerable<StepSummary> half) => cycle.Quality switch
    {
        CycleQuality.Complete => true,
        CycleQuality.Partial => cycle.CoulombicEfficiency > CycleBuilder.LargestBelievableEfficiency,
        CycleQuality.Gapped => cycle is { ChargeCapacityAh: not null, DischargeCapacityAh: not null }
            && half.All(step => step.Quality != CycleQuality.Gapped),
        _ => false,
    };

    private sealed record Kind(CycleSummary Reference, CycleConditions Conditions, List<ComparableCycle> Cycles);
}
