namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What the counts of one column meant, under a calibration: value = (count + offset) * numerator / denominator.</summary>
/// <param name="Column">Number of the column (<see cref="Measurement.SampleColumns"/>).</param>
/// <param name="Id">The calibration; never 0.</param>
/// <param name="Offset">Added to every count.</param>
/// <param name="Numerator">Of the scale, in the column's unit a count.</param>
/// <param name="Denominator">Of the scale.</param>
public sealed record CalibratedColumn(int Column, uint Id, long Offset, long Numerator, long Denominator)
{
    /// <summary>True where the record of the calibration was known when the stretch was judged; else it was judged as read.</summary>
    public bool IsApplied { get; init; }
}

/// <summary>A stretch of a test that was measured under one set of calibrations, as the frames name them.</summary>
public sealed record CalibrationSpan
{
    /// <summary>Time of its first sample, microseconds of the samples' own clock.</summary>
    public required long FirstMicroseconds { get; init; }

    /// <summary>Time of its last sample so far.</summary>
    public required long LastMicroseconds { get; init; }

    /// <summary>Boot of the node and number of the first sample.</summary>
    public required ulong Boot { get; init; }

    public required long FirstNumber { get; init; }

    /// <summary>Columns under a calibration; empty where the node went on without any.</summary>
    public required IReadOnlyList<CalibratedColumn> Columns { get; init; }

    /// <summary>Frames within it that named other calibrations, once a test has as many spans as are kept.</summary>
    public long UnlistedFrames { get; init; }
}
