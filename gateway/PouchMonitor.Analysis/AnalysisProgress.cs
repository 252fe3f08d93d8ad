using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection.Cycles;
using PouchMonitor.Analysis.Steps;

namespace PouchMonitor.Analysis;

/// <summary>Where a test stands after its last sample, for a dashboard.</summary>
public readonly record struct AnalysisProgress
{
    /// <summary>Samples taken, believed or not.</summary>
    public required long SampleCount { get; init; }

    /// <summary>Readings reported as not believed.</summary>
    public required long BadReadingCount { get; init; }

    /// <summary>Findings that did not fit the list of findings.</summary>
    public required long DroppedFindingCount { get; init; }

    /// <summary>What the cell is doing.</summary>
    public required StepKind Step { get; init; }

    /// <summary>Index of the cycle now running; null before the first current and once the test has ended.</summary>
    public required int? RunningCycle { get; init; }

    /// <summary>Cycles closed.</summary>
    public required int CycleCount { get; init; }

    public required CycleSummary? LastCycle { get; init; }

    /// <summary>Capacity of the last comparable cycle over that of the reference cycle; null before there is one.</summary>
    public required double? Retention { get; init; }

    /// <summary>Where the trend of the capacity crosses the end of life; null before ten comparable cycles, once it has crossed, or while it does not fall.</summary>
    public required EndOfLifeProjection? Projection { get; init; }
}
