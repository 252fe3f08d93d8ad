namespace PouchMonitor.Gateway.Pipeline;

/// <summary>A place in a test: segment and number of the next sample.</summary>
public readonly record struct TestPosition(int Segment, long Number) : IComparable<TestPosition>
{
    public int CompareTo(TestPosition other) =>
        Segment != other.Segment ? Segment.CompareTo(other.Segment) : Number.CompareTo(other.Number);

    public static bool operator <(TestPosition a, TestPosition b) => a.CompareTo(b) < 0;

    public static bool operator >(TestPosition a, TestPosition b) => a.CompareTo(b) > 0;

    public static bool operator <=(TestPosition a, TestPosition b) => a.CompareTo(b) <= 0;

    public static bool operator >=(TestPosition a, TestPosition b) => a.CompareTo(b) >= 0;
}

/// <summary>The analysis as it stood before one sample.</summary>
public sealed record AnalysisSnapshot(
    TestPosition Next, byte[] State, int CycleCount, int PulseCount, int StepCount, long SampleCount, long? StartMicroseconds, long? LastMicroseconds)
{
    public int CalibrationCount { get; init; }

    public long UnlistedCalibrationFrames { get; init; }
}

/// <summary>
/// Places to roll back to, in order. Bounded: when full, every second one of the older half goes, so that recent places
/// are close together and old ones far apart.
/// </summary>
public sealed class AnalysisSnapshots
{
    private const int Most = 24;
    private readonly List<AnalysisSnapshot> snapshots = [];

    public void Add(AnalysisSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (snapshots.Count > 0 && snapshots[^1].Next >= snapshot.Next)
        {
            return;
        }

        if (snapshots.Count >= Most)
        {
            for (int i = (Most / 2) - 1; i > 0; i -= 2)
            {
                snapshots.RemoveAt(i);
            }
        }

        snapshots.Add(snapshot);
    }

    /// <summary>The latest snapshot taken at or before a place, or null; later ones are forgotten.</summary>
    public AnalysisSnapshot? RollBackTo(TestPosition place)
    {
        while (snapshots.Count > 0 && snapshots[^1].Next > place)
        {
            snapshots.RemoveAt(snapshots.Count - 1);
        }

        return snapshots.Count > 0 ? snapshots[^1] : null;
    }

    /// <summary>Where the latest snapshot at or before a place was taken; null where there is none.</summary>
    public TestPosition? PlaceOf(TestPosition place) => snapshots.FindLast(snapshot => snapshot.Next <= place)?.Next;

    public void Clear() => snapshots.Clear();
}
