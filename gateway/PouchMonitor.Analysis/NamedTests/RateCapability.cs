using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Rate capability: groups of cycles at one discharge current each, the currents rising (or falling) from group to group, and
/// a return to one of them. Where the discharge current is the same throughout, the charge current is looked at instead, and
/// the capacity is what went in before the voltage was held. Capacities by rate and their recovery as papers A to E print them.
/// </summary>
public static class RateCapability
{
    /// <summary>Currents this near each other are one rate.</summary>
    private const double SameShare = 0.07;

    /// <summary>Rates of neighbouring groups differ at least by this factor, and the ends of the series by the other.</summary>
    private const double StepFactor = 1.1;
    private const double WholeFactor = 1.8;

    /// <summary>Groups without a return, and with one: formation before a life of cycles has three rising rates as well.</summary>
    private const int LeastAlone = 4;
    private const int LeastWithReturn = 3;

    /// <summary>Cycles at each charge current: a charge that only tops up has another current as well.</summary>
    private const int LeastByCharge = 2;

    /// <summary>Of a longer group only the cycles next to the other rates count, so that fade is not taken for rate.</summary>
    private const int MostCycles = 10;

    /// <summary>
    /// The rate tests of a series. Each group has: <c>dischargeCurrentA</c>, <c>chargeCurrentA</c>, <c>rateC</c> (of the
    /// current that changes; null without a nominal capacity), <c>capacityAh</c> (median of its cycles), <c>shareOfLowestRate</c>,
    /// <c>cycles</c> (those that count) and <c>listedCycles</c>. The test has <c>recoveryShare</c>: median capacity after the
    /// return over that of the same rate before, and <c>recoveryCurrentA</c>. The capacity of a group has the error of its cycles'
    /// capacities; the median leaves up to half of them be wrong.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        List<CycleRate> rates = CycleRate.Of(input.Cycles, input.Steps);
        bool isDeclared = input.Declared == NamedTestKind.RateCapability;
        List<NamedTest> tests = FindBy(input, rates, byCharge: false, isDeclared);
        return tests.Count > 0 ? tests : FindBy(input, rates, byCharge: true, isDeclared);
    }

    private static List<NamedTest> FindBy(NamedTestInput input, List<CycleRate> rates, bool byCharge, bool isDeclared)
    {
        List<Group> groups = Grouped(rates, byCharge);
        List<NamedTest> tests = [];
        for (int first = 0; first < groups.Count;)
        {
            int direction = 0;
            int last = first;
            while (last + 1 < groups.Count && Follows(groups[last], groups[last + 1], ref direction))
            {
                last++;
            }

            int returned = Return(groups, first, last, direction);
            int count = last - first + 1;
            double whole = groups[last].LevelA / groups[first].LevelA;
            bool isWide = Math.Max(whole, 1 / whole) >= WholeFactor;
            bool isLong = groups.GetRange(first, count).Exists(group => group.Cycles.Count > 2 * MostCycles);
            bool isTest = isDeclared
                ? count >= 2
                : isWide && groups.GetRange(first, count).TrueForAll(group => group.CapacityAh(byCharge) is not null)
                    && !(byCharge && groups.GetRange(first, count).Exists(group => group.Cycles.Count < LeastByCharge))
                    && count >= (returned >= 0 ? LeastWithReturn : LeastAlone) && !(returned < 0 && isLong);
            if (isTest)
            {
                tests.Add(Build(input, groups.GetRange(first, count), returned >= 0 ? groups[returned] : null, byCharge));
                first = (returned >= 0 ? returned : last) + 1;
            }
            else
            {
                first = Math.Max(first + 1, last);
            }
        }

        return tests;
    }

    private static List<Group> Grouped(List<CycleRate> rates, bool byCharge)
    {
        List<Group> groups = [];
        bool isBroken = true;
        foreach (CycleRate rate in rates)
        {
            // A cell that must be driven in both directions has no cathode, and what passes is no capacity.
            double? level = byCharge ? rate.ChargeA : rate.DischargeA;
            if (level is not { } levelA || rate.Cycle.MeanDischargeVoltageV <= 0)
            {
                isBroken = true;
                continue;
            }

            Group? last = isBroken || groups.Count == 0 ? null : groups[^1];
            bool isOtherHalfKept = last is null || !byCharge || IsSame(rate.DischargeA, last.Cycles[0].DischargeA);
            if (last is not null && IsSame(levelA, last.LevelA) && isOtherHalfKept)
            {
                last.Cycles.Add(rate);
            }
            else
            {
                groups.Add(new Group(levelA, isBroken || !isOtherHalfKept, [rate]));
            }

            isBroken = false;
        }

        return groups;
    }

    private static bool IsSame(double? a, double? b) => a is { } x && b is { } y && Math.Abs(x - y) <= SameShare * Math.Max(x, y);

    private static bool Follows(Group before, Group next, ref int direction)
    {
        double factor = next.LevelA / before.LevelA;
        int sign = factor >= StepFactor ? 1 : factor <= 1 / StepFactor ? -1 : 0;
        if (next.IsAfterBreak || sign == 0 || (direction != 0 && sign != direction))
        {
            return false;
        }

        direction = sign;
        return true;
    }

    /// <summary>The group that goes back to a rate from before the last, on the way back down (or up); -1 where there is none.</summary>
    private static int Return(List<Group> groups, int first, int last, int direction)
    {
        int back = 0;
        for (int i = last + 1; i < groups.Count && Follows(groups[i - 1], groups[i], ref back) && back == -direction; i++)
        {
            bool isFirst = IsSame(groups[i].LevelA, groups[first].LevelA);
            bool isEnd = i + 1 == groups.Count || !Follows(groups[i], groups[i + 1], ref back);
            if (isFirst || (isEnd && Before(groups.GetRange(first, last - first), groups[i]) is not null))
            {
                return i;
            }
        }

        return -1;
    }

    private static Group? Before(List<Group> groups, Group returned) => groups.Find(group => IsSame(group.LevelA, returned.LevelA));

    private static NamedTest Build(NamedTestInput input, List<Group> groups, Group? returned, bool byCharge)
    {
        groups[0].KeepLast(MostCycles);
        foreach (Group group in groups.Skip(1))
        {
            group.KeepFirst(MostCycles);
        }

        double? lowest = groups.MinBy(group => group.LevelA)!.CapacityAh(byCharge);
        Group? before = returned is null ? null : Before(groups, returned);
        returned?.KeepFirst(Math.Min(MostCycles, before!.Cycles.Count));
        double? recovery = returned?.CapacityAh(byCharge) / before?.CapacityAh(byCharge);
        List<Group> all = returned is null ? groups : [.. groups, returned];
        bool isWhole = all.TrueForAll(group => group.CapacityAh(byCharge) is not null);
        string current = byCharge ? "charge" : "discharge";
        return new NamedTest
        {
            Kind = NamedTestKind.RateCapability,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"cycles {groups[0].FirstIndex} to {all[^1].LastIndex}: {groups.Count} {current} currents one after another, {groups[0].LevelA:G4} to {groups[^1].LevelA:G4} A"),
            StartMicroseconds = groups[0].Cycles[0].Cycle.StartMicroseconds,
            EndMicroseconds = all[^1].Cycles[^1].Cycle.EndMicroseconds,
            Quality = isWhole && returned is not null ? CycleQuality.Complete : CycleQuality.Partial,
            Reason = (isWhole ? "" : "a rate without a cycle that counts has no capacity; ")
                + (returned is null ? "no return to an earlier rate, so no recovery" : byCharge ? "capacity before the voltage was held" : ""),
            Values =
            [
                new("recoveryShare", recovery),
                new("recoveryCurrentA", returned?.LevelA),
                new("lowestCurrentA", groups.Min(group => group.LevelA)),
                new("highestCurrentA", groups.Max(group => group.LevelA)),
                new("shareAtHighestRate", groups.MaxBy(group => group.LevelA)!.CapacityAh(byCharge) / lowest),
            ],
            GroupName = "rate",
            Columns = ["dischargeCurrentA", "chargeCurrentA", "rateC", "capacityAh", "shareOfLowestRate", "cycles", "listedCycles"],
            Groups = [.. all.Select(group => group.ToGroup(input.Profile.NominalCapacityAh, lowest, byCharge))],
        };
    }

    private sealed record Group(double LevelA, bool IsAfterBreak, List<CycleRate> Cycles)
    {
        public int FirstIndex => Cycles[0].Cycle.Index;

        public int LastIndex => Cycles[^1].Cycle.Index;

        public void KeepFirst(int most) => Cycles.RemoveRange(Math.Min(most, Cycles.Count), Math.Max(0, Cycles.Count - most));

        public void KeepLast(int most) => Cycles.RemoveRange(0, Math.Max(0, Cycles.Count - most));

        public double? CapacityAh(bool byCharge)
        {
            double[] capacities = [.. Usable(byCharge)];
            return capacities.Length == 0 ? null : TheilSen.Median(capacities);
        }

        public NamedGroup ToGroup(double? nominalAh, double? lowestAh, bool byCharge)
        {
            double? capacity = CapacityAh(byCharge);
            int used = Usable(byCharge).Count();
            CycleRate? other = Cycles.Find(cycle => !cycle.IsUsable);
            string reason = other is null ? "" : $"cycle {other.Cycle.Index} is {other.Cycle.QualityReason}";
            return new NamedGroup(
                [Mean(cycle => cycle.DischargeA), Mean(cycle => cycle.ChargeA), LevelA / nominalAh, capacity, capacity / lowestAh, used, Cycles.Count],
                used == Cycles.Count ? CycleQuality.Complete : used > 0 ? CycleQuality.Partial : CycleQuality.Unusual,
                reason);
        }

        private IEnumerable<double> Usable(bool byCharge) => Cycles.Where(cycle => cycle.IsUsable)
            .Select(cycle => byCharge
                ? cycle.Cycle.ChargeCapacityAh - (cycle.Cycle.ConstantVoltageChargeAh ?? 0)
                : cycle.Cycle.DischargeCapacityAh)
            .OfType<double>();

        private double? Mean(Func<CycleRate, double?> current) => Cycles.Average(current);
    }
}
