using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>
/// Reads the samples of a judged test once more for what its steps and cycles must be known for: dQ/dV with its peaks, the
/// curves of the shown cycles, and a trace over time with bounded memory (decision 0003).
/// </summary>
public sealed class SecondReading
{
    private const int TraceIntervals = 700;
    private const long FocusBeforeMicroseconds = 30_000_000;
    private const long FocusAfterMicroseconds = 120_000_000;
    private const long FocusReachMicroseconds = 600_000_000;
    private const int FocusShare = 3;

    private readonly AnalysisReport report;
    private readonly IReadOnlyList<(int Cycle, string Role)> shown;
    private readonly BelievedSamples believed;
    private readonly DifferentialPass differential;
    private readonly VoltageCurvePass voltages;
    private readonly ExtremeIntervals trace;
    private readonly (long From, long To)? focused;
    private readonly ExtremeIntervals? focus;
    private readonly List<DifferentialCapacity> halves = [];
    private readonly Dictionary<(int Cycle, StepKind Half), DifferentialCurve> curves = [];

    /// <param name="report">What the first reading gave; it must say by what profile it was judged.</param>
    public SecondReading(AnalysisReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        TestStanding standing = report.Standing ?? throw new ArgumentException("The report does not say by what profile it was judged.", nameof(report));
        this.report = report;
        shown = ShownCycles.Of(standing.Profile, report.Cycles, report.Steps);
        HashSet<int> wanted = [.. shown.Select(one => one.Cycle)];
        differential = new DifferentialPass(standing.Profile, report.Steps, (half, curve) =>
        {
            halves.Add(half);
            if (curve is not null && wanted.Contains(half.Cycle))
            {
                curves[(half.Cycle, half.Half)] = curve;
            }
        });
        voltages = new VoltageCurvePass(report.Steps, wanted.Contains);
        trace = new ExtremeIntervals(standing.FirstMicroseconds ?? 0, standing.LastMicroseconds ?? 0, TraceIntervals);
        focused = FocusOf(report.Findings, standing);
        focus = focused is { } span ? new ExtremeIntervals(span.From, span.To, TraceIntervals) : null;
        believed = new BelievedSamples(standing.Profile, Take);
    }

    /// <summary>Takes the next sample of the test.</summary>
    public void Add(in Sample sample) => believed.Add(sample);

    /// <summary>The samples are at their end: the report with what was read.</summary>
    public AnalysisReport Complete()
    {
        believed.Complete();
        differential.CompleteBelieved();
        voltages.Complete();
        return report with
        {
            Detail = new TestDetail
            {
                Halves = halves,
                Separations = Separations(),
                Shown = [.. shown.Select(one => new ShownCycle
                {
                    Cycle = one.Cycle, Role = one.Role, Charge = HalfOf(one.Cycle, StepKind.Charge), Discharge = HalfOf(one.Cycle, StepKind.Discharge),
                })],
                Trace = new TestTrace([.. trace.Rows()], trace.WidthSeconds),
                Focus = focus is null ? null : new TestTrace([.. focus.Rows()], focus.WidthSeconds),
            },
        };
    }

    private void Take(in Sample sample)
    {
        differential.TakeBelieved(sample);
        voltages.Take(sample);
        trace.Take(sample);
        if (focused is { } span && sample.TimeMicroseconds >= span.From && sample.TimeMicroseconds <= span.To)
        {
            focus!.Take(sample);
        }
    }

    // From before the first grave finding to after the last that followed it closely, where that is a small part of the test.
    private static (long From, long To)? FocusOf(IReadOnlyList<Finding> findings, TestStanding standing)
    {
        long? first = null;
        long last = 0;
        foreach (Finding finding in findings.Where(finding => finding.Severity >= FindingSeverity.Critical))
        {
            first ??= finding.OnsetMicroseconds;
            last = finding.OnsetMicroseconds - first.Value <= FocusReachMicroseconds ? finding.OnsetMicroseconds : last;
        }

        (long From, long To)? span = first is null ? null : (first.Value - FocusBeforeMicroseconds, last + FocusAfterMicroseconds);
        return standing.LastMicroseconds - standing.FirstMicroseconds > FocusShare * (span?.To - span?.From) ? span : null;
    }

    private List<PeakSeparation> Separations()
    {
        Dictionary<(int Cycle, StepKind Half), DifferentialCapacity> known = halves.ToDictionary(one => (one.Cycle, one.Half));
        List<PeakSeparation> separations = [];
        foreach (CycleSummary cycle in report.Cycles)
        {
            if (known.TryGetValue((cycle.Index, StepKind.Charge), out DifferentialCapacity? charge)
                && known.TryGetValue((cycle.Index, StepKind.Discharge), out DifferentialCapacity? discharge))
            {
                separations.AddRange(PeakTracks.Separate(charge, discharge, cycle));
            }
        }

        return separations;
    }

    private ShownHalf? HalfOf(int cycle, StepKind half)
    {
        DifferentialCurve? curve = curves.GetValueOrDefault((cycle, half));
        VoltageCurve? voltage = voltages.Curves.GetValueOrDefault((cycle, half));
        return curve is null && voltage is null ? null : new ShownHalf(curve, voltage);
    }
}
