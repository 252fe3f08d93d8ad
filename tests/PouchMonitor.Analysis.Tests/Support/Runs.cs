using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;

namespace PouchMonitor.Analysis.Tests.Support;

/// <summary>Runs samples through an analysis from start to end.</summary>
internal static class Runs
{
    public static CellProfile Unknown { get; } = new() { Name = "unknown" };

    public static ReportCollector Whole(ReadOnlySpan<Sample> samples, CellProfile? profile = null)
    {
        var collector = new ReportCollector();
        var analysis = new ChannelAnalysis(profile ?? Unknown, collector);
        foreach (ref readonly Sample sample in samples)
        {
            analysis.Add(sample);
        }

        analysis.Complete();
        return collector;
    }
}
