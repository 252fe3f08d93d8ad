namespace PouchMonitor.Firmware.Sampling;

/// <summary>
/// How far behind their grid points passes began: a histogram with the mean and the worst since boot. Fixed memory,
/// nothing allocated per entry.
/// </summary>
public sealed class LatenessRecord
{
    /// <summary>Classes of the histogram; the last one has no upper end.</summary>
    public const int ClassCount = 10;

    private static readonly int[] UpperMicroseconds =
        { 100, 1000, 2000, 5000, 10000, 20000, 50000, 100000, 1000000 };

    private readonly long[] counts = new long[ClassCount];
    private long sumMicroseconds;

    /// <summary>Passes recorded.</summary>
    public long Count { get; private set; }

    /// <summary>Largest lateness, microseconds.</summary>
    public long WorstMicroseconds { get; private set; }

    /// <summary>Mean lateness, microseconds; 0 without passes.</summary>
    public long MeanMicroseconds => Count == 0 ? 0 : sumMicroseconds / Count;

    /// <summary>Upper end of a class, inclusive, microseconds; the largest number for the last.</summary>
    public static long UpperEndMicroseconds(int classIndex) =>
        classIndex < UpperMicroseconds.Length ? UpperMicroseconds[classIndex] : long.MaxValue;

    /// <summary>Passes of a class: later than the class before it, no later than its own upper end.</summary>
    public long CountOf(int classIndex) => counts[classIndex];

    /// <summary>Records one pass.</summary>
    public void Add(long latenessMicroseconds)
    {
        long lateness = latenessMicroseconds < 0 ? 0 : latenessMicroseconds;
        int at = 0;
        while (at < UpperMicroseconds.Length && lateness > UpperMicroseconds[at])
        {
            at++;
        }

        counts[at]++;
        Count++;
        sumMicroseconds += lateness;
        if (lateness > WorstMicroseconds)
        {
            WorstMicroseconds = lateness;
        }
    }
}
