using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// One test that is kept in memory: its record, and the watch that its samples go to. Changed by the desk's thread alone, but for the
/// emergency stop, which waits for nobody; what is shown may be read by anybody.
/// </summary>
internal sealed class AbuseSession(AbuseRecord record)
{
    private const int ClockFrames = 20;

    private readonly Lock showing = new();
    private readonly double[] clockOffsetsS = new double[ClockFrames];
    private long clockFrames;
    private volatile AbuseRecord shown = record;
    private AbuseFigures? figures = record.Figures;
    private AbuseStop? stop = record.Stop;

    /// <summary>As it is stored, without the figures of a test that has not ended.</summary>
    public AbuseRecord Record { get; private set; } = record;

    /// <summary>As everybody sees it, with its figures.</summary>
    public AbuseRecord Shown => shown;

    public string Node { get; } = record.Node ?? "";

    public string Channel { get; } = record.Channel ?? "";

    /// <summary>Null before the first has been built, and once a test has ended and its figures stand.</summary>
    public WatchFeed? Feed { get; set; }

    /// <summary>True when the watch must be made anew from the journal.</summary>
    public bool NeedsRebuild { get; set; } = true;

    /// <summary>The watch that is being made; null for none.</summary>
    public Task<WatchFeed>? Rebuild { get; set; }

    /// <summary>From when on things counted (<see cref="AbuseMoves.CountsFrom"/>) as that was begun.</summary>
    public double? RebuildCountsFrom { get; set; }

    /// <summary>Not before this, s: late frames that pour in do not make it anew one by one.</summary>
    public double NextRebuildAt { get; set; }

    /// <summary>True where the last change is not on disk.</summary>
    public bool IsUnsaved { get; set; }

    /// <summary>True while a person's order waits for the node.</summary>
    public bool IsBusy { get; set; }

    /// <summary>When the fast rate was asked for last, s.</summary>
    public double AskedFastAt { get; set; }

    /// <summary>Arrival of its newest frame, s.</summary>
    public double ReceivedAt { get; private set; }

    /// <summary>When it was taken into memory, s: from then on samples are waited for.</summary>
    public required double TakenUpAt { get; init; }

    /// <summary>Since when no sample has come while one should, s; null while they come.</summary>
    public double? SilentSince { get; set; }

    /// <summary>Revision of the watch that was judged last.</summary>
    public int JudgedRevision { get; set; } = -1;

    /// <summary>Sample count and time of the last look at the figures.</summary>
    public (long Microseconds, double At) Looked { get; set; }

    /// <summary>Counts what was told to the dashboards.</summary>
    public int ToldRevision { get; set; }

    /// <summary>What was told to them last, so that nothing is told twice.</summary>
    public string? Told { get; set; }

    /// <summary>The stop as it stands, also where it is not stored yet.</summary>
    public AbuseStop? Stop => Volatile.Read(ref stop);

    /// <summary>Arrival less sample time, the least of the last frames, s; null before any.</summary>
    public double? ClockOffsetS => clockFrames == 0 ? null : clockOffsetsS.Take((int)Math.Min(clockFrames, ClockFrames)).MinBy(Math.Abs);

    /// <summary>Takes the record's next state, once it is on disk where somebody waits for that.</summary>
    public void Set(AbuseRecord next)
    {
        Record = Judged(next);
        if (!next.IsOpen())
        {
            figures = Record.Figures;
        }

        Show();
    }

    /// <summary>Takes the figures as they are now; null while there are none.</summary>
    public void SetFigures(AbuseFigures? now)
    {
        figures = now;
        Show();
    }

    /// <summary>Shows how the stop stands; from any thread.</summary>
    public void SetStop(AbuseStop now)
    {
        Volatile.Write(ref stop, now);
        Show();
    }

    /// <summary>Takes a frame of its channel, decoded and calibrated.</summary>
    public void Take(SampleFrame frame, long bootStartMicroseconds, long receivedMicroseconds, long position)
    {
        if (Record.EndedAt is { } ended)
        {
            // The test is over; what belongs to it and comes late is judged with the rest.
            NeedsRebuild |= Record.State == AbuseState.Ended && (bootStartMicroseconds + frame.UptimeMicroseconds[0]) / 1e6 <= ended;
            return;
        }

        ReceivedAt = receivedMicroseconds / 1e6;
        if (frame.Kind == FrameKind.Samples && frame.IsLive)
        {
            clockOffsetsS[clockFrames++ % ClockFrames] = (receivedMicroseconds - bootStartMicroseconds - frame.UptimeMicroseconds[frame.Count - 1]) / 1e6;
        }

        Feed?.Take(frame, bootStartMicroseconds, position);
        NeedsRebuild |= Feed is { IsStale: true };
    }

    /// <summary>What the list before arming is looked at with.</summary>
    public AbuseSight Sight(NodeInfo? node, double now, long? freeBytes, string? storageProblem) => new(
        node, Feed?.Last, now - ReceivedAt, Feed?.RateHz, Feed is { IsAnchored: true }, ClockOffsetS, freeBytes, storageProblem);

    /// <summary>What is signed afterwards holds what the criteria say together, by readings and by what a person saw.</summary>
    public static AbuseRecord Judged(AbuseRecord record) => record.State == AbuseState.Ended ? AbuseSights.Judge(record) : record;

    private void Show()
    {
        lock (showing)
        {
            AbuseRecord now = Record with { Figures = figures, Stop = Stop };
            shown = Record.IsOpen() ? AbuseSights.Judge(now) : now;
        }
    }
}
