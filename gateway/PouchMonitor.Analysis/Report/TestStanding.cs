using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Report;

/// <summary>What is known of a whole test besides its cycles and findings: by what it was judged, its extent, and where it stood at its end.</summary>
public sealed record TestStanding
{
    /// <summary>By which the test was judged.</summary>
    public required CellProfile Profile { get; init; }

    /// <summary>Samples taken, believed or not.</summary>
    public required long SampleCount { get; init; }

    /// <summary>Time of the first sample, microseconds; null without one.</summary>
    public long? FirstMicroseconds { get; init; }

    /// <summary>Time of the last sample, microseconds; null without one.</summary>
    public long? LastMicroseconds { get; init; }

    /// <summary>Capacity of the last comparable cycle over that of the reference cycle; null where there is none.</summary>
    public double? Retention { get; init; }

    /// <summary>Where the trend crosses the end of life; null where none is known, and once it has been crossed.</summary>
    public EndOfLifeProjection? Projection { get; init; }

    /// <summary>Of an analysis that has taken its last sample.</summary>
    public static TestStanding Of(ChannelAnalysis analysis, long? firstMicroseconds, long? lastMicroseconds)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        AnalysisProgress progress = analysis.Progress;
        return new TestStanding
        {
            Profile = analysis.Profile,
            SampleCount = progress.SampleCount,
            FirstMicroseconds = firstMicroseconds,
            LastMicroseconds = lastMicroseconds,
            Retention = progress.Retention,
            Projection = progress.Projection,
        };
    }
}
