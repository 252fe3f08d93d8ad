using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Judges the test of an archive by the code that judged it live.</summary>
public static class ArchiveJudgement
{
    /// <summary>Cycles, pulses and findings of an archive.</summary>
    /// <exception cref="InvalidDataException">The archive is damaged or hostile.</exception>
    public static AnalysisReport Report(ITestSource test, string source, string? cell, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(test);
        TestView view = Judge(test, test.Record, cancellation).View;
        return new AnalysisReport
        {
            Source = source,
            Cell = cell ?? test.Record.Cell,
            Cycles = view.Cycles,
            Pulses = view.Pulses,
            Steps = view.Steps,
            Findings = [.. view.Findings.OrderBy(finding => finding.OnsetMicroseconds).ThenBy(finding => finding.Rule, StringComparer.Ordinal)],
        };
    }

    /// <summary>Feeds the frames to a new run of the test under the given record.</summary>
    internal static TestRun Judge(ITestSource test, TestRecord record, CancellationToken cancellation)
    {
        var run = new TestRun(record with { Ended = false, SampleCount = 0, StartMicroseconds = null, LastMicroseconds = null }, test.Profile);
        var walk = new SegmentWalk(test.Record);
        int segment = -1;
        test.ReadFrames(
            (frame, _, _) =>
            {
                if (run.Ended || walk.FirstNewOf(frame) == frame.Count)
                {
                    return;
                }

                if (walk.Segment != segment)
                {
                    segment = walk.Segment;
                    run.MoveTo(new TestPosition(segment, test.Record.Segments[segment].FirstNumber));
                }

                run.Feed(frame, test.StartOf(frame.Boot));
            },
            cancellation);
        if (test.Record.Ended && !run.Ended)
        {
            run.End();
        }

        run.Publish();
        return run;
    }
}
