using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Evaluation.Tests.Cases;

namespace PouchMonitor.Evaluation.Tests.Scoring;

/// <summary>A finding and when it was first told, which is what lead time is about; its onset may lie earlier.</summary>
internal sealed record ToldFinding(Finding Finding, double ToldS, double WarnedS)
{
    /// <summary>True once it was told as a warning or worse.</summary>
    public bool IsWarning => double.IsFinite(WarnedS);
}

/// <summary>What became of one expectation.</summary>
/// <param name="Expectation">What was to be told.</param>
/// <param name="DetectedByFirst">The first of its rules told it.</param>
/// <param name="DetectedByAny">One of its rules told it.</param>
/// <param name="LeadS">Time from the first telling by one of its rules, advisories included, to the failure; NaN where it was missed.</param>
internal sealed record ExpectationVerdict(Expectation Expectation, bool DetectedByFirst, bool DetectedByAny, double LeadS);

/// <summary>How one case was judged.</summary>
internal sealed record CaseVerdict
{
    public required string Name { get; init; }

    public required CaseSet Set { get; init; }

    public required IReadOnlyList<ToldFinding> Findings { get; init; }

    public required IReadOnlyList<ExpectationVerdict> Expectations { get; init; }

    public required IReadOnlyList<ToldFinding> FalseAlarms { get; init; }

    /// <summary>How many cycles were of which quality, for the diagnosis of a case.</summary>
    public required string CycleQualities { get; init; }

    /// <summary>Time in which an alarm would have been false or expected, seconds.</summary>
    public required double ExposureS { get; init; }

    public bool IsRight => FalseAlarms.Count == 0 && Expectations.All(verdict => verdict.DetectedByAny);

    /// <summary>Runs the analysis over a case and holds what it tells against the labels.</summary>
    public static CaseVerdict Of(CaseKind kind, ulong seed)
    {
        EvaluationCase labelled = kind.Make(seed);
        var sink = new TellingSink();
        var analysis = new ChannelAnalysis(labelled.Profile, sink);
        double firstS = double.NaN;
        foreach (Sample sample in labelled.Samples)
        {
            sink.NowS = sample.TimeMicroseconds / 1e6;
            firstS = double.IsNaN(firstS) ? sink.NowS : firstS;
            analysis.Add(sample);
        }

        double lastS = sink.NowS;
        analysis.Complete();
        IReadOnlyList<Expectation> expected = labelled.Expected();
        double dangerS = labelled.DangerFromS();
        ToldFinding[] told = [.. sink.Told.OrderBy(finding => finding.ToldS)];
        return new CaseVerdict
        {
            Name = kind.CaseName(seed),
            Set = kind.Set,
            Findings = told,
            Expectations = [.. expected.Select(expectation => Judge(expectation, told))],
            FalseAlarms = [.. told.Where(finding => finding.IsWarning && finding.WarnedS < dangerS
                && !labelled.Allowed.Contains(finding.Finding.Rule, StringComparer.Ordinal)
                && !expected.Any(expectation => Fits(expectation, finding, finding.WarnedS, until: double.PositiveInfinity)))],
            CycleQualities = string.Join(", ", sink.Qualities.Select(each => $"{each.Value} {each.Key}")),
            ExposureS = Math.Max(0, Math.Min(lastS, dangerS) - firstS),
        };
    }

    private static ExpectationVerdict Judge(Expectation expectation, ToldFinding[] told)
    {
        ToldFinding[] right = [.. told.Where(finding => Fits(expectation, finding, finding.WarnedS, expectation.UntilS))];
        bool first = right.Any(finding => string.Equals(finding.Finding.Rule, expectation.Rules[0], StringComparison.Ordinal));
        double earliestS = told
            .Where(finding => expectation.Rules.Contains(finding.Finding.Rule, StringComparer.Ordinal))
            .Select(finding => finding.ToldS)
            .DefaultIfEmpty(double.NaN)
            .Min();
        return new ExpectationVerdict(expectation, first, right.Length > 0, right.Length > 0 ? expectation.FailureS - earliestS : double.NaN);
    }

    private static bool Fits(Expectation expectation, ToldFinding finding, double atS, double until) =>
        atS >= expectation.FromS && atS <= until
        && expectation.Rules.Contains(finding.Finding.Rule, StringComparer.Ordinal)
        && (!expectation.SensorMustLatch || finding.Finding.Rule != RuleNames.SensorFault || finding.Finding.Latches);

    private sealed class TellingSink : IAnalysisSink
    {
        private readonly Dictionary<string, ToldFinding> byId = new(StringComparer.Ordinal);

        public double NowS { get; set; }

        public SortedDictionary<string, int> Qualities { get; } = new(StringComparer.Ordinal);

        public IEnumerable<ToldFinding> Told => byId.Values;

        public void OnFinding(Finding finding)
        {
            double warnedS = finding.Severity >= FindingSeverity.Warning ? NowS : double.PositiveInfinity;
            byId[finding.Id] = byId.TryGetValue(finding.Id, out ToldFinding? before)
                ? before with { Finding = finding, WarnedS = Math.Min(before.WarnedS, warnedS) }
                : new ToldFinding(finding, NowS, warnedS);
        }

        public void OnCycle(CycleSummary cycle)
        {
            string quality = cycle.Quality == CycleQuality.Complete ? "complete" : $"{cycle.Quality} ({cycle.QualityReason})";
            Qualities[quality] = Qualities.GetValueOrDefault(quality) + 1;
        }

        public void OnStep(StepSummary step)
        {
        }

        public void OnPulse(PulseResistance pulse)
        {
        }
    }
}
