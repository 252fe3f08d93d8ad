using System.Buffers.Text;
using System.Text;

namespace PouchMonitor.Formats.Columns;

/// <summary>Times as cyclers write them, exact to the microsecond.</summary>
internal static class CellTime
{
    private const long MicrosecondsPerSecond = 1_000_000;
    private const int MaximumLength = 64;

    /// <summary>The day 1970-01-01 in the count of days that sheets use (from 1899-12-30).</summary>
    private const long UnixEpochDay = 25569;
    private static readonly string[] Months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <summary>
    /// A length of time: <c>h:mm:ss</c> with any number of hours and any decimals, <c>mm:ss</c>, and either with days before
    /// it (<c>2d 03:04:05</c>, <c>2-03:04:05</c>, <c>2 03:04:05</c>, <c>2.03:04:05</c>).
    /// </summary>
    public static bool TryParseDuration(scoped ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        long days = 0;
        Span<byte> plain = stackalloc byte[MaximumLength];
        text = WithPoint(text, plain);
        int colon = text.IndexOf((byte)':');
        if (colon <= 0)
        {
            return false;
        }

        int gap = text[..colon].LastIndexOfAny(" -."u8);
        if (gap >= 0)
        {
            ReadOnlySpan<byte> before = text[..gap].Trim(" d-"u8);
            if (!TryInteger(before, 9_999_999, out days))
            {
                return false;
            }

            text = text[(gap + 1)..];
        }

        Span<long> whole = stackalloc long[3];
        int count = 0;
        while (text.IndexOf((byte)':') is var next and >= 0)
        {
            if (count == 2 || !TryInteger(text[..next], 999_999_999, out whole[count]))
            {
                return false;
            }

            count++;
            text = text[(next + 1)..];
        }

        if (count == 0 || !TrySeconds(text, out long last))
        {
            return false;
        }

        long seconds = count == 2 ? (whole[0] * 3600) + (whole[1] * 60) : whole[0] * 60;
        microseconds = (((days * 86400) + seconds) * MicrosecondsPerSecond) + last;
        return true;
    }

    /// <summary>
    /// A date and time of day, as Unix microseconds (taken for UTC): <c>2022-05-18 16:27:52.5</c>, <c>2022/5/18</c>,
    /// <c>05/18/2022 4:27:52 PM</c> (month first, unless the first number cannot be a month), <c>18.05.2022</c>, <c>18-May-22</c>.
    /// </summary>
    public static bool TryParseClock(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        text = text.Trim(" \t"u8);
        int gap = text.IndexOfAny(" T"u8);
        if (gap <= 0 || !TryDate(text[..gap], out DateTime date))
        {
            return false;
        }

        scoped ReadOnlySpan<byte> time = text[(gap + 1)..].Trim(" "u8);
        int half = 0;
        if (time.Length > 3 && (time[^1] | 0x20) == 'm')
        {
            half = (time[^2] | 0x20) == 'p' ? 2 : 1;
            time = time[..^2].Trim(" "u8);
        }

        int colon = time.IndexOf((byte)':');
        if (colon <= 0 || !TryInteger(time[..colon], 23, out long hour))
        {
            return false;
        }

        Span<byte> plain = stackalloc byte[MaximumLength];
        if (!TryTakeOffset(ref time, out long offsetMinutes))
        {
            return false;
        }

        time = WithPoint(time, plain)[(colon + 1)..];
        colon = time.IndexOf((byte)':');
        long second = 0;
        if (!TryInteger(colon < 0 ? time : time[..colon], 59, out long minute) || (colon >= 0 && !TrySeconds(time[(colon + 1)..], out second)))
        {
            return false;
        }

        hour = half == 0 ? hour : (hour % 12) + (half == 2 ? 12 : 0);
        long day = (date - DateTime.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        microseconds = day + (((hour * 3600) + ((minute - offsetMinutes) * 60)) * MicrosecondsPerSecond) + second;
        return true;
    }

    /// <summary>The text with a point before the parts of a second, where a comma or a fourth colon stands there: <c>23:58:00,5</c>, <c>23:58:00:500</c>.</summary>
    private static ReadOnlySpan<byte> WithPoint(ReadOnlySpan<byte> text, Span<byte> plain)
    {
        int last = text.LastIndexOfAny(":,"u8);
        bool isMark = last > 0 && (text[last] == ',' ? text.IndexOf((byte)':') is >= 0 and var colon && colon < last : text.Length - last - 1 == 3 && text.Count((byte)':') == 3);
        if (!isMark || text.Length > plain.Length)
        {
            return text;
        }

        text.CopyTo(plain);
        plain[last] = (byte)'.';
        return plain[..text.Length];
    }

    /// <summary>Takes a zone off the end of a time of day: <c>Z</c>, <c>+02:00</c>, <c>-0530</c>.</summary>
    private static bool TryTakeOffset(ref ReadOnlySpan<byte> time, out long minutes)
    {
        minutes = 0;
        if (time[^1] is (byte)'Z' or (byte)'z')
        {
            time = time[..^1];
            return true;
        }

        int sign = time.LastIndexOfAny("+-"u8);
        if (sign <= 0)
        {
            return true;
        }

        ReadOnlySpan<byte> zone = time[(sign + 1)..];
        int colon = zone.IndexOf((byte)':');
        ReadOnlySpan<byte> ofHour = colon >= 0 ? zone[(colon + 1)..] : zone.Length == 4 ? zone[2..] : "0"u8;
        if (!TryInteger(colon >= 0 ? zone[..colon] : zone[..Math.Min(2, zone.Length)], 14, out long hours) || !TryInteger(ofHour, 59, out long rest))
        {
            return false;
        }

        minutes = (time[sign] == '-' ? -1 : 1) * ((hours * 60) + rest);
        time = time[..sign];
        return true;
    }

    /// <summary>A date and time as a sheet counts it: days since 1899-12-30.</summary>
    public static bool TryFromSheetDays(in DecimalNumber days, out long microseconds)
    {
        bool good = days.ToDouble() is > UnixEpochDay and < 200_000 & days.TryToMicroseconds(86400, 0, out microseconds);
        microseconds -= UnixEpochDay * 86400 * MicrosecondsPerSecond;
        return good;
    }

    private static bool TryDate(ReadOnlySpan<byte> text, out DateTime date)
    {
        date = default;
        int first = text.IndexOfAny("-/."u8);
        int second = first < 0 ? -1 : text[(first + 1)..].IndexOfAny("-/."u8) + first + 1;
        if (first <= 0 || second <= first
            || !TryInteger(text[..first], 9999, out long a)
            || !TryMonth(text[(first + 1)..second], out long b, out bool isName)
            || !TryInteger(text[(second + 1)..], 9999, out long c))
        {
            return false;
        }

        bool yearFirst = a > 31;
        bool dayFirst = !yearFirst && (text[first] == '.' || a > 12 || isName);
        (long year, long month, long day) = yearFirst ? (a, b, c) : dayFirst ? (c, b, a) : (c, a, b);
        year += year < 100 ? 2000 : 0;
        if (year is < 1970 or > 9000 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth((int)year, (int)month))
        {
            return false;
        }

        date = new DateTime((int)year, (int)month, (int)day, 0, 0, 0, DateTimeKind.Utc);
        return true;
    }

    private static bool TryMonth(ReadOnlySpan<byte> text, out long number, out bool isName)
    {
        isName = text.Length == 3 && char.IsAsciiLetter((char)text[0]);
        if (!isName)
        {
            return TryInteger(text, 9999, out number);
        }

        string name = Encoding.ASCII.GetString(text);
        number = Array.FindIndex(Months, month => string.Equals(month, name, StringComparison.OrdinalIgnoreCase)) + 1;
        return number > 0;
    }

    /// <summary>Seconds below 61 with any decimals, in microseconds.</summary>
    private static bool TrySeconds(ReadOnlySpan<byte> text, out long microseconds)
    {
        microseconds = 0;
        return text.Length > 0 && text[0] is >= (byte)'0' and <= (byte)'9'
            && DecimalNumber.TryParse(text, out DecimalNumber number) == Measurement.DecimalFault.None
            && number.TryToMicroseconds(out microseconds)
            && microseconds is >= 0 and < 61 * MicrosecondsPerSecond;
    }

    private static bool TryInteger(ReadOnlySpan<byte> text, long most, out long value) =>
        Utf8Parser.TryParse(text, out value, out int used) && used == text.Length && used > 0 && value >= 0 && value <= most && text[0] != '+';
}
