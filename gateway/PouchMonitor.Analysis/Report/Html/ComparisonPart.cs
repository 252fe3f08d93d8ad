using System.Globalization;
using PouchMonitor.Analysis.Report.Comparison;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>All cells beside the reference cohort: verdicts, and each measure over the cycles with the cohort's median and spread.</summary>
internal sealed class ComparisonPart(HtmlText html, IReadOnlyList<CellView> views)
{
    /// <summary>Cells that are drawn; more cannot be told apart.</summary>
    private const int MostCells = 6;
    private const int MostNames = 12;
    private const int CohortColor = 8;

    private static readonly int[] Colors = [4, 1, 3, 7, 5, 6];

    public void Write()
    {
        CellView[] compared = [.. views.Where(view => view.Report.Comparison is not null)];
        if (compared.Length == 0)
        {
            return;
        }

        IReadOnlyList<string> cohort = compared[0].Report.Comparison!.Cohort;
        CellView[] others = [.. compared.Where(view => !view.Report.Comparison!.IsReference)];
        html.Raw("<section class=\"comparison\" id=\"comparison\"><h2>Beside the reference cohort</h2>\n<p>The cohort: <bdi>")
            .Text(string.Join(", ", cohort.Take(MostNames)) + (cohort.Count > MostNames ? ", …" : ""))
            .Raw("</bdi> (").Figure(cohort.Count, "0").Raw(cohort.Count == 1 ? " cell). One cell has no spread, so that no verdict is given." : string.Create(CultureInfo.InvariantCulture,
                $" cells). A cell departs where it lies beyond {CohortComparison.Limit} spreads from the median for three cycles or more, up to its last."))
            .Raw(cohort.Count == 2 ? " The spread of two cells is itself uncertain." : "").Raw("</p>\n");
        WriteVerdicts(others);
        html.Raw("<div class=\"plots\">\n");
        var writer = new PlotWriter(html);
        for (int at = 0; at < ComparedMeasure.All.Count; at++)
        {
            writer.Write(Panel(compared, others, at));
        }

        html.Raw("</div>\n</section>\n");
    }

    private void WriteVerdicts(CellView[] others)
    {
        if (others.Length == 0)
        {
            html.Raw("<p>Every cell belongs to the cohort.</p>\n");
            return;
        }

        html.Raw("<div class=\"scroll\"><table class=\"verdicts\"><thead><tr><th>Cell</th><th>Measure</th><th>Cycle</th><th>Cell</th><th>Median</th><th>Spread</th><th>Departure<br>spreads</th><th>Verdict</th></tr></thead><tbody>\n");
        foreach (CellView view in others)
        {
            CellComparison comparison = view.Report.Comparison!;
            foreach (MeasureComparison measure in comparison.Measures)
            {
                ComparedCycle? last = measure.Cycles.LastOrDefault(cycle => cycle.Median is not null) ?? measure.Cycles.LastOrDefault();
                html.Raw("<tr><th scope=\"row\"><bdi>").Text(view.Report.Cell).Raw("</bdi></th><td class=\"quality\">").Text(measure.Measure.Title).Raw("</td><td>")
                    .Figure(last?.Cycle, "0").Raw("</td><td>").Figure(last?.Value, "F4").Raw("</td><td>").Figure(last?.Median, "F4").Raw("</td><td>")
                    .Figure(last?.Spread, "F4").Raw("</td><td>").Figure(last?.Departure, "F1").Raw("</td><td class=\"quality\">")
                    .Text(comparison.NoVerdict.Length > 0 ? "No verdict: " + comparison.NoVerdict : measure.Verdict).Raw("</td></tr>\n");
            }
        }

        html.Raw("</tbody></table></div>\n");
    }

    private static PlotPanel Panel(CellView[] compared, CellView[] others, int at)
    {
        ComparedMeasure measure = ComparedMeasure.All[at];
        List<PlotSeries> series = [];
        ComparedCycle[] band =
        [
            .. compared.SelectMany(view => view.Report.Comparison!.Measures[at].Cycles).Where(cycle => cycle.Median is not null)
                .DistinctBy(cycle => cycle.Cycle).OrderBy(cycle => cycle.Cycle),
        ];
        ComparedCycle[] spread = [.. band.Where(cycle => cycle.Spread is not null)];
        PlotPoint Low(ComparedCycle cycle) => new(cycle.Cycle, cycle.Median!.Value - (CohortComparison.Limit * cycle.Spread!.Value));
        PlotPoint High(ComparedCycle cycle) => new(cycle.Cycle, cycle.Median!.Value + (CohortComparison.Limit * cycle.Spread!.Value));
        if (spread.Length > 1)
        {
            ComparedCycle[] corners = Thinned(spread);
            series.Add(new PlotSeries(string.Create(CultureInfo.InvariantCulture, $"cohort, {CohortComparison.Limit} spreads"), CohortColor, PlotForm.Band,
                [.. corners.Select(Low), .. corners.Reverse().Select(High)]));
        }

        series.Add(new PlotSeries(spread.Length > 1 ? "cohort, median" : "cohort", CohortColor, PlotForm.Line, [.. band.Select(cycle => new PlotPoint(cycle.Cycle, cycle.Median!.Value))]));
        foreach ((CellView view, int color) in others.Take(MostCells).Select((view, index) => (view, Colors[index])))
        {
            series.Add(new PlotSeries(view.Report.Cell, color, PlotForm.Dots,
                [.. view.Report.Comparison!.Measures[at].Cycles.Select(cycle => new PlotPoint(cycle.Cycle, cycle.Value))]));
        }

        return new PlotPanel
        {
            Title = measure.Title, XLabel = "cycle", YLabel = "ratio", Series = series, HasWholeX = true,
            Note = others.Length > MostCells ? string.Create(CultureInfo.InvariantCulture, $"The first {MostCells} of {others.Length} cells.") : "",
        };
    }

    // A band of very many cycles, each so-manieth.
    private static ComparedCycle[] Thinned(ComparedCycle[] band)
    {
        int stride = 1 + (band.Length / PointThinner.MostMarks);
        return [.. band.Where((_, at) => at % stride == 0 || at == band.Length - 1)];
    }
}
