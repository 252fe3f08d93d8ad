namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>Since when and for how many samples a condition has held without a break.</summary>
internal struct Hold
{
    public long SinceMicroseconds;
    public int Samples;

    /// <summary>True when the condition has held for so many samples and so many seconds or more.</summary>
    public bool For(bool holds, long timeMicroseconds, LimitRow row) =>
        Advance(holds, timeMicroseconds) && Samples >= row.HoldSamples && Age(timeMicroseconds) >= Microseconds(row.HoldS);

    /// <summary>True when the condition has held for so many samples and for more than the seconds of the row.</summary>
    public bool ForMoreThan(bool holds, long timeMicroseconds, LimitRow row) =>
        Advance(holds, timeMicroseconds) && Samples >= row.HoldSamples && Age(timeMicroseconds) > Microseconds(row.HoldS);

    /// <summary>True when the condition has held for the seconds and samples that end it.</summary>
    public bool ForClearing(bool holds, long timeMicroseconds, LimitRow row, int samples) =>
        Advance(holds, timeMicroseconds) && Samples >= samples && Age(timeMicroseconds) >= Microseconds(row.ClearHoldS);

    public static long Microseconds(double seconds) => (long)(seconds * 1_000_000);

    private bool Advance(bool holds, long timeMicroseconds)
    {
        if (!holds)
        {
            Samples = 0;
            return false;
        }

        if (Samples == 0)
        {
            SinceMicroseconds = timeMicroseconds;
        }

        Samples = Samples == int.MaxValue ? Samples : Samples + 1;
        return true;
    }

    private readonly long Age(long timeMicroseconds) => timeMicroseconds - SinceMicroseconds;
}
