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

    /// <summary>Neither was seen: a point is one, and a comma that comes later may be either and is not read.</summary>
    Unseen = 2,
}

/// <summary>Finds out how a text file writes its numbers, from the rows at its start.</summary>
internal static class DecimalMarks
{
    /// <summary>What may stand between cells.</summary>
    public static readonly char[] Delimiters = ['\t', ',', ';'];
    private const int RowsLookedAt = 400;

    // What no cell and no sensor gives: a number that would be above it holds a decimal mark, not a mark of thousands.
    private const double MostVolts = 1000;
    private const double MostDegrees = 3000;

    /// <summary>The rows after a header, as far as the start of the file reaches.</summary>
    public static string[][] FirstRows(FileStart start, long headerLine, char delimiter) =>
        [.. start.Lines.Skip((int)headerLine).Where(line => !string.IsNullOrWhiteSpace(line)).Take(RowsLookedAt)
            .Select(line => SeriesHeader.SplitNames(line, delimiter))];

    /// <summary>The mark by all numbers that are read, times among them; dates tell nothing.</summary>
    /// <exception cref="SeriesFileException">The rows contradict one another, or a comma may be either: a number ten or a thousand times too large is worse than none.</exception>
    public static DecimalMark Of(ColumnPlan plan, IReadOnlyList<string[]> rows, char delimiter, string file)
    {
        (ColumnRule Rule, string Cell)? comma = null;
        (ColumnRule Rule, string Cell)? point = null;
        (ColumnRule Rule, string Cell)? either = null;
        foreach (string[] row in rows)
        {
            foreach (ColumnRule rule in plan.Rules.Where(rule => rule.Role is not (ColumnRoles.Clock or ColumnRoles.State) && rule.Index < row.Length))
            {
                string cell = row[rule.Index].Trim();
                switch (MarkOf(cell, rule))
                {
                    case ',':
                        comma ??= (rule, cell);
                        break;
                    case '.':
                        point ??= (rule, cell);
                        break;
                    case '?':
                        either ??= (rule, cell);
                        break;
                }
            }
        }

        if (comma is { } byComma && point is { } byPoint)
        {
            throw new SeriesFileException(
                $"{file}: '{Shown(byComma.Cell)}' in column '{byComma.Rule.Name}' has a decimal comma and '{Shown(byPoint.Cell)}' in column '{byPoint.Rule.Name}' a decimal point; save all columns with a point");
        }

        if (comma is null && point is null && either is { } unclear && delimiter != ',')
        {
            throw new SeriesFileException(
                $"{file}: '{Shown(unclear.Cell)}' in column '{unclear.Rule.Name}': the comma may be a decimal mark or part thousands, and no number in the first {rows.Count} rows tells; save the file with a decimal point");
        }

        return comma is not null ? DecimalMark.Comma
            : point is not null || either is not null || delimiter == ',' ? DecimalMark.Point
            : DecimalMark.Unseen;
    }

    /// <summary>The decimal mark that a number has for sure; a question mark for a comma that may be either, a blank for no number or no mark.</summary>
    private static char MarkOf(string cell, ColumnRule rule)
    {
        ReadOnlySpan<char> digits = cell.AsSpan().TrimStart("+-");
        int exponentAt = digits.IndexOfAny('e', 'E');
        bool hasExponent = exponentAt > 0;
        digits = hasExponent ? digits[..exponentAt] : digits;
        int last = digits.LastIndexOfAny(',', '.');
        if (last < 0 || digits.IndexOfAnyExcept("0123456789,.") >= 0)
        {
            return ' ';
        }

        char mark = digits[last];
        char other = mark == ',' ? '.' : ',';
        if (digits.Contains(other))
        {
            return mark;
        }

        if (digits.Count(mark) > 1)
        {
            return other;
        }

        bool isSure = digits.Length - last - 1 != 3 || last is 0 or > 3 || digits[0] == '0' || hasExponent || IsTooLarge(digits, last, rule);
        return isSure || mark == '.' ? mark : '?';
    }

    private static bool IsTooLarge(ReadOnlySpan<char> digits, int mark, ColumnRule rule)
    {
        double value = rule.Unit.ToBase((int.Parse(digits[..mark], System.Globalization.CultureInfo.InvariantCulture) * 1000.0) + 1);
        return rule.Role == SampleColumns.Voltage ? value > MostVolts
            : rule.Role is >= SampleColumns.FirstTemperature and < SampleColumns.Count && value > MostDegrees;
    }

    private static string Shown(string cell) => CellText.OneLine(cell, 40);
}
