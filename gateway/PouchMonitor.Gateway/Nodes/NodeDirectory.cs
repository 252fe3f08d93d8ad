using System.Collections.Concurrent;
using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>A node as its retained status describes it.</summary>
public sealed record NodeInfo
{
    public required string Node { get; init; }

    public required bool IsOnline { get; init; }

    public string? Boot { get; init; }

    public string? Firmware { get; init; }

    public double? UptimeSeconds { get; init; }

    /// <summary>Label of the cell by channel name.</summary>
    public IReadOnlyDictionary<string, string> Channels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Gateway time of the last status, Unix microseconds.</summary>
    public long SeenMicroseconds { get; init; }
}

/// <summary>The nodes that have told their status, and what cell is on which of their channels.</summary>
public sealed class NodeDirectory(IReadOnlyDictionary<string, string> profileByCell)
{
    /// <summary>Most nodes remembered.</summary>
    public const int MostNodes = 20_000;

    private const int MostChannels = 64;
    private readonly ConcurrentDictionary<string, NodeInfo> nodes = new(StringComparer.Ordinal);

    public IEnumerable<NodeInfo> Nodes => nodes.Values;

    public NodeInfo? Find(string node) => nodes.GetValueOrDefault(node);

    /// <summary>Takes a status message.</summary>
    /// <returns>Null, or why it is not one.</returns>
    public string? Take(string node, ReadOnlySpan<byte> payload, long nowMicroseconds)
    {
        if (!nodes.ContainsKey(node) && nodes.Count >= MostNodes)
        {
            return $"more than {MostNodes} nodes";
        }

        try
        {
            Utf8JsonReader reader = new(payload);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement status = document.RootElement;
            string? state = Text(status, "state");
            if (state is not ("online" or "offline"))
            {
                return $"status of node '{node}': state is '{state}', not 'online' or 'offline'";
            }

            if (Problem(status) is { } problem)
            {
                return $"status of node '{node}': {problem}";
            }

            NodeInfo? before = Find(node);
            nodes[node] = new NodeInfo
            {
                Node = node,
                IsOnline = state == "online",
                Boot = Text(status, "boot") ?? before?.Boot,
                Firmware = Text(status, "firmware") ?? before?.Firmware,
                UptimeSeconds = status.TryGetProperty("uptimeMs", out JsonElement uptime) && uptime.ValueKind == JsonValueKind.Number
                    ? uptime.GetDouble() / 1000 : before?.UptimeSeconds,
                Channels = Labels(status) ?? before?.Channels ?? new Dictionary<string, string>(StringComparer.Ordinal),
                SeenMicroseconds = nowMicroseconds,
            };
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return $"status of node '{node}' is not JSON of the agreed form: {error.Message}";
        }
    }

    /// <summary>The cell on a channel: the label in the node's status, or else node.channel, shortened to 64 characters.</summary>
    public string CellOf(string node, string channel)
    {
        if (nodes.TryGetValue(node, out NodeInfo? info) && info.Channels.TryGetValue(channel, out string? label)
            && TopicNames.IsCellName(label))
        {
            return label;
        }

        string name = node + "." + channel;
        return name.Length <= TopicNames.MaximumNameLength ? name : name[..TopicNames.MaximumNameLength];
    }

    /// <summary>Name of the profile configured for a cell; null where none is.</summary>
    public string? ProfileOf(string cell) => profileByCell.GetValueOrDefault(cell);

    // A field may be absent or null; one of another type is a mistake that nobody would notice if it were passed over.
    private static string? Problem(JsonElement status)
    {
        return WrongType("boot", JsonValueKind.String) ?? WrongType("firmware", JsonValueKind.String)
            ?? WrongType("uptimeMs", JsonValueKind.Number) ?? WrongType("channels", JsonValueKind.Object) ?? WrongLabels();

        string? WrongType(string name, JsonValueKind kind) =>
            status.TryGetProperty(name, out JsonElement value) && value.ValueKind != kind && value.ValueKind != JsonValueKind.Null
                ? $"{name} is of type {value.ValueKind}, not {kind}" : null;

        string? WrongLabels()
        {
            if (!status.TryGetProperty("channels", out JsonElement channels) || channels.ValueKind != JsonValueKind.Object)
            {
                return null;
            }

            int count = 0;
            foreach (JsonProperty channel in channels.EnumerateObject())
            {
                if (channel.Value.ValueKind != JsonValueKind.String)
                {
                    return $"the label of channel '{channel.Name}' is of type {channel.Value.ValueKind}, not String";
                }

                count++;
            }

            return count > MostChannels ? $"{count} channels, at most {MostChannels}" : null;
        }
    }

    private static string? Text(JsonElement status, string name) =>
        status.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static Dictionary<string, string>? Labels(JsonElement status)
    {
        if (!status.TryGetProperty("channels", out JsonElement channels) || channels.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        Dictionary<string, string> labels = new(StringComparer.Ordinal);
        foreach (JsonProperty channel in channels.EnumerateObject())
        {
            if (TopicNames.IsName(channel.Name))
            {
                labels[channel.Name] = channel.Value.GetString()!;
            }
        }

        return labels;
    }
}
