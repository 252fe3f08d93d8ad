using PouchMonitor.Analysis.Abuse.Report.Plots;
using PouchMonitor.Analysis.Report.Html;
using PouchMonitor.Analysis.Report.Html.Plots;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>The course of the test in plots, with a key of the moments that are lettered in them.</summary>
internal sealed class CoursePart(PartWriter write, AbuseView view)
{
    private readonly HtmlText html = write.Html;

    public void Write()
    {
        write.Section("course", "Course of the test");
        var plots = new AbusePlots(view);
        if (plots.IsEmpty)
        {
            write.None("No recorded quantity is at hand for this report.").EndSection();
            return;
        }

        WriteKey();
        WritePanels(html, "The whole test", "wide", plots.Whole());
        WritePanels(html, "Around the trigger, with the seconds before it", "wide", plots.Around());
        WritePanels(html, "First seconds: each sample a dot", "", plots.First());
        write.EndSection();
    }

    private void WriteKey()
    {
        if (view.Marks.Count == 0)
        {
            write.None("Nothing to mark in the plots: no trigger, no criterion met, no sensor lost.");
            return;
        }

        html.Raw("<h4>Moments marked in the plots</h4>\n");
        write.Table("moments", "Mark", "What", "#After the trigger", "Moment");
        foreach (MarkedMoment mark in view.Marks)
        {
            html.Raw($"<tr class=\"{mark.Style}\"><th scope=\"row\" class=\"mark\">").Text(mark.Mark).Raw("</th>");
            write.Cell(mark.Text).Moments(mark.At, view.Zero);
            html.Raw("</tr>\n");
        }

        write.EndTable();
    }

    /// <summary>Plots under a heading of their own; nothing where there are none.</summary>
    public static void WritePanels(HtmlText html, string title, string style, IReadOnlyList<PlotPanel> panels)
    {
        if (panels.Count == 0)
        {
            return;
        }

        html.Raw($"<div class=\"stack\"><h4>{title}</h4>\n<div class=\"plots {style}\">\n");
        var writer = new PlotWriter(html);
        foreach (PlotPanel panel in panels)
        {
            writer.Write(panel);
        }

        html.Raw("</div></div>\n");
    }
}
