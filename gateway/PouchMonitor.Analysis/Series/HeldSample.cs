namespace PouchMonitor.Analysis.Series;

/// <summary>A sample held back until its doubtful readings are confirmed or refuted.</summary>
internal struct HeldSample
{
    /// <summary>Set while it is not certain that the time is right.</summary>
    public const uint LeapDoubt = 1u << 31;

    public Sample Sample;

    /// <summary>One bit for each doubtful column, and <see cref="LeapDoubt"/>.</summary>
    public uint Doubts;

    /// <summary>True once one of its readings was refuted.</summary>
    public bool IsRefuted;
}

/// <summary>Doubtful readings in a row of one column, all on the same side of what was believed.</summary>
internal struct DoubtRun
{
    public long FirstMicroseconds;
    public int Side;
    public int Count;
}
