using System.Collections.Concurrent;

namespace PouchMonitor.Gateway.Journal;

/// <summary>All streams, by identity and by channel. Streams are added by one thread and looked up by any.</summary>
internal sealed class StreamDirectory(int most)
{
    private readonly ConcurrentDictionary<StreamId, StreamState> all = new();
    private readonly ConcurrentDictionary<(string Node, string Channel), StreamState[]> byChannel = new();

    public int Count => all.Count;

    public IEnumerable<StreamState> All => all.Values;

    public StreamState? Find(StreamId id) => all.TryGetValue(id, out var state) ? state : null;

    /// <summary>Null when there are as many as allowed.</summary>
    public StreamState? FindOrAdd(StreamId id, bool evenBeyondTheBound = false)
    {
        if (all.TryGetValue(id, out var known))
        {
            return known;
        }

        if (all.Count >= most && !evenBeyondTheBound)
        {
            return null;
        }

        return Add(id);
    }

    public IReadOnlyList<StreamState> OfChannel(string node, string channel) =>
        byChannel.TryGetValue((node, channel), out var states) ? states : [];

    // Apart from the look-up, which every frame takes and which is not to pay for these closures.
    private StreamState Add(StreamId id)
    {
        var added = new StreamState(id);
        all[id] = added;
        byChannel.AddOrUpdate((id.Node, id.Channel), _ => [added], (_, others) => [.. others, added]);
        return added;
    }
}
