using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Electrochemical floating: the voltage held at rising levels, hours each, until the cell takes no more charge; what flows
/// then is what the electrolyte loses at that potential.
/// </summary>
public static class Floating
{
    private const int LeastLevels = 3;
    private const double LeastSeconds = 3600;
    private const double LeastRiseV = 0.02;
    private const double SameLevelV = 0.005;

    /// <summary>More charge out between two holds than this share of the largest step is a discharge.</summary>
    private const double LargestDischargeShare = 0.01;

    /// <summary>At its begin a hold takes more than at its end; a current that is kept on a plateau of the voltage does not fall.</summary>
    private const double LeastFall = 1.5;

    /// <summary>The end of a hold over which the current is averaged.</summary>
    private const double EndShare = 0.8;

    /// <summary>A current that changes by more than this share over the end of its hold has not settled.</summary>
    private const double LargestDriftShare = 0.1;
    private const double Coverage = 2;

    /// <summary>
    /// The floating tests of a series. Each hold has: <c>voltageV</c>, <c>holdH</c>, <c>leakageCurrentA</c>, mean over the last fifth;
    /// <c>leakageUncertaintyA</c>, standard (k = 1), of the scatter there and of the current's offset where a calibration is known;
    /// <c>driftAPerH</c>, slope over the last fifth; <c>leakageCurrentDensityUaPerCm2</c> where the area is declared. A hold whose current
    /// still changes by a tenth over that fifth, and by more than its noise, has not settled: its current is an upper bound for the leak.
    /// Nothing is found where the series was not watched.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        if (input.Inside is null)
        {
            yield break;
        }

        bool isDeclared = input.Declared == NamedTestKind.Floating;
        List<VoltageHold> holds = Levels(input.Inside.Holds, isDeclared ? 0 : LeastSeconds);
        for (int i = 0; i < holds.Count;)
        {
            int end = i + 1;
            while (end < holds.Count && (isDeclared || IsNext(input.Steps, holds[end - 1], holds[end])))
            {
                end++;
            }

            if (end - i >= (isDeclared ? 1 : LeastLevels))
            {
                yield return Build(input, holds.GetRange(i, end - i));
            }

            i = end;
        }
    }

    /// <summary>Holds that are long enough and whose current fell; one that was interrupted counts with its longest part.</summary>
    private static List<VoltageHold> Levels(IReadOnlyList<VoltageHold> found, double leastSeconds)
    {
        List<VoltageHold> levels = [];
        foreach (VoltageHold hold in found)
        {
            bool isFalling = hold.Bins.Count > 0
                && Math.Abs(hold.Bins[0].CurrentA) >= LeastFall * Math.Abs(hold.Bins[^1].CurrentA);
            if (levels.Count > 0 && Math.Abs(hold.VoltageV - levels[^1].VoltageV) <= SameLevelV && hold.Seconds > levels[^1].Seconds)
            {
                levels[^1] = hold;
            }
            else if (isFalling && hold.Seconds >= leastSeconds
                && (levels.Count == 0 || Math.Abs(hold.VoltageV - levels[^1].VoltageV) > SameLevelV))
            {
                levels.Add(hold);
            }
        }

        return levels;
    }

    private static bool IsNext(IReadOnlyList<StepSummary> steps, VoltageHold before, VoltageHold next)
    {
        if (next.VoltageV - before.VoltageV < LeastRiseV)
        {
            return false;
        }

        double largestAh = 0;
        double dischargedAh = 0;
        foreach (StepSummary step in steps)
        {
            largestAh = Math.Max(largestAh, Math.Max(step.ChargeAh, step.DischargeAh));
            bool isBetween = step.StartMicroseconds >= before.EndMicroseconds && step.EndMicroseconds <= next.StartMicroseconds;
            dischargedAh += isBetween ? step.DischargeAh : 0;
        }

        return dischargedAh <= LargestDischargeShare * largestAh;
    }

    private static NamedTest Build(NamedTestInput input, List<VoltageHold> holds)
    {
        List<Leak> leaks = [.. holds.Select(hold => Leak.Of(hold, input.Uncertainty?.OffsetA ?? 0))];
        int settled = leaks.Count(leak => leak.Reason.Length == 0);
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned([.. leaks.Select(leak => leak.ToGroup(input.ElectrodeAreaCm2))]);
        return new NamedTest
        {
            Kind = NamedTestKind.Floating,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{holds.Count} holds of {holds.Min(hold => hold.Seconds) / 3600:F2} to {holds.Max(hold => hold.Seconds) / 3600:F2} h, from {holds[0].VoltageV:F3} to {holds[^1].VoltageV:F3} V, no discharge between"),
            StartMicroseconds = holds[0].StartMicroseconds,
            EndMicroseconds = holds[^1].EndMicroseconds,
            Quality = settled == leaks.Count ? CycleQuality.Complete : settled > 0 ? CycleQuality.Partial : CycleQuality.Unusual,
            Reason = settled == leaks.Count ? "" : $"{leaks.Count - settled} of {leaks.Count} holds do not show a settled current",
            Values =
            [
                new("holds", leaks.Count),
                new("settledHolds", settled),
                new("highestVoltageV", holds.Max(hold => hold.VoltageV)),
                new("leakageAtHighestVoltageA", leaks.MaxBy(leak => leak.Hold.VoltageV)!.CurrentA),
                new("largestLeakageA", leaks.Max(leak => leak.CurrentA)),
            ],
            GroupName = "hold",
            Columns = ["voltageV", "holdH", "leakageCurrentA", "leakageUncertaintyA", "driftAPerH", "leakageCurrentDensityUaPerCm2"],
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private sealed record Leak(VoltageHold Hold, double? CurrentA, double? UncertaintyA, double? DriftAPerH, string Reason)
    {
        public static Leak Of(VoltageHold hold, double offsetA)
        {
            List<TransientBin> end = [.. hold.Bins.Where(bin => bin.MeanSeconds >= EndShare * hold.Seconds)];
            if (TransientLine.Of(end, bin => bin.MeanSeconds, bin => bin.CurrentA) is not { } line)
            {
                return new Leak(hold, null, null, null, "too few samples at its end");
            }

            double meanA = end.Sum(bin => bin.CurrentA * bin.Seconds) / end.Sum(bin => bin.Seconds);
            double scatterA = line.Scatter / Math.Sqrt(line.Count);
            double uncertaintyA = Math.Sqrt((scatterA * scatterA) + (offsetA * offsetA));
            double changeA = Math.Abs(line.Slope) * (1 - EndShare) * hold.Seconds;
            string reason = changeA > LargestDriftShare * Math.Abs(meanA) && Math.Abs(line.Slope) > Coverage * line.SlopeError
                ? string.Create(
                    CultureInfo.InvariantCulture,
                    $"not settled: it changes by {100 * changeA / Math.Abs(meanA):F0} % over the last fifth of the hold")
                : Math.Abs(meanA) < Coverage * uncertaintyA ? "not told from zero" : "";
            return new Leak(hold, meanA, uncertaintyA, line.Slope * 3600, reason);
        }

        public NamedGroup ToGroup(double? areaCm2) => new(
            [Hold.VoltageV, Hold.Seconds / 3600, CurrentA, UncertaintyA, DriftAPerH, 1e6 * CurrentA / areaCm2],
            Reason.Length == 0 ? CycleQuality.Complete : CycleQuality.Unusual, Reason);
    }
}
