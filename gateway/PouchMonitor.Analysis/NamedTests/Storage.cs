using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.NamedTests;

/// <summary>
/// Storage of a charged cell: the capacity before it, what is left after it, and what a new charge brings back (IEC 61960 calls the
/// two charge retention and recovery).
/// </summary>
public static class Storage
{
    private const double LeastHours = 24;
    private const double LeastDeclaredHours = 6;
    private const double LeastRecordedShare = 0.8;
    private const double SameCurrentShare = 0.07;

    /// <summary>
    /// The storages of a series, a group each: <c>storageH</c>, <c>temperatureC</c> (middle of the rest's; null without one),
    /// <c>referenceAh</c> (last discharge before, at the same current), <c>retainedAh</c> (the discharge after the rest), <c>recoveredAh</c> (the
    /// next one, after a charge), <c>retainedShare</c>, <c>recoveredShare</c>, <c>selfDischargeShare</c> = 1 - retained share,
    /// <c>irreversibleShare</c> = 1 - recovered share, <c>selfDischargePerDay</c>, <c>voltageLossMv</c> (first less last record of the
    /// rest, so that the relaxation of the charge is in it). Shares have the errors of the capacities, less what is common to them.
    /// Recognised from 24 h on, where four fifths of the rest are recorded without a gap. Null where the discharge that is needed is missing, gapped or ran at another current.
    /// </summary>
    public static IEnumerable<NamedTest> Find(NamedTestInput input)
    {
        ArgumentNullException.ThrowIfNull(input);
        bool isDeclared = input.Declared == NamedTestKind.Storage;
        List<CycleRate> rates = CycleRate.Of(input.Cycles, input.Steps);
        Dictionary<int, (StepSummary First, StepSummary Last)> rests = Rests(input.Steps);
        List<Stored> found = [];
        for (int i = 0; i < rates.Count; i++)
        {
            if (!(rates[i].Cycle.MeanDischargeVoltageV <= 0) && rests.TryGetValue(rates[i].Cycle.Index, out (StepSummary First, StepSummary Last) rest)
                && Hours(rest) >= (isDeclared ? LeastDeclaredHours : LeastHours)
                && (isDeclared || IsRecorded(rest, input.Inside)))
            {
                found.Add(Stored.Of(rest, Before(rates, i), rates[i], After(rates, i)));
            }
        }

        if (found.Count > 0)
        {
            yield return Build(found);
        }
    }

    /// <summary>First and last step of the rest between charge and discharge of each cycle.</summary>
    private static Dictionary<int, (StepSummary First, StepSummary Last)> Rests(IReadOnlyList<StepSummary> steps)
    {
        Dictionary<int, (StepSummary First, StepSummary Last)> rests = [];
        HashSet<int> charged = [];
        HashSet<int> discharged = [];
        foreach (StepSummary step in steps)
        {
            if (step.Cycle is not { } cycle)
            {
                continue;
            }

            if (step.Kind == StepKind.Rest && charged.Contains(cycle) && !discharged.Contains(cycle))
            {
                rests[cycle] = (rests.TryGetValue(cycle, out (StepSummary First, StepSummary Last) rest) ? rest.First : step, step);
            }
            else if (step.Kind == StepKind.Charge)
            {
                charged.Add(cycle);
                rests.Remove(cycle);
            }
            else if (step.Kind == StepKind.Discharge)
            {
                discharged.Add(cycle);
            }
        }

        return rests;
    }

    private static double Hours((StepSummary First, StepSummary Last) rest) =>
        (rest.Last.EndMicroseconds - rest.First.StartMicroseconds) / 3.6e9;

    /// <summary>A pause of the record is no storage unless a person says so: nobody knows what was done with the cell meanwhile.</summary>
    private static bool IsRecorded((StepSummary First, StepSummary Last) rest, NamedTestCollector? inside)
    {
        double recordedS = inside?.Find(rest.Last)?.Seconds ?? (rest.Last.SampleCount * 3600);
        return recordedS >= LeastRecordedShare * Hours(rest) * 3600;
    }

    private static CycleRate? Before(List<CycleRate> rates, int at) => at > 0 && IsComparable(rates[at - 1], rates[at]) ? rates[at - 1] : null;

    private static CycleRate? After(List<CycleRate> rates, int at) =>
        at + 1 < rates.Count && IsComparable(rates[at + 1], rates[at]) ? rates[at + 1] : null;

    private static bool IsComparable(CycleRate one, CycleRate stored) => one.Cycle.DischargeCapacityAh is not null
        && one.Discharge?.Quality == CycleQuality.Complete && one.Cycle.Quality != CycleQuality.Gapped
        && Math.Abs((one.DischargeA - stored.DischargeA) ?? double.PositiveInfinity) <= SameCurrentShare * stored.DischargeA;

    private static NamedTest Build(List<Stored> found)
    {
        (IReadOnlyList<NamedGroup> listed, int omitted) = GroupList.Thinned([.. found.Select(stored => stored.ToGroup())]);
        int whole = found.Count(stored => stored.Reason.Length == 0);
        return new NamedTest
        {
            Kind = NamedTestKind.Storage,
            Why = string.Create(
                CultureInfo.InvariantCulture,
                $"{found.Count} rest{(found.Count == 1 ? "" : "s")} of {found.Min(stored => stored.Hours):F1} to {found.Max(stored => stored.Hours):F1} h between a charge and its discharge"),
            StartMicroseconds = found[0].Rest.First.StartMicroseconds,
            EndMicroseconds = found[^1].Rest.Last.EndMicroseconds,
            Quality = whole == found.Count ? CycleQuality.Complete : CycleQuality.Partial,
            Reason = whole == found.Count ? "" : $"{found.Count - whole} of {found.Count} storages lack a discharge to compare with",
            Values =
            [
                new("storages", found.Count),
                new("longestStorageH", found.Max(stored => stored.Hours)),
                new("lowestRetainedShare", found.Min(stored => stored.RetainedShare)),
                new("lowestRecoveredShare", found.Min(stored => stored.RecoveredShare)),
            ],
            GroupName = "storage",
            Columns =
            [
                "storageH", "temperatureC", "referenceAh", "retainedAh", "recoveredAh", "retainedShare", "recoveredShare", "selfDischargeShare",
                "irreversibleShare", "selfDischargePerDay", "voltageLossMv",
            ],
            Groups = listed,
            OmittedGroupCount = omitted,
        };
    }

    private sealed record Stored(
        (StepSummary First, StepSummary Last) Rest, double? ReferenceAh, double? RetainedAh, double? RecoveredAh, string Reason)
    {
        public double Hours => Storage.Hours(Rest);

        public double? RetainedShare => RetainedAh / ReferenceAh;

        public double? RecoveredShare => RecoveredAh / ReferenceAh;

        public static Stored Of((StepSummary First, StepSummary Last) rest, CycleRate? before, CycleRate stored, CycleRate? after)
        {
            double? retained = stored.Discharge?.Quality == CycleQuality.Complete && stored.Cycle.Quality != CycleQuality.Gapped
                ? stored.Cycle.DischargeCapacityAh : null;
            string reason = string.Join("; ", new[]
            {
                before is null ? "no whole discharge at the same current before it" : "",
                retained is null ? "the discharge after it is not whole" : "",
                after is null ? "no whole discharge at the same current after the next charge" : "",
            }.Where(part => part.Length > 0));
            return new Stored(rest, before?.Cycle.DischargeCapacityAh, retained, after?.Cycle.DischargeCapacityAh, reason);
        }

        public NamedGroup ToGroup() => new(
            [
                Hours, 0.5 * (Rest.Last.MinTemperatureC + Rest.Last.MaxTemperatureC), ReferenceAh, RetainedAh, RecoveredAh, RetainedShare, RecoveredShare,
                1 - RetainedShare, 1 - RecoveredShare, (1 - RetainedShare) / (Hours / 24), 1000 * (Rest.First.FirstVoltageV - Rest.Last.LastVoltageV),
            ],
            Reason.Length == 0 ? CycleQuality.Complete : CycleQuality.Partial, Reason);
    }
}
