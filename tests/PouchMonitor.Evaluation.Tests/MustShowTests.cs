using PouchMonitor.Evaluation.Tests.Cases;
using PouchMonitor.Evaluation.Tests.Scoring;

namespace PouchMonitor.Evaluation.Tests;

/// <summary>
/// What must hold case by case: the reference cells over their lives, and danger that no sensor hides. What does not hold
/// yet stands in the regression file with its figure, and can only leave it.
/// </summary>
public sealed class MustShowTests(ITestOutputHelper output)
{
    private const ulong LifeSeed = 61_001;

    [Fact]
    public void ImprovedCells_AreWarnedOfAtTheirCrossingAndNeverBefore() => Hold(
        "life/", ReferenceLives.Improved.Select(ReferenceLives.Whole),
        verdict => verdict.IsRight ? null : Describe(verdict));

    /// <summary>An advisory counts as a flag; its severity is printed.</summary>
    [Fact]
    public void BaselinesWithFigures_AreFlaggedBeforeTheirFailure() => Hold(
        "baseline/", ReferenceLives.Baselines.Select(ReferenceLives.Baseline),
        verdict =>
        {
            Expectation expected = verdict.Expectations[0].Expectation;
            ToldFinding? first = verdict.Findings.FirstOrDefault(
                told => told.ToldS <= expected.UntilS && expected.Rules.Contains(told.Finding.Rule, StringComparer.Ordinal));
            if (first is not null)
            {
                output.WriteLine(
                    $"{verdict.Name}: {first.Finding.Severity} {first.Finding.Rule} in cycle {first.Finding.Cycle}, "
                    + $"{(expected.FailureS - first.ToldS) / 86_400:F1} d before the failure");
            }

            return first is null || verdict.FalseAlarms.Count > 0 ? Describe(verdict) : null;
        });

    /// <summary>Every seed of every way to lose a sensor in a runaway ends in <c>thermal-runaway</c> or a latched <c>sensor-fault</c>.</summary>
    [Fact]
    public void Danger_IsNeverMasked()
    {
        string[] wrong =
        [
            .. CaseRuns.Of(CaseSet.Emulated).Concat(CaseRuns.Of(CaseSet.Adversarial))
                .Where(verdict => verdict.Name.StartsWith("masked-", StringComparison.Ordinal)
                    || verdict.Name.StartsWith("runaway-", StringComparison.Ordinal))
                .Where(verdict => verdict.Expectations.Any(each => !each.DetectedByAny))
                .Select(Describe),
        ];
        Assert.Empty(wrong);
    }

    private void Hold(string prefix, IEnumerable<CaseKind> kinds, Func<CaseVerdict, string?> problem)
    {
        CaseVerdict[] verdicts = CaseRuns.Run(kinds.Select(kind => (kind, LifeSeed)));
        Shortfalls.Hold(output, prefix, verdicts.ToDictionary(verdict => prefix + verdict.Name, problem, StringComparer.Ordinal));
    }

    private static string Describe(CaseVerdict verdict)
    {
        ToldFinding? early = verdict.FalseAlarms.Count > 0 ? verdict.FalseAlarms[0] : null;
        bool missed = verdict.Expectations.Any(each => !each.DetectedByAny);
        string told = early is null
            ? ""
            : $"{early.Finding.Severity} {early.Finding.Rule} in cycle {early.Finding.Cycle} too early: {early.Finding.Message}";
        return $"{verdict.Name}: {(missed ? $"missed {verdict.Expectations[0].Expectation.Rules[0]}; " : "")}{told} ({verdict.CycleQualities})";
    }
}
