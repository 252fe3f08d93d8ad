namespace PouchMonitor.Analysis.Abuse.Evaluation;

/// <summary>Force and displacement of the indenter, where they are recorded. Force without its sign: some record compression as negative.</summary>
internal sealed class ForceTrack
{
    private long lastMicroseconds = long.MinValue;
    private double sinceSampleN = double.NaN;
    private double sinceSampleMm = double.NaN;

    public ThinnedSeries Force { get; } = new();

    public ThinnedSeries Displacement { get; } = new();

    /// <summary>Largest, N; NaN where none was recorded.</summary>
    public double LargestN { get; private set; } = double.NaN;

    /// <summary>Last, N; NaN where none was recorded.</summary>
    public double LastN { get; private set; } = double.NaN;

    public long LargestMicroseconds { get; private set; }

    public long IntervalMicroseconds { get; private set; }

    /// <summary>Takes a reading; false where it is earlier than the last.</summary>
    public bool Add(long timeMicroseconds, double forceN, double? displacementMm)
    {
        if (timeMicroseconds < lastMicroseconds)
        {
            return false;
        }

        if (double.IsFinite(forceN))
        {
            Force.Add(timeMicroseconds, forceN);
            sinceSampleN = forceN;
            LastN = forceN;
            if (!(Math.Abs(forceN) <= Math.Abs(LargestN)))
            {
                LargestN = forceN;
                LargestMicroseconds = timeMicroseconds;
                IntervalMicroseconds = lastMicroseconds == long.MinValue ? 0 : timeMicroseconds - lastMicroseconds;
            }
        }

        if (displacementMm is { } way && double.IsFinite(way))
        {
            Displacement.Add(timeMicroseconds, way);
            sinceSampleMm = way;
        }

        lastMicroseconds = timeMicroseconds;
        return true;
    }

    /// <summary>Force since the last sample, N; NaN where none.</summary>
    public double TakeForceN() => Take(ref sinceSampleN);

    /// <summary>Displacement since the last sample, mm; NaN where none.</summary>
    public double TakeDisplacementMm() => Take(ref sinceSampleMm);

    private static double Take(ref double value)
    {
        double taken = value;
        value = double.NaN;
        return taken;
    }
}
