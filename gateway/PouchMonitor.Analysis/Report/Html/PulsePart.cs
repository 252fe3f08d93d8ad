using System.Globalization;
using PouchMonitor.Analysis.Measures;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The resistances that current steps showed, the first and the last of them.</summary>
internal sealed class PulsePart(HtmlText html, CellView view)
{
    private const int EndRows = 6;

    private static readonly string[] Times = ["R0", "1 s", "10 s", "18 s", "30 s"];

    public void Write()
    {
        IReadOnlyList<PulseResistance> pulses = view.Report.Pulses;
        if (pulses.Count == 0)
        {
            return;
        }

        html.Raw("<h3>Resistance of current steps</h3>\n");
        if (pulses.Count > 2 * EndRows)
        {
            html.Raw(string.Create(CultureInfo.InvariantCulture, $"<p class=\"note\">The first and last {EndRows} of "))
                .Figure(pulses.Count, "N0").Raw(" steps; all are in the JSON.</p>\n");
        }

        html.Raw("<div class=\"scroll narrow\"><table class=\"pulses\"><thead><tr><th>Cycle</th><th>When</th><th>Current<br>A</th>").Raw(string.Concat(Times.Select(time => $"<th>{time}<br>{view.OhmUnit}</th>"))).Raw("</tr></thead><tbody>\n");
        foreach (PulseResistance pulse in pulses.Where((_, at) => at < EndRows || at >= pulses.Count - EndRows))
        {
            html.Raw("<tr><th scope=\"row\">").Figure(view.CycleAt(pulse.TimeMicroseconds), "0").Raw("</th><td>").Text(TimeText.Moment(pulse.TimeMicroseconds)).Raw("</td>");
            Cell(pulse.CurrentA, "G5", 1);
            Cell(pulse.R0Ohm, "F2", view.OhmScale);
            Cell(pulse.R1sOhm, "F2", view.OhmScale);
            Cell(pulse.R10sOhm, "F2", view.OhmScale);
            Cell(pulse.R18sOhm, "F2", view.OhmScale);
            Cell(pulse.R30sOhm, "F2", view.OhmScale);
            html.Raw("</tr>\n");
        }

        html.Raw("</tbody></table></div>\n");
    }

    private void Cell(double? value, string format, double factor) => html.Raw("<td>").Figure(value, format, "", factor).Raw("</td>");
}
