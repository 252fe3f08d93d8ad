using PouchMonitor.Analysis.Abuse.Report.Parts;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Comparison;

/// <summary>Tests in columns: what they are, the conditions in which their plans differ, criteria, computed values.</summary>
/// <param name="write">Where to.</param>
/// <param name="all">All tests of the report, which set the rows.</param>
/// <param name="tests">Those that are columns here.</param>
internal sealed class SideBySideTable(PartWriter write, IReadOnlyList<ComparedTest> all, IReadOnlyList<ComparedTest> tests)
{
    private const int MostValues = 120;

    private readonly HtmlText html = write.Html;

    public void Write()
    {
        int columns = tests.Count + 1;
        html.Raw("<div class=\"scroll\"><table class=\"side\"><thead><tr><th></th>");
        foreach (ComparedTest test in tests)
        {
            html.Raw("<th class=\"num\"><bdi>").Text(test.Name).Raw("</bdi></th>");
        }

        html.Raw("</tr></thead>\n");
        Group("Tests", columns);
        Row("Record", test => html.Text(test.View.Record.Id));
        Row("Plan", test => html.Text(FormattableString.Invariant($"{test.View.Plan.Name}, version {test.View.Plan.Version}")));
        Row("Standard", test => html.Text(test.View.Plan.Standard ?? "none named"));
        Row("Profile", test => html.Text(test.View.Record.Profile ?? "none named"));
        Row("Date", test => html.Text(test.View.Day));
        Row("State", test => html.Text(test.View.Standing.Length > 0 ? test.View.Standing : AbuseWords.Of(test.View.Record.State)));
        Row("By the criteria", test => html.Text(test.View.Verdict.Title));
        Row("Hazard level proposed", test => html.Figure(test.View.Figures?.Hazard.Level, "0"));
        Row("Hazard level confirmed", WriteConfirmed);
        Row("Trigger told by", test => html.Text(test.View.Figures?.Trigger is { } trigger ? $"{AbuseWords.Of(trigger.Source)}, {AbuseNumber.Half(trigger.UncertaintyS, "s")}" : "no trigger"));
        Row("Initial voltage", test => AbuseNumber.Write(html, test.View.Figures?.InitialVoltageV, null, "V"));
        Row("Sensors lost", test => html.Figure(test.View.Figures?.SensorLosses.Count, "0"));
        html.Raw("</tbody>\n");
        WriteConditions(columns);
        WriteCriteria(columns);
        WriteValues(columns);
        html.Raw("</table></div>\n");
    }

    private void WriteConfirmed(ComparedTest test)
    {
        if (test.View.Record.Observations is { HazardLevel: { } level } observed)
        {
            html.Figure(level, "0").Raw(", by ");
            write.Bidirectional(observed.Person);
        }
        else
        {
            html.Raw("not confirmed by a person");
        }
    }

    private void WriteConditions(int columns)
    {
        PlanCondition[] asked = [.. all.SelectMany(test => test.View.Plan.Conditions).DistinctBy(condition => condition.Text, StringComparer.Ordinal)];
        PlanCondition[] different = [.. asked.Where(condition => all.Select(test => Find(test, condition)).Distinct().Count() > 1)];
        Group(different.Length > 0 ? "Conditions of the plans that differ" : asked.Length > 0 ? "The plans ask for the same conditions" : "The plans name no conditions", columns);
        foreach (PlanCondition condition in different)
        {
            Row(condition.Text, test =>
            {
                _ = Find(test, condition) switch
                {
                    null => html.Raw("<span class=\"none\">not asked</span>"),
                    { Value: { } value } found => html.Raw("<span class=\"differs\">").Text(AbuseNumber.Set(value, found.Unit)).Raw("</span>")
                        .Raw(found.Source == FigureSource.Recalled ? "<small class=\"recalled\">recalled</small>" : ""),
                    _ => html.Raw("asked"),
                };
            });
        }

        html.Raw("</tbody>\n");
    }

    private static PlanCondition? Find(ComparedTest test, PlanCondition condition) => test.View.Plan.Conditions.FirstOrDefault(one => one.Text == condition.Text);

    private void WriteCriteria(int columns)
    {
        Group("Criteria: state, first met after the trigger, furthest seen", columns);
        foreach (AbuseCriterion criterion in all.SelectMany(test => test.View.Figures?.Criteria ?? []).DistinctBy(one => one.Id, StringComparer.Ordinal))
        {
            Row(criterion.Title, test =>
            {
                if (test.View.Figures?.Criteria.FirstOrDefault(one => one.Id == criterion.Id) is not { } found)
                {
                    html.Raw("<span class=\"none\">not of its plan</span>");
                    return;
                }

                html.Text(AbuseWords.Of(found.State));
                if (found.MetAt is not null)
                {
                    html.Raw(", ");
                    AbuseMoment.WriteRelative(html, found.MetAt, test.View.Zero);
                }

                if (found.Observed is not null)
                {
                    html.Raw("<small>").Figure(found.Observed, AbuseNumber.Format(found.Observed, null), AbuseNumber.Unit(found.Unit)).Raw("</small>");
                }
            });
        }

        html.Raw("</tbody>\n");
    }

    private void WriteValues(int columns)
    {
        Group("Computed values, ± half width of about 95 %, and the moment after the trigger", columns);
        foreach (AbuseValue value in all.SelectMany(test => test.View.Figures?.Values ?? []).DistinctBy(one => one.Id, StringComparer.Ordinal).Take(MostValues))
        {
            Row(value.Title, test =>
            {
                AbuseValue? found = test.View.Figures?.Values.FirstOrDefault(one => one.Id == value.Id);
                if (found?.Value is null)
                {
                    html.Raw("<span class=\"none\">").Text(found?.Absence ?? "not computed").Raw("</span>");
                    return;
                }

                AbuseNumber.Write(html, found.Value, found.Uncertainty, found.Unit);
                if (found.At is not null && test.View.Zero is not null)
                {
                    html.Raw("<small>at ");
                    AbuseMoment.WriteRelative(html, found.At, test.View.Zero);
                    html.Raw("</small>");
                }
            });
        }

        html.Raw("</tbody>\n");
    }

    private void Group(string title, int columns) => html.Raw(FormattableString.Invariant($"<tbody><tr class=\"group\"><th colspan=\"{columns}\">")).Text(title).Raw("</th></tr>\n");

    private void Row(string name, Action<ComparedTest> cell)
    {
        html.Raw("<tr><th scope=\"row\"><bdi>").Text(name).Raw("</bdi></th>");
        foreach (ComparedTest test in tests)
        {
            html.Raw("<td class=\"num\">");
            cell(test);
            html.Raw("</td>");
        }

        html.Raw("</tr>\n");
    }
}
