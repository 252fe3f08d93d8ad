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
        IsSmall = report.Cycles.Select(cycle => Math.Max(cycle.ChargeCapacityAh ?? 0, cycle.DischargeCapacityAh ?? 0)).DefaultIfEmpty(1).Max() < SmallAh;
        IsResistive = report.Pulses.Any(pulse => Math.Max(pulse.R0Ohm ?? 0, pulse.R10sOhm ?? 0) >= HighOhm);
        Comparable = ComparableCycles.Of(Profile, report.Cycles, report.Steps);
        Findings = [.. report.Findings.OrderByDescending(finding => finding.Severity).ThenBy(finding => finding.OnsetMicroseconds)];
        Crossing = report.Findings.FirstOrDefault(finding => finding.Rule == RuleNames.CapacityFade
            && finding.Measure.EndsWith("CapacityRetention", StringComparison.Ordinal));
    }

    /// <summary>Cells whose largest capacity is below this, Ah, are told of in mAh and mWh.</summary>
    private const double SmallAh = 0.05;
    private const double HighOhm = 10;

    public AnalysisReport Report { get; }

    /// <summary>What stands before Ah and Wh: nothing, or the m of small cells.</summary>
    public string Milli => IsSmall ? "m" : "";

    /// <summary>From Ah and Wh to the units shown.</summary>
    public double Scale => IsSmall ? 1000 : 1;

    /// <summary>Unit in which resistances are shown: mΩ, or Ω where one reaches ten of them.</summary>
    public string OhmUnit => IsResistive ? "Ω" : "mΩ";

    /// <summary>From Ω to the unit shown.</summary>
    public double OhmScale => IsResistive ? 1 : 1000;

    private bool IsSmall { get; }

    private bool IsResistive { get; }

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
