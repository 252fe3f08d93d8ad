using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>What follows the plots: sensor losses, deviations, what people saw, the log, and what the record is known by.</summary>
internal sealed class EndParts(PartWriter write, AbuseView view)
{
    private const int MostRows = 500;

    private readonly HtmlText html = write.Html;

    public void WriteLosses()
    {
        write.Section("losses", "Sensors lost");
        if (view.Figures is not { SensorLosses.Count: > 0 } figures)
        {
            write.None(view.Figures is null ? "Not known: there are no computed figures." : "No sensor that was good was lost.").EndSection();
            return;
        }

        write.Table("losses", "Sensor", "Fault", "#After the trigger", "Lost", "#Last believed", "Back");
        foreach (SensorLoss loss in figures.SensorLosses.Take(MostRows))
        {
            html.Raw("<tr><th scope=\"row\"><bdi>").Text(loss.Sensor).Raw("</bdi></th>");
            write.Cell(loss.Fault).Moments(loss.At, view.Zero);
            html.Raw("<td class=\"num\">").Figure(loss.LastGood, AbuseNumber.Format(loss.LastGood, null), AbuseNumber.Unit(loss.Unit)).Raw("</td>");
            write.Cell(loss.BackAt is { } back ? AbuseMoment.Text(back) : "never", "when");
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.LeftOut(Math.Min(MostRows, figures.SensorLosses.Count), figures.SensorLosses.Count, "losses");
        write.EndSection();
    }

    public void WriteDeviations()
    {
        write.Section("deviations", "Deviations from the plan");
        IReadOnlyList<string> computed = view.Figures?.Deviations ?? [];
        if (computed.Count + view.Record.Deviations.Count == 0)
        {
            write.None("None was read from the data, and nobody wrote one down.").EndSection();
            return;
        }

        write.Table("deviations", "Known from", "Deviation");
        foreach ((string source, string text) in computed.Select(text => ("the data", text)).Concat(view.Record.Deviations.Select(text => ("a person", text))).Take(MostRows))
        {
            html.Raw("<tr>");
            write.Cell(source).Cell(text);
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.LeftOut(Math.Min(MostRows, computed.Count + view.Record.Deviations.Count), computed.Count + view.Record.Deviations.Count, "deviations");
        write.EndSection();
    }

    public void WriteObservations()
    {
        AbuseObservations seen = view.Record.Observations;
        write.Section("observations", "What people saw");
        html.Raw("<p>").Raw(seen.Person is null ? "<b>Nobody has entered observations.</b> Only a person can see leak, vent, smoke, flame, rupture and explosion." : "Entered by ");
        if (seen.Person is not null)
        {
            write.Bidirectional(seen.Person);
            html.Text(seen.At is { } at ? ", " + AbuseMoment.Coarse(at) : "").Raw(".");
        }

        html.Raw("</p>\n<dl class=\"grid seen\">");
        Seen("Leak", seen.Leak);
        Seen("Vent", seen.Vent);
        Seen("Smoke", seen.Smoke);
        Seen("Flame", seen.Flame);
        Seen("Rupture", seen.Rupture);
        Seen("Explosion", seen.Explosion);
        Mass("Mass before", seen.MassBeforeG);
        Mass("Mass after", seen.MassAfterG);
        WriteMassLoss(seen);
        html.Raw("</dl>\n");
        write.EndSection();
    }

    public void WriteLog()
    {
        write.Section("log", "Log of events");
        if (view.Record.Log.Count == 0)
        {
            write.None("The log is empty.").EndSection();
            return;
        }

        write.Table("log", "Time", "#After the trigger", "What", "Event", "Who");
        foreach (AbuseLogEntry entry in view.Record.Log.Take(MostRows))
        {
            html.Raw("<tr>");
            write.Cell(AbuseMoment.Text(entry.At), "when");
            html.Raw("<td class=\"num\">");
            AbuseMoment.WriteRelative(html, entry.At, view.Zero);
            html.Raw("</td>");
            write.Cell(entry.Kind, "tight").Cell(entry.Text).Cell(entry.Person ?? "the monitor");
            html.Raw("</tr>\n");
        }

        write.EndTable();
        write.LeftOut(Math.Min(MostRows, view.Record.Log.Count), view.Record.Log.Count, "entries");
        write.EndSection();
    }

    public void WriteIdentity()
    {
        write.Section("identity", "Identity of this record");
        html.Raw("<dl class=\"grid\">");
        write.Fact("Record", view.Record.Id).Fact("Recorded test", view.Record.Test);
        html.Raw("</dl>\n<p>SHA-256 of the record without its signatures: <code>").Text(AbuseIdentity.ContentSha256(view.Record)).Raw("</code></p>\n<p class=\"note\">The archive of this test holds the record (record.json), this report, the attachments, and the raw data from which every figure can be computed again.</p>\n");
        write.EndSection();
    }

    private void Seen(string term, bool? state)
    {
        html.Raw("<div><dt>").Text(term).Raw("</dt><dd>").Raw(state switch { true => "<b>yes</b>", false => "no", _ => "<span class=\"none\">not said</span>" }).Raw("</dd></div>");
    }

    private void Mass(string term, double? massG)
    {
        html.Raw("<div><dt>").Text(term).Raw("</dt><dd>");
        _ = massG is null ? html.Raw("<span class=\"none\">not weighed</span>") : html.Figure(massG, "#,0.####", "g");
        html.Raw("</dd></div>");
    }

    private void WriteMassLoss(AbuseObservations seen)
    {
        html.Raw("<div><dt>Mass loss</dt><dd>");
        if (seen.MassBeforeG is { } before && seen.MassAfterG is { } after && before > 0)
        {
            html.Figure(before - after, "#,0.0###", "g").Raw(" (").Figure((before - after) / before, "0.0#", "%", 100).Raw(")");
        }
        else
        {
            html.Raw("<span class=\"none\">not known: it needs the mass before and after</span>");
        }

        html.Raw("</dd></div>");
    }
}
