using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Cli;

/// <summary>A report as tables for a person at a terminal.</summary>
internal static class ReportTables
{
    public static void Print(AnalysisReport report, TextWriter output)
    {
        output.WriteLine($"{report.Cell}   ({report.Source})");
        if (report.Cycles.Count > 0)
        {
            output.WriteLine();
            output.WriteLine("cycle   charge Ah  discharge Ah    CE %   charge Wh  discharge Wh  polarization mV   max C  quality");
            foreach (CycleSummary cycle in report.Cycles)
            {
                output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{cycle.Index,5}  {Number(cycle.ChargeCapacityAh, "F5"),10}  {Number(cycle.DischargeCapacityAh, "F5"),12}  {Number(cycle.CoulombicEfficiency * 100, "F2"),6}  {Number(cycle.ChargeEnergyWh, "F4"),10}  {Number(cycle.DischargeEnergyWh, "F4"),12}  {Number(cycle.PolarizationV * 1000, "F1"),15}  {Number(cycle.MaxTemperatureC, "F1"),6}  {Quality(cycle)}"));
            }
        }

        PrintPulses(report, output);
        RestTable.Print(report.Rests, output);
        NamedTestTable.Print(report.NamedTests, report.DroppedTransientCount, output);
        CounterTable.Print(report.Counters, output);
        output.WriteLine();
        output.WriteLine(report.Findings.Count == 0 ? "No findings." : "Findings");
        foreach (Finding finding in report.Findings)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {AnalysisJson.NameOf(finding.Severity),-9} {finding.Rule,-17} at {finding.OnsetMicroseconds / 1e6:F3} s{(finding.Cycle is { } index ? $", cycle {index}" : "")}: {finding.Message}"));
        }

        output.WriteLine();
    }

    private static void PrintPulses(AnalysisReport report, TextWriter output)
    {
        if (report.Pulses.Count == 0)
        {
            return;
        }

        const int Most = 12;
        output.WriteLine();
        output.WriteLine("pulse at s     current A   R0 mOhm   R1s mOhm  R10s mOhm");
        foreach (PulseResistance pulse in report.Pulses.Take(Most))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{pulse.TimeMicroseconds / 1e6,12:F1}  {pulse.CurrentA,9:F4}  {Number(pulse.R0Ohm * 1000, "F2"),8}  {Number(pulse.R1sOhm * 1000, "F2"),9}  {Number(pulse.R10sOhm * 1000, "F2"),9}"));
        }

        if (report.Pulses.Count > Most)
        {
            output.WriteLine($"... and {report.Pulses.Count - Most} more, see --json.");
        }
    }

    private static string Quality(CycleSummary cycle) =>
        AnalysisJson.NameOf(cycle.Quality) + (cycle.QualityReason.Length > 0 ? ": " + cycle.QualityReason : "");

    private static string Number(double? value, string format) =>
        value is { } known ? known.ToString(format, CultureInfo.InvariantCulture) : "-";
}
