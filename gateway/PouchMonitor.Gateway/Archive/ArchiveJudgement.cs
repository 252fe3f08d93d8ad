using PouchMonitor.Analysis.Report;
using PouchMonitor.Analysis.Series;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Archive;

/// <summary>Judges the test of an archive by the code that judged it live.</summary>
public static class ArchiveJudgement
{
    /// <summary>Cycles, pulses and findings of an archive.</summary>
    /// <param name="test">The archive.</param>
    /// <param name="source">What the report calls it.</param>
    /// <param name="cell">Name of the cell; null for the one in the archive.</param>
    /// <param name="isDetailed">True for dQ/dV and curves too, for which the frames are read a second time.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <exception cref="InvalidDataException">The archive is damaged or hostile.</exception>
    public static AnalysisReport Report(ITestSource test, string source, string? cell, bool isDetailed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(test);
        TestRun run = Judge(test, test.Record, cancellation);
        TestView view = run.View;
        AnalysisReport report = new()
        {
            Source = source,
            Cell = cell ?? test.Record.Cell,
            Cycles = view.Cycles,
            Pulses = view.Pulses,
            Steps = view.Steps,
            Findings = [.. view.Findings.OrderBy(finding => finding.OnsetMicroseconds).ThenBy(finding => finding.Rule, StringComparer.Ordinal)],
            Standing = TestStanding.Of(run.Analysis, view.Record.StartMicroseconds, view.Record.LastMicroseconds),
        };
        return isDetailed ? ReadAgain(test, report, cancellation) : report;
    }

    private static Func<uint, NodeCalibration?> CalibrationOf(ITestSource test)
    {
        Dictionary<uint, NodeCalibration> known = test.Calibrations.DistinctBy(record => record.Id).ToDictionary(record => record.Id);
        return known.GetValueOrDefault;
    }

    private static AnalysisReport ReadAgain(ITestSource test, AnalysisReport report, CancellationToken cancellation)
    {
        SecondReading second = new(report);
        var walk = new SegmentWalk(test.Record);
        Func<uint, NodeCalibration?> calibrationOf = CalibrationOf(test);
        Sample sample = default;
        test.ReadFrames(
            (frame, _, _) =>
            {
                long start = test.StartOf(frame.Boot);
                NodeCalibration.Apply(frame, calibrationOf);
                for (int at = walk.FirstNewOf(frame); at < frame.Count; at++)
                {
                    FrameSamples.Read(frame, at, start, ref sample);
                    second.Add(in sample);
                }
            },
            cancellation);
        return second.Complete();
    }

    /// <summary>Feeds the frames to a new run of the test under the given record.</summary>
    internal static TestRun Judge(ITestSource test, TestRecord record, CancellationToken cancellation)
    {
        var run = new TestRun(record with { Ended = false, SampleCount = 0, StartMicroseconds = null, LastMicroseconds = null }, test.Profile)
        {
            CalibrationOf = CalibrationOf(test),
        };
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
