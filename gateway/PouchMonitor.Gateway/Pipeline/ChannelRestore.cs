using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>Takes up every channel where the last checkpoint left it; the journal gives the rest.</summary>
internal static class ChannelRestore
{
    /// <param name="services">The gateway.</param>
    /// <param name="workers">Owners of the channels.</param>
    /// <param name="currentProfile">Profile that a new test on a test's channel would take.</param>
    public static void Run(GatewayServices services, ChannelWorker[] workers, Func<TestRecord, CellProfile> currentProfile)
    {
        ChannelState State(string node, string channel) =>
            workers[SamplePipeline.WorkerIndex(node, channel, workers.Length)].Restore(node, channel);

        foreach (IGrouping<(string Node, string Channel), TestRecord> channel in services.Database.ReadTestRecords()
            .GroupBy(test => (test.Node, test.Channel)))
        {
            ChannelState state = State(channel.Key.Node, channel.Key.Channel);
            List<TestRecord> tests = [.. channel];
            for (int i = 0; i < tests.Count; i++)
            {
                if (tests[i].Ended && i < tests.Count - ChannelState.RunsKept)
                {
                    foreach (TestSegment segment in tests[i].Segments)
                    {
                        state.RestoreForgotten(segment.Boot);
                    }
                }
                else
                {
                    state.Restore(Restore(services, tests[i], currentProfile));
                }
            }
        }

        List<StreamSummary> streams = [.. services.Journal.Streams()
            .Where(stream => stream.Id.Kind == FrameKind.Samples).OrderBy(stream => stream.FirstArrivalMicroseconds)];
        SampleFrame first = new(SampleFrame.MaximumSamples);
        SampleFrame last = new(SampleFrame.MaximumSamples);
        foreach (StreamSummary stream in streams)
        {
            StreamId id = stream.Id;
            long lastNumber = stream.Stored.Count > 0 ? stream.Stored[^1].End - 1 : 0;
            if (Read(services.History, id, long.MinValue, first) && Read(services.History, id, lastNumber, last))
            {
                State(id.Node, id.Channel).RestoreBoot(
                    first, stream.FirstArrivalMicroseconds, last, stream.LastArrivalMicroseconds);
            }
        }

        // A test that somebody ended shortly before the gateway died may have no checkpoint that knows of it.
        foreach ((string node, string channel) in streams.Select(stream => (stream.Id.Node, stream.Id.Channel)).Distinct())
        {
            foreach (BootPlace cut in services.Setup.Assignments.Cuts(node, channel))
            {
                State(node, channel).Cut(cut);
            }
        }

        foreach (IGrouping<(string Node, string Channel), StreamSummary> channel in streams
            .GroupBy(stream => (stream.Id.Node, stream.Id.Channel)))
        {
            Dictionary<ulong, StreamSummary> byBoot = channel.ToDictionary(stream => stream.Id.Boot);
            State(channel.Key.Node, channel.Key.Channel).CheckRestored((boot, from, end) =>
                byBoot.TryGetValue(boot, out StreamSummary? stream) ? StoredBetween(stream, from, end) : 0);
        }
    }

    private static TestRun Restore(GatewayServices services, TestRecord test, Func<TestRecord, CellProfile> currentProfile)
    {
        CellProfile profile = TestProfiles.Of(test, services.Database, services.Options.Notice);
        if (!test.Ended && TestProfiles.Difference(test, profile, currentProfile(test)) is { } difference)
        {
            services.Options.Notice?.Invoke(difference);
        }

        return new TestRun(services.Database.ReadStored(test), profile);
    }

    // The numbers of JSON samples are sparse: they can only be counted when all of them are asked for.
    private static long StoredBetween(StreamSummary stream, long from, long end) => stream.Id.Boot == BootLine.Foreign
        ? stream.Stored.Count > 0 && stream.Stored[^1].End <= end ? stream.SampleCount : 0
        : stream.Stored.Sum(range => Math.Max(0, Math.Min(range.End, end) - Math.Max(range.First, from)));

    private static bool Read(IFrameHistory history, StreamId id, long fromNumber, SampleFrame frame)
    {
        using IFrameCursor cursor = history.Open(id.Node, id.Channel, id.Boot, fromNumber);
        return cursor.TryRead(frame);
    }
}
