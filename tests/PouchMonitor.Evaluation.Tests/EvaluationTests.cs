using PouchMonitor.Evaluation.Tests.Cases;
using PouchMonitor.Evaluation.Tests.Scoring;

namespace PouchMonitor.Evaluation.Tests;

/// <summary>
/// Every rule over every labelled series: what it finds, what it cries out for nothing, and how early. 20 seeds, 200 under
/// POUCHMONITOR_SOAK=1. What is printed is kept in <c>regression.json</c>; worse fails. One case alone:
/// POUCHMONITOR_CASE=fade-knee/60003 with <see cref="OneCase_IsJudgedTheSameAgain"/>.
/// </summary>
public sealed class EvaluationTests(ITestOutputHelper output)
{
    private const string CaseVariable = "POUCHMONITOR_CASE";
    private const double SensitivityLowerBound = 0.97;
    private const double FalseAlarmsPerCellMonth = 0.1;

    [Fact]
    public void Measured_IsNoWorseThanKept()
    {
        Assert.SkipUnless(RecordedData.IsThere, "recorded data is absent (set POUCHMONITOR_DATA)");
        IsNoWorseThanKept(CaseSet.Measured);
    }

    [Fact]
    public void Emulated_IsNoWorseThanKept() => IsNoWorseThanKept(CaseSet.Emulated);

    [Fact]
    public void Adversarial_IsNoWorseThanKept() => IsNoWorseThanKept(CaseSet.Adversarial);

    [Fact]
    public void EveryMeasuredSeries_IsJudgedRight()
    {
        Assert.SkipUnless(RecordedData.IsThere, "recorded data is absent (set POUCHMONITOR_DATA)");
        CaseVerdict[] wrong = [.. CaseRuns.Of(CaseSet.Measured).Where(verdict => !verdict.IsRight)];
        foreach (CaseVerdict verdict in wrong)
        {
            Print(verdict);
        }

        Assert.Empty(wrong.Select(verdict => verdict.Name));
    }

    /// <summary>The lower bound of the interval and the rate itself, over all rules of the emulated set.</summary>
    [Fact]
    public void Emulated_MeetsTheTargetsOverall()
    {
        RuleFigures overall = RuleFigures.Of(CaseRuns.Of(CaseSet.Emulated))[RuleFigures.Overall];
        Shortfalls.Hold(output, "overall/", new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["overall/sensitivity"] = Intervals.Share(overall.Detected, overall.Expected).Low >= SensitivityLowerBound
                ? null
                : $"{overall.Detected} of {overall.Expected}, lower bound {Intervals.Share(overall.Detected, overall.Expected).Low:F3} < {SensitivityLowerBound}",
            ["overall/false-alarms"] = overall.FalseAlarms / overall.CellMonths <= FalseAlarmsPerCellMonth
                ? null
                : $"{overall.FalseAlarms} in {overall.CellMonths:F2} cell-months > {FalseAlarmsPerCellMonth} a cell-month",
        });
    }

    [Fact]
    public void OneCase_IsJudgedTheSameAgain()
    {
        string name = Environment.GetEnvironmentVariable(CaseVariable) is { Length: > 0 } asked ? asked : "fade-knee/7";
        (CaseKind kind, ulong seed) = CaseKinds.Parse(name);
        CaseVerdict once = CaseVerdict.Of(kind, seed);
        CaseVerdict again = CaseVerdict.Of(kind, seed);
        Print(once);
        Assert.Equal(once.Findings.Select(finding => finding.ToString()), again.Findings.Select(finding => finding.ToString()));
    }

    private void IsNoWorseThanKept(CaseSet set)
    {
        CaseVerdict[] verdicts = CaseRuns.Of(set);
        SortedDictionary<string, RuleFigures> now = RuleFigures.Of(verdicts);
        output.WriteLine($"{set}, {verdicts.Length} cases, {(set == CaseSet.Measured ? 1 : CaseRuns.Seeds)} seeds:");
        foreach ((string rule, RuleFigures figures) in now)
        {
            output.WriteLine(figures.Describe(rule));
        }

        CaseVerdict[] wrong = [.. verdicts.Where(verdict => !verdict.IsRight)];
        output.WriteLine($"{wrong.Length} cases judged wrong:");
        foreach (CaseVerdict verdict in wrong)
        {
            Print(verdict);
        }

        if (CaseRuns.IsSoak)
        {
            return;
        }

        if (RegressionFile.IsUpdate)
        {
            RegressionFile.Update(set, now);
        }

        var better = new List<string>();
        List<string> worse = RegressionFile.Compare(set, now, better);
        foreach (string line in better)
        {
            output.WriteLine($"Better than kept; POUCHMONITOR_EVALUATION_UPDATE=1 keeps it: {line}");
        }

        Assert.Empty(worse);
    }

    private void Print(CaseVerdict verdict)
    {
        output.WriteLine($"  {verdict.Name}  ({CaseVariable}={verdict.Name} runs it alone)");
        output.WriteLine($"    cycles: {verdict.CycleQualities}");
        foreach (ExpectationVerdict missed in verdict.Expectations.Where(each => !each.DetectedByAny))
        {
            Expectation expected = missed.Expectation;
            output.WriteLine($"    missed {string.Join(" or ", expected.Rules)} between {expected.FromS:F1} and {expected.UntilS:F1} s");
        }

        foreach (ToldFinding told in verdict.Findings)
        {
            string mark = verdict.FalseAlarms.Contains(told) ? "FALSE " : "";
            output.WriteLine($"    {mark}{told.Finding.Severity} {told.Finding.Rule} told at {told.ToldS:F1} s, cycle {told.Finding.Cycle}: {told.Finding.Message}");
        }
    }
}
