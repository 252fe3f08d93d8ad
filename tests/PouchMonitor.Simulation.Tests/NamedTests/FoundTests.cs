using PouchMonitor.Analysis.NamedTests;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;

namespace PouchMonitor.Simulation.Tests.NamedTests;

/// <summary>The named tests that the product finds in what it analysed itself.</summary>
internal static class FoundTests
{
    public static IReadOnlyList<NamedTest> Of(ReportCollector collector, CellProfile? profile = null, NamedTestKind? declared = null) =>
        NamedTestFinder.Find(new NamedTestInput
        {
            Profile = profile ?? new CellProfile { Name = "unknown" },
            Cycles = [.. collector.Cycles],
            Steps = collector.Steps,
            Pulses = collector.Pulses,
            Declared = declared,
        });
}
