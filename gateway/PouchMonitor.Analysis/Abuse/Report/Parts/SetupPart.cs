using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>How the test was set up: node, channel, profile, calibrations, what the plan asks, its rules, and who did what when.</summary>
internal sealed class SetupPart(PartWriter write, AbuseView view)
{
    private readonly HtmlText html = write.Html;

    public void Write()
    {
        write.Section("setup", "Set-up");
        WriteFacts();
        WriteConditions();
        WriteRules();
        WriteCalibrations();
        write.EndSection();
    }

    private void WriteFacts()
    {
        AbuseRecord record = view.Record;
        html.Raw("<dl class=\"grid\">");
        write.Fact("Cell", record.Cell).Fact("Profile of the cell", record.Profile ?? "not named")
            .Fact("Node", record.Node ?? (record.Source is null ? "not named" : "none: read from a file")).Fact("Channel", record.Channel)
            .Fact("Recorded test", record.Test).Fact("Read from", record.Source);
        if (view.Figures is { FirstAt: { } first, LastAt: { } last } figures)
        {
            write.Fact("First sample", AbuseMoment.Text(first)).Fact("Last sample", AbuseMoment.Text(last))
                .Fact("Samples", AbuseNumber.Set(figures.SampleCount, null) + ", over " + TimeText.Span(last - first));
        }

        write.Fact("Created", Done(record.CreatedAt, record.CreatedBy)).Fact("Armed", Done(record.ArmedAt, record.ArmedBy));
        write.Fact("Trigger", view.Figures?.Trigger is { } trigger
            ? $"{AbuseMoment.Text(trigger.At)} {AbuseNumber.Half(trigger.UncertaintyS, "s")}, by {AbuseWords.Of(trigger.Source)}: {trigger.Reason}"
            : record.TriggeredAt is { } triggered ? AbuseMoment.Text(triggered) : "none");
        write.Fact("Exposure ended", Done(record.ExposureEndedAt, null)).Fact("Observed from", Done(record.ObservingAt ?? view.Figures?.Observation.BeganAt, null))
            .Fact("Observation complete", view.Figures?.Observation is { BeganAt: not null } observation ? Completion(observation) : null)
            .Fact("Ended", Done(record.EndedAt, record.EndedBy)).Fact("Note of the plan", view.Plan.Note);
        if (record.Stop is { } stop)
        {
            write.Fact("Emergency stop", Done(stop.At, stop.Person) + ": " + stop.State + (stop.AnsweredAt is { } answered ? ", " + AbuseMoment.Text(answered) : "")
                + (string.IsNullOrEmpty(stop.Detail) ? "" : ", " + stop.Detail));
        }

        html.Raw("</dl>\n");
    }

    private static string Completion(ObservationStanding observation) => observation.CompleteAt is { } complete
        ? AbuseMoment.Text(complete)
        : "no; still to come: " + (observation.Waiting.Count > 0 ? string.Join("; ", observation.Waiting) : "not said");

    private static string? Done(double? at, string? by) => at is { } moment
        ? AbuseMoment.Coarse(moment) + (string.IsNullOrEmpty(by) ? "" : ", by " + by) : null;

    private void WriteConditions()
    {
        html.Raw("<h4>What the plan asks of cell and set-up</h4>\n");
        if (view.Plan.Conditions.Count == 0)
        {
            write.None("The plan names no conditions.");
            return;
        }

        write.Table("conditions", "Condition", "#Figure", "Where the figure comes from");
        foreach (PlanCondition condition in view.Plan.Conditions)
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(condition.Text).Raw("</bdi></th><td class=\"num\">");
            _ = condition.Value is { } value ? html.Text(AbuseNumber.Set(value, condition.Unit)) : html.Raw("<span class=\"none\">–</span>");
            html.Raw("</td><td>");
            write.Source(condition.Source);
            html.Raw("</td></tr>\n");
        }

        write.EndTable();
    }

    private void WriteRules()
    {
        html.Raw("<h4>Rules of the plan</h4>\n");
        write.Table("rules", "What", "Rule", "Where the figures come from");
        Rule("Trigger, beside command and input", PlanRules.Trigger(view.Plan.Trigger), null);
        Rule("Observation", PlanRules.Observation(view.Plan.Observation), view.Plan.Observation.Source);
        Rule("Self-heating", PlanRules.SelfHeating(view.Plan.SelfHeating), view.Plan.SelfHeating.Source);
        Rule("Kept from before the trigger", AbuseNumber.Set(view.Plan.PreTriggerS, "s"), null);
        Rule("Local protection of the node", view.Plan.ProtectionKind is { } kind ? "armed for " + kind : "left alone", null);
        write.EndTable();
    }

    private void Rule(string name, string text, FigureSource? source)
    {
        html.Raw("<tr><th scope=\"row\">").Text(name).Raw("</th>");
        write.Cell(text);
        html.Raw("<td>");
        _ = source is { } known ? write.Source(known) : write.Bidirectional(null);
        html.Raw("</td></tr>\n");
    }

    private void WriteCalibrations()
    {
        html.Raw("<h4>Calibrations during the test</h4>\n");
        if (view.Record.Calibrations.Count == 0)
        {
            write.None("No calibration is recorded: the stated uncertainties rest on the sensors' nominal data, not on a calibration.");
            return;
        }

        write.Table("calibrations", "Quantity", "Calibration", "What it says");
        foreach (AbuseCalibration calibration in view.Record.Calibrations)
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(calibration.Column).Raw("</bdi></th>");
            write.Cell(calibration.CalibrationId).Cell(calibration.Text);
            html.Raw("</tr>\n");
        }

        write.EndTable();
    }
}
