using System.Text;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>One filter of one session, with its options.</summary>
internal sealed class Subscription(MqttSession session, MqttTopicFilter options, uint identifier)
{
    public MqttSession Session { get; } = session;

    public MqttTopicFilter Options { get; } = options;

    public byte[] FilterUtf8 { get; } = Encoding.UTF8.GetBytes(options.Filter);

    /// <summary>The MQTT 5 subscription identifier alone in an array; empty where there is none.</summary>
    public uint[] Identifiers { get; } = identifier == 0 ? [] : [identifier];
}
