using System.Globalization;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>
/// A report for people: one HTML file that needs nothing else, neither a script nor anything from the network. Every figure
/// in it stands beside its exact value (<c>data</c> elements), which is the one of the JSON.
/// </summary>
public static class HtmlReport
{
    private const string Resource = "PouchMonitor.Analysis.Report.Html.report.css";

    private static readonly Lazy<string> Style = new(() => ReadStyle(Resource));

    /// <summary>Writes the report.</summary>
    /// <param name="output">Where to; what encodes it must use UTF-8.</param>
    /// <param name="reports">A section each; best with their details (<see cref="SecondReading"/>), else the curves are missing.</param>
    /// <param name="writtenUtc">When, for the foot of the page.</param>
    public static void Write(TextWriter output, IReadOnlyList<AnalysisReport> reports, DateTimeOffset writtenUtc)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(reports);
        var html = new HtmlText(output);
        CellView[] views = [.. reports.Select((report, at) => new CellView(report, at + 1))];
        WriteHead(html, views.Length == 1 ? views[0].Report.Cell : string.Create(CultureInfo.InvariantCulture, $"{views.Length} cells"));
        html.Raw("<body>\n<main>\n");
        if (views.Length > 1)
        {
            WriteContents(html, views);
        }

        new ComparisonPart(html, views).Write();
        foreach (CellView view in views)
        {
            WriteCell(html, view);
        }

        MethodPart.Write(html);
        html.Raw("</main>\n<footer>PouchMonitor, written ").Text(writtenUtc.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture))
            .Raw(". Exact values stand beside the rounded ones in the source of this page and in the JSON of the same command.</footer>\n</body>\n</html>\n");
    }

    /// <summary>Writes everything up to the body: the rules of what the page may load, its title, and the style of all reports.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="title">What the page is about, before the product's own words.</param>
    /// <param name="furtherStyle">Style of this kind of report, after that of all; never from outside unless escaped for CSS.</param>
    /// <param name="hasImages">True where the page carries pictures within itself.</param>
    internal static void WriteHead(HtmlText html, string title, string furtherStyle = "", bool hasImages = false) =>
        html.Raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
            + "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'").Raw(hasImages ? "; img-src data:" : "").Raw("\">\n"
            + "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
            .Text(title).Raw(" · PouchMonitor report</title>\n<style>\n").Raw(Style.Value).Raw(furtherStyle).Raw("</style>\n</head>\n");

    private static void WriteContents(HtmlText html, CellView[] views)
    {
        html.Raw("<nav><h1>").Figure(views.Length, "0").Raw(" cells</h1>\n<div class=\"scroll\"><table class=\"contents\"><thead><tr><th>Cell</th><th>Cycles</th>"
            + "<th>Retention<br>%</th><th>Findings</th><th>Worst</th></tr></thead><tbody>\n");
        foreach (CellView view in views)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\"><a href=\"#cell-{view.Number}\"><bdi>")).Text(view.Report.Cell).Raw("</bdi></a></th><td>")
                .Figure(view.Report.Cycles.Count, "0").Raw("</td><td>").Figure(view.Report.Standing?.Retention, "F1", "", 100).Raw("</td><td>")
                .Figure(view.Findings.Count, "0").Raw("</td><td class=\"quality\">");
            if (view.Findings.Count > 0)
            {
                string worst = AnalysisJson.NameOf(view.Findings[0].Severity);
                html.Raw($"<span class=\"chip {worst}\">{worst}</span>");
            }

            html.Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table></div></nav>\n");
    }

    private static void WriteCell(HtmlText html, CellView view)
    {
        html.Raw(string.Create(CultureInfo.InvariantCulture, $"<section class=\"cell\" id=\"cell-{view.Number}\"><h2><bdi>")).Text(view.Report.Cell).Raw("</bdi></h2>\n");
        new SummaryPart(html, view).Write();
        new FindingPart(html, view).Write();
        PlotPanel[] panels = [.. new TracePlots(view).All(), .. new CyclePlots(view).All(), .. new CurvePlots(view).All()];
        if (panels.Any(panel => !panel.IsEmpty))
        {
            html.Raw("<h3>Course</h3>\n<div class=\"plots\">\n");
            var writer = new PlotWriter(html);
            foreach (PlotPanel panel in panels)
            {
                writer.Write(panel);
            }

            html.Raw("</div>\n");
        }

        new NamedTestPart(html, view).Write();
        new CyclePart(html, view).Write();
        new PeakPart(html, view).Write();
        new PulsePart(html, view).Write();
        new CounterPart(html, view).Write();
        html.Raw("</section>\n");
    }

    internal static string ReadStyle(string resource)
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks its resource {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
