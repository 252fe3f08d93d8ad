using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Life of lithium against lithium: the same charge back and forth at one current. Plateau growth is build-up of interphase, a
/// sudden fall a short (METHODS; figures of papers B to E).
/// </summary>
public static class SymmetricLife
{
    /// <summary>An overpotential this many times that of the first half cycles has failed.</summary>
    public const double OvervoltageFactor = 5;

    /// <summary>Below this share of the median of the four half cycles before, an overpotential has suddenly fallen.</summary>
    public const double ShortShare = 0.5;

    private const int LeastHalves = 10;
    private const int LeastDeclared = 4;
    private const int First = 6;
    private const int Before = 4;
    private const double SameChargeShare = 0.02;
    private const double SameCurrentShare = 0.05;
    private const double LargestOddShare = 0.1;
    private const int Near = 3;

    /// <summary>A pause longer than a half cycle and so many usual rests does not count as life.</summary>
    private const double PauseFactor = 3;

    /// <summary>
    /// The lives in a series. <c>hoursToShort</c>: until the plateau of a half cycle lies below half of the median of the four before
    /// and so does the next, from the moment of the fall where it can be seen. <c>hoursToOvervoltage</c>: until two plateaus
    /// running are five times the median of the first six. <c>hoursWithoutFailure</c>: until the first of both, or all of
    /// <c>testHours</c>, and then the life is longer. Hours are counted from the first current, pauses apart
    /// (<c>pausedHours</c>). <c>firstPlateauV</c>, <c>lastPlateauV</c> (medians of six, the last before a short),
    /// <c>largestPlateauV</c>, <c>nucleationV</c> (median of the first six that have one), V, with the error of the voltage.
    /// The hour of a failure has the error of one half cycle; of a fall that is seen, of 1/16 of it.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        int least = input.Declared == NamedTestKind.SymmetricLife ? LeastDeclared : LeastHalves;
        List<FlowHalf> halves = FlowHalf.Of(input.Steps);
        for (int i = 0; i < halves.Count; i++)
        {
            int end = i + 1;
            while (end < halves.Count && IsNext(halves, end, halves[i]))
            {
                end++;
            }

            List<FlowHalf> run = halves.GetRange(i, end - i);
            if (run.Count >= least && StripLimit.IsWithoutCathode(run.Take(LeastHalves)) && IsEven(run) && !IsStripped(halves, i, end))
            {
                yield return Build(input, run);
            }

            i = Math.Max(i, end - 2);
        }
    }

    /// <summary>A half of another charge, interrupted or cut, is passed over where the next has the usual one again.</summary>
    private static bool IsNext(List<FlowHalf> halves, int at, FlowHalf first)
    {
        bool isLike = halves[at].Sign == -halves[at - 1].Sign && IsNear(halves[at].CurrentA, first.CurrentA, SameCurrentShare);
        return isLike && (IsNear(halves[at].Ah, first.Ah, SameChargeShare) || !halves[at].IsWhole
            || (at + 1 < halves.Count && halves[at + 1].Sign == -halves[at].Sign && IsNear(halves[at + 1].Ah, first.Ah, SameChargeShare)));
    }

    private static bool IsNear(double value, double other, double share) => Math.Abs(value - other) <= share * other;

    private static bool IsEven(List<FlowHalf> run) =>
        run.Count(half => !IsNear(half.Ah, run[0].Ah, SameChargeShare)) <= LargestOddShare * run.Count;

    /// <summary>A half of it, or close to it, ends at a voltage limit: that side was copper.</summary>
    private static bool IsStripped(List<FlowHalf> halves, int start, int end)
    {
        double usualV = TheilSen.Median([.. halves.GetRange(start, end - start).Select(half => half.OverpotentialV)]);
        int limited = halves.GetRange(start, end - start)
            .Count(half => StripLimit.IsReachedBy(half, usualV) && StripLimit.IsReachedBy(half, half.OverpotentialV));
        return limited >= Math.Max(1, (end - start) / 4)
            || halves.Skip(start - Near).Take(Math.Min(start, Near)).Concat(halves.Skip(end).Take(Near))
                .Any(half => StripLimit.IsReachedBy(half, usualV) && half.OverpotentialV <= StripLimit.LargestOverpotentialV);
    }

    private static NamedTest Build(NamedTestInput input, List<FlowHalf> run)
    {
        HalfOverpotential[] over = [.. run.Select(half => HalfOverpotential.Of(half, input.Inside))];
        double[] hours = Hours(run, out double pausedHours);
        double firstV = TheilSen.Median([.. over.Take(First).Select(half => half.PlateauV)]);
        int shorted = FirstShort(over);
        int overvoltage = FirstOf(over, half => half.PlateauV >= OvervoltageFactor * firstV, shorted);
        double? hoursToShort = shorted < 0 ? null : ShortHours(over, hours, shorted);
        double? hoursToOvervoltage = overvoltage < 0 ? null : hours[overvoltage];
        double testHours = hours[^1] + Length(run[^1]);
        int healthy = shorted < 0 ? run.Count : shorted;
        double[] nucleations = [.. over.Take(First).Select(half => half.NucleationV).OfType<double>()];
        int gapped = run.Count(half => !half.IsWholeAs(run[0]));
        int unseen = input.Inside is null ? run.Count : run.Count(half => input.Inside.Find(half.Step) is null);
        List<NamedGroup> groups = [.. run.Select((half, i) => new NamedGroup(
            [i + 1, hours[i], half.Sign * half.CurrentA, over[i].PlateauV, over[i].NucleationV], half.Quality, half.Reason))];
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned(groups);
        return new NamedTest
        {
            Kind = NamedTestKind.SymmetricLife,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Count} half cycles of {run[0].Ah:G4} Ah each way at {run[0].CurrentA:G4} A, and the voltage follows the current: no side is a cathode"),
            StartMicroseconds = run[0].StartMicroseconds,
            EndMicroseconds = run[^1].EndMicroseconds,
            Quality = gapped > 0 ? CycleQuality.Partial : CycleQuality.Complete,
            Reason = string.Join("; ", Reasons(gapped, unseen, run.Count, shorted < 0 && overvoltage < 0)),
            Values =
            [
                new("hoursToShort", hoursToShort),
                new("hoursToOvervoltage", hoursToOvervoltage),
                new("hoursWithoutFailure", Math.Min(hoursToShort ?? testHours, hoursToOvervoltage ?? testHours)),
                new("testHours", testHours),
                new("pausedHours", pausedHours),
                new("halfCycles", run.Count),
                new("currentA", run[0].CurrentA),
                new("currentDensityMaPerCm2", 1000 * run[0].CurrentA / input.ElectrodeAreaCm2),
                new("firstPlateauV", firstV),
                new("lastPlateauV", healthy > 0
                    ? TheilSen.Median([.. over.Skip(Math.Max(0, healthy - First)).Take(First).Take(healthy).Select(half => half.PlateauV)]) : null),
                new("largestPlateauV", over.Take(Math.Max(1, healthy)).Max(half => half.PlateauV)),
                new("nucleationV", nucleations.Length > 0 ? TheilSen.Median([.. nucleations]) : null),
            ],
            GroupName = "half cycle",
            Columns = ["halfCycle", "hours", "currentA", "plateauV", "nucleationV"],
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private static IEnumerable<string> Reasons(int gapped, int unseen, int count, bool isAlive)
    {
        if (isAlive)
        {
            yield return "no failure within the test: the life is longer";
        }

        if (gapped > 0)
        {
            yield return $"{gapped} half cycles are gapped or cut off";
        }

        if (unseen > 0)
        {
            yield return $"of {unseen} of {count} half cycles the plateau is the mean over all their charge, and no nucleation is known";
        }
    }

    /// <summary>Hours until each half begins, pauses apart.</summary>
    private static double[] Hours(List<FlowHalf> run, out double pausedHours)
    {
        double[] rests = [.. run.Skip(1).Select((half, i) => (half.StartMicroseconds - run[i].EndMicroseconds) / 3.6e9)];
        double usual = rests.Length == 0 ? 0 : TheilSen.Median([.. rests]);
        double longest = Math.Max(PauseFactor * usual, Length(run[0]));
        double[] hours = new double[run.Count];
        pausedHours = 0;
        for (int i = 1; i < run.Count; i++)
        {
            double rest = rests[i - 1];
            double inside = Length(run[i - 1]) - (run[i - 1].Seconds / 3600);
            pausedHours += (rest > longest ? rest - usual : 0) + (inside > longest ? inside : 0);
            hours[i] = ((run[i].StartMicroseconds - run[0].StartMicroseconds) / 3.6e9) - pausedHours;
        }

        return hours;
    }

    private static double Length(FlowHalf half) => (half.EndMicroseconds - half.StartMicroseconds) / 3.6e9;

    private static int FirstShort(HalfOverpotential[] over)
    {
        for (int i = 1; i < over.Length; i++)
        {
            double beforeV = TheilSen.Median([.. over[Math.Max(0, i - Before)..i].Select(half => half.PlateauV)]);
            bool isLow = over[i].PlateauV < ShortShare * beforeV;
            if (isLow && (i + 1 == over.Length || over[i + 1].PlateauV < ShortShare * beforeV))
            {
                return i;
            }
        }

        return -1;
    }

    private static int FirstOf(HalfOverpotential[] over, Func<HalfOverpotential, bool> isMet, int before)
    {
        int end = before < 0 ? over.Length : before;
        return Array.FindIndex(
            [.. Enumerable.Range(0, end)], i => isMet(over[i]) && (i + 1 == end || isMet(over[i + 1])));
    }

    /// <summary>The fall is looked for in the half whose plateau is low and in the one before, which may have fallen late.</summary>
    private static double ShortHours(HalfOverpotential[] over, double[] hours, int shorted)
    {
        for (int i = shorted - 1; i <= shorted; i++)
        {
            if (over[i].FallSeconds is { } seconds)
            {
                return hours[i] + (seconds / 3600);
            }
        }

        return hours[shorted];
    }
}
