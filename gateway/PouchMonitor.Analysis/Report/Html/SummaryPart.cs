using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The head of a cell's section: what was read, the figures that matter, and what they say in words.</summary>
internal sealed class SummaryPart(HtmlText html, CellView view)
{
    private const int LeastComparable = 10;
    private const int EfficiencyCycles = 10;

    public void Write()
    {
        WriteFacts();
        WriteKeys();
        html.Raw("<div class=\"words\">");
        WriteExtent();
        WriteCapacity();
        WriteEndOfLife();
        WriteEfficiency();
        WritePolarization();
        WriteFindings();
        html.Raw("</div>\n");
    }

    /// <summary>Highest believed temperature of the cell itself, C; null where none was recorded.</summary>
    internal static (double Value, int? Cycle, long? Microseconds)? HighestTemperature(CellView view)
    {
        CycleSummary? hottest = view.Report.Cycles.Where(cycle => cycle.MaxTemperatureC is not null).MaxBy(cycle => cycle.MaxTemperatureC);
        (double Value, long Microseconds)? traced = null;
        foreach (SampleRow row in view.Report.Detail?.Trace.Rows ?? [])
        {
            for (int column = SampleColumns.FirstTemperature; column < SampleColumns.Count; column++)
            {
                if (column != SampleColumns.Ambient && row.Values[column] > (traced?.Value ?? double.NegativeInfinity))
                {
                    traced = (row.Values[column], row.TimeMicroseconds);
                }
            }
        }

        return hottest is not null && !(traced?.Value > hottest.MaxTemperatureC)
            ? (hottest.MaxTemperatureC!.Value, hottest.Index, null)
            : traced is { } known ? (known.Value, view.CycleAt(known.Microseconds), known.Microseconds) : null;
    }

    private void WriteFacts()
    {
        AnalysisReport report = view.Report;
        html.Raw("<dl class=\"facts\">");
        Fact("Source", report.Source);
        Fact("Profile", view.Profile.Description.Length > 0 ? $"{view.Profile.Name}: {view.Profile.Description}" : view.Profile.Name);
        if (report.Standing is { FirstMicroseconds: { } first, LastMicroseconds: { } last } standing)
        {
            Fact("From", TimeText.Moment(first));
            Fact("To", TimeText.Moment(last));
            Fact("Length", TimeText.Span((last - first) / 1e6));
            html.Raw("<div><dt>Samples</dt><dd>").Figure(standing.SampleCount, "N0").Raw("</dd></div>");
        }

        html.Raw("</dl>\n");
    }

    private void Fact(string term, string text) => html.Raw("<div><dt>").Text(term).Raw("</dt><dd><bdi>").Text(text).Raw("</bdi></dd></div>");

    private void WriteKeys()
    {
        html.Raw("<ul class=\"keys\">");
        Key("Cycles", () => html.Figure(view.Report.Cycles.Count, "N0"));
        if (view.Report.Standing?.Retention is { } retention)
        {
            Key("Retention", () => html.Figure(retention, "F1", "%", 100));
        }

        if (LastEfficiency() is { } efficiency)
        {
            Key("Coulombic efficiency", () => html.Figure(efficiency.Median, "F2", "%", 100));
        }

        if (view.Crossing?.Cycle is { } crossed)
        {
            Key("End of life crossed", () => html.Raw("cycle ").Figure(crossed, "0"));
        }
        else if (view.Report.Standing?.Projection is { } projection)
        {
            Key("End of life about", () => html.Raw("cycle ").Figure(projection.Cycle, "0"));
        }

        if (HighestTemperature(view) is { } hottest)
        {
            Key("Highest temperature", () => html.Figure(hottest.Value, "F1", "°C"));
        }

        string worst = view.Findings.Count > 0 ? AnalysisJson.NameOf(view.Findings[0].Severity) : "";
        Key("Findings", () => html.Figure(view.Findings.Count, "N0").Raw(worst.Length > 0 ? $" <span class=\"chip {worst}\">{worst}</span>" : ""));
        html.Raw("</ul>\n");
    }

    private void Key(string name, Action value)
    {
        html.Raw("<li><b>");
        value();
        html.Raw("</b><span>").Text(name).Raw("</span></li>");
    }

    private void WriteExtent()
    {
        IReadOnlyList<CycleSummary> cycles = view.Report.Cycles;
        if (cycles.Count == 0)
        {
            html.Raw("<p>The record holds no cycle: ").Raw(view.Report.Steps.Count == 0
                ? "no current that charges or discharges the cell was recorded." : "no charge or discharge ran far enough.").Raw("</p>");
            return;
        }

        html.Raw("<p>").Figure(cycles.Count, "N0").Raw(cycles.Count == 1 ? " cycle" : " cycles");
        string separator = ": ";
        foreach (IGrouping<CycleQuality, CycleSummary> quality in cycles.GroupBy(cycle => cycle.Quality).OrderBy(quality => quality.Key))
        {
            html.Raw(separator).Figure(quality.Count(), "N0").Raw(" ").Text(AnalysisJson.NameOf(quality.Key));
            separator = ", ";
        }

        html.Raw(".</p>");
    }

    private void WriteCapacity()
    {
        if (view.Comparable.Reference is not { } reference || view.Comparable.Cycles.Count < 2)
        {
            return;
        }

        ComparableCycle last = view.Comparable.Cycles[^1];
        html.Raw($"<p>The {view.MainName} capacity of cycle ").Figure(last.Cycle.Index, "0").Raw(", the last that compares, is ")
            .Figure(view.MainCapacityAh(last.Cycle), "0.#####", view.Milli + "Ah", view.Scale).Raw(": ").Figure(last.Retention, "F2", "%", 100)
            .Raw(" of cycle ").Figure(reference.Index, "0").Raw(" (").Figure(view.MainCapacityAh(reference), "0.#####", view.Milli + "Ah", view.Scale).Raw(").</p>");
    }

    private void WriteEndOfLife()
    {
        double limit = view.Profile.EndOfLifeRetention;
        if (view.Crossing is { Cycle: { } crossed } crossing)
        {
            html.Raw("<p>It has crossed the end of life, ").Figure(limit, "0.##", "%", 100).Raw(", at cycle ").Figure(crossed, "0")
                .Raw(" with ").Figure(crossing.Observed, "F2", "%", 100).Raw(".</p>");
        }
        else if (view.Report.Standing?.Projection is { } projection)
        {
            html.Raw("<p>The trend of the last cycles reaches the end of life, ").Figure(limit, "0.##", "%", 100).Raw(", about cycle ")
                .Figure(projection.Cycle, "0").Raw(" (95 %: ").Figure(projection.LowCycle, "0");
            _ = double.IsFinite(projection.HighCycle) ? html.Raw(" to ").Figure(projection.HighCycle, "0") : html.Raw(" or later");
            html.Raw(").</p>");
        }
        else if (view.Report.Cycles.Count > 0)
        {
            html.Raw("<p>No end of life is projected: ").Raw(view.Comparable.Cycles.Count < LeastComparable
                ? string.Create(CultureInfo.InvariantCulture, $"that needs {LeastComparable} cycles that compare.")
                : "the capacity of the last cycles does not fall.").Raw("</p>");
        }
    }

    private (double Median, int Count)? LastEfficiency()
    {
        double[] last =
        [
            .. view.Report.Cycles.Where(cycle => cycle is { Quality: CycleQuality.Complete, CoulombicEfficiency: not null })
                .Select(cycle => cycle.CoulombicEfficiency!.Value).TakeLast(EfficiencyCycles),
        ];
        return CellView.Median(last) is { } median ? (median, last.Length) : null;
    }

    private void WriteEfficiency()
    {
        if (LastEfficiency() is { } efficiency)
        {
            html.Raw(efficiency.Count == 1 ? "<p>The coulombic efficiency of the one complete cycle is "
                    : string.Create(CultureInfo.InvariantCulture, $"<p>The median coulombic efficiency of the last {efficiency.Count} complete cycles is "))
                .Figure(efficiency.Median, "F3", "%", 100).Raw(".</p>");
        }
    }

    private void WritePolarization()
    {
        ComparableCycle[] whole = [.. view.Comparable.Cycles.Where(one => one.IsWhole && one.Cycle.PolarizationV is not null)];
        if (whole.Length < 2)
        {
            return;
        }

        (CycleSummary from, CycleSummary to) = (whole[0].Cycle, whole[^1].Cycle);
        html.Raw("<p>The gap between mean charge and discharge voltage went from ").Figure(from.PolarizationV, "F1", "mV", 1000).Raw(" in cycle ")
            .Figure(from.Index, "0").Raw(" to ").Figure(to.PolarizationV, "F1", "mV", 1000).Raw(" in cycle ").Figure(to.Index, "0").Raw(".</p>");
    }

    private void WriteFindings()
    {
        if (view.Findings.Count == 0)
        {
            html.Raw("<p class=\"good\">No findings: no rule was broken.</p>");
            return;
        }

        html.Raw("<p>Findings: ");
        string separator = "";
        foreach (IGrouping<FindingSeverity, Finding> severity in view.Findings.GroupBy(finding => finding.Severity).OrderByDescending(severity => severity.Key))
        {
            html.Raw(separator).Figure(severity.Count(), "N0").Raw(" ").Text(AnalysisJson.NameOf(severity.Key)).Raw(" (")
                .Text(string.Join(", ", severity.Select(finding => finding.Rule).Distinct(StringComparer.Ordinal))).Raw(")");
            separator = ", ";
        }

        html.Raw(".</p>");
    }
}
