using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>How the tests of a channel begin, are cut where another starts, and are put in the order of time.</summary>
internal sealed partial class ChannelState
{
    private void Begin(ulong boot, long firstNumber)
    {
        Current?.Run.Close();
        Insert(tests.Count, [new TestSegment(boot, firstNumber, null)]);
    }

    private void Insert(int at, List<TestSegment> segments)
    {
        foreach (TestSegment segment in segments)
        {
            if (boots.TryGetValue(segment.Boot, out BootLine? line))
            {
                line.IsAssigned = true;
            }
        }

        TestRun run = services.BeginTest(Node, Channel, segments[0]);
        run.CalibrationOf = calibrationOf;
        run.Segments.AddRange(segments.Skip(1));
        tests.Insert(at, new TestProgress(run) { HasMore = true });
        if (at < tests.Count - 1)
        {
            run.Close();
        }

        while (tests.Count > RunsKept && tests[0].Run is { Ended: true, IsDirty: false })
        {
            tests.RemoveAt(0);
        }
    }

    // What comes before the place stays in the test, the rest is the test that starts there.
    private void Split(TestProgress test, TestPosition place, bool isJudgedAgain = true)
    {
        List<TestSegment> segments = test.Run.Segments;
        TestSegment cut = segments[place.Segment];
        List<TestSegment> rest = [cut with { FirstNumber = place.Number }, .. segments.Skip(place.Segment + 1)];
        segments.RemoveRange(place.Segment, segments.Count - place.Segment);
        if (cut.FirstNumber < place.Number)
        {
            segments.Add(cut with { EndNumber = place.Number });
        }

        if (isJudgedAgain)
        {
            test.Restart();
        }

        test.Run.Close();
        Insert(tests.IndexOf(test) + 1, rest);
    }

    // Frames behind a test's last one may have come before it; they begin the next test, as they would have in order.
    private void MoveOutWhatFollows(TestProgress test, SampleFrame scratch)
    {
        List<TestSegment> segments = test.Run.Segments;
        int last = test.Run.Next.Segment;
        if (last >= segments.Count || segments[last].EndNumber is not { } end)
        {
            return;
        }

        List<TestSegment> rest = [.. segments.Skip(last + 1)];
        segments.RemoveRange(last + 1, rest.Count);
        ulong boot = segments[last].Boot;
        using (IFrameCursor cursor = services.History.Open(Node, Channel, boot, end))
        {
            if (cursor.TryRead(scratch) && scratch.FirstSampleNumber >= end && !Find(boot, scratch.FirstSampleNumber, out _, out _))
            {
                rest.Insert(0, new TestSegment(boot, end, null));
            }
        }

        if (rest.Count > 0)
        {
            Insert(tests.IndexOf(test) + 1, rest);
        }
    }

    private void MoveInTime(BootLine boot)
    {
        foreach (TestProgress test in tests)
        {
            if (!test.Run.Segments.Exists(segment => segment.Boot == boot.Boot))
            {
                continue;
            }

            // Stable, so that boots with equal anchors keep their order.
            List<TestSegment> sorted = [.. test.Run.Segments.OrderBy(segment =>
                boots.TryGetValue(segment.Boot, out BootLine? line) ? line.StartMicroseconds : long.MinValue)];
            test.Run.Segments.Clear();
            test.Run.Segments.AddRange(sorted);
            test.Restart();
        }
    }
}
