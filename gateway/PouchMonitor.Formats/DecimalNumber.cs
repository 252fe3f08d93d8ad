using System.Buffers.Text;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>
/// An exact decimal number read from UTF-8 bytes: value = mantissa / 10^decimals, by the rule of
/// <see cref="DecimalText"/>. The plain form, which nearly every cell has, is read from the bytes directly, because a
/// string for each cell would halve the reading speed; every other form is left to <see cref="DecimalText"/> itself.
/// </summary>
internal readonly record struct DecimalNumber(long Mantissa, int Decimals)
{
    /// <summary>Largest time taken, in seconds: about the year 33000, far inside 64 bits of microseconds.</summary>
    public const long MaximumSeconds = 1_000_000_000_000;

    /// <summary>18 digits always fit 64 bits.</summary>
    private const int MaximumPlainLength = DecimalText.ExactDigits;

    /// <summary>Value as a double, rounded once.</summary>
    public double ToDouble() => ScaledValue.Of(Mantissa, RecordedRow.ScaleOf(Decimals));

    /// <summary>Reads a number; the fault is that of <see cref="DecimalText"/>.</summary>
    public static DecimalFault TryParse(ReadOnlySpan<byte> text, out DecimalNumber number)
    {
        long mantissa = 0;
        int point = -1;
        int at = text.Length > 0 && text[0] == '-' ? 1 : 0;
        int first = at;
        if (text.Length - first > MaximumPlainLength)
        {
            return ParseAny(text, out number);
        }

        for (; at < text.Length; at++)
        {
            uint digit = (uint)(text[at] - '0');
            if (digit <= 9)
            {
                mantissa = (mantissa * 10) + digit;
            }
            else if (text[at] == '.' && point < 0)
            {
                point = at;
            }
            else
            {
                return ParseAny(text, out number);
            }
        }

        if (text.Length - first - (point >= 0 ? 1 : 0) <= 0)
        {
            return ParseAny(text, out number);
        }

        int decimals = point < 0 ? 0 : text.Length - point - 1;
        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        number = new DecimalNumber(first == 1 ? -mantissa : mantissa, decimals);
        return DecimalFault.None;
    }

    /// <summary>
    /// Reads a cell of a line from <paramref name="at"/> up to the next comma or the end, where it stands in the plain form;
    /// false where it does not, and nothing is known then.
    /// </summary>
    /// <param name="line">All of the line.</param>
    /// <param name="at">Receives the place of the comma, or of the end.</param>
    /// <param name="number">What <see cref="TryParse"/> gives.</param>
    /// <param name="written">Decimals as written; negative for an empty cell.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryReadPlain(ReadOnlySpan<byte> line, ref int at, out DecimalNumber number, out int written)
    {
        int i = at;
        bool isNegative = i < line.Length && line[i] == '-';
        i += isNegative ? 1 : 0;
        int first = i;
        int point = -1;
        long mantissa = 0;
        for (; i < line.Length; i++)
        {
            // Too long a number runs over here and is refused below.
            if (line.Length - i >= sizeof(ulong))
            {
                i += EightDigits.Read(line[i..], ref mantissa);
                if (i == line.Length)
                {
                    break;
                }
            }

            uint digit = (uint)(line[i] - '0');
            if (digit <= 9)
            {
                mantissa = unchecked((mantissa * 10) + digit);
            }
            else if (line[i] == '.' && point < 0)
            {
                point = i;
            }
            else
            {
                break;
            }
        }

        number = default;
        written = -1;
        at = i;
        int digits = i - first - (point >= 0 ? 1 : 0);
        if ((i < line.Length && line[i] != ',') || i - first > MaximumPlainLength || (digits == 0 && (isNegative || point >= 0)))
        {
            return false;
        }

        if (digits == 0)
        {
            return true;
        }

        written = point < 0 ? 0 : i - point - 1;
        int decimals = written;
        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        number = new DecimalNumber(isNegative ? -mantissa : mantissa, decimals);
        return true;
    }

    /// <summary>Decimals of a number as it is written, zeros at its end and an exponent counted.</summary>
    public static int WrittenDecimals(ReadOnlySpan<byte> text, byte mark = (byte)'.')
    {
        int exponentAt = text.IndexOfAny((byte)'e', (byte)'E');
        int point = text.IndexOf(mark);
        int end = exponentAt < 0 ? text.Length : exponentAt;
        int decimals = point < 0 ? 0 : end - point - 1;
        return exponentAt >= 0 && Utf8Parser.TryParse(text[(exponentAt + 1)..].TrimStart((byte)'+'), out int exponent, out _)
            ? decimals - Math.Clamp(exponent, -100, 100)
            : decimals;
    }

    /// <summary>The shortest decimal that reads back as the same float.</summary>
    public static bool TryFrom(float value, out DecimalNumber number)
    {
        Span<byte> text = stackalloc byte[32];
        number = default;
        return value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture)
            && TryParse(text[..length], out number) == DecimalFault.None;
    }

    /// <summary>The shortest decimal that reads back as the same double.</summary>
    public static bool TryFrom(double value, out DecimalNumber number)
    {
        Span<byte> text = stackalloc byte[40];
        number = default;
        return value.TryFormat(text, out int length, default, CultureInfo.InvariantCulture)
            && TryParse(text[..length], out number) == DecimalFault.None;
    }

    /// <summary>
    /// The value over 10^<paramref name="shift"/> (a negative shift multiplies), exact as far as 18 decimals go and then
    /// rounded half to even. False where it does not fit 64 bits.
    /// </summary>
    public bool TryShift(int shift, out DecimalNumber shifted)
    {
        Int128 mantissa = Mantissa;
        int decimals = Decimals + shift;
        if (decimals < 0)
        {
            mantissa *= DecimalText.PowerOfTen(Math.Min(-decimals, DecimalText.MaximumDecimals));
            decimals = 0;
        }
        else if (decimals > DecimalText.MaximumDecimals)
        {
            Int128 divisor = DecimalText.PowerOfTen(Math.Min(decimals - DecimalText.MaximumDecimals, DecimalText.MaximumDecimals));
            mantissa = RoundedQuotient(mantissa, divisor);
            decimals = DecimalText.MaximumDecimals;
        }

        while (decimals > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            decimals--;
        }

        bool fits = mantissa <= long.MaxValue && mantissa >= -long.MaxValue;
        shifted = fits ? new DecimalNumber((long)mantissa, decimals) : default;
        return fits;
    }

    /// <summary>Degrees Celsius of a temperature in kelvin, exact.</summary>
    public bool TryFromKelvin(out DecimalNumber celsius)
    {
        int decimals = Math.Max(Decimals, 2);
        Int128 mantissa = ((Int128)Mantissa * DecimalText.PowerOfTen(decimals - Decimals)) - ((Int128)27315 * DecimalText.PowerOfTen(decimals - 2));
        bool fits = mantissa <= long.MaxValue && mantissa >= -long.MaxValue;
        celsius = default;
        return fits && new DecimalNumber((long)mantissa, decimals).TryShift(0, out celsius);
    }

    /// <summary>Degrees Celsius of a temperature in degrees Fahrenheit: five ninths of what is above 32, to six decimals more than were given, rounded half to even.</summary>
    public bool TryFromFahrenheit(out DecimalNumber celsius)
    {
        const int MoreDecimals = 6;
        int decimals = Math.Min(Decimals + MoreDecimals, DecimalText.MaximumDecimals);
        Int128 above = (Int128)Mantissa - ((Int128)32 * DecimalText.PowerOfTen(Decimals));
        Int128 mantissa = RoundedQuotient(above * 5 * DecimalText.PowerOfTen(decimals - Decimals), 9);
        bool fits = mantissa <= long.MaxValue && mantissa >= -long.MaxValue;
        celsius = default;
        return fits && new DecimalNumber((long)mantissa, decimals).TryShift(0, out celsius);
    }

    /// <summary>Microseconds of a time in units of <paramref name="secondsPerUnit"/> / 10^<paramref name="shift"/> seconds, rounded half to even.</summary>
    public bool TryToMicroseconds(int secondsPerUnit, int shift, out long microseconds)
    {
        if (secondsPerUnit == 1 && shift == 0 && TryToMicrosecondsShort(out microseconds))
        {
            return true;
        }

        Int128 scaled = (Int128)Mantissa * secondsPerUnit;
        int decimals = Decimals + shift - 6;
        if (decimals < 0)
        {
            scaled *= DecimalText.PowerOfTen(-decimals);
        }
        else if (decimals > 0)
        {
            scaled = RoundedQuotient(scaled, DecimalText.PowerOfTen(Math.Min(decimals, DecimalText.MaximumDecimals)));
        }

        bool fits = Int128.Abs(scaled) <= (Int128)MaximumSeconds * 1_000_000;
        microseconds = fits ? (long)scaled : 0;
        return fits;
    }

    /// <summary>
    /// Microseconds of a time in seconds, exact, rounded half to even. False beyond
    /// <see cref="MaximumSeconds"/> either way.
    /// </summary>
    public bool TryToMicroseconds(out long microseconds) => TryToMicroseconds(1, 0, out microseconds);

    /// <summary>The same in 64 bits, for times that are sure to fit; false for all others.</summary>
    private bool TryToMicrosecondsShort(out long microseconds)
    {
        const long most = 1_000_000_000_000;
        const int decimalsOfMicroseconds = 6;
        microseconds = 0;
        if (Mantissa is <= -most or >= most)
        {
            return false;
        }

        if (Decimals <= decimalsOfMicroseconds)
        {
            microseconds = Mantissa * DecimalText.PowerOfTen(decimalsOfMicroseconds - Decimals);
            return true;
        }

        long divisor = DecimalText.PowerOfTen(Decimals - decimalsOfMicroseconds);
        long quotient = Mantissa / divisor;
        long twice = 2 * Math.Abs(Mantissa - (quotient * divisor));
        bool up = twice > divisor || (twice == divisor && long.IsOddInteger(quotient));
        microseconds = up ? quotient + (Mantissa < 0 ? -1 : 1) : quotient;
        return true;
    }

    private static Int128 RoundedQuotient(Int128 value, Int128 divisor)
    {
        Int128 quotient = value / divisor;
        Int128 twice = 2 * Int128.Abs(value - (quotient * divisor));
        bool up = twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient));
        return up ? quotient + (value < 0 ? -1 : 1) : quotient;
    }

    /// <summary>Bytes beyond ASCII become '?', which no number holds.</summary>
    private static DecimalFault ParseAny(ReadOnlySpan<byte> text, out DecimalNumber number)
    {
        string characters = Encoding.ASCII.GetString(text);
        DecimalFault fault = DecimalText.TryParse(characters, 0, characters.Length, out long mantissa, out int decimals);
        number = new DecimalNumber(mantissa, decimals);
        return fault;
    }
}
