using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>
/// <c>protection</c>: a node has opened a relay by itself. Follows the node's retained status and not its event, so that no
/// lost message and no restart of the gateway hides it; ends when the node says that a person has reset the channel.
/// </summary>
internal static class ProtectionAlarms
{
    public static void Look(AlarmBook alarms, NodeDirectory nodes, long nowMicroseconds)
    {
        foreach (NodeInfo node in nodes.Nodes)
        {
            // A node that has not told, or not since the gateway started, changes nothing.
            if (node.Trips is not { } trips)
            {
                continue;
            }

            foreach (string channel in node.Channels.Keys.Union(trips.Keys, StringComparer.Ordinal))
            {
                string key = KeyOf(node.Node, channel);
                if (trips.TryGetValue(channel, out NodeTrip? trip))
                {
                    alarms.Raise(nodes.CellOf(node.Node, channel), key, FindingOf(alarms, node.Node, channel, key, trip, nowMicroseconds), nowMicroseconds, node.Node);
                }
                else
                {
                    alarms.Clear(key, RuleNames.Protection, nowMicroseconds, "the node's protection was reset");
                }
            }
        }
    }

    // It concerns the place, whatever test runs there; no test can be called so.
    private static string KeyOf(string node, string channel) => $"{node}.{channel}@protection";

    private static Finding FindingOf(AlarmBook alarms, string node, string channel, string key, NodeTrip trip, long now) => new()
    {
        Rule = RuleNames.Protection,
        OnsetMicroseconds = alarms.Open(key).FirstOrDefault(alarm => alarm.IsActive)?.Finding.OnsetMicroseconds ?? now,
        Severity = FindingSeverity.Critical,
        Measure = trip.Cause,
        Observed = trip.Value,
        Limit = trip.Limit,
        Unit = trip.Unit,
        Message = string.Create(
            CultureInfo.InvariantCulture,
            $"Node {node} has opened the relay of channel {channel} by itself: {trip.Cause}")
            + (trip.Unit.Length == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", {trip.Value:0.######} {trip.Unit} against a limit of {trip.Limit:0.######} {trip.Unit}"))
            + $", armed for {trip.Kind}. It stays open until a person resets it.",
    };
}
