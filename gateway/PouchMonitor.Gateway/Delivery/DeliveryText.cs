using System.Text;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Small things that every kind of message needs.</summary>
internal static class DeliveryText
{
    /// <summary>At most so many characters, the last of them an ellipsis where something was left out; never half a character.</summary>
    public static string Shorten(string text, int most)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= most)
        {
            return text;
        }

        int cut = most - 1;
        return text[..(char.IsHighSurrogate(text[cut - 1]) ? cut - 1 : cut)] + "…";
    }

    /// <summary>At most so many bytes of UTF-8.</summary>
    public static string ShortenToBytes(string text, int mostBytes)
    {
        ArgumentNullException.ThrowIfNull(text);
        int most = text.Length;
        string shown = text;
        while (Encoding.UTF8.GetByteCount(shown) > mostBytes)
        {
            most = Math.Max(2, most * 9 / 10);
            shown = Shorten(text, most);
        }

        return shown;
    }

    /// <summary>One line without control characters, so that a name from a node cannot begin a header or a line of its own.</summary>
    public static string OneLine(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return string.Create(text.Length, text, static (span, from) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = char.IsControl(from[i]) || from[i] is '\u2028' or '\u2029' ? ' ' : from[i];
            }
        });
    }

    /// <summary>For text and attributes of HTML.</summary>
    public static string Html(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return text.Replace("&", "&amp;", StringComparison.Ordinal).Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace(">", "&gt;", StringComparison.Ordinal).Replace("\"", "&quot;", StringComparison.Ordinal)
            .Replace("'", "&#39;", StringComparison.Ordinal);
    }

    /// <summary>A short fixed name of something long, for headers and addresses that allow few characters.</summary>
    public static string Digest(string text) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..24];
}
