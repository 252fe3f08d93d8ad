using System.Globalization;
using PouchMonitor.Analysis.Abuse.Report.Plots;
using PouchMonitor.Analysis.Report.Html;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Abuse.Report.Comparison;

/// <summary>Curves of several tests over one another, their triggers at zero, and how values go with a condition in which the plans differ.</summary>
internal sealed class SideBySidePlots(IReadOnlyList<ComparedTest> tests)
{
    private const int MostPanels = 10;
    private const int MostSeriesPanels = 12;

    private static readonly string[] SeriesUnits = ["C", "s", "V", "C/s"];

    private readonly ComparedTest[] drawn = [.. tests.Take(ComparedTest.MostDrawn)];

    /// <summary>From the pre-trigger seconds to the end of what came fast in any of the tests.</summary>
    public IReadOnlyList<PlotPanel> Around()
    {
        (double FromS, double ToS)[] spans = [.. drawn.Where(test => test.View.Zero is not null && !test.Plots.IsEmpty).Select(test => test.Plots.AroundSpan())];
        return spans.Length == 0 ? [] : Panels(spans.Min(span => span.FromS), spans.Max(span => span.ToS));
    }

    public IReadOnlyList<PlotPanel> Whole()
    {
        ComparedTest[] known = [.. drawn.Where(test => !test.Plots.IsEmpty)];
        return known.Length == 0 ? [] : Panels(known.Min(test => test.Plots.FirstS), known.Max(test => test.Plots.LastS));
    }

    /// <summary>Values over a condition whose figure differs from plan to plan, such as the state of charge.</summary>
    public IReadOnlyList<PlotPanel> Series()
    {
        PlanCondition[] conditions =
        [
            .. tests.SelectMany(test => test.View.Plan.Conditions).Where(condition => condition.Value is not null).GroupBy(condition => (condition.Text, condition.Unit))
                .Where(group => group.Select(condition => condition.Value).Distinct().Count() > 1).Select(group => group.First()),
        ];
        string[] ids =
        [
            .. tests.SelectMany(test => test.View.Figures?.Values ?? []).Where(value => value.Value is not null && SeriesUnits.Contains(value.Unit, StringComparer.Ordinal))
                .GroupBy(value => value.Id, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key),
        ];
        return [.. conditions.SelectMany(condition => ids.Select(id => SeriesPanel(condition, id))).Take(MostSeriesPanels)];
    }

    private PlotPanel SeriesPanel(PlanCondition condition, string id)
    {
        List<PlotSeries> series = [];
        AbuseValue? any = null;
        foreach (ComparedTest test in tests)
        {
            double? place = test.View.Plan.Conditions.FirstOrDefault(one => one.Text == condition.Text && one.Unit == condition.Unit)?.Value;
            AbuseValue? value = test.View.Figures?.Values.FirstOrDefault(one => one.Id == id);
            if (place is { } x && value?.Value is { } y)
            {
                any ??= value;
                double half = value.Uncertainty ?? 0;
                series.Add(new PlotSeries("", test.Color, PlotForm.Line, [new PlotPoint(x, y - half), new PlotPoint(x, y + half)]));
                series.Add(new PlotSeries(tests.Count > ComparedTest.MostDrawn ? "" : test.Name, test.Color, PlotForm.Dots, [new PlotPoint(x, y)]) { MarkRadius = 3.2 });
            }
        }

        string unit = AbuseNumber.Unit(condition.Unit ?? "");
        return new PlotPanel
        {
            Title = any?.Title ?? id, XLabel = condition.Text + (unit.Length > 0 ? ", " + unit : ""), YLabel = AbuseNumber.Unit(any?.Unit ?? ""), Series = series,
            Note = "Bars: ± as in the table.",
        };
    }

    private PlotPanel[] Panels(double fromS, double toS)
    {
        (string Id, string Title, string Unit)[] quantities =
        [
            .. drawn.SelectMany(test => test.View.Input.Traces).GroupBy(trace => (trace.Id, trace.Unit))
                .Select(group => (group.Key.Id, group.First().Title, group.Key.Unit)).OrderBy(one => AbusePlots.Order(one.Unit)).Take(MostPanels),
        ];
        return [.. quantities.Select(quantity => Panel(quantity, fromS, toS)).Where(panel => !panel.IsEmpty)];
    }

    private PlotPanel Panel((string Id, string Title, string Unit) quantity, double fromS, double toS)
    {
        (string timeUnit, double seconds) = TimeText.AxisUnit(toS - Math.Min(0, fromS));
        List<PlotSeries> series = [];
        foreach (ComparedTest test in drawn)
        {
            if (test.View.Input.Traces.FirstOrDefault(trace => trace.Id == quantity.Id && trace.Unit == quantity.Unit) is { TimeS.Count: > 0 } found)
            {
                TraceCurve curve = TraceCurve.Of(found, test.View.Zero ?? found.TimeS[0]).Between(fromS, toS);
                series.Add(new PlotSeries(test.Name, test.Color, PlotForm.Line, [.. curve.Points.Select(point => point with { X = point.X / seconds })]));
            }
        }

        return new PlotPanel
        {
            Title = quantity.Title + (quantity.Unit == "A" ? ", positive charges" : ""), XLabel = $"time after the trigger, {timeUnit}", YLabel = AbuseNumber.Unit(quantity.Unit),
            Width = AbusePlots.WideWidth, Height = AbusePlots.WideHeight, LeastX = fromS / seconds, GreatestX = toS / seconds, Series = series,
            Moments = [new PlotLine(0, "Trigger", "emergency") { Mark = "T" }],
            Note = tests.Count > drawn.Length ? string.Create(CultureInfo.InvariantCulture, $"The first {drawn.Length} of {tests.Count} tests.") : "",
        };
    }
}
