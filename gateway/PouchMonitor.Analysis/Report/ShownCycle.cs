using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>A cycle whose curves a report shows, since all of them would be too many.</summary>
public sealed record ShownCycle
{
    public required int Cycle { get; init; }

    /// <summary>Why it was chosen, such as <c>first, reference</c>.</summary>
    public required string Role { get; init; }

    /// <summary>Null where nothing was followed.</summary>
    public ShownHalf? Charge { get; init; }

    /// <summary>Null where nothing was followed.</summary>
    public ShownHalf? Discharge { get; init; }
}

/// <summary>The curves of one half cycle.</summary>
/// <param name="Differential">dQ/dV; null where it cannot be told.</param>
/// <param name="Voltage">Voltage over charge; null where nothing was followed.</param>
public sealed record ShownHalf(DifferentialCurve? Differential, VoltageCurve? Voltage);

/// <summary>
/// Chooses the cycles whose curves are laid over one another: the first complete one, the reference where it is complete, and
/// the last that can be compared with it; of each a half must have run through at one current. A cycle whose charge began
/// part-way is a fair reference of capacity and a poor one of curves. Where there is no such cycle, any with a half
/// that ran through, and at last any cycle.
/// </summary>
internal static class ShownCycles
{
    /// <summary>Cycle and role, in order of cycles.</summary>
    public static IReadOnlyList<(int Cycle, string Role)> Of(
        CellProfile profile, IReadOnlyList<CycleSummary> cycles, IReadOnlyList<StepSummary> steps)
    {
        ComparableCycles comparable = ComparableCycles.Of(profile, cycles, steps);
        HashSet<int> told = [.. DifferentialPlan.Of(steps).Where(half => half.Step is not null).Select(half => half.Cycle)];
        HashSet<int> like = [.. comparable.Cycles.Select(one => one.Cycle.Index)];
        int[] measured = [.. cycles.Select(cycle => cycle.Index).Where(told.Contains)];
        int[] complete = [.. cycles.Where(cycle => cycle.Quality == CycleQuality.Complete).Select(cycle => cycle.Index).Where(told.Contains)];
        int[] chosen = complete.Length > 0 ? complete : measured.Length > 0 ? measured : [.. cycles.Select(cycle => cycle.Index)];
        if (chosen.Length == 0)
        {
            return [];
        }

        List<(int Cycle, string Role)> shown = [(chosen[0], "first")];
        if (comparable.Reference is { } reference && chosen.Contains(reference.Index))
        {
            shown.Add((reference.Index, "reference"));
        }

        shown.Add((chosen.LastOrDefault(like.Contains, chosen[^1]), "last"));
        return
        [
            .. shown.GroupBy(one => one.Cycle).OrderBy(one => one.Key)
                .Select(one => (one.Key, string.Join(", ", one.Select(role => role.Role)))),
        ];
    }
}
