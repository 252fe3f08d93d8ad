namespace PouchMonitor.Measurement;

/// <summary>
/// What a count of one column means: value = (count + offset) * numerator / denominator, in volts, amperes or degrees
/// Celsius. A node gives its converter's quantum as a fraction (187.5 uV = 375 / 2000000) and the id of the calibration
/// to apply; a replayed decimal log gives 1 / 10^digits, so that any decimal is carried exactly.
/// </summary>
public sealed class ColumnScale
{
    /// <summary>Added to every count before scaling.</summary>
    public long Offset;

    /// <summary>Numerator, 1 or more.</summary>
    public long Numerator = 1;

    /// <summary>Denominator, 1 or more.</summary>
    public long Denominator = 1;

    /// <summary>Calibration to apply at the gateway; 0 means the values are as measured and none applies.</summary>
    public uint CalibrationId;

    /// <summary>Copies another scale into this object.</summary>
    public void CopyFrom(ColumnScale other)
    {
        Offset = other.Offset;
        Numerator = other.Numerator;
        Denominator = other.Denominator;
        CalibrationId = other.CalibrationId;
    }

    /// <summary>True when both give the same meaning to the same count.</summary>
    public bool SameAs(ColumnScale other) =>
        Offset == other.Offset && Numerator == other.Numerator
        && Denominator == other.Denominator && CalibrationId == other.CalibrationId;
}
