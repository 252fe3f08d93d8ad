using System.Globalization;
using System.Text.RegularExpressions;

namespace PouchMonitor.Gateway.Tests.Influx;

/// <summary>A line of the protocol, read by its grammar and nothing more lenient.</summary>
internal sealed partial record StrictLine(string Measurement, SortedDictionary<string, string> Tags, SortedDictionary<string, string> Fields, long Time)
{
    /// <summary>Measurement and tags.</summary>
    public string Series => Measurement + string.Concat(Tags.Select(tag => $",{tag.Key}={tag.Value}"));

    /// <summary>Reads a line; null where it breaks the grammar.</summary>
    public static StrictLine? TryParse(string line)
    {
        Match whole = Whole().Match(line);
        if (!whole.Success || !long.TryParse(whole.Groups["time"].Value, CultureInfo.InvariantCulture, out long time))
        {
            return null;
        }

        SortedDictionary<string, string> tags = new(StringComparer.Ordinal);
        foreach (Capture tag in whole.Groups["tag"].Captures)
        {
            Match pair = Pair().Match(tag.Value);
            if (!tags.TryAdd(pair.Groups["name"].Value, pair.Groups["value"].Value))
            {
                return null;
            }
        }

        SortedDictionary<string, string> fields = new(StringComparer.Ordinal);
        foreach (Capture field in whole.Groups["field"].Captures)
        {
            int equals = field.Value.IndexOf('=', StringComparison.Ordinal);
            if (!fields.TryAdd(field.Value[..equals], field.Value[(equals + 1)..]))
            {
                return null;
            }
        }

        return new StrictLine(whole.Groups["measurement"].Value, tags, fields, time);
    }

    [GeneratedRegex("""
        ^(?<measurement>[a-z_]+)(,(?<tag>[A-Za-z_.-]+=(\\[,= ]|[^,=\s\\])+))*\x20
        (?<field>[a-z0-9_]+=(-?\d+i|-?\d+(\.\d+)?(E[+-]\d+)?|true|false|"(\\["\\]|[^"\\\n])*"))
        (,(?<field>[a-z0-9_]+=(-?\d+i|-?\d+(\.\d+)?(E[+-]\d+)?|true|false|"(\\["\\]|[^"\\\n])*")))*
        \x20(?<time>-?\d+)$
        """, RegexOptions.ExplicitCapture | RegexOptions.IgnorePatternWhitespace, 1000)]
    private static partial Regex Whole();

    [GeneratedRegex("^(?<name>[^=]+)=(?<value>.*)$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Pair();
}
