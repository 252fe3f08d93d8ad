using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report.Parts;

/// <summary>What the parts of the report have in common: sections, tables with heads that repeat on each printed page, chips, absences.</summary>
internal sealed class PartWriter(HtmlText html)
{
    public HtmlText Html => html;

    /// <summary>Begins a section with its heading; <paramref name="title"/> is the report's own.</summary>
    public PartWriter Section(string id, string title)
    {
        html.Raw($"<section class=\"part\" id=\"{id}\"><h3>{title}</h3>\n");
        return this;
    }

    public void EndSection() => html.Raw("</section>\n");

    /// <summary>Begins a table; heads are the report's own, those that begin with <c>#</c> are of figures.</summary>
    public void Table(string name, params ReadOnlySpan<string> heads)
    {
        html.Raw($"<div class=\"scroll\"><table class=\"{name}\"><thead><tr>");
        foreach (string head in heads)
        {
            html.Raw(head.StartsWith('#') ? $"<th class=\"num\">{head[1..]}</th>" : $"<th>{head}</th>");
        }

        html.Raw("</tr></thead><tbody>\n");
    }

    public void EndTable() => html.Raw("</tbody></table></div>\n");

    /// <summary>Text from outside in a cell of its own; a dash where there is none.</summary>
    public PartWriter Cell(string? text, string style = "")
    {
        html.Raw(style.Length > 0 ? $"<td class=\"{style}\">" : "<td>");
        Bidirectional(text);
        html.Raw("</td>");
        return this;
    }

    /// <summary>Text from outside, whose direction of writing stays its own.</summary>
    public PartWriter Bidirectional(string? text)
    {
        _ = string.IsNullOrEmpty(text) ? html.Raw("<span class=\"none\">–</span>") : html.Raw("<bdi>").Text(text).Raw("</bdi>");
        return this;
    }

    /// <summary>A moment against the trigger and by itself, as two cells.</summary>
    public PartWriter Moments(double? at, double? zero)
    {
        html.Raw("<td class=\"num\">");
        AbuseMoment.WriteRelative(html, at, zero);
        html.Raw("</td><td class=\"when\">");
        _ = at is { } known ? html.Text(AbuseMoment.Text(known)) : html.Raw("<span class=\"none\">–</span>");
        html.Raw("</td>");
        return this;
    }

    public PartWriter Chip(string style, string text)
    {
        html.Raw($"<span class=\"chip {style}\">").Text(text).Raw("</span>");
        return this;
    }

    /// <summary>One term of a list of facts; nothing where it is not known.</summary>
    public PartWriter Fact(string term, string? text)
    {
        if (!string.IsNullOrEmpty(text))
        {
            html.Raw("<div><dt>").Text(term).Raw("</dt><dd><bdi>").Text(text).Raw("</bdi></dd></div>");
        }

        return this;
    }

    /// <summary>Says that there is nothing, and why that may be.</summary>
    public PartWriter None(string sentence)
    {
        html.Raw("<p class=\"absent\">").Text(sentence).Raw("</p>\n");
        return this;
    }

    /// <summary>Says how much of a long list is shown; nothing where it is all.</summary>
    public void LeftOut(int shown, int all, string what)
    {
        if (shown < all)
        {
            html.Raw("<p class=\"note\">The first ").Figure(shown, "N0").Raw(" of ").Figure(all, "N0").Raw(" ").Text(what).Raw("; all are in the record of the archive.</p>\n");
        }
    }

    /// <summary>Where a figure of the plan comes from; a recalled one stands out.</summary>
    public PartWriter Source(FigureSource source)
    {
        html.Raw(source == FigureSource.Recalled ? "<span class=\"recalled\">" : "<span class=\"source\">").Text(AbuseWords.Of(source)).Raw("</span>");
        return this;
    }
}
