using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.NamedTests;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The named tests that a record holds: their figures, by the names of the JSON, and the groups of each.</summary>
internal sealed class NamedTestPart(HtmlText html, CellView view)
{
    private const int MostGroups = 40;

    public void Write()
    {
        if (view.Report.NamedTests.Count == 0)
        {
            return;
        }

        html.Raw("<h3>Named tests</h3>\n");
        foreach (NamedTest test in view.Report.NamedTests)
        {
            html.Raw("<div class=\"named\"><p><b>").Text(NamedTestNames.NameOf(test.Kind)).Raw("</b> ").Raw(test.IsDeclared ? "declared; " : "").Text(test.Why)
                .Raw(". ").Text(Quality(test.Quality, test.Reason)).Raw("</p>\n");
            WriteValues(test);
            WriteGroups(test);
            html.Raw("</div>\n");
        }
    }

    private void WriteValues(NamedTest test)
    {
        html.Raw("<dl class=\"facts\">");
        foreach (NamedValue value in test.Values)
        {
            html.Raw("<div><dt>").Text(value.Name).Raw("</dt><dd>").Figure(value.Value, "G6").Raw("</dd></div>");
        }

        html.Raw("</dl>\n");
    }

    private void WriteGroups(NamedTest test)
    {
        if (test.Groups.Count == 0)
        {
            return;
        }

        html.Raw("<div class=\"scroll narrow\"><table class=\"groups\"><thead><tr>");
        foreach (string column in test.Columns)
        {
            html.Raw("<th>").Text(column).Raw("</th>");
        }

        html.Raw("<th>quality</th></tr></thead><tbody>\n");
        foreach (NamedGroup group in test.Groups.Take(MostGroups))
        {
            html.Raw("<tr>");
            foreach (double? value in group.Values)
            {
                html.Raw("<td>").Figure(value, "G6").Raw("</td>");
            }

            html.Raw("<td class=\"quality\">").Text(Quality(group.Quality, group.Reason)).Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
        int left = test.Groups.Count - MostGroups;
        html.Raw(left > 0 ? string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">The first {MostGroups} of {test.Groups.Count}; all are in the JSON.</p>\n") : "");
        html.Raw(test.OmittedGroupCount > 0
            ? string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">{test.OmittedGroupCount} of {test.OmittedGroupCount + test.Groups.Count} are listed nowhere; they count in the figures.</p>\n") : "");
    }

    private static string Quality(CycleQuality quality, string reason) => AnalysisJson.NameOf(quality) + (reason.Length > 0 ? ": " + reason : "");
}
