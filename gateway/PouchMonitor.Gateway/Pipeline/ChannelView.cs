using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Series;

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

    public required bool HasSample { get; init; }

    public required Sample Latest { get; init; }

    public required bool IsLive { get; init; }

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
