using System.Text;

namespace PouchMonitor.Firmware.Care;

/// <summary>Puts texts that came from outside into JSON of ours.</summary>
public static class JsonWords
{
    private const string Digits = "0123456789abcdef";

    /// <summary>
    /// Appends <c>"text"</c> with what JSON needs escaped, of at most <paramref name="limit"/> characters; the rest is cut.
    /// Anything beyond ASCII is escaped too, and what takes two code units is a question mark.
    /// </summary>
    public static void AppendText(StringBuilder to, string text, int limit)
    {
        to.Append('"');
        for (int i = 0; i < text.Length && i < limit; i++)
        {
            char c = text[i];
            if (c == '"' || c == '\\')
            {
                to.Append('\\').Append(c);
            }
            else if (c >= ' ' && c <= '~')
            {
                to.Append(c);
            }
            else if (c >= 0xD800 && c <= 0xDFFF)
            {
                // Half of a pair: the other half may be beyond the limit.
                to.Append('?');
            }
            else
            {
                to.Append("\\u").Append(Digits[c >> 12]).Append(Digits[(c >> 8) & 15]).Append(Digits[(c >> 4) & 15])
                    .Append(Digits[c & 15]);
            }
        }

        to.Append('"');
    }
}
