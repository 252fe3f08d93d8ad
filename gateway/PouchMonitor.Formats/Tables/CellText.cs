using System.Text;

namespace PouchMonitor.Formats.Tables;

/// <summary>What all text readers do with the bytes of a cell.</summary>
internal static class CellText
{
    /// <summary>The cell without blanks and without one pair of quotes around it.</summary>
    public static ReadOnlySpan<byte> Unquoted(ReadOnlySpan<byte> cell)
    {
        if (cell.Length > 0 && (cell[0] <= ' ' || cell[^1] <= ' '))
        {
            cell = cell.Trim(" \t"u8);
        }

        return cell.Length >= 2 && cell[0] == '"' && cell[^1] == '"' ? cell[1..^1].Trim(" \t"u8) : cell;
    }

    /// <summary>Text of a cell as a message may show it: short, on one line.</summary>
    public static string Shown(ReadOnlySpan<byte> cell)
    {
        const int Most = 40;
        string text = OneLine(Encoding.UTF8.GetString(cell[..Math.Min(cell.Length, Most)]), Most);
        return cell.Length > Most ? text + "..." : text;
    }

    /// <summary>Text without control characters, at most so long.</summary>
    public static string OneLine(string text, int most)
    {
        var shown = new StringBuilder(text.Length);
        foreach (char c in text)
        {
            shown.Append(char.IsControl(c) ? '?' : c);
        }

        return shown.Length <= most ? shown.ToString() : shown.ToString(0, most) + "...";
    }
}
