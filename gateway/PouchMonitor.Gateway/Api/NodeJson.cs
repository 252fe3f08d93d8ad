using System.Globalization;
using System.Text.Json;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Api;

/// <summary>The JSON of a node. What is from before the gateway's start has state <c>unknown</c>, so that it does not look fresh.</summary>
internal static class NodeJson
{
    public static void Write(Utf8JsonWriter writer, NodeInfo node, IEnumerable<(string Channel, NodeCalibration Record)> calibrations)
    {
        string told = node.IsOnline ? "online" : "offline";
        writer.WriteStartObject();
        writer.WriteString("node", node.Node);
        writer.WriteString("state", node.IsHeard ? told : "unknown");
        writer.WriteString("lastState", told);
        if (node.IsHeard)
        {
            writer.WriteBoolean("online", node.IsOnline);
        }
        else
        {
            writer.WriteNull("online");
        }

        writer.WriteString("boot", node.Boot);
        WriteNumber(writer, "bootSeen", node.BootMicroseconds > 0 ? node.BootMicroseconds / 1e6 : null);
        writer.WriteNumber("bootCount", node.BootCount);
        writer.WriteString("firmware", node.Firmware);
        WriteNumber(writer, "uptimeSeconds", node.UptimeSeconds);
        WriteNumber(writer, "firstSeen", node.FirstSeenMicroseconds > 0 ? node.FirstSeenMicroseconds / 1e6 : null);
        WriteNumber(writer, "lastSeen", node.SeenMicroseconds > 0 ? node.SeenMicroseconds / 1e6 : null);
        writer.WriteStartObject("channels");
        foreach ((string channel, string label) in node.Channels)
        {
            writer.WriteString(channel, label);
        }

        writer.WriteEndObject();
        WriteTrips(writer, node.Trips);
        writer.WriteStartObject("calibrations");
        foreach ((string channel, NodeCalibration record) in calibrations)
        {
            writer.WriteStartObject(channel);
            writer.WriteString("id", record.Id.ToString("x8", CultureInfo.InvariantCulture));
            WriteNumber(writer, "madeAt", record.UnixSeconds > 0 ? record.UnixSeconds : null);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        if (node.Health is { } health)
        {
            writer.WritePropertyName("health");
            health.Write(writer);
        }
        else
        {
            writer.WriteNull("health");
        }

        writer.WriteEndObject();
    }

    /// <summary>Channels whose protection has opened the relay; null where the node does not tell of protection.</summary>
    private static void WriteTrips(Utf8JsonWriter writer, IReadOnlyDictionary<string, NodeTrip>? trips)
    {
        if (trips is null)
        {
            writer.WriteNull("trips");
            return;
        }

        writer.WriteStartObject("trips");
        foreach ((string channel, NodeTrip trip) in trips)
        {
            writer.WriteStartObject(channel);
            writer.WriteString("cause", trip.Cause);
            writer.WriteString("kind", trip.Kind);
            writer.WriteNumber("value", trip.Value);
            writer.WriteNumber("limit", trip.Limit);
            writer.WriteString("unit", trip.Unit);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double? value)
    {
        if (value is { } known)
        {
            writer.WriteNumber(name, known);
        }
        else
        {
            writer.WriteNull(name);
        }
    }
}
