using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>
/// Topic aliases that the server uses towards one client (MQTT 5, section 3.3.2.3.4): the first topics get one and keep
/// it as long as the connection lasts. Guarded by the session's lock, under which its messages take their order.
/// </summary>
internal sealed class OutgoingAliases(int maximum)
{
    /// <summary>A shorter topic gains too little, a longer one would hold too much memory.</summary>
    private const int ShortestTopicBytes = 6;
    private const int LongestTopicBytes = 256;

    private readonly Dictionary<byte[], ushort> _aliases = new(LevelComparer.Instance);

    /// <summary>The alias of a topic, 0 where it has none; <paramref name="isKnown"/> where the client has been told of it.</summary>
    public ushort Find(ReadOnlySpan<byte> topic, out bool isKnown)
    {
        isKnown = false;
        if (topic.Length is < ShortestTopicBytes or > LongestTopicBytes)
        {
            return 0;
        }

        isKnown = _aliases.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(topic, out ushort alias);
        return isKnown ? alias : _aliases.Count < maximum ? (ushort)(_aliases.Count + 1) : (ushort)0;
    }

    /// <summary>The packet that tells the client of the alias is on its way.</summary>
    public void NoteTold(ReadOnlySpan<byte> topic, ushort alias) => _aliases[topic.ToArray()] = alias;
}
