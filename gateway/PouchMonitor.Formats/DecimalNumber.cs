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
    /// Microseconds of a time in seconds, exact, rounded half to even. False beyond
    /// <see cref="MaximumSeconds"/> either way.
    /// </summary>
    public bool TryToMicroseconds(out long microseconds)
    {
        Int128 scaled = (Int128)Mantissa * 1_000_000;
        Int128 divisor = DecimalText.PowerOfTen(Decimals);
        Int128 quotient = Decimals <= 6 ? (Int128)Mantissa * DecimalText.PowerOfTen(6 - Decimals) : scaled / divisor;
        if (Decimals > 6)
        {
            Int128 twice = 2 * Int128.Abs(scaled - (quotient * divisor));
            if (twice > divisor || (twice == divisor && Int128.IsOddInteger(quotient)))
            {
                quotient += Mantissa < 0 ? -1 : 1;
            }
        }

        bool fits = Int128.Abs(quotient) <= (Int128)MaximumSeconds * 1_000_000;
        microseconds = fits ? (long)quotient : 0;
        return fits;
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
