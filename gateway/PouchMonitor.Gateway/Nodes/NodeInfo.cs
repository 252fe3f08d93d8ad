namespace PouchMonitor.Gateway.Nodes;

/// <summary>A node as its last status described it.</summary>
public sealed record NodeInfo
{
    public required string Node { get; init; }

    /// <summary>What its last status said; see <see cref="IsHeard"/> for whether that still means anything.</summary>
    public required bool IsOnline { get; init; }

    /// <summary>True once a status has come since the gateway started: until then all this is from before.</summary>
    public bool IsHeard { get; init; }

    public string? Boot { get; init; }

    /// <summary>Gateway time of the first status of that boot, Unix microseconds; 0 where it is not known.</summary>
    public long BootMicroseconds { get; init; }

    /// <summary>Boots it has told of, one after another.</summary>
    public long BootCount { get; init; }

    public string? Firmware { get; init; }

    public double? UptimeSeconds { get; init; }

    /// <summary>Label of the cell by channel name.</summary>
    public IReadOnlyDictionary<string, string> Channels { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Tripped channels by name; null where it does not tell, or has not since the gateway started.</summary>
    public IReadOnlyDictionary<string, NodeTrip>? Trips { get; init; }

    /// <summary>How the protection of each channel stands, by name; null where it does not tell, or has not since the gateway started.</summary>
    public IReadOnlyDictionary<string, NodeProtection>? Protection { get; init; }

    /// <summary>The channel that it samples 50 times a second, by its last status; null for none.</summary>
    public string? AbuseChannel { get; init; }

    /// <summary>Edges of its trigger input since it started, by its last status; null where it uses none.</summary>
    public long? TriggerEdges { get; init; }

    /// <summary>How the node itself is; null where it does not tell, or has not since the gateway started.</summary>
    public NodeHealth? Health { get; init; }

    /// <summary>Gateway time at which it told last of more lost samples than before, Unix microseconds; 0 for never.</summary>
    public long DroppedMicroseconds { get; init; }

    /// <summary>Gateway time of the first status ever, Unix microseconds; 0 where it is not known.</summary>
    public long FirstSeenMicroseconds { get; init; }

    /// <summary>Gateway time of the last status, Unix microseconds; 0 where it is not known.</summary>
    public long SeenMicroseconds { get; init; }

    /// <summary>What of <see cref="SeenMicroseconds"/> has been given to be stored.</summary>
    public long StoredMicroseconds { get; init; }

    /// <summary>True where another says the same of the node, but for when.</summary>
    public bool SaysTheSame(NodeInfo? other) => other is not null && IsOnline == other.IsOnline && Boot == other.Boot
        && Firmware == other.Firmware && Channels.Count == other.Channels.Count
        && Channels.All(pair => other.Channels.TryGetValue(pair.Key, out string? label) && label == pair.Value);
}
