using PouchMonitor.Formats.Columns;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Tables;

/// <summary>How numbers of a file are written.</summary>
internal enum DecimalMark
{
    /// <summary>A point; a comma parts thousands.</summary>
    Point = 0,

    /// <summary>A comma; a point parts thousands.</summary>
    Comma = 1,
}

/// <summary>Finds out how a text file writes its numbers, from the rows at its start.</summary>
internal static class DecimalMarks
{
    /// <summary>What may stand between cells.</summary>
    public static readonly char[] Delimiters = ['\t', ',', ';'];
    private const int RowsLookedAt = 50;

    /// <summary>The rows after a header, as far as the start of the file reaches.</summary>
    public static string[][] FirstRows(FileStart start, long headerLine, char delimiter) =>
        [.. start.Lines.Skip((int)headerLine).Where(line => !string.IsNullOrWhiteSpace(line)).Take(RowsLookedAt)
            .Select(line => SeriesHeader.SplitNames(line, delimiter))];

    /// <summary>A comma is the decimal mark where it parts no cells and no number of the first rows has a point.</summary>
    public static DecimalMark Of(ColumnPlan plan, IReadOnlyList<string[]> rows, char delimiter)
    {
        if (delimiter == ',')
        {
            return DecimalMark.Point;
        }

        bool anyComma = false;
        foreach (string[] row in rows)
        {
            foreach (ColumnRule rule in plan.Rules.Where(rule => rule.Role is SampleColumns.Voltage or SampleColumns.Current && rule.Index < row.Length))
            {
                if (row[rule.Index].Contains('.', StringComparison.Ordinal))
                {
                    return DecimalMark.Point;
                }

                anyComma |= row[rule.Index].Contains(',', StringComparison.Ordinal);
            }
        }

        return anyComma ? DecimalMark.Comma : DecimalMark.Point;
    }
}
