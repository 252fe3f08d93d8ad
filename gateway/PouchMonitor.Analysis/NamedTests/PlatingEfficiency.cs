using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Coulombic efficiency of lithium on copper cycle by cycle: the same charge deposited each time and stripped to a voltage
/// limit. CE = Q_stripped / Q_deposited, and the plain average over the cycles as papers D and E print it.
/// </summary>
public static class PlatingEfficiency
{
    private const int LeastCycles = 3;
    private const double HighEfficiency = 0.98;
    private const double LowEfficiency = 0.8;

    /// <summary>
    /// The series of depositions and strippings: <c>averageCoulombicEfficiency</c> over the cycles that count, its
    /// <c>averageCoulombicEfficiencyUncertainty</c> (standard, k = 1, of the current's calibration, which does not average out;
    /// null without one), <c>medianCoulombicEfficiency</c>, <c>cycles</c>, and the cycles before the efficiency stays below 98 %
    /// and 80 % for two in a row (<c>cyclesAbove98Percent</c>, <c>cyclesAbove80Percent</c>; all of them where it never does).
    /// A cycle counts where its charge has no gap and its stripping reached the limit. Each group is a cycle.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = input.Declared == NamedTestKind.PlatingEfficiency ? 1 : LeastCycles;
        List<FlowHalf> halves = FlowHalf.Of(input.Steps);
        for (int i = 0; i < halves.Count; i++)
        {
            int end = i;
            while (end + 1 < halves.Count && IsPair(halves, i, end))
            {
                end += 2;
            }

            int cycles = (end - i) / 2;
            List<FlowHalf> run = halves.GetRange(i, end - i);
            if (cycles < least || !StripLimit.IsWithoutCathode(run.Where((_, at) => at % 2 == 0)))
            {
                continue;
            }

            yield return Build(input, run);
            i = end - 1;
        }
    }

    private static bool IsPair(List<FlowHalf> halves, int first, int at)
    {
        FlowHalf plate = halves[at];
        FlowHalf strip = halves[at + 1];
        return plate.Sign == halves[first].Sign && strip.Sign == -plate.Sign && StripLimit.IsSameCharge(plate, halves[first])
            && (StripLimit.IsReachedBy(strip, plate.OverpotentialV) || !strip.IsWhole);
    }

    private static NamedTest Build(NamedTestInput input, List<FlowHalf> run)
    {
        List<NamedGroup> groups = [];
        List<double> efficiencies = [];
        double uncertainty = 0;
        for (int i = 0; i < run.Count; i += 2)
        {
            FlowHalf plate = run[i];
            FlowHalf strip = run[i + 1];
            FlowHalf? spoilt = !plate.IsWhole ? plate : strip.IsWhole ? null : strip;
            double? efficiency = spoilt is null ? strip.Ah / plate.Ah : null;
            if (efficiency is { } known)
            {
                efficiencies.Add(known);
                uncertainty += input.Uncertainty?.OfEfficiency(known, strip.Coulombs, strip.Seconds, plate.Coulombs, plate.Seconds) ?? double.NaN;
            }

            groups.Add(new NamedGroup(
                [(i / 2) + 1, plate.Ah, strip.Ah, efficiency, plate.OverpotentialV, plate.CurrentA],
                spoilt?.Quality ?? CycleQuality.Complete, spoilt?.Reason ?? ""));
        }

        int whole = efficiencies.Count;
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned(groups);
        return new NamedTest
        {
            Kind = NamedTestKind.PlatingEfficiency,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{groups.Count} times {run[0].Ah:G4} Ah deposited and stripped until the voltage rose; no side is a cathode"),
            StartMicroseconds = run[0].StartMicroseconds,
            EndMicroseconds = run[^1].EndMicroseconds,
            Quality = whole == groups.Count ? CycleQuality.Complete : CycleQuality.Partial,
            Reason = whole == groups.Count ? "" : $"{groups.Count - whole} of {groups.Count} cycles do not count: gapped or cut off",
            Values =
            [
                new("averageCoulombicEfficiency", whole > 0 ? efficiencies.Average() : null),
                new("averageCoulombicEfficiencyUncertainty", whole > 0 && double.IsFinite(uncertainty) ? uncertainty / whole : null),
                new("medianCoulombicEfficiency", whole > 0 ? TheilSen.Median([.. efficiencies]) : null),
                new("cycles", whole),
                new("cyclesAbove98Percent", CyclesAbove(efficiencies, HighEfficiency)),
                new("cyclesAbove80Percent", CyclesAbove(efficiencies, LowEfficiency)),
            ],
            GroupName = "cycle",
            Columns = ["cycle", "platedAh", "strippedAh", "coulombicEfficiency", "platingOverpotentialV", "currentA"],
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private static int CyclesAbove(List<double> efficiencies, double level)
    {
        for (int i = 0; i < efficiencies.Count; i++)
        {
            if (efficiencies[i] < level && (i + 1 == efficiencies.Count || efficiencies[i + 1] < level))
            {
                return i;
            }
        }

        return efficiencies.Count;
    }
}
