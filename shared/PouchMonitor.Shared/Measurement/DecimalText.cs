using System;

namespace PouchMonitor.Measurement;

/// <summary>
/// Exact decimals: text to value = mantissa / 10^decimals and back to a common number of decimals, in integers only, so
/// that a logged figure travels as it was written. Allocates nothing; invariant form only (a point, never a comma).
/// </summary>
public static class DecimalText
{
    /// <summary>Most decimals a result has; 10^18 is the highest power of ten in a <c>long</c>.</summary>
    public const int MaximumDecimals = 18;

    /// <summary>Significant digits kept exactly; a longer number is rounded to <see cref="RoundedDigits"/>.</summary>
    public const int ExactDigits = 18;

    /// <summary>Significant digits left of a number that has more than <see cref="ExactDigits"/> (a double has 17).</summary>
    public const int RoundedDigits = 17;

    /// <summary>An exponent beyond this changes nothing any more; kept small so that sums of positions stay in range.</summary>
    private const int ExponentBound = 1000000000;

    private static readonly long[] PowersOfTen =
    {
        1L, 10L, 100L, 1000L, 10000L, 100000L, 1000000L, 10000000L, 100000000L, 1000000000L, 10000000000L,
        100000000000L, 1000000000000L, 10000000000000L, 100000000000000L, 1000000000000000L, 10000000000000000L,
        100000000000000000L, 1000000000000000000L,
    };

    /// <summary>10^<paramref name="exponent"/> for 0 to 18.</summary>
    public static long PowerOfTen(int exponent) => PowersOfTen[exponent];

    /// <summary>
    /// Reads a number such as <c>-4.030268478</c>, <c>3.1e-05</c>, <c>+.5</c> or <c>12.</c>; surrounding spaces and tabs are
    /// allowed. See the overload that also tells whether digits were lost.
    /// </summary>
    public static DecimalFault TryParse(string text, int start, int length, out long mantissa, out int decimals)
    {
        bool isRounded;
        return TryParse(text, start, length, out mantissa, out decimals, out isRounded);
    }

    /// <summary>
    /// Reads a number as mantissa / 10^decimals with the fewest decimals (0 to 18): trailing zeros are stripped, so
    /// equal numbers give equal results. Exact up to 18 significant digits and 18 decimals; beyond either it is rounded
    /// half to even, once, to 17 significant digits or 18 decimals, and <paramref name="isRounded"/> says so. On a fault
    /// all results are 0.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The range lies outside the text.</exception>
    public static DecimalFault TryParse(
        string text, int start, int length, out long mantissa, out int decimals, out bool isRounded)
    {
        mantissa = 0;
        decimals = 0;
        isRounded = false;
        if (start < 0 || length < 0 || start > text.Length - length)
        {
            throw new ArgumentOutOfRangeException(nameof(start), "the range lies outside the text");
        }

        int at = start;
        int end = start + length;
        while (at < end && IsBlank(text[at]))
        {
            at++;
        }

        while (end > at && IsBlank(text[end - 1]))
        {
            end--;
        }

        if (at == end)
        {
            return DecimalFault.Empty;
        }

        bool isNegative = text[at] == '-';
        if (isNegative || text[at] == '+')
        {
            at++;
        }

        // Up to 18 digits from the first that is not 0 are kept; scale counts the decimals of the last kept digit.
        long kept = 0;
        int keptDigits = 0;
        bool lostDigits = false;
        bool anyDigit = false;
        bool afterPoint = false;
        long scale = 0;
        for (; at < end; at++)
        {
            char c = text[at];
            if (c == '.' && !afterPoint)
            {
                afterPoint = true;
                continue;
            }

            int digit = c - '0';
            if (digit < 0 || digit > 9)
            {
                break;
            }

            anyDigit = true;
            if (keptDigits < ExactDigits)
            {
                kept = kept * 10 + digit;
                keptDigits += kept == 0 ? 0 : 1;
                scale += afterPoint ? 1 : 0;
            }
            else
            {
                lostDigits |= digit != 0;
                scale -= afterPoint ? 0 : 1;
            }
        }

        if (!anyDigit)
        {
            return DecimalFault.NotANumber;
        }

        if (at < end)
        {
            int exponent = ParseExponent(text, at, end);
            if (exponent == int.MinValue)
            {
                return DecimalFault.NotANumber;
            }

            scale -= exponent;
        }

        return Settle(isNegative, kept, lostDigits, scale, out mantissa, out decimals, out isRounded);
    }

    /// <summary>
    /// The same value with another number of decimals (0 to 18). False where it would need a fraction or more than 64 bits.
    /// </summary>
    public static bool TryRescale(long mantissa, int fromDecimals, int toDecimals, out long rescaled)
    {
        rescaled = 0;
        if (fromDecimals < 0 || fromDecimals > MaximumDecimals || toDecimals < 0 || toDecimals > MaximumDecimals)
        {
            return false;
        }

        if (toDecimals < fromDecimals)
        {
            long divisor = PowersOfTen[fromDecimals - toDecimals];
            rescaled = mantissa / divisor;
            return rescaled * divisor == mantissa;
        }

        long factor = PowersOfTen[toDecimals - fromDecimals];
        if (mantissa > long.MaxValue / factor || mantissa < long.MinValue / factor)
        {
            return false;
        }

        rescaled = mantissa * factor;
        return true;
    }

    private static bool IsBlank(char c) => c == ' ' || c == '\t';

    /// <summary>Reads <c>e</c>, a sign and digits up to the end; <c>int.MinValue</c> where it is anything else.</summary>
    private static int ParseExponent(string text, int at, int end)
    {
        if (text[at] != 'e' && text[at] != 'E')
        {
            return int.MinValue;
        }

        at++;
        bool isNegative = at < end && text[at] == '-';
        if (at < end && (text[at] == '-' || text[at] == '+'))
        {
            at++;
        }

        if (at == end)
        {
            return int.MinValue;
        }

        long exponent = 0;
        for (; at < end; at++)
        {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9)
            {
                return int.MinValue;
            }

            exponent = exponent * 10 + digit;
            if (exponent > ExponentBound)
            {
                exponent = ExponentBound;
            }
        }

        return (int)(isNegative ? -exponent : exponent);
    }

    /// <summary>Rounds, strips and signs what was collected: value = kept / 10^scale, and a little more if digits were lost.</summary>
    private static DecimalFault Settle(
        bool isNegative, long kept, bool lostDigits, long scale, out long mantissa, out int decimals, out bool isRounded)
    {
        mantissa = 0;
        decimals = 0;
        isRounded = false;
        if (kept == 0)
        {
            return DecimalFault.None;
        }

        if (!lostDigits)
        {
            Strip(ref kept, ref scale);
        }

        long removed = lostDigits ? ExactDigits - RoundedDigits : 0;
        if (scale - removed > MaximumDecimals)
        {
            removed = scale - MaximumDecimals;
        }

        if (removed > 0)
        {
            isRounded = true;
            kept = RoundHalfEven(kept, removed, lostDigits);
            scale -= removed;
            if (kept == 0)
            {
                return DecimalFault.None;
            }

            Strip(ref kept, ref scale);
        }

        if (scale < 0)
        {
            long factor = scale < -MaximumDecimals ? 0 : PowersOfTen[(int)-scale];
            if (factor == 0 || kept > long.MaxValue / factor)
            {
                isRounded = false;
                return DecimalFault.OutOfRange;
            }

            kept *= factor;
            scale = 0;
        }

        mantissa = isNegative ? -kept : kept;
        decimals = (int)scale;
        return DecimalFault.None;
    }

    private static void Strip(ref long kept, ref long scale)
    {
        while (kept % 10 == 0)
        {
            kept /= 10;
            scale--;
        }
    }

    private static long RoundHalfEven(long kept, long removedDigits, bool lostDigits)
    {
        if (removedDigits > MaximumDecimals)
        {
            return 0;
        }

        long divisor = PowersOfTen[(int)removedDigits];
        long quotient = kept / divisor;
        long remainder = kept - quotient * divisor;
        long half = divisor / 2;
        bool up = remainder > half || (remainder == half && (lostDigits || (quotient & 1) == 1));
        return up ? quotient + 1 : quotient;
    }
}
