using System.Globalization;
using System.Text;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>The frame of reports on abuse tests: head, style, and what stands at the foot of each printed page.</summary>
internal static class AbusePage
{
    private const string Resource = "PouchMonitor.Analysis.Abuse.Report.abuse-report.css";
    private const int LongestFoot = 90;

    private static readonly Lazy<string> Style = new(() => HtmlReport.ReadStyle(Resource));

    /// <summary>Writes everything up to the first element of the page.</summary>
    /// <param name="html">Where to.</param>
    /// <param name="title">What the page is about.</param>
    /// <param name="foot">What stands at the foot of each printed page beside its number.</param>
    /// <param name="hasImages">True where the page carries pictures.</param>
    public static void Begin(HtmlText html, string title, string foot, bool hasImages)
    {
        HtmlReport.WriteHead(html, title, Style.Value + Foot(foot), hasImages);
        html.Raw("<body class=\"abuse\">\n<main>\n");
    }

    public static void End(HtmlText html, DateTimeOffset writtenUtc) => html.Raw("</main>\n<footer>PouchMonitor, written ")
        .Text(writtenUtc.ToString("yyyy-MM-dd HH:mm 'UTC'", CultureInfo.InvariantCulture))
        .Raw(". Exact values stand beside the rounded ones in the source of this page and in the record.</footer>\n</body>\n</html>\n");

    private static string Foot(string text) =>
        "@media print { @page { @bottom-left { content: \"" + CssText(text) + "\"; } @bottom-right { content: \"Page \" counter(page) \" of \" counter(pages); } } }\n";

    // Within a style only letters, digits and blanks stand for themselves; all else is a number, so that no name can end the text, the rule or the element.
    private static string CssText(string text)
    {
        var escaped = new StringBuilder(text.Length);
        int left = LongestFoot;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (left-- == 0)
            {
                escaped.Append("\\2026 ");
                break;
            }

            _ = rune.Value == ' ' || (rune.IsAscii && Rune.IsLetterOrDigit(rune)) ? escaped.Append(rune.ToString())
                : HtmlText.IsHarmful(rune) ? escaped.Append("\\FFFD ")
                : escaped.Append(CultureInfo.InvariantCulture, $"\\{rune.Value:X} ");
        }

        return escaped.ToString();
    }
}
