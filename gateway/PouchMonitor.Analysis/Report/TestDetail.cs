using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Report;

/// <summary>What a second reading of a test's samples gives (<see cref="SecondReading"/>).</summary>
public sealed record TestDetail
{
    /// <summary>dQ/dV of every half cycle, in order: its peaks, or why it has none.</summary>
    public required IReadOnlyList<DifferentialCapacity> Halves { get; init; }

    /// <summary>Peaks of a charge and of the discharge after it that are the same reaction, in order of cycles.</summary>
    public required IReadOnlyList<PeakSeparation> Separations { get; init; }

    /// <summary>The cycles whose curves are shown, in order.</summary>
    public required IReadOnlyList<ShownCycle> Shown { get; init; }

    /// <summary>The believed samples over time, thinned to intervals with their extremes.</summary>
    public required IReadOnlyList<SampleRow> Trace { get; init; }

    /// <summary>Width of an interval of the trace, seconds.</summary>
    public required double TraceIntervalSeconds { get; init; }
}
