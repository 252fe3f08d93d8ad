using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Capacity by temperature: groups of cycles at the same discharge current and at temperatures that differ from group to group, as
/// papers A and B run them from -40 to 60 C.
/// </summary>
public static class TemperatureSeries
{
    private const int LeastLevels = 3;
    private const int LeastDeclared = 2;
    private const double LeastSpanK = 20;

    /// <summary>Temperatures this far apart are two, and within one group they may differ by the other.</summary>
    private const double StepK = 5;
    private const double SpreadK = 3;
    private const double ReferenceC = 25;
    private const double SameCurrentShare = 0.07;

    /// <summary>
    /// The series. Each group has: <c>temperatureC</c>, median of the lowest the cell had in each discharge (that of its begin, before
    /// it warms itself, so nearest to the chamber's); <c>dischargeCurrentA</c>; <c>capacityAh</c>, median; <c>shareOf25C</c>, against the first
    /// group within 5 K of 25 C (null without one); <c>cycles</c> that count and <c>listedCycles</c>. The charge may have run at another
    /// temperature. Capacities have the error of the cycles', temperatures that of the sensor on the surface.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool isDeclared = input.Declared == NamedTestKind.TemperatureSeries;
        List<Group> groups = Grouped(CycleRate.Of(input.Cycles, input.Steps));
        for (int i = 0; i < groups.Count;)
        {
            int end = i + 1;
            while (end < groups.Count && !groups[end].IsAfterBreak)
            {
                end++;
            }

            List<Group> run = groups.GetRange(i, end - i);
            int levels = Levels(run);
            double spanK = run.Max(group => group.TemperatureC) - run.Min(group => group.TemperatureC);
            bool isSteady = run.TrueForAll(group => group.SpreadK <= SpreadK && group.CapacityAh is not null);
            if (isDeclared ? levels >= LeastDeclared : levels >= LeastLevels && spanK >= LeastSpanK && isSteady)
            {
                yield return Build(run);
            }

            i = end;
        }
    }

    private static List<Group> Grouped(List<CycleRate> rates)
    {
        List<Group> groups = [];
        bool isBroken = true;
        foreach (CycleRate rate in rates)
        {
            if (rate.Discharge?.MinTemperatureC is not { } temperatureC || rate.DischargeA is not { } amps || rate.Cycle.MeanDischargeVoltageV <= 0)
            {
                isBroken = true;
                continue;
            }

            Group? last = groups.Count == 0 ? null : groups[^1];
            isBroken |= last is not null && Math.Abs(amps - last.DischargeA) > SameCurrentShare * last.DischargeA;
            if (last is null || isBroken || Math.Abs(temperatureC - last.FirstC) > StepK)
            {
                groups.Add(new Group(temperatureC, amps, isBroken, []));
            }

            groups[^1].Cycles.Add((rate, temperatureC));
            isBroken = false;
        }

        return groups;
    }

    private static int Levels(List<Group> run)
    {
        List<double> levels = [];
        foreach (double temperatureC in run.Select(group => group.TemperatureC).Order())
        {
            if (levels.Count == 0 || temperatureC - levels[^1] >= StepK)
            {
                levels.Add(temperatureC);
            }
        }

        return levels.Count;
    }

    private static NamedTest Build(List<Group> run)
    {
        Group? reference = run.Find(group => Math.Abs(group.TemperatureC - ReferenceC) <= StepK && group.CapacityAh is not null);
        Group coldest = run.MinBy(group => group.TemperatureC)!;
        Group hottest = run.MaxBy(group => group.TemperatureC)!;
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned([.. run.Select(group => group.ToGroup(reference?.CapacityAh))]);
        bool isWhole = run.TrueForAll(group => group.CapacityAh is not null && group.SpreadK <= SpreadK);
        return new NamedTest
        {
            Kind = NamedTestKind.TemperatureSeries,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Count} groups of cycles discharged at {run[0].DischargeA:G4} A, from {coldest.TemperatureC:F1} to {hottest.TemperatureC:F1} C"),
            StartMicroseconds = run[0].Cycles[0].Rate.Cycle.StartMicroseconds,
            EndMicroseconds = run[^1].Cycles[^1].Rate.Cycle.EndMicroseconds,
            Quality = isWhole && reference is not null ? CycleQuality.Complete : CycleQuality.Partial,
            Reason = (reference is null ? "no group within 5 K of 25 C to compare with" : "")
                + (isWhole ? "" : (reference is null ? "; " : "") + "a group has no cycle that counts, or its temperature did not keep within 3 K"),
            Values =
            [
                new("referenceTemperatureC", reference?.TemperatureC),
                new("lowestTemperatureC", coldest.TemperatureC),
                new("shareAtLowestTemperature", coldest.CapacityAh / reference?.CapacityAh),
                new("highestTemperatureC", hottest.TemperatureC),
                new("shareAtHighestTemperature", hottest.CapacityAh / reference?.CapacityAh),
            ],
            GroupName = "temperature",
            Columns = ["temperatureC", "dischargeCurrentA", "capacityAh", "shareOf25C", "cycles", "listedCycles"],
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private sealed record Group(double FirstC, double DischargeA, bool IsAfterBreak, List<(CycleRate Rate, double TemperatureC)> Cycles)
    {
        public double TemperatureC => TheilSen.Median([.. Cycles.Select(cycle => cycle.TemperatureC)]);

        public double SpreadK => Cycles.Max(cycle => cycle.TemperatureC) - Cycles.Min(cycle => cycle.TemperatureC);

        public double? CapacityAh
        {
            get
            {
                double[] capacities = [.. Cycles.Where(cycle => cycle.Rate.IsUsable).Select(cycle => cycle.Rate.Cycle.DischargeCapacityAh).OfType<double>()];
                return capacities.Length == 0 ? null : TheilSen.Median(capacities);
            }
        }

        public NamedGroup ToGroup(double? referenceAh)
        {
            int used = Cycles.Count(cycle => cycle.Rate.IsUsable);
            string reason = SpreadK > TemperatureSeries.SpreadK
                ? string.Create(CultureInfo.InvariantCulture, $"its temperature moved by {SpreadK:F1} K")
                : used < Cycles.Count ? $"{Cycles.Count - used} cycles do not count: {Cycles.Find(cycle => !cycle.Rate.IsUsable).Rate.Cycle.QualityReason}" : "";
            return new NamedGroup(
                [TemperatureC, DischargeA, CapacityAh, CapacityAh / referenceAh, used, Cycles.Count],
                reason.Length == 0 ? CycleQuality.Complete : used > 0 ? CycleQuality.Partial : CycleQuality.Unusual, reason);
        }
    }
}
