using PouchMonitor.Gateway.Journal.Files;

namespace PouchMonitor.Gateway.Journal;

/// <summary>Where the journal lies and what bounds it keeps.</summary>
public sealed record JournalOptions
{
    /// <summary>The folder and its files.</summary>
    public required IJournalFiles Files { get; init; }

    /// <summary>Clock for back-off and for the age of the free-space reading.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Bytes of a segment of frames, set aside at its creation.</summary>
    public int SegmentBytes { get; init; } = 128 * 1024 * 1024;

    /// <summary>Most frames in a segment; bounds the index that is kept in memory.</summary>
    public int SegmentRecords { get; init; } = 1 << 19;

    /// <summary>A segment older than this is closed with the next frame, so that slow benches are compacted as well.</summary>
    public TimeSpan SegmentAge { get; init; } = TimeSpan.FromHours(1);

    /// <summary>False leaves compaction and retention to whoever calls for them.</summary>
    public bool CompactsInBackground { get; init; } = true;

    /// <summary>Segments whose newest frame arrived longer ago than this are removed; null keeps them.</summary>
    public TimeSpan? RetentionAge { get; init; }

    /// <summary>Bytes of frames on disk beyond which the oldest segments are removed; null keeps them.</summary>
    public long? RetentionBytes { get; init; }

    /// <summary>Position below which everything has been delivered elsewhere: the retention removes nothing beyond.</summary>
    public Func<long> DeliveredPosition { get; init; } = static () => long.MaxValue;

    /// <summary>Most entries taken and not yet reported.</summary>
    public int QueueEntries { get; init; } = 65536;

    /// <summary>Most raw bytes taken and not yet reported.</summary>
    public int QueueBytes { get; init; } = 32 * 1024 * 1024;

    /// <summary>
    /// How long the first entry of a group waits for company. While one group is being written the next gathers by itself.
    /// </summary>
    public TimeSpan GroupWindow { get; init; } = TimeSpan.FromMilliseconds(1);

    /// <summary>Free bytes on the disk below which nothing more is taken.</summary>
    public long ReserveBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Most ranges of stored samples kept for one stream (a range per gap).</summary>
    public int RangesPerStream { get; init; } = 65536;

    /// <summary>Most streams.</summary>
    public int Streams { get; init; } = 500_000;

    /// <summary>Bytes of one file of the quarantine.</summary>
    public int QuarantineFileBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>Most files of the quarantine; the oldest is dropped, and its items counted, before another is begun.</summary>
    public int QuarantineFiles { get; init; } = 8;

    /// <summary>Most bytes of index of sealed segments kept in memory.</summary>
    public long IndexCacheBytes { get; init; } = 32L * 1024 * 1024;

    /// <summary>First pause after a failure; doubles up to <see cref="LongestRetryPause"/>.</summary>
    public TimeSpan FirstRetryPause { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest pause between attempts after failures.</summary>
    public TimeSpan LongestRetryPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most bytes of one frame: a quarter of a segment, and <see cref="JournalEntry.MaximumBytes"/> at most.</summary>
    public int MaximumFrameBytes => Math.Min(JournalEntry.MaximumBytes, SegmentBytes / 4);

    /// <summary>Throws when a value makes no sense.</summary>
    internal void Check()
    {
        const int leastSegmentBytes = 8192;
        const int leastQuarantineBytes = 32768;
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentBytes, leastSegmentBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentRecords, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueEntries, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(RangesPerStream, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(Streams, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuarantineFileBytes, leastQuarantineBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(QuarantineFiles, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(ReserveBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(SegmentAge, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(FirstRetryPause, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestRetryPause, FirstRetryPause);
    }

    /// <summary>The usual options for a folder on disk, created when absent.</summary>
    public static JournalOptions ForDirectory(string directory) => new() { Files = new DiskJournalFiles(directory) };
}
