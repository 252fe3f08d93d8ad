using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>Takes up every channel where the last checkpoint left it; the journal gives the rest.</summary>
internal static class ChannelRestore
{
    public static void Run(GatewayServices services, ChannelWorker[] workers)
    {
        ChannelState State(string node, string channel) =>
            workers[SamplePipeline.WorkerIndex(node, channel, workers.Length)].Restore(node, channel);

        foreach (StoredTest test in services.Database.ReadTests())
        {
            CellProfile profile = test.Record.Profile is { } name && CellProfiles.TryGet(name, out CellProfile? known)
                ? known
                : CellProfiles.Default;
            State(test.Record.Node, test.Record.Channel).Restore(new TestRun(test, profile));
        }

        SampleFrame first = new(SampleFrame.MaximumSamples);
        SampleFrame last = new(SampleFrame.MaximumSamples);
        foreach (StreamSummary stream in services.Journal.Streams()
            .Where(stream => stream.Id.Kind == FrameKind.Samples).OrderBy(stream => stream.FirstArrivalMicroseconds))
        {
            StreamId id = stream.Id;
            long lastNumber = stream.Stored.Count > 0 ? stream.Stored[^1].End - 1 : 0;
            if (Read(services.History, id, long.MinValue, first) && Read(services.History, id, lastNumber, last))
            {
                State(id.Node, id.Channel).RestoreBoot(first, stream.FirstArrivalMicroseconds, last);
            }
        }
    }

    private static bool Read(IFrameHistory history, StreamId id, long fromNumber, SampleFrame frame)
    {
        using IFrameCursor cursor = history.Open(id.Node, id.Channel, id.Boot, fromNumber);
        return cursor.TryRead(frame);
    }
}
