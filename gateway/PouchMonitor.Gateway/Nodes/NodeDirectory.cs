using System.Collections.Concurrent;
using System.Text.Json;
using PouchMonitor.Gateway.Calibration;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>
/// The nodes that have told their status, in this run or before it, and what cell is on which of their channels.
/// </summary>
public sealed class NodeDirectory(IReadOnlyDictionary<string, string> profileByCell)
{
    /// <summary>Most nodes remembered.</summary>
    public const int MostNodes = 20_000;

    private const int MostChannels = 64;
    private readonly ConcurrentDictionary<string, NodeInfo> nodes = new(StringComparer.Ordinal);

    /// <summary>How long a status that says nothing new may pass unstored.</summary>
    private const long StoreEveryMicroseconds = 60_000_000;
    private readonly ConcurrentQueue<string> unheard = new();

    public IEnumerable<NodeInfo> Nodes => nodes.Values;

    /// <summary>What the nodes have told of their calibrations.</summary>
    public CalibrationBook Calibrations { get; } = new();

    /// <summary>Told of each node that is to be stored.</summary>
    public Action<NodeInfo>? Changed { get; set; }

    /// <summary>Takes up what was stored, the node heard longest ago first.</summary>
    public void Restore(IEnumerable<NodeInfo> stored)
    {
        ArgumentNullException.ThrowIfNull(stored);
        foreach (NodeInfo node in stored)
        {
            if (nodes.TryAdd(node.Node, node))
            {
                unheard.Enqueue(node.Node);
            }
        }
    }

    public NodeInfo? Find(string node) => nodes.GetValueOrDefault(node);

    /// <summary>Takes a status message.</summary>
    /// <returns>Null, or why it is not one.</returns>
    public string? Take(string node, ReadOnlySpan<byte> payload, long nowMicroseconds) =>
        Take(node, payload, nowMicroseconds, isHeard: true);

    /// <summary>Takes a status that was kept over a restart: what the node says, but not when it said so.</summary>
    /// <returns>Null, or why it is not one.</returns>
    public string? TakeKept(string node, ReadOnlySpan<byte> payload) => Take(node, payload, nowMicroseconds: 0, isHeard: false);

    private string? Take(string node, ReadOnlySpan<byte> payload, long nowMicroseconds, bool isHeard)
    {
        if (!nodes.ContainsKey(node) && nodes.Count >= MostNodes && !ForgetOne())
        {
            return $"more than {MostNodes} nodes";
        }

        try
        {
            Utf8JsonReader reader = new(payload);
            using JsonDocument document = JsonDocument.ParseValue(ref reader);
            JsonElement status = document.RootElement;
            IReadOnlyList<(string Channel, NodeCalibration Record)> calibrations = [];
            string? state = Text(status, "state");
            if (state is not ("online" or "offline"))
            {
                return $"status of node '{node}': state is '{state}', not 'online' or 'offline'";
            }

            NodeHealth? health = NodeHealth.Read(status, out string? unhealthy);
            if ((Problem(status) ?? unhealthy ?? CalibrationBook.Read(status, out calibrations)) is { } problem)
            {
                return $"status of node '{node}': {problem}";
            }

            foreach ((string channel, NodeCalibration record) in calibrations)
            {
                if (TopicNames.IsName(channel))
                {
                    Calibrations.Take(node, channel, record);
                }
            }

            IReadOnlyDictionary<string, NodeTrip>? trips = NodeTrip.Read(status, out string? untold);
            if (untold is not null)
            {
                return $"status of node '{node}': {untold}";
            }

            NodeInfo? before = Find(node);
            string? boot = Text(status, "boot") ?? before?.Boot;
            bool isNewBoot = boot is not null && boot != before?.Boot;
            long droppedBefore = isNewBoot ? 0 : before?.Health?.DroppedSamples ?? 0;
            Put(before, new NodeInfo
            {
                Node = node,
                IsOnline = state == "online",
                IsHeard = isHeard || before is { IsHeard: true },
                Boot = boot,
                BootMicroseconds = isNewBoot ? nowMicroseconds : before?.BootMicroseconds ?? 0,
                BootCount = (before?.BootCount ?? 0) + (isNewBoot ? 1 : 0),
                Firmware = Text(status, "firmware") ?? before?.Firmware,
                UptimeSeconds = StatusNumber.Read(status, "uptimeMs") / 1000 ?? before?.UptimeSeconds,
                Channels = Labels(status) ?? before?.Channels ?? new Dictionary<string, string>(StringComparer.Ordinal),
                Trips = trips ?? before?.Trips,
                Protection = NodeProtection.Read(status) ?? before?.Protection,
                AbuseChannel = NodeProtection.ReadAbuseChannel(status),
                TriggerEdges = NodeProtection.ReadTriggerEdges(status),
                Health = health ?? before?.Health,
                DroppedMicroseconds = health?.DroppedSamples > droppedBefore ? nowMicroseconds : before?.DroppedMicroseconds ?? 0,
                FirstSeenMicroseconds = before is { FirstSeenMicroseconds: > 0 } ? before.FirstSeenMicroseconds : nowMicroseconds,
                SeenMicroseconds = isHeard ? nowMicroseconds : before?.SeenMicroseconds ?? 0,
                StoredMicroseconds = before?.StoredMicroseconds ?? 0,
            });
            return null;
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            return $"status of node '{node}' is not JSON of the agreed form: {error.Message}";
        }
    }

    private void Put(NodeInfo? before, NodeInfo node)
    {
        bool isDue = !node.SaysTheSame(before) || node.SeenMicroseconds - node.StoredMicroseconds >= StoreEveryMicroseconds;
        nodes[node.Node] = isDue ? node with { StoredMicroseconds = node.SeenMicroseconds } : node;
        if (isDue)
        {
            Changed?.Invoke(node);
        }
    }

    // The node heard longest ago makes room, of those that have not been heard since the start.
    private bool ForgetOne()
    {
        while (unheard.TryDequeue(out string? oldest))
        {
            if (nodes.TryGetValue(oldest, out NodeInfo? node) && !node.IsHeard && nodes.TryRemove(oldest, out _))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>The cell that somebody has assigned to a channel; null where nobody has.</summary>
    public Func<string, string, string?> AssignedCell { get; set; } = static (_, _) => null;

    /// <summary>The cell on a channel: the one assigned to it, or else as its node says.</summary>
    public string CellOf(string node, string channel) => AssignedCell(node, channel) ?? LabelOf(node, channel);

    /// <summary>The cell on a channel as its node says: the label in its status, or else node.channel, shortened to 64 characters.</summary>
    public string LabelOf(string node, string channel)
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
