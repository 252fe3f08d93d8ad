using System.Globalization;
using System.Text.RegularExpressions;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>A written report, taken apart as far as tests look into it.</summary>
internal sealed partial class ReportPage
{
    private static readonly HashSet<string> Empty = new(["meta", "br", "img", "!doctype"], StringComparer.OrdinalIgnoreCase);

    public ReportPage(params IReadOnlyList<AnalysisReport> reports)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        HtmlReport.Write(writer, reports, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Html = writer.ToString();
    }

    private ReportPage(string html) => Html = html;

    public string Html { get; }

    /// <summary>A page of another kind, as it was written.</summary>
    public static ReportPage OfHtml(Action<TextWriter> write)
    {
        using var writer = new StringWriter(CultureInfo.InvariantCulture);
        write(writer);
        return new ReportPage(writer.ToString());
    }

    /// <summary>Rows of the first table of a class: for each cell its exact value, null where it has none.</summary>
    public IReadOnlyList<IReadOnlyList<double?>> Rows(string tableClass) =>
    [
        .. RowPattern().Matches(Body(tableClass)).Select(row => (IReadOnlyList<double?>)[.. CellPattern().Matches(row.Value).Select(cell => Value(cell.Value))]),
    ];

    /// <summary>Heads of the columns of the first table of a class, markup taken out.</summary>
    public IReadOnlyList<string> Heads(string tableClass) =>
        [.. HeadPattern().Matches(Table(tableClass)).Select(head => TagPattern().Replace(head.Groups["text"].Value, " "))];

    /// <summary>Titles of the plots, in order.</summary>
    public IReadOnlyList<string> Plots => [.. CaptionPattern().Matches(Html).Select(caption => caption.Groups["text"].Value)];

    /// <summary>Exact values of all figures of the page.</summary>
    public IReadOnlyList<double> Figures =>
        [.. DataPattern().Matches(Html).Select(data => double.Parse(data.Groups["text"].Value, CultureInfo.InvariantCulture))];

    /// <summary>Every element is closed in the order in which it was opened, and every attribute is quoted.</summary>
    public string StructureProblem()
    {
        Stack<string> open = [];
        string body = StylePattern().Replace(Html, "");
        foreach (Match tag in TagPattern().Matches(body))
        {
            string name = NamePattern().Match(tag.Value).Groups["text"].Value;
            if (Empty.Contains(name) || tag.Value.EndsWith("/>", StringComparison.Ordinal))
            {
                continue;
            }

            if (!tag.Value.StartsWith("</", StringComparison.Ordinal))
            {
                open.Push(name);
            }
            else if (open.Count == 0 || open.Pop() != name)
            {
                return $"{tag.Value} at {tag.Index} closes nothing: {body[Math.Max(0, tag.Index - 80)..tag.Index]}";
            }
        }

        return string.Join(", ", open);
    }

    private string Table(string tableClass)
    {
        int start = Html.IndexOf($"<table class=\"{tableClass}\">", StringComparison.Ordinal);
        return start < 0 ? "" : Html[start..Html.IndexOf("</table>", start, StringComparison.Ordinal)];
    }

    private string Body(string tableClass) => Table(tableClass) is var table && table.IndexOf("<tbody>", StringComparison.Ordinal) is var at && at >= 0 ? table[at..] : "";

    private static double? Value(string cell) =>
        DataPattern().Match(cell) is { Success: true } data ? double.Parse(data.Groups["text"].Value, CultureInfo.InvariantCulture) : null;

    [GeneratedRegex("<tr[ >].*?</tr>", RegexOptions.Singleline, 1000)]
    private static partial Regex RowPattern();

    [GeneratedRegex("<t[hd][ >].*?</t[hd]>", RegexOptions.Singleline, 1000)]
    private static partial Regex CellPattern();

    [GeneratedRegex("<th>(?<text>.*?)</th>", RegexOptions.Singleline, 1000)]
    private static partial Regex HeadPattern();

    [GeneratedRegex("<figcaption>(?<text>.*?)</figcaption>", RegexOptions.None, 1000)]
    private static partial Regex CaptionPattern();

    [GeneratedRegex("<data value=\"(?<text>[^\"]*)\">", RegexOptions.None, 1000)]
    private static partial Regex DataPattern();

    [GeneratedRegex("<style>.*?</style>", RegexOptions.Singleline, 1000)]
    private static partial Regex StylePattern();

    [GeneratedRegex("<[/!a-zA-Z][^<>]*>", RegexOptions.None, 1000)]
    private static partial Regex TagPattern();

    [GeneratedRegex("^</?(?<text>!?[a-zA-Z0-9]+)", RegexOptions.None, 1000)]
    private static partial Regex NamePattern();
}
