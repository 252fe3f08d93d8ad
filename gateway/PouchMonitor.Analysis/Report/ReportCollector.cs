using System.Text.Json;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis.Report;

/// <summary>
/// Gathers everything a <see cref="ChannelAnalysis"/> gives, newest state of each, for a report. It keeps the whole test
/// and grows with it, so it is for files and tests, not for a live channel.
/// </summary>
public sealed class ReportCollector : IAnalysisSink
{
    private readonly SortedDictionary<int, CycleSummary> cycles = [];
    private readonly List<PulseResistance> pulses = [];
    private readonly List<StepSummary> steps = [];
    private readonly Dictionary<string, int> positionById = new(StringComparer.Ordinal);
    private readonly List<Finding> findings = [];

    /// <summary>Cycles by index, as last given.</summary>
    public IReadOnlyCollection<CycleSummary> Cycles => cycles.Values;

    public IReadOnlyList<PulseResistance> Pulses => pulses;

    public IReadOnlyList<StepSummary> Steps => steps;

    /// <summary>Findings as last given, in the order in which they first came.</summary>
    public IReadOnlyList<Finding> Findings => findings;

    public void OnCycle(CycleSummary cycle)
    {
        ArgumentNullException.ThrowIfNull(cycle);
        cycles[cycle.Index] = cycle;
    }

    public void OnStep(StepSummary step) => steps.Add(step);

    public void OnPulse(PulseResistance pulse) => pulses.Add(pulse);

    public void OnFinding(Finding finding)
    {
        ArgumentNullException.ThrowIfNull(finding);
        if (positionById.TryGetValue(finding.Id, out int position))
        {
            findings[position] = finding;
        }
        else
        {
            positionById.Add(finding.Id, findings.Count);
            findings.Add(finding);
        }
    }

    /// <summary>The report so far; findings in order of onset, then of rule.</summary>
    public AnalysisReport ToReport(string source, string cell) => new()
    {
        Source = source,
        Cell = cell,
        Cycles = [.. cycles.Values],
        Pulses = [.. pulses],
        Steps = [.. steps],
        Findings = [.. findings.OrderBy(f => f.OnsetMicroseconds).ThenBy(f => f.Rule, StringComparer.Ordinal)],
    };

    /// <summary>Writes the report so far as one JSON object.</summary>
    public void Write(Utf8JsonWriter writer, string source, string cell) => ToReport(source, cell).Write(writer);
}
