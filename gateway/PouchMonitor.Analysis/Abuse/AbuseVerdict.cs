namespace PouchMonitor.Analysis.Abuse;

/// <summary>What the criteria say together, by what was read and what a person wrote down: who signs decides.</summary>
/// <param name="Kind"><c>passed</c>, <c>failed</c>, <c>open</c> where people have to decide, <c>none</c> where there is nothing to judge yet.</param>
/// <param name="Title">Few words.</param>
/// <param name="Reason">One sentence.</param>
public sealed record AbuseVerdict(string Kind, string Title, string Reason)
{
    public static AbuseVerdict Of(AbuseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (record.State == AbuseState.Cancelled)
        {
            return new AbuseVerdict("none", "No verdict: cancelled", "The test was cancelled before its trigger.");
        }

        if (record.Figures is not { } figures || figures.SampleCount == 0)
        {
            return new AbuseVerdict("open", "No verdict: no readings", "The record holds no computed figures.");
        }

        AbuseCriterion[] failed = [.. figures.Criteria.Where(one => one is { IsFailure: true, State: CriterionState.Met })];
        if (failed.Length > 0)
        {
            return new AbuseVerdict("failed", "Not passed", "A criterion that fails the test was met: " + Names(failed) + ".");
        }

        if (figures.Trigger is null && record.TriggeredAt is null)
        {
            return new AbuseVerdict("open", "No verdict: no trigger", "The moment of the event was neither seen nor given.");
        }

        bool isOver = record.State is AbuseState.Ended or AbuseState.Signed;
        AbuseCriterion[] unjudged = [.. figures.Criteria.Where(one => (one.IsFailure || one.IsRequired) && one.State == CriterionState.NotJudged)];
        AbuseCriterion[] missing = [.. figures.Criteria.Where(one => one.IsRequired && one.State is CriterionState.NotMet or CriterionState.Near)];
        if (missing.Length > 0 && isOver)
        {
            return new AbuseVerdict("failed", "Not passed", "A criterion that must be met was not: " + Names(missing) + ".");
        }

        if (!isOver)
        {
            return new AbuseVerdict("none", "No verdict yet", "The test has not ended; all figures are provisional.");
        }

        if (unjudged.Length > 0)
        {
            return new AbuseVerdict("open", "Undecided", "Not judged: " + string.Join("; ", unjudged.Select(one => one.Reason is { } why ? $"{one.Title} ({why})" : one.Title)) + ".");
        }

        return figures.Criteria.Any(one => one.IsFailure || one.IsRequired)
            ? new AbuseVerdict("passed", "Passed", "No criterion that fails the test was met, and each that must be met was.")
            : new AbuseVerdict("open", "The plan sets no pass or fail", "Its criteria are told only.");
    }

    private static string Names(IEnumerable<AbuseCriterion> criteria) => string.Join("; ", criteria.Select(one => one.Title));
}
