using System.Globalization;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Report.Html.Plots;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>Plots over the cycles of a test.</summary>
internal sealed class CyclePlots(CellView view)
{
    /// <summary>Fewer cycles than this are no course to plot.</summary>
    private const int LeastCycles = 3;
    private const int LeastTrack = 5;
    private const int MostMoments = 12;

    // Colours of the style sheet: charge, discharge, and a third for what is neither.
    private const int ChargeColor = 1;
    private const int DischargeColor = 2;
    private const int OtherColor = 3;

    private IReadOnlyList<CycleSummary> Cycles => view.Report.Cycles;

    public IEnumerable<PlotPanel> All()
    {
        if (Cycles.Count < LeastCycles)
        {
            return [];
        }

        return
        [
            Capacity(),
            Panel("Coulombic efficiency", "%", [.. Split("complete", OtherColor, cycle => 100 * cycle.CoulombicEfficiency)], RuleNames.CoulombicEfficiencyCollapse),
            Panel("Polarization", "mean-voltage gap, mV", [.. Split("complete", OtherColor, cycle => 1000 * cycle.PolarizationV)], RuleNames.PolarizationRise),
            Resistance(),
            Peaks(),
            Panel("Highest temperature of each cycle", "°C", [new PlotSeries("", 4, PlotForm.Dots, Points(Cycles, cycle => cycle.MaxTemperatureC))],
                RuleNames.ThermalLimit, RuleNames.HeatingRate, RuleNames.ThermalRunaway),
        ];
    }

    private PlotPanel Capacity()
    {
        PlotPanel panel = Panel("Capacity", view.Milli + "Ah",
            [.. Split("charge", ChargeColor, cycle => view.Scale * cycle.ChargeCapacityAh), .. Split("discharge", DischargeColor, cycle => view.Scale * cycle.DischargeCapacityAh)],
            RuleNames.CapacityFade);
        return view.Comparable.Reference is { } reference && view.MainCapacityAh(reference) is { } capacityAh && view.Comparable.Cycles.Count > 1
            ? panel with
            {
                Levels = [new PlotLine(view.Scale * capacityAh * view.Profile.EndOfLifeRetention, string.Create(
                    CultureInfo.InvariantCulture, $"{100 * view.Profile.EndOfLifeRetention:0.##} % of cycle {reference.Index}"), "limit")],
            }
            : panel;
    }

    private PlotPanel Resistance()
    {
        (string name, Func<PulseResistance, double?> of) = view.Report.Pulses.Any(pulse => pulse.R10sOhm is not null)
            ? ("after 10 s", pulse => pulse.R10sOhm)
            : view.Report.Pulses.Any(pulse => pulse.R1sOhm is not null)
                ? ("after 1 s", (Func<PulseResistance, double?>)(pulse => pulse.R1sOhm))
                : ("after 30 s", pulse => pulse.R30sOhm);
        return Panel($"Resistance of current steps {name}", view.OhmUnit,
            [
                new PlotSeries("step to charge", ChargeColor, PlotForm.Dots, Resistances(of, isCharge: true)),
                new PlotSeries("step to discharge", DischargeColor, PlotForm.Dots, Resistances(of, isCharge: false)),
            ],
            RuleNames.ResistanceRise) with
        {
            Note = "Median of the steps of a cycle that can define it.",
        };
    }

    private List<PlotPoint> Resistances(Func<PulseResistance, double?> of, bool isCharge) =>
    [
        .. view.Report.Pulses.Where(pulse => of(pulse) is not null && pulse.CurrentA > 0 == isCharge)
            .GroupBy(pulse => view.CycleAt(pulse.TimeMicroseconds) ?? 0)
            .OrderBy(cycle => cycle.Key)
            .Select(cycle => new PlotPoint(cycle.Key, view.OhmScale * CellView.Median(cycle.Select(pulse => of(pulse)!.Value))!.Value)),
    ];

    // Where the peaks of dQ/dV lie, each followed from cycle to cycle; short tracks are chance.
    private PlotPanel Peaks()
    {
        IReadOnlyList<DifferentialCapacity> halves = view.Report.Detail?.Halves ?? [];
        PlotSeries Tracks(string name, int color, StepKind half) => new(name, color, PlotForm.Dots,
        [
            .. PeakTracks.Follow(halves, half).Where(track => track.Points.Count >= Math.Min(LeastTrack, Cycles.Count))
                .SelectMany(track => track.Points).OrderBy(point => point.Cycle).Select(point => new PlotPoint(point.Cycle, point.Peak.PositionV)),
        ]);
        return Panel("Peaks of dQ/dV", "V", [Tracks("charge", ChargeColor, StepKind.Charge), Tracks("discharge", DischargeColor, StepKind.Discharge)]) with
        {
            Note = "Where they lie, at the rate of the first half cycle.",
        };
    }

    private PlotPanel Panel(string title, string unit, IReadOnlyList<PlotSeries> series, params string[] rules) => new()
    {
        Title = title, XLabel = "cycle", YLabel = unit, Series = series, HasWholeX = true, Moments = Moments(rules),
    };

    private List<PlotLine> Moments(string[] rules) =>
    [
        .. view.Findings.Where(finding => finding.Cycle is not null && rules.Contains(finding.Rule, StringComparer.Ordinal)).Take(MostMoments)
            .Select(finding => new PlotLine(finding.Cycle!.Value, $"{finding.Rule}: {finding.Message}", AnalysisJson.NameOf(finding.Severity))),
    ];

    // Complete cycles as dots that set the scale, the others as rings that do not.
    private IEnumerable<PlotSeries> Split(string name, int color, Func<CycleSummary, double?> of)
    {
        List<PlotPoint> whole = Points(Cycles.Where(cycle => cycle.Quality == CycleQuality.Complete), of);
        List<PlotPoint> other = Points(Cycles.Where(cycle => cycle.Quality != CycleQuality.Complete), of);
        yield return new PlotSeries(name, color, PlotForm.Dots, whole);
        if (other.Count > 0)
        {
            yield return new PlotSeries(name == "charge" ? "" : "not complete", color, PlotForm.Rings, other) { SetsScale = whole.Count < LeastCycles };
        }
    }

    private static List<PlotPoint> Points(IEnumerable<CycleSummary> cycles, Func<CycleSummary, double?> of) =>
        [.. cycles.Where(cycle => of(cycle) is { } value && double.IsFinite(value)).Select(cycle => new PlotPoint(cycle.Index, of(cycle)!.Value))];
}
