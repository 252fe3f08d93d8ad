using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Critical current of lithium against lithium: back and forth at a current that rises from cycle to cycle, until the overpotential
/// over the current leaves the line of the currents before, or collapses because lithium has bridged the cell (paper C).
/// </summary>
public static class CriticalCurrent
{
    /// <summary>Overpotential over current, against the median of the three levels before: collapsed below, departed above.</summary>
    public const double CollapseShare = 0.5;

    /// <inheritdoc cref="CollapseShare"/>
    public const double DepartureFactor = 1.5;

    private const int LeastLevels = 4;
    private const int LeastDeclared = 2;
    private const int Before = 3;
    private const double RiseShare = 0.02;

    /// <summary>
    /// The tests in a series: <c>criticalCurrentA</c>, the first current at which one of both happens, with
    /// <c>collapseCurrentA</c> and <c>departureCurrentA</c> apart; <c>criticalCurrentDensityMaPerCm2</c> where the area is declared;
    /// <c>largestPassedCurrentA</c>, the level before; <c>resistanceOhm</c>, median overpotential over current before it. Null
    /// where it did not come to that. The critical current is known to one step of the currents.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = input.Declared == NamedTestKind.CriticalCurrent ? LeastDeclared : LeastLevels;
        List<Level> levels = Levels(FlowHalf.Of(input.Steps), input.Inside);
        for (int i = 0; i < levels.Count; i++)
        {
            int end = i + 1;
            while (end < levels.Count && levels[end].CurrentA >= (1 + RiseShare) * levels[end - 1].CurrentA && levels[end].IsAdjacent)
            {
                end++;
            }

            List<Level> run = levels.GetRange(i, end - i);
            if (run.Count >= least && StripLimit.IsWithoutCathode(run.SelectMany(level => level.Halves)))
            {
                yield return Build(input, run);
                i = end - 1;
            }
        }
    }

    private static List<Level> Levels(List<FlowHalf> halves, NamedTestCollector? inside)
    {
        List<Level> levels = [];
        bool isAdjacent = false;
        for (int i = 0; i + 1 < halves.Count;)
        {
            int end = i + 1;
            while (end < halves.Count && halves[end].Sign == -halves[end - 1].Sign
                && Math.Abs(halves[end].CurrentA - halves[i].CurrentA) < RiseShare * halves[i].CurrentA)
            {
                end++;
            }

            // There and back at least; a half alone breaks the row.
            bool isLevel = end - i >= 2;
            if (isLevel)
            {
                levels.Add(Level.Of(halves.GetRange(i, end - i), isAdjacent, inside));
            }

            isAdjacent = isLevel;
            i = end;
        }

        return levels;
    }

    private static NamedTest Build(NamedTestInput input, List<Level> run)
    {
        int collapse = -1;
        int departure = -1;
        for (int i = 1; i < run.Count && collapse < 0; i++)
        {
            double usual = TheilSen.Median([.. run.Take(i).TakeLast(Before).Select(level => level.Ohm)]);
            collapse = run[i].Ohm < CollapseShare * usual || run[i].HasFallen ? i : -1;
            departure = departure < 0 && run[i].Ohm > DepartureFactor * usual ? i : departure;
        }

        int critical = collapse < 0 || (departure >= 0 && departure < collapse) ? departure : collapse;
        int passed = critical < 0 ? run.Count : critical;
        double? currentA = critical < 0 ? null : run[critical].CurrentA;
        bool isWhole = run.TrueForAll(level => level.Halves.TrueForAll(half => half.IsWholeAs(level.Halves[0])));
        return new NamedTest
        {
            Kind = NamedTestKind.CriticalCurrent,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Count} currents rising from {run[0].CurrentA:G4} to {run[^1].CurrentA:G4} A, back and forth at each; no side is a cathode"),
            StartMicroseconds = run[0].Halves[0].StartMicroseconds,
            EndMicroseconds = run[^1].Halves[^1].EndMicroseconds,
            Quality = isWhole ? CycleQuality.Complete : CycleQuality.Partial,
            Reason = string.Join("; ", Reasons(isWhole, critical, input.ElectrodeAreaCm2)),
            Values =
            [
                new("criticalCurrentA", currentA),
                new("criticalCurrentDensityMaPerCm2", 1000 * currentA / input.ElectrodeAreaCm2),
                new("collapseCurrentA", collapse < 0 ? null : run[collapse].CurrentA),
                new("departureCurrentA", departure < 0 ? null : run[departure].CurrentA),
                new("largestPassedCurrentA", run[passed - 1].CurrentA),
                new("resistanceOhm", TheilSen.Median([.. run.Take(passed).Select(level => level.Ohm)])),
            ],
            GroupName = "current",
            Columns = ["currentA", "currentDensityMaPerCm2", "overpotentialV", "resistanceOhm", "halfCycles"],
            Groups = [.. run.Take(GroupList.Most).Select(level => new NamedGroup(
                [level.CurrentA, 1000 * level.CurrentA / input.ElectrodeAreaCm2, level.OverpotentialV, level.Ohm, level.Halves.Count],
                level.Halves.Max(half => half.Quality), level.Halves.MaxBy(half => half.Quality)!.Reason))],
            OmittedGroupCount = Math.Max(0, run.Count - GroupList.Most),
        };
    }

    private static IEnumerable<string> Reasons(bool isWhole, int critical, double? areaCm2)
    {
        if (critical < 0)
        {
            yield return "the overpotential followed the current to the end: the critical current lies above the largest";
        }
        else if (areaCm2 is null)
        {
            yield return "no density without the electrode's area";
        }

        if (!isWhole)
        {
            yield return "a half cycle is gapped or cut off";
        }
    }

    private sealed record Level(List<FlowHalf> Halves, double CurrentA, double OverpotentialV, bool HasFallen, bool IsAdjacent)
    {
        public double Ohm => OverpotentialV / CurrentA;

        public static Level Of(List<FlowHalf> halves, bool isAdjacent, NamedTestCollector? inside)
        {
            HalfOverpotential[] over = [.. halves.Select(half => HalfOverpotential.Of(half, inside))];
            return new Level(
                halves, halves.Average(half => half.CurrentA), over.Average(half => half.PlateauV),
                Array.Exists(over, half => half.FallSeconds is not null), isAdjacent);
        }
    }
}
