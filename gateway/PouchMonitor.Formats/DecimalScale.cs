using PouchMonitor.Measurement;

namespace PouchMonitor.Formats;

/// <summary>A column's scale as a whole number over a power of ten: value = (count + offset) * factor / 10^decimals.</summary>
/// <param name="Factor">Whole number, 1 or more; 0 where the scale cannot be written so.</param>
/// <param name="Decimals">Decimals, 0 to 18.</param>
internal readonly record struct DecimalScale(long Factor, int Decimals)
{
    public bool IsExact => Factor > 0;

    /// <summary>Finds the fewest decimals with which numerator / denominator ends.</summary>
    public static DecimalScale Of(ColumnScale scale)
    {
        for (int decimals = 0; decimals <= DecimalText.MaximumDecimals; decimals++)
        {
            Int128 scaled = (Int128)scale.Numerator * DecimalText.PowerOfTen(decimals);
            if (scaled % scale.Denominator == 0)
            {
                Int128 factor = scaled / scale.Denominator;
                return factor <= long.MaxValue ? new DecimalScale((long)factor, decimals) : default;
            }
        }

        return default;
    }
}
