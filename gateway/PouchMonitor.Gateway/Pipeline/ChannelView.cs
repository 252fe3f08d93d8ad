using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>One channel as the API and the dashboard see it; immutable, replaced by its worker a few times a second.</summary>
public sealed record ChannelView
{
    public required string Node { get; init; }

    public required string Channel { get; init; }

    /// <summary>Rises with each change.</summary>
    public required long Version { get; init; }

    /// <summary>Tests that are kept in memory, oldest first; the last is the current one.</summary>
    public required IReadOnlyList<TestView> Tests { get; init; }

    /// <summary>The test that runs; null where none does.</summary>
    public TestRecord? Running => Tests.Count > 0 && Tests[^1].Record is { Ended: false, Closed: false } record ? record : null;

    public required bool HasSample { get; init; }

    public required Sample Latest { get; init; }

    public required bool IsLive { get; init; }

    /// <summary>True where the node knew the time when it took the newest sample; else that time is an estimate from the arrival.</summary>
    public bool IsAnchored { get; init; }

    public required long ReceivedMicroseconds { get; init; }

    public required long DroppedSamples { get; init; }

    public required double[][] Trend { get; init; }

    /// <summary>What the analysis says of this moment; null before the first sample.</summary>
    public required AnalysisProgress? Live { get; init; }

    /// <summary>How far each recent boot is analysed.</summary>
    public required IReadOnlyList<BootProgress> Boots { get; init; }
}

/// <summary>Every sample of a boot below a number is analysed.</summary>
public readonly record struct BootProgress(ulong Boot, long AnalysedBelow);
