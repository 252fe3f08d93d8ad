using PouchMonitor.Measurement;

namespace PouchMonitor.Firmware.Protection;

/// <summary>
/// Limits in raw counts, exactly: value = (count + offset) * numerator / denominator in volts, amperes or degrees, without
/// calibration, so that a wrong calibration cannot move a limit. Whole numbers only.
/// </summary>
public static class CountThreshold
{
    /// <summary>Parts of a volt or an ampere in which limits are given.</summary>
    public const int Micro = 1000000;

    /// <summary>Parts of a degree in which limits are given.</summary>
    public const int Milli = 1000;

    private const long Farthest = long.MaxValue / 4;

    /// <summary>Smallest count whose value is at or above <paramref name="limit"/> parts.</summary>
    public static long AtOrAbove(ColumnScale scale, long limit, int parts) => -AtOrBelowRaw(scale, -limit, parts) - scale.Offset;

    /// <summary>Largest count whose value is at or below <paramref name="limit"/> parts.</summary>
    public static long AtOrBelow(ColumnScale scale, long limit, int parts) => AtOrBelowRaw(scale, limit, parts) - scale.Offset;

    /// <summary>Value of a count in parts, rounded towards zero.</summary>
    public static long Value(ColumnScale scale, long count, int parts) => (count + scale.Offset) * scale.Numerator * parts / scale.Denominator;

    private static long AtOrBelowRaw(ColumnScale scale, long limit, int parts)
    {
        // Overflow wraps silently on the device. What is that large no converter reads.
        long largest = Farthest / scale.Denominator;
        if (limit > largest || limit < -largest)
        {
            return limit > 0 ? Farthest : -Farthest;
        }

        long dividend = limit * scale.Denominator;
        long divisor = scale.Numerator * parts;
        long quotient = dividend / divisor;
        return quotient * divisor > dividend ? quotient - 1 : quotient;
    }
}
