using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>One cell of a report, with what several of its parts need.</summary>
internal sealed class CellView
{
    public CellView(AnalysisReport report, int number)
    {
        Report = report;
        Number = number;
        Profile = report.Standing?.Profile ?? CellProfiles.Default;
        Comparable = ComparableCycles.Of(Profile, report.Cycles, report.Steps);
        Findings = [.. report.Findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.OnsetMicroseconds)];
        Crossing = report.Findings.FirstOrDefault(finding => finding.Rule == RuleNames.CapacityFade
            && finding.Measure.EndsWith("CapacityRetention", StringComparison.Ordinal));
    }

    public AnalysisReport Report { get; }

    /// <summary>Place in the report, from 1.</summary>
    public int Number { get; }

    public CellProfile Profile { get; }

    public ComparableCycles Comparable { get; }

    /// <summary>Worst first, then as they came.</summary>
    public IReadOnlyList<Finding> Findings { get; }

    /// <summary>The finding that the capacity has crossed the end of life; null where it has not.</summary>
    public Finding? Crossing { get; }

    /// <summary>The half whose capacity is watched, as a word.</summary>
    public string MainName => Profile.Kind == CellKind.Half ? "charge" : "discharge";

    public double? MainCapacityAh(CycleSummary cycle) => ComparableCycles.MainCapacityAh(cycle, Profile.Kind);

    /// <summary>Index of the cycle that runs at a time; null before the first.</summary>
    public int? CycleAt(long microseconds)
    {
        int low = 0;
        int high = Report.Cycles.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            (low, high) = Report.Cycles[middle].StartMicroseconds <= microseconds ? (middle + 1, high) : (low, middle);
        }

        return low == 0 ? null : Report.Cycles[low - 1].Index;
    }

    /// <summary>Median; null of nothing.</summary>
    public static double? Median(IEnumerable<double> values)
    {
        double[] known = [.. values];
        return known.Length == 0 ? null : TheilSen.Median(known);
    }
}
