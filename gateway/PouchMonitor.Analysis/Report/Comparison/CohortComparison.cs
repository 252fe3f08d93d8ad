using System.Globalization;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Report.Comparison;

/// <summary>
/// Holds cells against a reference cohort, cycle by cycle: median of the cohort and its spread by the median absolute
/// deviation (times 1.4826, the standard deviation of a normal distribution). A cell departs from the first of at least
/// three cycles in a row beyond 3.5 spreads (Iglewicz and Hoaglin, How to Detect and Handle Outliers, 1993), up to its last.
/// Only like is compared with like; a cohort of one cell has no spread, so that there is no verdict.
/// </summary>
public static class CohortComparison
{
    /// <summary>Spreads beyond which a cell departs.</summary>
    public const double Limit = 3.5;

    private const int HoldCycles = 3;
    private const double LeastPolarizationV = 0.005;

    /// <summary>The reports with their comparisons.</summary>
    /// <param name="reports">All cells.</param>
    /// <param name="isReference">For each whether it belongs to the cohort; at least one does.</param>
    public static IReadOnlyList<AnalysisReport> Apply(IReadOnlyList<AnalysisReport> reports, IReadOnlyList<bool> isReference)
    {
        ArgumentNullException.ThrowIfNull(reports);
        ArgumentNullException.ThrowIfNull(isReference);
        Subject[] subjects = [.. reports.Select((report, at) => new Subject(report, isReference[at]))];
        Subject[] cohort = [.. subjects.Where(subject => subject.IsReference)];
        string[] names = [.. cohort.Select(subject => subject.Report.Cell)];
        string cohortProblem = ProblemOf(cohort);
        List<Dictionary<int, (double Median, double? Spread)>> bands = [.. ComparedMeasure.All.Select((measure, at) => BandOf(cohort, at, measure.Floor))];
        return
        [
            .. subjects.Select(subject =>
            {
                string noVerdict = subject.IsReference ? "It belongs to the cohort." : cohortProblem.Length > 0 ? cohortProblem : subject.UnlikeWhy(cohort[0]);
                return subject.Report with
                {
                    Comparison = new CellComparison
                    {
                        Cohort = names,
                        IsReference = subject.IsReference,
                        NoVerdict = noVerdict,
                        Measures = [.. ComparedMeasure.All.Select((measure, at) => Compare(measure, subject.Values[at], bands[at], noVerdict))],
                    },
                };
            }),
        ];
    }

    private static string ProblemOf(Subject[] cohort)
    {
        if (cohort.Length == 1)
        {
            return "The cohort is one cell and has no spread.";
        }

        foreach (Subject one in cohort)
        {
            if (one.UnlikeWhy(cohort[0]) is { Length: > 0 } why)
            {
                return $"The cohort's cells are not alike: {one.Report.Cell}: {why}";
            }
        }

        return "";
    }

    private static Dictionary<int, (double Median, double? Spread)> BandOf(Subject[] cohort, int measure, double floor) => cohort
        .SelectMany(subject => subject.Values[measure])
        .GroupBy(value => value.Cycle, value => value.Value)
        .ToDictionary(cycle => cycle.Key, cycle =>
        {
            double[] values = [.. cycle];
            double median = TheilSen.Median(values);
            double[] deviations = [.. values.Select(value => Math.Abs(value - median))];
            const double Normal = 1.4826;
            return (median, values.Length > 1 ? (double?)Math.Max(floor, Normal * TheilSen.Median(deviations)) : null);
        });

    private static MeasureComparison Compare(
        ComparedMeasure measure, IReadOnlyList<(int Cycle, double Value)> values, Dictionary<int, (double Median, double? Spread)> band, string noVerdict)
    {
        ComparedCycle[] cycles =
        [
            .. values.Select(value => band.TryGetValue(value.Cycle, out (double Median, double? Spread) beside)
                ? new ComparedCycle(value.Cycle, value.Value, beside.Median, beside.Spread)
                : new ComparedCycle(value.Cycle, value.Value, null, null)),
        ];
        if (noVerdict.Length > 0)
        {
            return new MeasureComparison { Measure = measure, Cycles = cycles, Verdict = "" };
        }

        ComparedCycle[] judged = [.. cycles.Where(cycle => cycle.Departure is not null)];
        if (judged.Length < HoldCycles)
        {
            return new MeasureComparison
            {
                Measure = measure, Cycles = cycles,
                Verdict = string.Create(CultureInfo.InvariantCulture, $"No verdict: {judged.Length} of its comparable cycles are those of two or more cells of the cohort, and {HoldCycles} are needed."),
            };
        }

        int beyond = judged.Reverse().TakeWhile(cycle => Math.Abs(cycle.Departure!.Value) > Limit && Math.Sign(cycle.Departure.Value) == Math.Sign(judged[^1].Departure!.Value)).Count();
        ComparedCycle last = judged[^1];
        if (beyond < HoldCycles)
        {
            return new MeasureComparison
            {
                Measure = measure, Cycles = cycles,
                Verdict = string.Create(CultureInfo.InvariantCulture, $"Within the cohort: {last.Departure:0.#} spreads from its median at cycle {last.Cycle}."),
            };
        }

        bool isAbove = last.Departure > 0;
        return new MeasureComparison
        {
            Measure = measure,
            Cycles = cycles,
            DepartsFromCycle = judged[^beyond].Cycle,
            Verdict = string.Create(CultureInfo.InvariantCulture,
                $"{(isAbove == measure.IsWorseAbove ? "Worse" : "Better")} than the cohort from cycle {judged[^beyond].Cycle} on: {Math.Abs(last.Departure!.Value):0.#} spreads {(isAbove ? "above" : "below")} its median at cycle {last.Cycle}."),
        };
    }

    // A cell and its values of each measure.
    private sealed class Subject
    {
        private readonly ComparableCycles comparable;
        private readonly double capacityAh;

        public Subject(AnalysisReport report, bool isReference)
        {
            Report = report;
            IsReference = isReference;
            CellProfile profile = report.Standing?.Profile ?? CellProfiles.Default;
            comparable = ComparableCycles.Of(profile, report.Cycles, report.Steps);
            capacityAh = (comparable.Reference is { } reference ? ComparableCycles.MainCapacityAh(reference, profile.Kind) : null) ?? double.NaN;
            ComparableCycle[] whole = [.. comparable.Cycles.Where(cycle => cycle.IsWhole)];
            double? firstGapV = whole.FirstOrDefault(cycle => cycle.Cycle.PolarizationV is not null)?.Cycle.PolarizationV;
            Values =
            [
                [.. comparable.Cycles.Select(cycle => (cycle.Cycle.Index, cycle.Retention))],
                [.. whole.Where(cycle => cycle.Cycle.CoulombicEfficiency is not null).Select(cycle => (cycle.Cycle.Index, cycle.Cycle.CoulombicEfficiency!.Value))],
                firstGapV >= LeastPolarizationV
                    ? [.. whole.Where(cycle => cycle.Cycle.PolarizationV is not null).Select(cycle => (cycle.Cycle.Index, cycle.Cycle.PolarizationV!.Value / firstGapV.Value))]
                    : [],
            ];
        }

        public AnalysisReport Report { get; }

        public bool IsReference { get; }

        /// <summary>Cycle and value, for each of <see cref="ComparedMeasure.All"/>.</summary>
        public IReadOnlyList<IReadOnlyList<(int Cycle, double Value)>> Values { get; }

        /// <summary>Why this cell cannot be compared with another, a sentence; empty where it can.</summary>
        public string UnlikeWhy(Subject other)
        {
            if (comparable.Reference is null)
            {
                return "It has no cycle that can be a reference.";
            }

            if (other.comparable.Reference is null)
            {
                return "The cohort has no cycle that can be a reference.";
            }

            double rate = comparable.ReferenceConditions.RateA / capacityAh;
            double otherRate = other.comparable.ReferenceConditions.RateA / other.capacityAh;
            if (!CycleClass.IsSame(rate, otherRate))
            {
                return FormattableString.Invariant($"It is not like the cohort: its reference cycle ran at {rate:0.###} times its capacity an hour and not at {otherRate:0.###}.");
            }

            string difference = comparable.ReferenceConditions.DifferenceBut(other.comparable.ReferenceConditions);
            return difference.Length > 0 ? $"It is not like the cohort: {difference}." : "";
        }
    }
}
