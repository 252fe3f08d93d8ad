using System.Text.Json;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>Why a node's own protection has opened the relay of a channel, as its status tells.</summary>
/// <param name="Cause">Such as <c>over-voltage</c>.</param>
/// <param name="Kind">Kind of test it was armed for.</param>
/// <param name="Value">What it read, in <paramref name="Unit"/>.</param>
/// <param name="Limit">What it was held against, in <paramref name="Unit"/>.</param>
/// <param name="Unit">V, A, °C, K/min or s; empty where there is no figure.</param>
public sealed record NodeTrip(string Cause, string Kind, double Value, double Limit, string Unit)
{
    private const int MostChannels = 64;
    private const int LongestWord = 64;

    /// <summary>
    /// The tripped channels that a status tells of, by name; null where it does not tell of protection, as a will does not.
    /// </summary>
    public static IReadOnlyDictionary<string, NodeTrip>? Read(JsonElement status, out string? problem)
    {
        problem = null;
        if (!status.TryGetProperty("protection", out JsonElement channels) || channels.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (channels.ValueKind != JsonValueKind.Object)
        {
            problem = $"protection is of type {channels.ValueKind}, not Object";
            return null;
        }

        Dictionary<string, NodeTrip> trips = new(StringComparer.Ordinal);
        foreach (JsonProperty channel in channels.EnumerateObject())
        {
            if (channel.Value.ValueKind != JsonValueKind.Object)
            {
                problem = $"protection of channel '{channel.Name}' is of type {channel.Value.ValueKind}, not Object";
                return null;
            }

            if (Word(channel.Value, "state") == "tripped" && TopicNames.IsName(channel.Name) && trips.Count < MostChannels)
            {
                // A trip is told whatever its figures are; where one of them is none, it is told without.
                (string cause, string kind) = (Word(channel.Value, "cause"), Word(channel.Value, "kind"));
                (string unit, double divisor) = UnitOf(Word(channel.Value, "unit"));
                trips[channel.Name] = StatusNumber.Read(channel.Value, "value") is { } value && StatusNumber.Read(channel.Value, "limit") is { } limit
                    ? new NodeTrip(cause, kind, value / divisor, limit / divisor, unit)
                    : new NodeTrip(cause, kind, 0, 0, "");
            }
        }

        return trips;
    }

    private static string Word(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: <= LongestWord } word && TopicNames.IsName(word.Replace('/', '-')) ? word : "unknown";

    private static (string Unit, double Divisor) UnitOf(string unit) => unit switch
    {
        "uV" => ("V", 1e6),
        "uA" => ("A", 1e6),
        "mC" => ("°C", 1e3),
        "mK/min" => ("K/min", 1e3),
        "ms" => ("s", 1e3),
        _ => ("", 1),
    };
}
