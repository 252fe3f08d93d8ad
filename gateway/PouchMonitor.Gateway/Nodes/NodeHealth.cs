using System.Text.Json;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>How a node itself is, as its last status told; a figure that it did not tell is null.</summary>
public sealed record NodeHealth
{
    private static readonly string[] Counts =
    [
        "heapFreeBytes", "restarts", "exceptions", "backlogFrames", "storedFrames", "storedBytes", "flashBytes", "behindMs", "refusedFrames",
        "droppedSamples", "refusedEvents", "connections", "givenUpFrames", "worstLatenessUs", "missedSamples",
    ];

    private const string SignalName = "signalDbm";
    private const string CauseName = "restartCause";
    private const string SafeName = "safeMode";
    private const string BusErrorsName = "busErrors";
    private const int MostChannels = 64;
    private const int LongestCause = 32;

    /// <summary>Counters and sizes by the names of the status, in its order.</summary>
    public required IReadOnlyDictionary<string, long> Figures { get; init; }

    public string? RestartCause { get; init; }

    public bool IsSafeMode { get; init; }

    /// <summary>Failed transfers since the node's boot, by channel.</summary>
    public required IReadOnlyDictionary<string, long> BusErrors { get; init; }

    /// <summary>For how long something has waited to be sent without a break, seconds.</summary>
    public double BehindSeconds => Figures.GetValueOrDefault("behindMs") / 1000.0;

    /// <summary>Samples that the node's full store did not take since its boot.</summary>
    public long DroppedSamples => Figures.GetValueOrDefault("droppedSamples");

    /// <summary>A figure by its name in the status; null where the node did not tell it.</summary>
    public long? this[string name] => Figures.TryGetValue(name, out long value) ? value : null;

    /// <summary>Reads the field <c>health</c> of a status.</summary>
    /// <returns>Null where the status has none, or it is null.</returns>
    public static NodeHealth? Read(JsonElement status, out string? problem)
    {
        problem = null;
        if (!status.TryGetProperty("health", out JsonElement health) || health.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (health.ValueKind != JsonValueKind.Object)
        {
            problem = $"health is of type {health.ValueKind}, not Object";
            return null;
        }

        Dictionary<string, long> figures = new(StringComparer.Ordinal);
        Dictionary<string, long> busErrors = new(StringComparer.Ordinal);
        string? cause = null;
        bool isSafe = false;
        foreach (JsonProperty field in health.EnumerateObject())
        {
            JsonElement value = field.Value;
            problem ??= field.Name switch
            {
                SignalName => Take(field, figures, long.MinValue),
                CauseName => value.ValueKind == JsonValueKind.String && (cause = value.GetString())!.Length <= LongestCause
                    ? null : $"{CauseName} is no text of at most {LongestCause} characters",
                SafeName => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : $"{SafeName} is of type {value.ValueKind}, not a truth value",
                BusErrorsName => TakeBusErrors(value, busErrors),
                _ => Counts.Contains(field.Name, StringComparer.Ordinal) ? Take(field, figures, 0) : null,
            };
            isSafe |= field.Name == SafeName && value.ValueKind == JsonValueKind.True;
        }

        return problem is null
            ? new NodeHealth { Figures = figures, RestartCause = cause, IsSafeMode = isSafe, BusErrors = busErrors }
            : null;
    }

    /// <summary>Writes it as the node told it.</summary>
    public void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        foreach ((string name, long value) in Figures)
        {
            writer.WriteNumber(name, value);
        }

        writer.WriteString(CauseName, RestartCause);
        writer.WriteBoolean(SafeName, IsSafeMode);
        writer.WriteStartObject(BusErrorsName);
        foreach ((string channel, long count) in BusErrors)
        {
            writer.WriteNumber(channel, count);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static string? TakeBusErrors(JsonElement value, Dictionary<string, long> busErrors)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            return $"{BusErrorsName} is of type {value.ValueKind}, not Object";
        }

        string? problem = null;
        foreach (JsonProperty channel in value.EnumerateObject())
        {
            problem ??= Take(channel, busErrors, 0);
        }

        return problem ?? (busErrors.Count > MostChannels ? $"{BusErrorsName} has {busErrors.Count} channels, at most {MostChannels}" : null);
    }

    private static string? Take(JsonProperty field, Dictionary<string, long> into, long lowest)
    {
        // A whole number may be written as 2.0.
        double value = field.Value.ValueKind == JsonValueKind.Number ? field.Value.GetDouble() : double.NaN;
        if (!(Math.Floor(value) == value) || value < lowest || Math.Abs(value) > 9e15)
        {
            return $"{field.Name} is no whole number{(lowest == 0 ? " of 0 or more" : "")}";
        }

        into[field.Name] = (long)value;
        return null;
    }
}
