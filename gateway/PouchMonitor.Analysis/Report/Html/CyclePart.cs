using System.Globalization;
using PouchMonitor.Analysis.Cycles;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>The table of cycles. A long one is thinned: its ends, what a person would look for, and every so-manieth between.</summary>
internal sealed class CyclePart(HtmlText html, CellView view)
{
    /// <summary>As many cycles are shown in full.</summary>
    public const int MostWhole = 120;
    private const int EndCycles = 10;
    private const int MostOdd = 60;
    private const int Regular = 60;

    public void Write()
    {
        IReadOnlyList<CycleSummary> cycles = view.Report.Cycles;
        if (cycles.Count == 0)
        {
            return;
        }

        CycleSummary[] rows = Rows(cycles);
        bool hasUncertainty = rows.Any(cycle => (cycle.ChargeCapacityUncertaintyAh ?? cycle.DischargeCapacityUncertaintyAh) is not null);
        bool hasSpecific = rows.Any(cycle => cycle.SpecificEnergyWhPerKg is not null);
        Dictionary<int, double> retention = view.Comparable.Cycles.ToDictionary(one => one.Cycle.Index, one => one.Retention);
        html.Raw("<h3>Cycles</h3>\n");
        if (rows.Length < cycles.Count)
        {
            html.Raw("<p class=\"note\">").Figure(rows.Length, "N0").Raw(" of ").Figure(cycles.Count, "N0").Raw(string.Create(CultureInfo.InvariantCulture,
                $" cycles: the first and last {EndCycles}, those with findings, those that are not complete (at most {MostOdd}), the ones shown as curves, and one in {Stride(cycles)}. All are in the JSON.</p>\n"));
        }

        if (hasUncertainty)
        {
            html.Raw("<p class=\"note\">± is one standard uncertainty (k = 1) of the board that measured the cycle.</p>\n");
        }

        string milliAh = view.Milli + "Ah";
        html.Raw("<div class=\"scroll\"><table class=\"cycles\"><thead><tr><th>Cycle</th><th>Charge<br>").Raw(milliAh).Raw("</th>").Raw(PlusMinus(milliAh))
            .Raw("<th>Discharge<br>").Raw(milliAh).Raw("</th>").Raw(PlusMinus(milliAh)).Raw("<th>Retention<br>%</th><th>CE<br>%</th>").Raw(PlusMinus("%"));
        html.Raw("<th>Charge<br>").Raw(view.Milli).Raw("Wh</th><th>Discharge<br>").Raw(view.Milli).Raw("Wh</th><th>EE<br>%</th>");
        html.Raw(hasSpecific ? "<th>Specific<br>Wh/kg</th>" : "");
        html.Raw("<th>Mean V<br>charge</th><th>Mean V<br>discharge</th><th>Gap<br>mV</th>").Raw(PlusMinus("mV")).Raw("<th>Held<br>").Raw(view.Milli).Raw("Ah</th><th>Max<br>°C</th><th>Quality</th></tr></thead><tbody>\n");
        foreach (CycleSummary cycle in rows)
        {
            WriteRow(cycle, retention.TryGetValue(cycle.Index, out double share) ? share : null, hasUncertainty, hasSpecific);
        }

        html.Raw("</tbody></table></div>\n");

        string PlusMinus(string unit) => hasUncertainty ? $"<th>±<br>{unit}</th>" : "";
    }

    private void WriteRow(CycleSummary cycle, double? retention, bool hasUncertainty, bool hasSpecific)
    {
        string quality = AnalysisJson.NameOf(cycle.Quality);
        html.Raw($"<tr class=\"{quality}\"><th scope=\"row\">").Figure(cycle.Index, "0").Raw("</th>");
        Cell(cycle.ChargeCapacityAh, "F5", view.Scale);
        PlusMinus(cycle.ChargeCapacityUncertaintyAh, "F5", view.Scale);
        Cell(cycle.DischargeCapacityAh, "F5", view.Scale);
        PlusMinus(cycle.DischargeCapacityUncertaintyAh, "F5", view.Scale);
        Cell(retention, "F2", 100);
        Cell(cycle.CoulombicEfficiency, "F2", 100);
        PlusMinus(cycle.CoulombicEfficiencyUncertainty, "F3", 100);
        Cell(cycle.ChargeEnergyWh, "F4", view.Scale);
        Cell(cycle.DischargeEnergyWh, "F4", view.Scale);
        Cell(cycle.EnergyEfficiency, "F2", 100);
        if (hasSpecific)
        {
            Cell(cycle.SpecificEnergyWhPerKg, "F1");
        }

        Cell(cycle.MeanChargeVoltageV, "F4");
        Cell(cycle.MeanDischargeVoltageV, "F4");
        Cell(cycle.PolarizationV, "F1", 1000);
        PlusMinus(cycle.PolarizationUncertaintyV, "F1", 1000);
        Cell(cycle.ConstantVoltageChargeAh, "F5", view.Scale);
        Cell(cycle.MaxTemperatureC, "F1");
        html.Raw("<td class=\"quality\">").Text(quality);
        if (cycle.QualityReason.Length > 0)
        {
            html.Raw(": ").Text(cycle.QualityReason);
        }

        if (cycle.Revision > 0)
        {
            html.Raw(" (revision ").Figure(cycle.Revision, "0").Raw(")");
        }

        html.Raw("</td></tr>\n");

        void PlusMinus(double? value, string format, double factor)
        {
            if (hasUncertainty)
            {
                Cell(value, format, factor);
            }
        }
    }

    private void Cell(double? value, string format, double factor = 1) => html.Raw("<td>").Figure(value, format, "", factor).Raw("</td>");

    private static int Stride(IReadOnlyList<CycleSummary> cycles) => Math.Max(1, (cycles.Count + Regular - 1) / Regular);

    private CycleSummary[] Rows(IReadOnlyList<CycleSummary> cycles)
    {
        if (cycles.Count <= MostWhole)
        {
            return [.. cycles];
        }

        HashSet<int> wanted =
        [
            .. view.Report.Findings.Where(finding => finding.Cycle is not null).Select(finding => finding.Cycle!.Value).Distinct().Take(MostOdd),
            .. view.Report.Detail?.Shown.Select(shown => shown.Cycle) ?? [],
            .. cycles.Where(cycle => cycle.Quality != CycleQuality.Complete).Select(cycle => cycle.Index).Take(MostOdd),
        ];
        int stride = Stride(cycles);
        return
        [
            .. cycles.Where((cycle, at) => at < EndCycles || at >= cycles.Count - EndCycles || at % stride == 0 || wanted.Contains(cycle.Index)),
        ];
    }
}
