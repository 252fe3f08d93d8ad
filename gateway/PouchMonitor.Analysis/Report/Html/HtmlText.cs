using System.Globalization;
using System.Text;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>
/// Writes HTML. What comes from outside goes through <see cref="Text"/> alone; <see cref="Raw"/> takes the report's own
/// markup. A figure is a <c>data</c> element that carries the exact value beside the rounded one.
/// </summary>
internal sealed class HtmlText(TextWriter output)
{
    /// <summary>Longest text from outside that is written; the rest is cut off and said so by an ellipsis.</summary>
    public const int LongestText = 2000;

    private const string Unknown = "<span class=\"none\">–</span>";

    /// <summary>Writes markup as it is; never anything that a file or a user gave.</summary>
    public HtmlText Raw(string markup)
    {
        output.Write(markup);
        return this;
    }

    /// <summary>Writes text, escaped for an element's content and for an attribute in double quotes alike.</summary>
    public HtmlText Text(string text)
    {
        output.Write(Escape(text));
        return this;
    }

    /// <summary>Writes a figure, rounded for reading; a dash where it is not known.</summary>
    /// <param name="value">The value as the JSON has it.</param>
    /// <param name="format">Numeric format of what is shown.</param>
    /// <param name="unit">Unit that follows; empty for none.</param>
    /// <param name="factor">From the value's unit to the one shown, such as 1000 from V to mV.</param>
    public HtmlText Figure(double? value, string format, string unit = "", double factor = 1)
    {
        if (value is not { } known || !double.IsFinite(known))
        {
            return Raw(Unknown);
        }

        output.Write(string.Create(CultureInfo.InvariantCulture, $"<data value=\"{known:R}\">"));
        output.Write((known * factor).ToString(format, CultureInfo.InvariantCulture).Replace('-', '\u2212'));
        output.Write("</data>");
        if (unit.Length > 0)
        {
            output.Write('\u00A0');
            Text(unit);
        }

        return this;
    }

    /// <summary>
    /// Escapes markup; control characters and those that turn the direction of writing become the replacement character, so
    /// that a name can neither end its element nor rearrange its surroundings.
    /// </summary>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 16);
        int left = LongestText;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (left-- == 0)
            {
                escaped.Append('…');
                break;
            }

            _ = rune.Value switch
            {
                '&' => escaped.Append("&amp;"),
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '"' => escaped.Append("&quot;"),
                '\'' => escaped.Append("&#39;"),
                _ when IsHarmful(rune) => escaped.Append('\uFFFD'),
                _ => escaped.Append(rune.ToString()),
            };
        }

        return escaped.ToString();
    }

    /// <summary>True for control characters and those that turn the direction of writing.</summary>
    internal static bool IsHarmful(Rune rune) => Rune.IsControl(rune)
        || rune.Value is 0x061C or 0x200E or 0x200F or 0x2028 or 0x2029 or (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069);
}
