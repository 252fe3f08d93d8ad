namespace PouchMonitor.Analysis.NamedTests;

/// <summary>How voltage and current of one step ran, in a few dozen means over time.</summary>
public sealed record StepTransient
{
    /// <summary>When the step began: the sample before its first, since instruments write the first record at the end of its interval.</summary>
    public required long EdgeMicroseconds { get; init; }

    /// <summary>Time of its first sample, microseconds.</summary>
    public required long StartMicroseconds { get; init; }

    /// <summary>Time of its last sample, microseconds.</summary>
    public required long EndMicroseconds { get; init; }

    /// <summary>Voltage of the last sample before the step, V; NaN where a gap or nothing is before it.</summary>
    public required double VoltageBeforeV { get; init; }

    /// <summary>Voltage of the step's first sample, V.</summary>
    public required double FirstVoltageV { get; init; }

    public required double LastVoltageV { get; init; }

    /// <summary>Of a rest, voltage 10 s, 60 s and 10 min after its edge, V; NaN where <see cref="RestMarks"/> cannot tell.</summary>
    public required IReadOnlyList<double> MarksV { get; init; }

    /// <summary>Means in order of time, at most <see cref="NamedTestCollector.BinsOfStep"/>, from the first sample on.</summary>
    public required IReadOnlyList<TransientBin> Bins { get; init; }

    /// <summary>From the edge to the last sample, s.</summary>
    public double Seconds => (EndMicroseconds - EdgeMicroseconds) / 1e6;
}
