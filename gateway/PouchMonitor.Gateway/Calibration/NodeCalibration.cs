using PouchMonitor.Measurement;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Calibration;

/// <summary>
/// What a node knows of the front end of one of its channels, as its status tells it. A reading is
/// (count - offset) * (1 + gain) in the scale of its frame.
/// </summary>
public sealed record NodeCalibration
{
    /// <summary>Largest offset, either way.</summary>
    public const long MostMillicounts = 1_000_000;

    /// <summary>Largest gain, either way.</summary>
    public const long MostPpm = 100_000;

    internal const long MillicountsPerCount = 1000;
    private const long Million = 1_000_000;

    // Beyond these the corrected scale would leave 64 bits; no converter comes near.
    private const long LargestCount = 1L << 50;
    private const long LargestScale = 1L << 32;

    /// <summary>Id as the frames name it; a check sum of the content.</summary>
    public required uint Id { get; init; }

    /// <summary>When it was made; 0 where the node did not know the date.</summary>
    public long UnixSeconds { get; init; }

    public required long VoltageOffsetMillicounts { get; init; }

    public required long VoltageGainPpm { get; init; }

    public required long CurrentOffsetMillicounts { get; init; }

    public required long CurrentGainPpm { get; init; }

    /// <summary>Null when it keeps to its bounds, else what does not.</summary>
    public string? Problem() =>
        Id == 0 ? "id is 0"
        : UnixSeconds < 0 ? $"unixSeconds is {UnixSeconds}, must be 0 or more"
        : Math.Abs(VoltageOffsetMillicounts) > MostMillicounts ? $"voltageOffsetMillicounts is {VoltageOffsetMillicounts}, at most {MostMillicounts} either way"
        : Math.Abs(CurrentOffsetMillicounts) > MostMillicounts ? $"currentOffsetMillicounts is {CurrentOffsetMillicounts}, at most {MostMillicounts} either way"
        : Math.Abs(VoltageGainPpm) > MostPpm ? $"voltageGainPpm is {VoltageGainPpm}, at most {MostPpm} either way"
        : Math.Abs(CurrentGainPpm) > MostPpm ? $"currentGainPpm is {CurrentGainPpm}, at most {MostPpm} either way"
        : null;

    /// <summary>
    /// Applies what is known to the voltage and current of a frame, in whole numbers: counts become thousandths, offset and
    /// gain go into the scale, and the id is taken off, so that nothing is applied twice. A column whose id is not known,
    /// or whose numbers leave no room, stays as it is, with its id.
    /// </summary>
    /// <param name="frame">A decoded frame; changed.</param>
    /// <param name="find">The record of an id; null where it is not known.</param>
    public static void Apply(SampleFrame frame, Func<uint, NodeCalibration?> find)
    {
        ArgumentNullException.ThrowIfNull(frame);
        ArgumentNullException.ThrowIfNull(find);
        for (int column = SampleColumns.Voltage; column <= SampleColumns.Current; column++)
        {
            ColumnScale scale = frame.Scales[column];
            if (scale.CalibrationId != 0 && find(scale.CalibrationId) is { } known && HasRoom(frame, column))
            {
                known.ApplyTo(frame, column);
            }
        }
    }

    /// <summary>Corrects the scale of a voltage or a current, for counts of which each is taken <see cref="MillicountsPerCount"/> times.</summary>
    internal void Correct(ColumnScale scale, int column)
    {
        bool isVoltage = column == SampleColumns.Voltage;
        long gainPpm = isVoltage ? VoltageGainPpm : CurrentGainPpm;
        scale.Offset = (scale.Offset * MillicountsPerCount) - (isVoltage ? VoltageOffsetMillicounts : CurrentOffsetMillicounts);
        Int128 numerator = (Int128)scale.Numerator * (Million + gainPpm);
        Int128 denominator = (Int128)scale.Denominator * Million * MillicountsPerCount;
        Int128 divisor = GreatestCommonDivisor(numerator, denominator);
        scale.Numerator = (long)(numerator / divisor);
        scale.Denominator = (long)(denominator / divisor);
        scale.CalibrationId = 0;
    }

    /// <summary>True where counts of the scale can be corrected without leaving 64 bits.</summary>
    internal static bool HasRoom(ColumnScale scale) =>
        scale.Numerator <= LargestScale && scale.Denominator <= LargestScale && IsSmall(scale.Offset);

    internal static bool IsSmall(long count) => count is > -LargestCount and < LargestCount;

    private void ApplyTo(SampleFrame frame, int column)
    {
        Multiply(frame.Counts[column], frame.Count);
        if (column == SampleColumns.Voltage && frame.HasVoltageExtremes)
        {
            Multiply(frame.VoltageMinimumCounts, frame.Count);
            Multiply(frame.VoltageMaximumCounts, frame.Count);
        }

        Correct(frame.Scales[column], column);
    }

    private static bool HasRoom(SampleFrame frame, int column)
    {
        if (!HasRoom(frame.Scales[column]))
        {
            return false;
        }

        bool isSmall = true;
        for (int i = 0; i < frame.Count; i++)
        {
            isSmall &= IsSmall(frame.Counts[column][i]);
            isSmall &= column != SampleColumns.Voltage || !frame.HasVoltageExtremes
                || (IsSmall(frame.VoltageMinimumCounts[i]) && IsSmall(frame.VoltageMaximumCounts[i]));
        }

        return isSmall;
    }

    private static void Multiply(long[] counts, int count)
    {
        for (int i = 0; i < count; i++)
        {
            counts[i] *= MillicountsPerCount;
        }
    }

    private static Int128 GreatestCommonDivisor(Int128 a, Int128 b)
    {
        while (b != 0)
        {
            (a, b) = (b, a % b);
        }

        return a;
    }
}
