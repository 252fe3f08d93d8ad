using System.Globalization;
using System.Text;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Tables;

/// <summary>
/// Finds a second time among the columns that are not read: two loggers side by side in one sheet. What stands to the right
/// of it is then most likely of that clock, and a reading of it beside the first time stands at a wrong moment.
/// </summary>
internal static class OtherClocks
{
    private const int LeastRows = 5;
    private const long WholeSecond = 1_000_000;
    private const long WrittenToMicroseconds = 2_000;
    private const double SameRate = 0.02;

    /// <summary>A second time whose offset is below this is a time as the first is, and not a date beside one.</summary>
    private const long MostOffsetMicroseconds = 1_000_000_000_000_000;
    private static readonly string[] TimeWords = ["time", "zeit", "uhr", "date", "datum", "elapsed", "second", "temps", "tiempo", "\u65f6\u95f4"];
    private static readonly string[] CountWords = ["record", "rec", "point", "index", "number", "nr", "no", "count", "step", "cycle", "scan", "sample", "row", "id"];

    /// <summary>A sentence for each such column that has columns which are read to its right.</summary>
    public static IEnumerable<string> Notes(ColumnPlan plan, IReadOnlyList<string[]> rows, DecimalMark mark)
    {
        ColumnRule time = (plan.Of(SeriesHeader.Time) ?? plan.Of(ColumnRoles.StepTime) ?? plan.Of(ColumnRoles.Clock))!;
        int[] others = [.. Enumerable.Range(0, plan.Names.Length).Where(i => !Array.Exists(plan.Rules, rule => rule.Index == i) && GoesOtherwise(plan, time, i, rows, mark))];
        foreach (int other in others)
        {
            int end = others.Append(time.Index).Where(i => i > other).DefaultIfEmpty(int.MaxValue).Min();
            string[] right = [.. plan.Rules.Where(rule => rule.Index > other && rule.Index < end && rule.Role is not ColumnRoles.State).Select(rule => $"'{rule.Name}'")];
            if (right.Length > 0)
            {
                string shown = plan.Names[other].Length > 0 ? $"'{CellText.OneLine(plan.Names[other], 40)}'" : string.Create(CultureInfo.InvariantCulture, $"column {other + 1}, which has no name,");
                yield return $"{shown} looks like a second time that goes otherwise than '{time.Name}', by which all columns are read: {string.Join(", ", right)} to its right may belong to it, and then stand{(right.Length == 1 ? "s" : "")} at wrong moments. time2= in --columns, before the columns of that clock, reads them by it.";
            }
        }
    }

    private static bool GoesOtherwise(ColumnPlan plan, ColumnRule time, int at, IReadOnlyList<string[]> rows, DecimalMark mark)
    {
        ColumnName name = ColumnName.Parse(plan.Names[at]);
        bool isNamed = Array.Exists(TimeWords, word => name.Key.Contains(word, StringComparison.Ordinal)) || name.Unit?.Dimension == Dimension.Time || name.Key is "t" or "s" or "sec";
        if (!isNamed && (name.Unit is not null || Array.Exists(CountWords, word => name.Key.Contains(word, StringComparison.Ordinal))))
        {
            return false;
        }

        List<(long First, long Second)> pairs = [];
        foreach (string[] row in rows)
        {
            if (Value(row, time.Index, time.Unit, time.Role == ColumnRoles.Clock, mark) is { } first
                && Value(row, at, name.Unit is { Dimension: Dimension.Time } unit ? unit : Unit.BaseOf(Dimension.Time), IsDate(name.Key), mark) is { } second)
            {
                pairs.Add((first, second));
            }
        }

        return pairs.Count >= LeastRows && pairs[^1].Second != pairs[0].Second
            && (isNamed || RisesEvenly(pairs))
            && !Agree(pairs, 1)
            && !Agree(pairs, 86_400);
    }

    /// <summary>True where both go on alike: from step to step as far as they are written, and over all of it.</summary>
    /// <param name="pairs">Both times of each row.</param>
    /// <param name="secondsPerUnit">Of the second: a sheet's time of day is a part of a day.</param>
    private static bool Agree(List<(long First, long Second)> pairs, long secondsPerUnit)
    {
        bool inSeconds = pairs.TrueForAll(pair => pair.First % WholeSecond == 0) || pairs.TrueForAll(pair => pair.Second * secondsPerUnit % WholeSecond == 0);
        double resolution = inSeconds ? WholeSecond : WrittenToMicroseconds;
        int apart = 0;
        bool startsAnew = false;
        for (int i = 1; i < pairs.Count; i++)
        {
            double first = pairs[i].First - pairs[i - 1].First;
            double second = (double)(pairs[i].Second - pairs[i - 1].Second) * secondsPerUnit;
            startsAnew |= second < 0;
            apart += second >= 0 && Math.Abs(second - first) > resolution + (SameRate * Math.Abs(first)) ? 1 : 0;
        }

        double offset = ((double)pairs[0].Second * secondsPerUnit) - pairs[0].First;
        double grown = ((double)pairs[^1].Second * secondsPerUnit) - pairs[^1].First - offset;
        bool keepsPace = startsAnew || Math.Abs(grown) <= (2 * resolution) + (SameRate * Math.Abs(pairs[^1].First - pairs[0].First));
        bool beginsTogether = startsAnew || Math.Abs(offset) <= resolution || Math.Abs(offset) > MostOffsetMicroseconds / 10;
        return apart * 10 <= pairs.Count && keepsPace && beginsTogether;
    }

    /// <summary>A column that says no word of a time is one by its values alone where it rises by equal steps.</summary>
    private static bool RisesEvenly(List<(long First, long Second)> pairs)
    {
        double mean = (double)(pairs[^1].Second - pairs[0].Second) / (pairs.Count - 1);
        return mean > 0 && pairs.Zip(pairs.Skip(1)).All(two => Math.Abs(two.Second.Second - two.First.Second - mean) < 0.1 * mean);
    }

    private static bool IsDate(string key) => key.Contains("dat", StringComparison.Ordinal) || key.Contains("clock", StringComparison.Ordinal) || key.Contains("uhr", StringComparison.Ordinal);

    private static long? Value(string[] row, int at, Unit unit, bool isDate, DecimalMark mark)
    {
        string text = at < row.Length ? row[at].Trim() : "";
        if (mark == DecimalMark.Comma)
        {
            text = text.Replace(',', '.');
        }

        byte[] cell = Encoding.UTF8.GetBytes(text);
        if (text.Contains(':', StringComparison.Ordinal))
        {
            return CellTime.TryParseDuration(cell, out long length) || CellTime.TryParseClock(cell, out length) ? length : null;
        }

        return text.Length == 0 || DecimalNumber.TryParse(cell, out DecimalNumber number) != DecimalFault.None ? null
            : isDate && CellTime.TryFromSheetDays(number, out long day) ? day
            : number.TryToMicroseconds(unit.Factor, unit.Shift, out long microseconds) ? microseconds
            : null;
    }
}
