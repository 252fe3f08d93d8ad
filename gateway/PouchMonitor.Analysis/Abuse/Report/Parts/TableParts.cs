using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>The tables before the plots: checklist, criteria, computed values.</summary>
internal sealed class TableParts(PartWriter write, AbuseView view)
{
    private const int MostValues = 300;

    private readonly HtmlText html = write.Html;

    public void WriteChecklist()
    {
        write.Section("checklist", "Checklist before arming");
        if (view.Record.Checks.Count == 0)
        {
            write.None(view.Record.Source is null ? "No check is recorded." : "No checklist: the figures were computed from a recorded file.").EndSection();
            return;
        }

        write.Table("checks", "Check", "State", "By", "When", "Detail");
        foreach (AbuseCheck check in view.Record.Checks)
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(check.Text).Raw("</bdi></th><td>");
            write.Chip(check.State switch { CheckState.Good => "good", CheckState.Bad => "emergency", _ => "warning" }, AbuseWords.Of(check.State));
            html.Raw("</td>");
            write.Cell(check.Person ?? (check.IsByPerson ? "nobody yet" : "the monitor")).Cell(check.At is { } at ? AbuseMoment.Coarse(at) : null, "when").Cell(check.Detail);
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.EndSection();
    }

    public void WriteCriteria()
    {
        write.Section("criteria", "Criteria");
        if (view.Figures is not { Criteria.Count: > 0 } figures)
        {
            write.None(view.Figures is null ? "No criterion could be judged: there are no computed figures." : "The plan has no criteria.").EndSection();
            return;
        }

        write.Table("criteria", "Criterion", "State", "#Furthest seen", "#Limit", "#After the trigger", "First met", "Counts how");
        foreach (AbuseCriterion criterion in figures.Criteria)
        {
            CriterionRule? rule = view.Plan.Criteria.FirstOrDefault(one => one.Id == criterion.Id);
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(criterion.Title).Raw("</bdi>");
            if (!string.IsNullOrEmpty(criterion.Reason))
            {
                html.Raw("<small>").Text(criterion.Reason).Raw("</small>");
            }

            html.Raw("<small>");
            write.Source(criterion.Source);
            html.Raw("</small></th><td>");
            write.Chip(StyleOf(criterion), AbuseWords.Of(criterion.State));
            html.Raw("</td><td class=\"num\">").Figure(criterion.Observed, AbuseNumber.Format(criterion.Observed, null), AbuseNumber.Unit(criterion.Unit)).Raw("</td><td class=\"num\">");
            if (criterion.Limit is { } limit)
            {
                html.Raw(rule is null ? "" : rule.IsBelow ? "≤ " : "≥ ").Figure(limit, "#,0.######", AbuseNumber.Unit(criterion.Unit));
                html.Text(rule?.HoldS > 0 ? ", for " + AbuseNumber.Set(rule.HoldS, "s") : "");
            }
            else
            {
                html.Raw("seen by a person");
            }

            html.Raw("</td>");
            write.Moments(criterion.MetAt, view.Zero).Cell(AbuseWords.Role(criterion.IsFailure, criterion.IsRequired));
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.EndSection();
    }

    public void WriteValues()
    {
        write.Section("values", "Computed values");
        if (view.Figures is not { Values.Count: > 0 } figures)
        {
            write.None("Nothing was computed: there are no readings.").EndSection();
            return;
        }

        html.Raw("<p class=\"note\">± is the half width within which the value lies with about 95 %; where it is missing, none is known. Exact values stand in the source of this page and in the record.</p>\n");
        write.Table("values", "Quantity and definition", "#Value", "#After the trigger", "Moment", "Sensor");
        foreach (AbuseValue value in figures.Values.Take(MostValues))
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(value.Title).Raw("</bdi><small>").Text(value.Definition).Raw("</small></th>");
            if (value.Value is null)
            {
                html.Raw("<td class=\"why\" colspan=\"3\">not known: ").Text(value.Absence ?? "no reason recorded").Raw("</td>");
            }
            else
            {
                html.Raw("<td class=\"num\">");
                AbuseNumber.Write(html, value.Value, value.Uncertainty, value.Unit);
                html.Raw("</td>");
                write.Moments(value.At, view.Zero);
            }

            write.Cell(value.Sensor);
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.LeftOut(Math.Min(MostValues, figures.Values.Count), figures.Values.Count, "values");
        write.EndSection();
    }

    private static string StyleOf(AbuseCriterion criterion) => criterion.State switch
    {
        CriterionState.Met when criterion.IsFailure => "emergency",
        CriterionState.Met when criterion.IsRequired => "good",
        CriterionState.Met => "critical",
        CriterionState.Near => "warning",
        CriterionState.NotMet when criterion.IsRequired => "warning",
        CriterionState.NotMet => "good",
        _ => "unknown",
    };
}
