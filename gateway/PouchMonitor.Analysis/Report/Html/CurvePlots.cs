using System.Globalization;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report.Html.Plots;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>Curves of the first, the reference and the last cycle over one another: dQ/dV and voltage over charge.</summary>
internal sealed class CurvePlots(CellView view)
{
    private static readonly int[] Colors = [5, 6, 7];

    public IEnumerable<PlotPanel> All()
    {
        if (view.Report.Detail is not { Shown.Count: > 0 } detail)
        {
            return [];
        }

        return
        [
            new PlotPanel
            {
                Title = "dQ/dV", XLabel = "voltage, V", YLabel = view.Milli + "Ah/V", Series = [.. Differential(detail)],
                Levels = [new PlotLine(0, "", "zero")], Note = "Charge above, discharge below the line; triangles mark the peaks.",
            },
            new PlotPanel
            {
                Title = "Voltage over charge", XLabel = $"charge since the half began, {view.Milli}Ah", YLabel = "V", Series = [.. Voltages(detail)], LeastX = 0,
            },
        ];
    }

    private static string NameOf(ShownCycle shown) => string.Create(CultureInfo.InvariantCulture, $"cycle {shown.Cycle} ({shown.Role})");

    private IEnumerable<PlotSeries> Differential(TestDetail detail)
    {
        foreach ((ShownCycle shown, int at) in detail.Shown.Select((shown, at) => (shown, at)))
        {
            string name = NameOf(shown);
            foreach ((StepKind half, DifferentialCurve? curve) in new[] { (StepKind.Charge, shown.Charge?.Differential), (StepKind.Discharge, shown.Discharge?.Differential) })
            {
                if (curve is null)
                {
                    continue;
                }

                double sign = half == StepKind.Charge ? view.Scale : -view.Scale;
                yield return new PlotSeries(name, Colors[at], PlotForm.Line,
                    [.. curve.VoltageV.Zip(curve.DensityAhPerV, (volts, density) => new PlotPoint(volts, sign * density))]);
                name = "";
                yield return new PlotSeries("", Colors[at], PlotForm.Peaks,
                    [.. PeaksOf(detail, shown.Cycle, half).Select(peak => new PlotPoint(peak.PositionV, sign * peak.HeightAhPerV))]);
            }
        }
    }

    private static IEnumerable<DifferentialPeak> PeaksOf(TestDetail detail, int cycle, StepKind half) =>
        detail.Halves.Where(one => one.Cycle == cycle && one.Half == half).SelectMany(one => one.Peaks);

    private IEnumerable<PlotSeries> Voltages(TestDetail detail)
    {
        foreach ((ShownCycle shown, int at) in detail.Shown.Select((shown, at) => (shown, at)))
        {
            string name = NameOf(shown);
            foreach (VoltageCurve curve in new[] { shown.Charge?.Voltage, shown.Discharge?.Voltage }.OfType<VoltageCurve>())
            {
                yield return new PlotSeries(name, Colors[at], PlotForm.Line, [.. curve.ChargeAh.Zip(curve.VoltageV, (charge, volts) => new PlotPoint(view.Scale * charge, volts))]);
                name = "";
            }
        }
    }
}
