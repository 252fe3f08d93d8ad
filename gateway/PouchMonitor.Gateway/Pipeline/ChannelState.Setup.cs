using PouchMonitor.Gateway.Setup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Pipeline;

/// <summary>What a change of the set-up needs of a channel: where its samples stand, and to end a test there.</summary>
internal sealed partial class ChannelState
{
    // No test can begin in a boot so long gone.
    private const int MostPlaces = 64;

    /// <summary>The test that runs; null where none does. A boot whose first frames are still waited for has begun one, too.</summary>
    public TestRun? Running()
    {
        foreach (BootLine boot in boots.Values.Where(boot => !boot.IsAssigned).ToList())
        {
            Join(boot, boot.IsSparse ? long.MinValue : 0);
        }

        return Current?.Run is { Ended: false, Record.Closed: false } run ? run : null;
    }

    /// <summary>For every boot that has been heard, the first sample that has not.</summary>
    public IReadOnlyList<BootPlace> Places() =>
        [.. boots.Values.OrderByDescending(boot => boot.ReceivedMicroseconds).Take(MostPlaces).Select(boot => new BootPlace(boot.Boot, boot.EndNumber))];

    /// <summary>Where the running test would end now: before the first sample that has not been heard of its newest boot.</summary>
    public BootPlace? EndOfRunning() => Running() is { Segments.Count: > 0 } run
        && boots.TryGetValue(run.Segments[^1].Boot, out BootLine? boot)
        ? new BootPlace(boot.Boot, boot.EndNumber)
        : null;

    /// <summary>
    /// Ends the test that holds a place before it; what comes from there on begins another, and what comes late from before
    /// it still belongs to this one. Nothing happens where a test begins there already, or where none that is kept holds it.
    /// </summary>
    public void Cut(BootPlace place)
    {
        if (!Find(place.Boot, place.Number, out TestProgress? test, out int segment))
        {
            return;
        }

        TestPosition at = new(segment, place.Number);
        List<TestSegment> segments = test.Run.Segments;
        if (segments[segment].FirstNumber >= place.Number)
        {
            return;
        }

        bool isJudgedBeyond = test.Run.Ended || test.Run.Next > at;
        if (segment < segments.Count - 1)
        {
            Split(test, at, isJudgedBeyond);
            return;
        }

        segments[segment] = segments[segment] with { EndNumber = place.Number };
        if (isJudgedBeyond)
        {
            test.Restart();
        }

        test.HasMore = true;
        test.Run.Close();
    }
}
