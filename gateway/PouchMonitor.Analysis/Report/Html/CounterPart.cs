using System.Globalization;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The instrument's counters beside what is counted here.</summary>
internal sealed class CounterPart(HtmlText html, CellView view)
{
    private const int MostRows = 8;
    private const int MostReasons = 5;

    public void Write()
    {
        if (view.Report.Counters is not { } counters)
        {
            return;
        }

        html.Raw("<h3>Instrument's counters</h3>\n");
        if (counters.Worst is not { } worst)
        {
            html.Raw("<p>No half cycle can be compared.</p>\n");
        }
        else
        {
            html.Raw("<p>Half cycles compared: ").Figure(counters.Compared.Count, "N0").Raw("; median difference ").Figure(counters.MedianPercent, "F4", "%")
                .Raw(", largest ").Figure(worst.DifferencePercent, "F4", "%").Raw($" ({(worst.IsCharge ? "charge" : "discharge")} of cycle ").Figure(worst.Cycle, "0").Raw(").");
            html.Raw(counters.CurrentResolutionA is null ? "" : " The file gives the current in steps of ");
            _ = counters.CurrentResolutionA is null ? html : html.Figure(counters.CurrentResolutionA, "0.############", "A").Raw(".");
            html.Raw("</p>\n");
            WriteLargest(counters);
        }

        WriteExcepted(counters);
    }

    private void WriteLargest(InstrumentCounters counters)
    {
        CounterDifference[] largest =
            [.. counters.Compared.OrderByDescending(half => Math.Abs(half.DifferencePercent)).Take(MostRows).OrderBy(half => half.Cycle).ThenByDescending(half => half.IsCharge)];
        html.Raw("<div class=\"scroll narrow\"><table class=\"counters\"><thead><tr><th>Cycle</th><th>Half</th><th>Counted here<br>").Raw(view.Milli).Raw("Ah</th><th>Instrument<br>").Raw(view.Milli).Raw("Ah</th><th>Difference<br>%</th></tr></thead><tbody>\n");
        foreach (CounterDifference half in largest)
        {
            html.Raw("<tr><th scope=\"row\">").Figure(half.Cycle, "0").Raw($"</th><td class=\"quality\">{(half.IsCharge ? "charge" : "discharge")}</td><td>")
                .Figure(half.CountedAh, "G7", "", view.Scale).Raw("</td><td>").Figure(half.CounterAh, "G7", "", view.Scale).Raw("</td><td>").Figure(half.DifferencePercent, "F4").Raw("</td></tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
        if (counters.Compared.Count > MostRows)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">The {MostRows} largest differences of {counters.Compared.Count}; all are in the JSON.</p>\n"));
        }
    }

    private void WriteExcepted(InstrumentCounters counters)
    {
        foreach (IGrouping<string, CounterException> reason in counters.Excepted.GroupBy(half => half.Reason, StringComparer.Ordinal).Take(MostReasons))
        {
            html.Raw("<p class=\"note\">Left out: ").Figure(reason.Count(), "N0").Raw(reason.Count() == 1 ? " half cycle" : " half cycles").Raw(", the first in cycle ")
                .Figure(reason.First().Cycle, "0").Raw(": ").Text(reason.Key).Raw(".</p>\n");
        }

        if (counters.DroppedRunCount > 0)
        {
            html.Raw("<p class=\"note\">").Figure(counters.DroppedRunCount, "N0").Raw(" changes of direction were too many to follow; what comes after them is not compared.</p>\n");
        }
    }
}
