using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>Sends commands to nodes and brings their answers back.</summary>
internal static class NodeCommands
{
    /// <summary>Sends a command to a channel of a node and waits for its answer.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="node">The node.</param>
    /// <param name="command">Such as <c>begin-abuse</c>.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="arguments">What goes with it.</param>
    /// <returns>Null where none came in time.</returns>
    /// <exception cref="InvalidOperationException">Too many answers are waited for already.</exception>
    public static Task<NodeAnswer?> AskAsync(
        GatewayServices gateway, string node, string command, TimeSpan patience, params ReadOnlySpan<(string Name, string Value)> arguments)
    {
        string id = Guid.NewGuid().ToString("N");
        Dictionary<string, string> fields = new(StringComparer.Ordinal) { ["id"] = id, ["command"] = command };
        foreach ((string name, string value) in arguments)
        {
            fields[name] = value;
        }

        byte[] payload = FlatFields.Write(fields);
        return gateway.NodeMessages.AskAsync(
            node, "command", id, () => PublishAsync(gateway, TopicNames.Command(node), payload, retain: false), patience, gateway.Stopping);
    }

    /// <summary>Publishes to a node on the own endpoint, and on the external broker where there is one: a node may be at either.</summary>
    public static async Task PublishAsync(GatewayServices gateway, string topic, byte[] payload, bool retain)
    {
        gateway.Mqtt!.Publish(topic, payload, MqttQos.AtLeastOnce, retain, outlives: retain);
        if (gateway.Broker is { } broker)
        {
            if (retain)
            {
                broker.Say(topic, payload);
            }
            else
            {
                await broker.TellAsync(topic, payload);
            }
        }
    }
}
