using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The peaks of dQ/dV of the shown cycles, beside where the peak that is the same reaction lies on the other half.</summary>
internal sealed class PeakPart(HtmlText html, CellView view)
{
    public void Write()
    {
        if (view.Report.Detail is not { } detail)
        {
            return;
        }

        HashSet<int> shown = [.. detail.Shown.Select(one => one.Cycle)];
        DifferentialCapacity[] halves = [.. detail.Halves.Where(half => shown.Contains(half.Cycle))];
        if (halves.Length == 0)
        {
            return;
        }

        html.Raw("<h3>Peaks of dQ/dV</h3>\n<div class=\"scroll narrow\"><table class=\"peaks\"><thead><tr><th>Cycle</th><th>Half</th><th>Rate<br>A</th><th>Position<br>V</th>"
            + "<th>Height<br>").Raw(view.Milli).Raw("Ah/V</th><th>Area<br>").Raw(view.Milli).Raw("Ah</th><th>Width<br>mV</th><th>Separation<br>mV</th></tr></thead><tbody>\n");
        foreach (DifferentialCapacity half in halves)
        {
            WriteHalf(half, detail.Separations);
        }

        html.Raw("</tbody></table></div>\n");
    }

    private void WriteHalf(DifferentialCapacity half, IReadOnlyList<PeakSeparation> separations)
    {
        if (half.Peaks.Count == 0)
        {
            Start(half);
            html.Raw("<td colspan=\"5\" class=\"quality\">").Text(half.Reason.Length > 0 ? "not told: " + half.Reason : "no peak").Raw("</td></tr>\n");
        }

        foreach (DifferentialPeak peak in half.Peaks)
        {
            PeakSeparation? pair = separations.FirstOrDefault(one => ReferenceEquals(half.Half == StepKind.Charge ? one.Charge : one.Discharge, peak));
            Start(half);
            Cell(peak.PositionV, "F3");
            Cell(peak.HeightAhPerV, "G4", view.Scale);
            Cell(peak.AreaAh, "G4", view.Scale);
            Cell(peak.WidthV, "F0", 1000);
            Cell(pair?.SeparationV, "F1", 1000);
            html.Raw("</tr>\n");
        }
    }

    private void Start(DifferentialCapacity half)
    {
        html.Raw("<tr><th scope=\"row\">").Figure(half.Cycle, "0").Raw("</th><td class=\"quality\">").Text(AnalysisJson.NameOf(half.Half)).Raw("</td>");
        Cell(half.RateA, "G4");
    }

    private void Cell(double? value, string format, double factor = 1) => html.Raw("<td>").Figure(value, format, "", factor).Raw("</td>");
}
