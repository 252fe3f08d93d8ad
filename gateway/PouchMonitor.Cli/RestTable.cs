using System.Globalization;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Cli;

/// <summary>Rests for a person at a terminal.</summary>
internal static class RestTable
{
    private const int Most = 12;

    public static void Print(IReadOnlyList<RestRelaxation> rests, TextWriter output)
    {
        if (rests.Count == 0)
        {
            return;
        }

        output.WriteLine();
        output.WriteLine("rest in step  after      hours  10 s mV  60 s mV  600 s mV   end mV  drift mV/h (95 %)");
        foreach (RestRelaxation rest in rests.Take(Most))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{rest.Step,12}  {Kind(rest.After),-9}  {rest.Seconds / 3600,5:F2}  {Mv(rest.ChangeAfter10sV),7}  {Mv(rest.ChangeAfter60sV),7}  {Mv(rest.ChangeAfter600sV),8}  {Mv(rest.ChangeAtEndV),7}  {Drift(rest)}"));
        }

        if (rests.Count > Most)
        {
            output.WriteLine($"... and {rests.Count - Most} more, see --json.");
        }
    }

    private static string Kind(StepKind? after) => after is { } kind ? AnalysisJson.NameOf(kind) : "-";

    private static string Mv(double? volts) => volts is { } known ? (1000 * known).ToString("F1", CultureInfo.InvariantCulture) : "-";

    private static string Drift(RestRelaxation rest) => rest.DriftMvPerH is not { } drift ? "-" : string.Create(
        CultureInfo.InvariantCulture,
        $"{drift:F2} ({rest.DriftLowMvPerH:F2} to {rest.DriftHighMvPerH:F2}){(rest.IsSettled == true ? "" : ", not settled")}");
}
