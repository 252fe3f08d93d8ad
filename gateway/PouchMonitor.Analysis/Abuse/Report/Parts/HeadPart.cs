using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>The head: which cell and plan, where the record stands, what the criteria say, and the hazard level with who confirmed it.</summary>
internal sealed class HeadPart(PartWriter write, AbuseView view)
{
    private readonly HtmlText html = write.Html;

    public void Write()
    {
        AbuseRecord record = view.Record;
        html.Raw("<header class=\"head\"><p class=\"kind\">Abuse test report").Raw(" · ").Text(AbuseWords.Of(view.Plan.Kind)).Raw("</p>\n<h1><bdi>").Text(record.Cell).Raw("</bdi></h1>\n<p class=\"plan\"><bdi>")
            .Text(view.Plan.Title).Raw("</bdi></p>\n<dl class=\"facts\">");
        write.Fact("Plan", FormattableString.Invariant($"{view.Plan.Name}, version {view.Plan.Version}"))
            .Fact("Standard", view.Plan.Standard ?? "none named")
            .Fact("Date", view.Day)
            .Fact("State", AbuseWords.Of(record.State))
            .Fact("Record", record.Id);
        html.Raw("</dl>\n");
        WriteStanding();
        html.Raw("</header>\n<section class=\"verdict\" id=\"verdict\"><h3>Result</h3>\n<div class=\"boxes\">\n");
        WriteVerdict();
        WriteHazard();
        html.Raw("</div>\n");
        WriteMet();
        WriteKeys();
        html.Raw("</section>\n");
    }

    private void WriteStanding()
    {
        if (view.Standing.Length == 0)
        {
            return;
        }

        html.Raw("<p class=\"standing\"><b>").Text(view.Standing).Raw("</b> ").Raw(view.Record.State switch
        {
            AbuseState.Cancelled => "This is the record of a test that was not carried out.",
            _ when !view.IsOver => "Figures, criteria and the proposed level can still change.",
            _ => "The test has ended. No person has signed this record yet.",
        }).Raw("</p>\n");
    }

    private void WriteVerdict() => html.Raw($"<div class=\"box {view.Verdict.Kind switch { "passed" => "good", "failed" => "emergency", "open" => "warning", _ => "unknown" }}\"><p class=\"label\">Criteria</p><p class=\"large\">").Text(view.Verdict.Title)
        .Raw("</p><p>").Text(view.Verdict.Reason).Raw("</p></div>\n");

    private void WriteHazard()
    {
        AbuseObservations observed = view.Record.Observations;
        bool isConfirmed = observed.HazardLevel is not null;
        html.Raw(isConfirmed ? "<div class=\"box\">" : "<div class=\"box warning\">").Raw("<p class=\"label\">Hazard level (EUCAR)</p><p class=\"large\">");
        if (observed.HazardLevel is { } level)
        {
            html.Figure(level, "0").Raw(": ").Text(AbuseWords.Hazard(level)).Raw("</p><p>Confirmed by ");
            write.Bidirectional(observed.Person ?? "a person whose name is not recorded");
            html.Text(observed.At is { } at ? ", " + AbuseMoment.Coarse(at) : "").Raw(".");
            if (!string.IsNullOrEmpty(observed.Reason))
            {
                html.Raw(" Reason given: ");
                write.Bidirectional(observed.Reason);
            }

            html.Raw("</p>");
        }
        else
        {
            html.Raw("Not confirmed by a person</p>");
        }

        if (view.Figures?.Hazard is not { } hazard)
        {
            html.Raw("<p>No level is proposed: there are no computed figures.</p></div>\n");
            return;
        }

        html.Raw("<p>Proposed from the readings: <b>level ").Figure(hazard.Level, "0").Raw("</b>, ").Text(AbuseWords.Hazard(hazard.Level)).Raw(".</p>");
        if (observed.HazardLevel is { } confirmed && confirmed != hazard.Level)
        {
            html.Raw("<p>The person's level differs from the proposed one; the person's holds.</p>");
        }

        html.Raw("<ul>");
        foreach (string reason in hazard.Reasons)
        {
            html.Raw("<li>").Text(reason).Raw("</li>");
        }

        html.Raw("</ul>");
        if (!isConfirmed)
        {
            html.Raw("<p>").Text(hazard.OnlyAPersonCanSay).Raw("</p>");
        }

        html.Raw("</div>\n");
    }

    private void WriteMet()
    {
        AbuseCriterion[] met = [.. (view.Figures?.Criteria ?? []).Where(one => one.State == CriterionState.Met)];
        if (view.Figures is null || view.Figures.Criteria.Count == 0)
        {
            return;
        }

        html.Raw("<p class=\"met\">Criteria met: ").Raw(met.Length == 0 ? "none." : "");
        string separator = "";
        foreach (AbuseCriterion criterion in met)
        {
            html.Text(separator + criterion.Title);
            if (criterion.MetAt is { } at && view.Zero is { } zero)
            {
                html.Raw(" (").Text(AbuseMoment.Relative(at, zero)).Raw(" after the trigger)");
            }

            separator = "; ";
        }

        html.Raw(met.Length == 0 ? "</p>\n" : ".</p>\n");
    }

    private void WriteKeys()
    {
        if (view.Figures is not { } figures)
        {
            return;
        }

        html.Raw("<ul class=\"keys\">");
        if (figures.Trigger is { } trigger)
        {
            Key("Trigger, " + AbuseNumber.Half(trigger.UncertaintyS, "s"), () => html.Text(AbuseMoment.IsClock(trigger.At) ? AbuseMoment.Text(trigger.At)[11..23] : AbuseNumber.Set(Math.Round(trigger.At, 2), "s")));
        }

        if (figures.InitialVoltageV is { } initial)
        {
            Key("Initial voltage", () => html.Figure(initial, "F3", "V"));
        }

        if (figures.Values.Where(one => one.Unit == "C" && one.Value is not null && one.Id.StartsWith("maximum", StringComparison.Ordinal)).MaxBy(one => one.Value) is { } hottest)
        {
            Key(hottest.Title, () => AbuseNumber.Write(html, hottest.Value, hottest.Uncertainty, hottest.Unit));
        }

        Key("Criteria met", () => html.Figure(figures.Criteria.Count(one => one.State == CriterionState.Met), "0").Raw(" of ").Figure(figures.Criteria.Count, "0"));
        Key("Sensors lost", () => html.Figure(figures.SensorLosses.Count, "0"));
        Key("Deviations", () => html.Figure(figures.Deviations.Count + view.Record.Deviations.Count, "0"));
        html.Raw("</ul>\n");
    }

    private void Key(string name, Action value)
    {
        html.Raw("<li><b>");
        value();
        html.Raw("</b><span>").Text(name).Raw("</span></li>");
    }
}
