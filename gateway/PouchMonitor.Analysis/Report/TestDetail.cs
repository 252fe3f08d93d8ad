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

    /// <summary>The believed samples of the whole test over time.</summary>
    public required TestTrace Trace { get; init; }

    /// <summary>The same about the gravest findings, where those are few moments of a long test; else null.</summary>
    public TestTrace? Focus { get; init; }
}

/// <summary>Believed samples over time, thinned to intervals with their extremes.</summary>
/// <param name="Rows">In order of time; two an interval.</param>
/// <param name="IntervalSeconds">Width of an interval.</param>
public sealed record TestTrace(IReadOnlyList<SampleRow> Rows, double IntervalSeconds);
