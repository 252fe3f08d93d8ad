using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>How the local protection of one channel stands, as its node's status tells.</summary>
/// <param name="State"><c>disarmed</c>, <c>armed</c> or <c>tripped</c>; the relay is closed only while armed.</param>
/// <param name="Kind">Kind of test it is or was armed for.</param>
public sealed record NodeProtection(string State, string Kind)
{
    public const string Armed = "armed";
    public const string Tripped = "tripped";
    private const int MostChannels = 64;

    /// <summary>All channels that a status tells of, by name; null where it does not tell, or not as agreed, which <see cref="NodeTrip.Read"/> says.</summary>
    public static IReadOnlyDictionary<string, NodeProtection>? Read(JsonElement status)
    {
        if (!status.TryGetProperty("protection", out JsonElement channels) || channels.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        Dictionary<string, NodeProtection> all = new(StringComparer.Ordinal);
        foreach (JsonProperty channel in channels.EnumerateObject())
        {
            if (TopicNames.IsName(channel.Name) && channel.Value.ValueKind == JsonValueKind.Object && all.Count < MostChannels)
            {
                all[channel.Name] = new NodeProtection(Word(channel.Value, "state"), Word(channel.Value, "kind"));
            }
        }

        return all;
    }

    /// <summary>The channel that the node samples 50 times a second, at the top of the status or with its health; null where it samples none so.</summary>
    public static string? ReadAbuseChannel(JsonElement status)
    {
        string? channel = Name(status) ?? (status.TryGetProperty("health", out JsonElement health) && health.ValueKind == JsonValueKind.Object ? Name(health) : null);
        return channel is not null && TopicNames.IsName(channel) ? channel : null;
    }

    /// <summary>Edges of the node's trigger input since it started; null where its status tells of none.</summary>
    public static long? ReadTriggerEdges(JsonElement status) =>
        status.TryGetProperty("trigger", out JsonElement input) && input.ValueKind == JsonValueKind.Object
        && input.TryGetProperty("count", out JsonElement count) && count.ValueKind == JsonValueKind.Number && count.TryGetInt64(out long edges) ? edges : null;

    private static string? Name(JsonElement of) =>
        of.TryGetProperty("abuseChannel", out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Word(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String && TopicNames.IsName(value.GetString()!)
            ? value.GetString()! : "unknown";
}
