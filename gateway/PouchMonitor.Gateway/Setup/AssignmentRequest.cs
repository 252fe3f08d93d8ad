namespace PouchMonitor.Gateway.Setup;

/// <summary>What somebody asks to be set of a channel.</summary>
public sealed record AssignmentRequest
{
    /// <summary>The cell; null goes back to the node's label.</summary>
    public string? Cell { get; init; }

    public string? Profile { get; init; }

    public string? Bench { get; init; }

    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public string? Note { get; init; }

    /// <summary>Why it is to be done although there is a doubt.</summary>
    public string? Confirm { get; init; }

    /// <summary>True where the running test is to end.</summary>
    public bool EndsTest { get; init; }

    /// <summary>When what the person has seen was set, Unix microseconds, 0 for never; null where it does not matter.</summary>
    public long? SeenMicroseconds { get; init; }

    /// <summary>Who asks.</summary>
    public string Person { get; init; } = "";
}
