using System.Text;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Topics;

namespace PouchMonitor.Mqtt.Server;

/// <summary>One filter of one session, with its options.</summary>
internal sealed class Subscription(MqttSession session, MqttTopicFilter options, uint identifier)
{
    public MqttSession Session { get; } = session;

    public MqttTopicFilter Options { get; } = options;

    /// <summary>What topics are matched with: for a shared subscription the filter behind the group's name.</summary>
    public byte[] FilterUtf8 { get; } = MatchingPart(options.Filter);

    public bool IsShared { get; } = SharedFilter.IsShared(Encoding.UTF8.GetBytes(options.Filter));

    /// <summary>The MQTT 5 subscription identifier alone in an array; empty where there is none.</summary>
    public uint[] Identifiers { get; } = identifier == 0 ? [] : [identifier];

    private static byte[] MatchingPart(string filter)
    {
        byte[] utf8 = Encoding.UTF8.GetBytes(filter);
        return SharedFilter.IsShared(utf8) && SharedFilter.TryCut(utf8, out ReadOnlySpan<byte> inner) ? inner.ToArray() : utf8;
    }
}
