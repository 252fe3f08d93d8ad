using System.Text;

namespace PouchMonitor.Formats.Columns;

/// <summary>A column's name taken apart: <c>Chg. Cap.(mAh)</c>, <c>U[mV]</c> and <c>&lt;I&gt;/mA</c> name a quantity and its unit.</summary>
/// <param name="Key">The quantity in small letters and digits, without blanks and punctuation but '-' and '/'.</param>
/// <param name="Unit">Its unit; null where the name gives none that is known.</param>
internal readonly record struct ColumnName(string Key, Unit? Unit)
{
    /// <summary>What stands in the place of the unit; empty where nothing does.</summary>
    public string UnitText { get; private init; } = "";

    public static ColumnName Parse(string name)
    {
        string text = name.Trim().Trim('"').Trim();
        if (text.Length > 2 && text[^1] is ')' or ']')
        {
            int open = text.LastIndexOf(text[^1] == ')' ? '(' : '[');
            if (open > 0)
            {
                string inside = text[(open + 1)..^1];
                return new ColumnName(KeyOf(text[..open]), Columns.Unit.TryParse(inside, out Unit unit) ? unit : null) { UnitText = inside.Trim() };
            }
        }

        int slash = text.LastIndexOf('/');
        return slash > 0 && Columns.Unit.TryParse(text[(slash + 1)..], out Unit after)
            ? new ColumnName(KeyOf(text[..slash]), after) { UnitText = text[(slash + 1)..].Trim() }
            : new ColumnName(KeyOf(text), null);
    }

    /// <summary>A name as dictionaries list it.</summary>
    public static string KeyOf(string text)
    {
        var key = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            if (char.IsLetterOrDigit(c) || c is '-' or '/')
            {
                key.Append(char.ToLowerInvariant(c));
            }
        }

        return key.ToString().TrimEnd('/', '-');
    }
}
