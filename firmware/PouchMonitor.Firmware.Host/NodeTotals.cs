using System.Linq;

namespace PouchMonitor.Firmware.Host;

/// <summary>What became of the samples of a node.</summary>
/// <param name="Samples">Taken.</param>
/// <param name="Missed">Grid points at which none was taken because the one before was late.</param>
/// <param name="Dropped">Lost because the store was full.</param>
/// <param name="FramesSent">Frames handed to the link, repetitions included.</param>
/// <param name="FramesAcknowledged">Frames that the broker acknowledged.</param>
/// <param name="FramesGivenUp">Frames that the link gave up; each was sent again.</param>
/// <param name="Connections">Connections made.</param>
public readonly record struct NodeTotals(
    long Samples, long Missed, long Dropped, long FramesSent, long FramesAcknowledged, long FramesGivenUp, long Connections)
{
    /// <summary>Of one boot.</summary>
    public static NodeTotals Of(PouchNode node) => new(
        node.Channels.Sum(channel => channel.SampleCount),
        node.Channels.Sum(channel => channel.MissedCount),
        node.Store.RefusedSampleCount,
        node.Publisher.SentFrameCount,
        node.Publisher.AcknowledgedFrameCount,
        node.Publisher.GivenUpFrameCount,
        node.Publisher.ConnectionCount);

    /// <summary>Of both together.</summary>
    public static NodeTotals operator +(NodeTotals left, NodeTotals right) => new(
        left.Samples + right.Samples, left.Missed + right.Missed, left.Dropped + right.Dropped, left.FramesSent + right.FramesSent,
        left.FramesAcknowledged + right.FramesAcknowledged, left.FramesGivenUp + right.FramesGivenUp, left.Connections + right.Connections);
}
