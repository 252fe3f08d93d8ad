using PouchMonitor.Analysis.Series;
using PouchMonitor.Measurement;

namespace PouchMonitor.Gateway.Calibration;

/// <summary>
/// Values of single counts with the calibration of their scale applied, bit for bit what <see cref="NodeCalibration.Apply"/>
/// gives a whole frame. For readers of roll-ups, which have counts and no frame. Of one stream and one thread.
/// </summary>
/// <param name="find">The record of an id; null where it is not known, then the value is as read.</param>
internal sealed class CalibratedValue(Func<uint, NodeCalibration?> find)
{
    private readonly ColumnScale[] read = [new(), new()];
    private readonly ColumnScale?[] corrected = new ColumnScale?[2];

    /// <summary>Value of a count in the unit of its column.</summary>
    public double Of(long count, ColumnScale scale, int column) =>
        NodeCalibration.IsSmall(count) && Corrected(scale, column) is { } better
            ? ScaledValue.Of(count * NodeCalibration.MillicountsPerCount, better)
            : ScaledValue.Of(count, scale);

    /// <summary>Value of a mean of counts, which lies between two of them.</summary>
    public double OfMean(double meanCount, ColumnScale scale, int column) =>
        Corrected(scale, column) is { } better
            ? Scaled(meanCount * NodeCalibration.MillicountsPerCount, better)
            : Scaled(meanCount, scale);

    private static double Scaled(double count, ColumnScale scale) => (count + scale.Offset) * scale.Numerator / scale.Denominator;

    // Null where there is nothing to correct.
    private ColumnScale? Corrected(ColumnScale scale, int column)
    {
        if (scale.CalibrationId == 0 || column > SampleColumns.Current)
        {
            return null;
        }

        if (!read[column].SameAs(scale))
        {
            read[column].CopyFrom(scale);
            corrected[column] = Correct(scale, column);
        }

        return corrected[column];
    }

    private ColumnScale? Correct(ColumnScale scale, int column)
    {
        if (find(scale.CalibrationId) is not { } known || !NodeCalibration.HasRoom(scale))
        {
            return null;
        }

        var better = new ColumnScale();
        better.CopyFrom(scale);
        known.Correct(better, column);
        return better;
    }
}
