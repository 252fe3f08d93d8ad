using System.Globalization;
using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The findings of a cell, worst first, each with its evidence.</summary>
internal sealed class FindingPart(HtmlText html, CellView view)
{
    private const int MostRows = 300;

    public void Write()
    {
        if (view.Findings.Count == 0)
        {
            return;
        }

        html.Raw("<h3>Findings</h3>\n<div class=\"scroll\"><table class=\"findings\"><thead><tr><th>Severity</th><th>Rule</th><th>When</th>"
            + "<th>What</th><th>Evidence</th><th>State</th></tr></thead><tbody>\n");
        foreach (Finding finding in view.Findings.Take(MostRows))
        {
            WriteRow(finding);
        }

        html.Raw("</tbody></table></div>\n");
        if (view.Findings.Count > MostRows)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">The {MostRows} worst of {view.Findings.Count} findings; all are in the JSON.</p>\n"));
        }
    }

    private void WriteRow(Finding finding)
    {
        string severity = AnalysisJson.NameOf(finding.Severity);
        html.Raw($"<tr class=\"{severity}\"><td><span class=\"chip {severity}\">{severity}</span></td><td class=\"rule\">").Text(finding.Rule)
            .Raw("</td><td class=\"when\">").Text(TimeText.Moment(finding.OnsetMicroseconds));
        if (finding.Cycle is { } cycle)
        {
            html.Raw("<br> cycle ").Figure(cycle, "0");
        }

        html.Raw("</td><td class=\"what\"><bdi>").Text(finding.Message).Raw("</bdi></td><td class=\"evidence\"><span>").Text(finding.Measure).Raw("</span><br> ")
            .Figure(finding.Observed, "G6");
        if (finding.Limit is not null)
        {
            html.Raw(" <span class=\"against\">against</span> ").Figure(finding.Limit, "G6");
        }

        html.Raw(finding.Unit is "ratio" ? "" : " ").Text(finding.Unit is "ratio" ? "" : finding.Unit).Raw("</td><td class=\"state\">");
        WriteState(finding);
        html.Raw("</td></tr>\n");
    }

    private void WriteState(Finding finding)
    {
        if (finding.ClearedMicroseconds is { } cleared)
        {
            html.Raw("cleared after ").Text(TimeText.Span((cleared - finding.OnsetMicroseconds) / 1e6));
        }
        else
        {
            html.Raw(finding.Latches ? "stands until a person ends it" : "stands");
        }

        if (finding.MaximumTemperatureC is not null)
        {
            html.Raw("<br> highest since ").Figure(finding.MaximumTemperatureC, "F1", "°C");
        }

        if (finding.ProposedHazardLevel is not null)
        {
            html.Raw("<br> proposed hazard level ").Figure(finding.ProposedHazardLevel, "0").Raw(" (EUCAR)");
        }
    }
}
