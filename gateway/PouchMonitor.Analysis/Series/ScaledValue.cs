using PouchMonitor.Measurement;

namespace PouchMonitor.Analysis.Series;

/// <summary>The one place where counts become physical values, so that every way of a sample gives the same digits.</summary>
public static class ScaledValue
{
    private const long LargestExact = 1L << 53;

    /// <summary>
    /// Value of a count in the unit of its column: (count + offset) * numerator / denominator, rounded once wherever
    /// 53 bits hold the product. Trailing decimal zeros are taken off first, so that 3.70 and 3.7 give the same double
    /// whatever number of decimals their frame was written with.
    /// </summary>
    /// <exception cref="OverflowException">count + offset does not fit 64 bits.</exception>
    public static double Of(long count, ColumnScale scale)
    {
        long mantissa = checked(count + scale.Offset);
        if (scale.Numerator == 1)
        {
            return OfFraction(mantissa, scale.Denominator);
        }

        // Exact up to the division wherever the product stays below 2^53, as it does for every converter.
        return (double)mantissa * scale.Numerator / scale.Denominator;
    }

    private static double OfFraction(long mantissa, long denominator)
    {
        if (mantissa is > -LargestExact and < LargestExact && denominator < LargestExact)
        {
            return (double)mantissa / denominator;
        }

        while (denominator % 10 == 0 && mantissa % 10 == 0 && mantissa != 0)
        {
            mantissa /= 10;
            denominator /= 10;
        }

        return (double)mantissa / denominator;
    }
}
