using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// The frames that share one count of sample numbers: those of a kind, from one channel, within one boot of its node.
/// Boot 0 holds the JSON samples of foreign devices, where the number of a sample is its Unix microsecond.
/// </summary>
/// <param name="Node">Node name.</param>
/// <param name="Channel">Channel name on the node.</param>
/// <param name="Boot">Random number of the node's start; 0 for foreign devices.</param>
/// <param name="Kind">Kind of frame.</param>
public readonly record struct StreamId(string Node, string Channel, ulong Boot, FrameKind Kind)
{
    /// <summary>
    /// True where each frame is an identity of its own and numbers may be sparse or shared: foreign devices, captures and
    /// images. False for the samples of a node, where every number belongs to exactly one frame.
    /// </summary>
    public bool IsKeyed => Boot == 0 || Kind != FrameKind.Samples;

    /// <summary>Equal in all four.</summary>
    public bool Equals(StreamId other) =>
        Boot == other.Boot
        && Kind == other.Kind
        && string.Equals(Channel, other.Channel, StringComparison.Ordinal)
        && string.Equals(Node, other.Node, StringComparison.Ordinal);

    /// <summary>Written out since it is asked for with every frame, and the made one boxes the kind.</summary>
    public override int GetHashCode() => HashCode.Combine(Node, Channel, Boot, (int)Kind);

    /// <summary>Node/channel, boot in hexadecimal and kind, for messages.</summary>
    public override string ToString() => $"{Node}/{Channel} boot {Boot:x16} {Kind}";
}
