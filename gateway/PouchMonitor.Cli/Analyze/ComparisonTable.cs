using System.Globalization;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Report.Comparison;

namespace PouchMonitor.Cli.Analyze;

/// <summary>Cells beside their reference cohort, for a person at a terminal.</summary>
internal static class ComparisonTable
{
    public static void Print(IReadOnlyList<AnalysisReport> reports, TextWriter output)
    {
        AnalysisReport[] compared = [.. reports.Where(report => report.Comparison is { IsReference: false })];
        if (compared.Length == 0)
        {
            return;
        }

        IReadOnlyList<string> cohort = compared[0].Comparison!.Cohort;
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"Beside the cohort {string.Join(", ", cohort)} ({cohort.Count} cell{(cohort.Count == 1 ? "" : "s")}); median and spread of the last cycle in common"));
        output.WriteLine("measure                  cycle      cell    median    spread  departure");
        foreach (AnalysisReport report in compared)
        {
            CellComparison comparison = report.Comparison!;
            output.WriteLine(report.Cell + (comparison.NoVerdict.Length > 0 ? "   No verdict: " + comparison.NoVerdict : ""));
            foreach (MeasureComparison measure in comparison.Measures)
            {
                ComparedCycle? last = measure.Cycles.LastOrDefault(cycle => cycle.Median is not null);
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"  {measure.Measure.Title,-20}  {last?.Cycle,6}  {last?.Value,8:F4}  {last?.Median,8:F4}  {last?.Spread,8:F4}  {last?.Departure,9:F1}  {measure.Verdict}").TrimEnd());
            }
        }

        output.WriteLine();
    }
}
