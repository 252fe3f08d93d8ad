using System.Globalization;
using PouchMonitor.Formats.Columns;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats.Tables;

/// <summary>Fills a row from cells by a plan: units, signs, directions and times. Every fault names column, value and what would do.</summary>
internal sealed class RowFiller(ColumnPlan plan, TextDecoder decoder, DecimalMark mark)
{
    private const int MaximumNumberBytes = 64;
    private readonly StepDirection directions = new(decoder);
    private readonly StepClock clock = new(plan);
    private readonly List<string> notes = [];
    private long lastTimeOfDay;
    private long days;
    private bool isMidnightSaid;
    private readonly UnkeptTemperatures hotter = new([.. plan.Unkept.Select(rule => rule.Name)]);
    private readonly bool isStated = plan.HasRole(ColumnRoles.State);

    /// <summary>Direction that stands outside the rows of records; null where the rows give it.</summary>
    public int? OuterDirection { get; set; }

    /// <summary>Instrument's step that stands outside the rows of records.</summary>
    public double? OuterStep { get; set; }

    /// <summary>Instrument's cycle that stands outside the rows of records.</summary>
    public double? OuterCycle { get; set; }

    /// <summary>True where the sign of the current is the direction's, whatever the number's own is.</summary>
    public bool SignFromState { get; init; }

    /// <summary>True where an unreadable cell costs its reading and not its row.</summary>
    public bool IsLenient { get; init; }

    /// <summary>Cells so far that could not be read and cost their reading alone.</summary>
    public long UnreadableCellCount { get; private set; }

    /// <summary>What was seen in reading so far that must be said, in sentences.</summary>
    public IReadOnlyList<string> Notes => [.. notes, .. hotter.Notes(plan.LacksPlaces)];

    /// <summary>Fills the row; false with a problem where it is bad.</summary>
    public bool TryFill(ICellRows cells, RecordedRow row, out string problem)
    {
        row.Clear();
        clock.Begin();
        row.InstrumentStep = OuterStep;
        row.InstrumentCycle = OuterCycle;
        int direction = OuterDirection ?? 0;
        problem = cells.Fault.Length > 0 ? cells.Fault : ShapeFault(cells);
        if (problem.Length > 0)
        {
            return false;
        }

        foreach (ColumnRule rule in plan.Rules)
        {
            ReadOnlySpan<byte> cell = cells.Cell(rule.Index);
            if (IsBlank(cell))
            {
                // A word is what an instrument writes in place of a reading that it lost.
                UnreadableCellCount += IsLenient && !cell.IsEmpty && rule.Role < SampleColumns.Count ? 1 : 0;
                continue;
            }

            if (rule.Role == ColumnRoles.State)
            {
                direction = directions.Of(cell);
            }
            else if (rule.Role is SeriesHeader.Time or ColumnRoles.StepTime or ColumnRoles.Clock)
            {
                if (!TryTime(rule, cell, out problem))
                {
                    return false;
                }
            }
            else if (!TryNumber(rule, cell, row, out problem))
            {
                if (!IsLenient)
                {
                    return false;
                }

                if (UnreadableCellCount++ == 0)
                {
                    notes.Add(string.Create(CultureInfo.InvariantCulture, $"The first cell that could not be read stands in line {cells.LineNumber}: {problem}."));
                }
            }
        }

        if (!clock.TryEnd(out long microseconds))
        {
            problem = $"{clock.Name} is blank";
            return false;
        }

        problem = "";
        row.TimeMicroseconds = microseconds;
        WatchUnkept(cells, row);
        if (SignFromState && direction != 0 && (isStated || OuterDirection is not null))
        {
            row.Sign(SampleColumns.Current, direction);
        }

        return true;
    }

    private string ShapeFault(ICellRows cells)
    {
        int needed = plan.Rules[^1].Index + 1;
        int expected = plan.Names.Length;
        if (cells.Count < needed && !cells.OmitsBlankCells)
        {
            return string.Create(CultureInfo.InvariantCulture, $"short row: {cells.Count} cells, the header has {expected}");
        }

        for (int i = expected; i < cells.Count; i++)
        {
            if (!cells.Cell(i).IsEmpty)
            {
                return string.Create(CultureInfo.InvariantCulture, $"long row: {cells.Count} cells, the header has {expected}");
            }
        }

        return "";
    }

    private bool TryTime(ColumnRule rule, ReadOnlySpan<byte> cell, out string problem)
    {
        problem = "";
        bool good = TryTime(rule, cell, out long microseconds, out bool isClock);
        if (!good)
        {
            // A damaged date beside a good time costs nothing.
            if (rule.Role == ColumnRoles.Clock && plan.HasRole(SeriesHeader.Time))
            {
                return true;
            }

            problem = $"{rule.Name} is no time: '{CellText.Shown(cell)}', expected a number, h:mm:ss or a date";
            return false;
        }

        if (rule.Role == SeriesHeader.Time && !isClock && cell.Contains((byte)':'))
        {
            microseconds = PastMidnight(rule, microseconds);
        }

        clock.Take(rule.Role == ColumnRoles.StepTime && isClock ? ColumnRoles.Clock : rule.Role, microseconds);
        return true;
    }

    /// <summary>A time of day that begins anew is the next day's; one that leaps back to the evening is the day's before.</summary>
    private long PastMidnight(ColumnRule rule, long timeOfDay)
    {
        const long Day = 86_400_000_000;
        const long Leap = 22L * 3_600_000_000;
        if (timeOfDay < lastTimeOfDay - Leap && lastTimeOfDay < Day)
        {
            days++;
            if (!isMidnightSaid)
            {
                isMidnightSaid = true;
                notes.Add($"'{rule.Name}' passes midnight: what follows is taken for the next day.");
            }
        }
        else if (days > 0 && timeOfDay > lastTimeOfDay + Leap)
        {
            days--;
        }

        lastTimeOfDay = timeOfDay;
        return timeOfDay + (days * Day);
    }

    private bool TryTime(ColumnRule rule, ReadOnlySpan<byte> cell, out long microseconds, out bool isClock)
    {
        isClock = false;
        if (!cell.Contains((byte)':'))
        {
            microseconds = 0;
            if (TryParse(cell, out DecimalNumber number) != DecimalFault.None)
            {
                return false;
            }

            isClock = rule.Role == ColumnRoles.Clock;
            return isClock
                ? CellTime.TryFromSheetDays(number, out microseconds)
                : number.TryToMicroseconds(rule.Unit.Factor, rule.Unit.Shift, out microseconds);
        }

        if (rule.Role != ColumnRoles.Clock && CellTime.TryParseDuration(cell, out microseconds))
        {
            return true;
        }

        isClock = true;
        return CellTime.TryParseClock(cell, out microseconds);
    }

    private void WatchUnkept(ICellRows cells, RecordedRow row)
    {
        for (int i = 0; i < plan.Unkept.Length; i++)
        {
            bool isNumber = TryParse(cells.Cell(plan.Unkept[i].Index), out DecimalNumber number) == DecimalFault.None && TryToBase(plan.Unkept[i].Unit, ref number);
            hotter.Add(i, isNumber ? number.ToDouble() : double.NaN, row.TimeMicroseconds);
        }

        if (plan.Unkept.Length > 0)
        {
            hotter.AddKept(row);
        }
    }

    private static bool TryToBase(Unit unit, ref DecimalNumber number) =>
        unit.IsKelvin ? number.TryFromKelvin(out number)
        : unit.IsFahrenheit ? number.TryFromFahrenheit(out number)
        : number.TryShift(unit.Shift, out number);

    private bool TryNumber(ColumnRule rule, ReadOnlySpan<byte> cell, RecordedRow row, out string problem)
    {
        problem = "";
        DecimalFault fault = TryParse(cell, out DecimalNumber number);
        if (fault == DecimalFault.None && rule.Role < SampleColumns.Count && !TryToBase(rule.Unit, ref number))
        {
            fault = DecimalFault.OutOfRange;
        }

        if (fault != DecimalFault.None)
        {
            string reason = fault == DecimalFault.OutOfRange ? "is beyond 18 digits"
                : mark == DecimalMark.Unseen && cell.Contains((byte)',') ? "has a comma that may be a decimal mark or part thousands"
                : "is not a number";
            problem = $"{rule.Name} {reason}: '{CellText.Shown(cell)}'";
            return false;
        }

        if (rule.Role < SampleColumns.Count)
        {
            row.Set(rule.Role, rule.IsDischargePositive ? new DecimalNumber(-number.Mantissa, number.Decimals) : number);
            if (rule.Role == SampleColumns.Current)
            {
                row.WrittenCurrentDecimals = DecimalNumber.WrittenDecimals(cell, mark == DecimalMark.Comma ? (byte)',' : (byte)'.') + rule.Unit.Shift;
            }
        }
        else
        {
            row.SetInstrument(rule.Role, rule.Unit.ToBase(number.ToDouble()));
        }

        return true;
    }

    /// <summary>A number with the file's decimal mark; marks of thousands are passed over where they part threes and nothing else.</summary>
    private DecimalFault TryParse(ReadOnlySpan<byte> cell, out DecimalNumber number)
    {
        if (cell.Length > MaximumNumberBytes || (mark != DecimalMark.Comma && !cell.Contains((byte)',')))
        {
            return DecimalNumber.TryParse(cell, out number);
        }

        (byte decimalMark, byte thousands) = mark == DecimalMark.Comma ? ((byte)',', (byte)'.') : ((byte)'.', (byte)',');
        if (mark == DecimalMark.Unseen || !ArePartedByThrees(cell, decimalMark, thousands))
        {
            number = default;
            return DecimalFault.NotANumber;
        }

        Span<byte> plain = stackalloc byte[MaximumNumberBytes];
        int length = 0;
        foreach (byte b in cell)
        {
            if (b != thousands)
            {
                plain[length++] = b == decimalMark ? (byte)'.' : b;
            }
        }

        return DecimalNumber.TryParse(plain[..length], out number);
    }

    /// <summary>True where marks of thousands stand before each three digits of the whole part, and nowhere else.</summary>
    private static bool ArePartedByThrees(ReadOnlySpan<byte> cell, byte decimalMark, byte thousands)
    {
        if (!cell.Contains(thousands))
        {
            return true;
        }

        ReadOnlySpan<byte> whole = cell.TrimStart("+-"u8);
        int end = whole.IndexOfAny(decimalMark, (byte)'e', (byte)'E');
        if (end >= 0 && whole[end..].Contains(thousands))
        {
            return false;
        }

        whole = end < 0 ? whole : whole[..end];
        int first = whole.IndexOf(thousands);
        bool good = first is >= 1 and <= 3;
        for (int at = first; good && at < whole.Length; at += 4)
        {
            good = whole[at] == thousands && whole.Length - at >= 4 && !whole.Slice(at + 1, 3).Contains(thousands);
        }

        return good;
    }

    /// <summary>Empty, or one of the words that instruments write where they have no value.</summary>
    private static bool IsBlank(ReadOnlySpan<byte> cell) =>
        cell.IsEmpty
        || (cell.Length <= 3 && (cell.SequenceEqual("N/A"u8) || cell.SequenceEqual("NaN"u8) || cell.SequenceEqual("-"u8)
            || cell.SequenceEqual("--"u8) || cell.SequenceEqual("---"u8) || cell.SequenceEqual("nan"u8) || cell.SequenceEqual("XXX"u8)));
}
