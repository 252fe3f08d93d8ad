using System.Globalization;
using PouchMonitor.Analysis.Report.Html;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Abuse.Report.Plots;

/// <summary>Plots of one test against the time of its trigger: the whole of it, the time around the trigger, and the first seconds.</summary>
internal sealed class AbusePlots
{
    /// <summary>Size of a plot that takes the whole line.</summary>
    public const double WideWidth = 720;
    public const double WideHeight = 140;

    private const double FirstBeforeS = 1;
    private const double FirstAfterS = 4;
    private const int LeastFirstPoints = 8;
    private const double MostBeforeS = 60;
    private const double MostAfterS = 150;
    private const double LeastAfterS = 5;
    private const int MostCurves = 8;

    /// <summary>Units in the order in which their plots stand.</summary>
    private static readonly string[] UnitOrder = ["V", "C", "C/s", "A", "N", "mm", "K"];

    private readonly AbuseView view;
    private readonly TraceCurve[] curves;
    private readonly string label;
    private readonly double zero;

    public AbusePlots(AbuseView view)
    {
        this.view = view;
        AbuseTrace[] traces = [.. view.Input.Traces.Where(trace => trace.TimeS.Count > 0)];
        zero = view.Zero ?? traces.Select(trace => trace.TimeS[0]).DefaultIfEmpty(0).Min();
        label = view.Zero is null ? "time since the first sample" : "time after the trigger";
        curves = [.. traces.Select(trace => TraceCurve.Of(trace, zero)).Where(curve => curve.HasValues)];
    }

    public bool IsEmpty => curves.Length == 0;

    /// <summary>Every quantity over the whole test.</summary>
    public IReadOnlyList<PlotPanel> Whole() => Stack(curves, RateWindow(isLongest: true), (FirstS, LastS));

    /// <summary>Every quantity from the pre-trigger seconds to the end of what came fast; empty where there was no trigger.</summary>
    public IReadOnlyList<PlotPanel> Around()
    {
        if (view.Zero is null || IsEmpty)
        {
            return [];
        }

        (double from, double to) = AroundSpan();
        double window = RateWindow(isLongest: false);
        return Stack(curves, window, (from, to));
    }

    /// <summary>What is fast, each sample as a dot, about the trigger itself.</summary>
    public IReadOnlyList<PlotPanel> First()
    {
        if (view.Zero is null)
        {
            return [];
        }

        return
        [
            .. curves.Where(curve => curve.Unit is "V" or "A" or "N").Select(curve => curve.Between(-FirstBeforeS, FirstAfterS))
                .Where(curve => curve.Points.Count(point => double.IsFinite(point.Y)) >= LeastFirstPoints)
                .Select(curve => new PlotPanel
                {
                    Title = curve.Title, XLabel = label + ", s", YLabel = AbuseNumber.Unit(curve.Unit), LeastX = -FirstBeforeS, GreatestX = FirstAfterS,
                    Series = [new PlotSeries("", ColorOf(curve, 0), PlotForm.Line, curve.Points), new PlotSeries("", ColorOf(curve, 0), PlotForm.Dots, curve.Points) { SetsScale = false }],
                    Moments = Moments(1),
                }),
        ];
    }

    /// <summary>Time around the trigger that is worth a plot of its own, s after it: to the last of what happened within some minutes.</summary>
    public (double FromS, double ToS) AroundSpan()
    {
        IEnumerable<double> happened = view.Marks.Select(mark => mark.At - zero)
            .Concat((view.Figures?.Values ?? []).Where(value => value.At is not null).Select(value => value.At!.Value - zero));
        double last = happened.Where(after => after > 0 && after <= MostAfterS / 1.25).DefaultIfEmpty(0).Max();
        double to = Math.Min(Math.Max(LeastAfterS, 1.25 * last), Math.Max(LastS, 0.1));
        return (Math.Max(-Math.Clamp(view.Plan.PreTriggerS, 1, MostBeforeS), FirstS), to);
    }

    /// <summary>First recorded time, s after the zero.</summary>
    public double FirstS => curves.Select(curve => curve.Points[0].X).DefaultIfEmpty(0).Min();

    /// <summary>Last recorded time, s after the zero.</summary>
    public double LastS => curves.Select(curve => curve.Points[^1].X).DefaultIfEmpty(0).Max();

    private double RateWindow(bool isLongest)
    {
        double[] windows = [.. view.Plan.RateWindowsS.Where(window => window > 0).DefaultIfEmpty(1)];
        return isLongest ? windows.Max() : windows.Min();
    }

    private IReadOnlyList<PlotPanel> Stack(IReadOnlyList<TraceCurve> whole, double rateWindowS, (double FromS, double ToS) span)
    {
        TraceCurve[] shown = [.. whole.Select(curve => curve.Between(span.FromS, span.ToS)).Where(curve => curve.HasValues)];
        List<PlotPanel> panels =
        [
            .. shown.GroupBy(curve => curve.Unit, StringComparer.Ordinal).OrderBy(group => Order(group.Key))
                .Select(group => Panel(Title(group.Key, [.. group]), group.Key, [.. group], span, "")),
        ];
        if (!shown.Any(curve => curve.Unit == "C/s"))
        {
            TraceCurve[] rates =
            [
                .. whole.Where(curve => curve is { Unit: "C", IsAmbient: false }).Select(curve => curve.Rate(rateWindowS).Between(span.FromS, span.ToS)).Where(curve => curve.HasValues),
            ];
            if (rates.Length > 0)
            {
                int place = panels.FindLastIndex(panel => panel.YLabel is "V" or "°C") + 1;
                panels.Insert(place, Panel(
                    "Rate of temperature, dT/dt", "C/s", rates, span, $"T(t) − T(t − {AbuseNumber.Set(rateWindowS, "s")}), divided by {AbuseNumber.Set(rateWindowS, "s")}."));
            }
        }

        return panels;
    }

    private PlotPanel Panel(string title, string unit, IReadOnlyList<TraceCurve> group, (double FromS, double ToS) span, string note)
    {
        (string timeUnit, double seconds) = TimeText.AxisUnit(span.ToS - Math.Min(0, span.FromS));
        TraceCurve[] drawn = [.. group.Take(MostCurves)];
        return new PlotPanel
        {
            Title = title, XLabel = $"{label}, {timeUnit}", YLabel = AbuseNumber.Unit(unit),
            Width = WideWidth, Height = WideHeight, LeastX = span.FromS / seconds, GreatestX = span.ToS / seconds,
            Series =
            [
                .. drawn.Select((curve, at) => new PlotSeries(
                    drawn.Length > 1 || unit is "C" or "C/s" ? curve.Title : "", ColorOf(curve, at), PlotForm.Line, [.. curve.Points.Select(point => point with { X = point.X / seconds })])),
            ],
            Moments = Moments(seconds),
            Levels = [.. Levels(unit, drawn)],
            Note = note + (group.Count > MostCurves ? string.Create(CultureInfo.InvariantCulture, $" The first {MostCurves} of {group.Count}.") : ""),
        };
    }

    private PlotLine[] Moments(double seconds) =>
        [.. view.Marks.Select(mark => new PlotLine((mark.At - zero) / seconds, $"{mark.Text} ({AbuseMoment.Relative(mark.At, zero)})", mark.Style) { Mark = mark.Mark })];

    // Limits of criteria, where they lie near enough to what was seen not to press the curve flat.
    private IEnumerable<PlotLine> Levels(string unit, IReadOnlyList<TraceCurve> drawn)
    {
        double low = drawn.Min(curve => curve.Points.Where(point => double.IsFinite(point.Y)).Min(point => point.Y));
        double high = drawn.Max(curve => curve.Points.Where(point => double.IsFinite(point.Y)).Max(point => point.Y));
        double room = 0.6 * Math.Max(high - low, 1e-9);
        return view.Plan.Criteria
            .Where(rule => rule.Limit is { } limit && limit >= low - room && limit <= high + room && UnitOf(rule.Measure) == unit)
            .DistinctBy(rule => rule.Limit)
            .Select(rule => new PlotLine(rule.Limit!.Value, $"{rule.Title}: {AbuseNumber.Set(rule.Limit.Value, rule.Unit)}", ""));
    }

    private static string UnitOf(CriterionMeasure measure) => measure switch
    {
        CriterionMeasure.Temperature => "C",
        CriterionMeasure.HeatingRate => "C/s",
        CriterionMeasure.Voltage => "V",
        _ => "",
    };

    private static string Title(string unit, IReadOnlyList<TraceCurve> group) => unit switch
    {
        "C" when group.Count > 1 => "Temperatures",
        "V" when group.Count > 1 => "Voltages",
        "C/s" => "Rate of temperature, dT/dt",
        "A" => group[0].Title + ", positive charges",
        _ => group[0].Title,
    };

    public static int Order(string unit) => Array.IndexOf(UnitOrder, unit) is var at && at >= 0 ? at : UnitOrder.Length;

    private static int ColorOf(TraceCurve curve, int at)
    {
        int[] colors = [4, 1, 3, 7, 5, 2, 6, 8];
        return curve.Unit switch
        {
            "V" when at == 0 => 2,
            "A" when at == 0 => 1,
            "N" when at == 0 => 3,
            _ when curve.IsAmbient => 8,
            _ => colors[at % colors.Length],
        };
    }
}
