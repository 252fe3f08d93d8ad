using System.Globalization;
using System.Text.Json;

namespace PouchMonitor.Analysis.Abuse.Report.Comparison;

/// <summary>What a reader must know before figures of several tests are held against one another.</summary>
internal static class ComparisonWarnings
{
    private const double CoarseTriggerS = 1;

    public static IEnumerable<string> Of(IReadOnlyList<ComparedTest> tests)
    {
        foreach (string warning in Plans(tests))
        {
            yield return warning;
        }

        if (Differ(tests, test => test.View.Record.Profile ?? "none named") is { } profiles)
        {
            yield return "The profiles of the cells differ: " + profiles + ".";
        }

        if (Differ(tests, test => test.View.Figures?.Trigger is { } trigger ? AbuseWords.Of(trigger.Source) : "none") is { } sources)
        {
            yield return "What told the trigger differs, and so may the zero of time: " + sources + ".";
        }

        if (Names(tests, test => test.View.Zero is null) is { } untriggered)
        {
            yield return "Without a trigger, and so laid out from the first sample: " + untriggered + ".";
        }

        if (Names(tests, test => test.View.Figures?.Trigger?.UncertaintyS > CoarseTriggerS) is { } coarse)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"The moment of the trigger is known no better than {CoarseTriggerS} s: {coarse}.");
        }

        if (Names(tests, test => !test.View.IsOver) is { } open)
        {
            yield return "Not ended, so that the figures can still change: " + open + ".";
        }

        if (Names(tests, test => test.View.IsOver && !test.View.IsSigned) is { } unsigned)
        {
            yield return "Not signed: " + unsigned + ".";
        }

        if (Names(tests, test => test.View.Record.Signatures.Any(one => !AbuseIdentity.IsIntact(test.View.Record, one))) is { } changed)
        {
            yield return "Not the record that was signed: " + changed + ".";
        }

        if (Names(tests, test => test.View.Figures?.Deviations.Count + test.View.Record.Deviations.Count > 0) is { } deviating)
        {
            yield return "With deviations from the plan, see their own reports: " + deviating + ".";
        }
    }

    private static IEnumerable<string> Plans(IReadOnlyList<ComparedTest> tests)
    {
        if (Differ(tests, test => test.View.Plan.Name) is { } names)
        {
            yield return "The tests follow different plans: " + names + ".";
        }
        else if (Differ(tests, test => string.Create(CultureInfo.InvariantCulture, $"version {test.View.Plan.Version}")) is { } versions)
        {
            yield return "The tests follow different versions of their plan: " + versions + ". Conditions that differ are listed below.";
        }

        foreach (IGrouping<(string, int), ComparedTest> plan in tests.GroupBy(test => (test.View.Plan.Name, test.View.Plan.Version)))
        {
            if (plan.DistinctBy(test => JsonSerializer.Serialize(test.View.Plan, AbuseJson.Options), StringComparer.Ordinal).Count() > 1)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"Plan {plan.Key.Item1}, version {plan.Key.Item2}, is not the same in all tests that name it: it comes from different laboratories or was changed outside the product.");
            }
        }

        if (Differ(tests, test => test.View.Plan.Standard ?? "none named") is { } standards)
        {
            yield return "The standards differ: " + standards + ".";
        }
    }

    // What there is, with the tests of each; null where all are alike.
    private static string? Differ(IReadOnlyList<ComparedTest> tests, Func<ComparedTest, string> what)
    {
        IGrouping<string, ComparedTest>[] groups = [.. tests.GroupBy(what, StringComparer.Ordinal)];
        return groups.Length < 2 ? null : string.Join("; ", groups.Select(group => $"{group.Key} ({string.Join(", ", group.Select(test => test.Name))})"));
    }

    private static string? Names(IReadOnlyList<ComparedTest> tests, Func<ComparedTest, bool> which) =>
        string.Join(", ", tests.Where(which).Select(test => test.Name)) is { Length: > 0 } names ? names : null;
}
