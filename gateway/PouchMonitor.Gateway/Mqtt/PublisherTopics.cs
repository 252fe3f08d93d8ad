using System.Text;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Mqtt;

/// <summary>
/// The topics one connection publishes to, taken apart once: a frame then costs a comparison of bytes and no look-up by
/// text. Used by the connection's reader alone.
/// </summary>
/// <param name="workerOf">The worker of a node's channel.</param>
/// <param name="most">Topics remembered; beyond, all are forgotten and learnt anew.</param>
internal sealed class PublisherTopics(Func<string, string, ChannelWorker?> workerOf, int most = 1024)
{
    private readonly Dictionary<ulong, Entry> entries = [];
    private Entry? last;

    /// <summary>The topic taken apart, with the channel it belongs to where it is a frame or JSON samples of an admitted one.</summary>
    public Entry Get(ReadOnlySpan<byte> topicUtf8)
    {
        if (last is not null && topicUtf8.SequenceEqual(last.TopicUtf8))
        {
            return last;
        }

        ulong hash = 14695981039346656037;
        foreach (byte b in topicUtf8)
        {
            hash = (hash ^ b) * 1099511628211;
        }

        if (!entries.TryGetValue(hash, out Entry? entry) || !topicUtf8.SequenceEqual(entry.TopicUtf8))
        {
            if (entries.Count >= most)
            {
                entries.Clear();
            }

            TopicParts parts = TopicParts.Parse(topicUtf8);
            string topic = Encoding.UTF8.GetString(topicUtf8);
            ChannelWorker? worker = parts.Kind is TopicKind.Frame or TopicKind.Sample ? workerOf(parts.Node, parts.Channel) : null;
            entry = new Entry(topicUtf8.ToArray(), topic, parts,
                worker is null ? null : new PublisherChannel(topic, parts.Node, parts.Channel, worker));
            entries[hash] = entry;
        }

        last = entry;
        return entry;
    }

    internal sealed record Entry(byte[] TopicUtf8, string Topic, TopicParts Parts, PublisherChannel? Channel);
}
