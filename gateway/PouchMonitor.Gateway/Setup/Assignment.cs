using System.Text.Json.Serialization;

namespace PouchMonitor.Gateway.Setup;

/// <summary>A place in a boot's samples.</summary>
/// <param name="Boot">The boot; 0 stands for JSON samples.</param>
/// <param name="Number">A sample number.</param>
public sealed record BootPlace(ulong Boot, long Number);

/// <summary>What somebody has said of a channel: which cell is there, with which profile and limits, on which bench.</summary>
public sealed record Assignment
{
    [JsonIgnore]
    public string Node { get; init; } = "";

    [JsonIgnore]
    public string Channel { get; init; } = "";

    /// <summary>When, gateway time, Unix microseconds.</summary>
    [JsonIgnore]
    public long ChangedMicroseconds { get; init; }

    /// <summary>Who.</summary>
    [JsonIgnore]
    public string Person { get; init; } = "";

    /// <summary>The cell; null where the channel has gone back to its node's label.</summary>
    public string? Cell { get; init; }

    /// <summary>Name of the profile; null for the one configured for the cell.</summary>
    public string? Profile { get; init; }

    public string? Bench { get; init; }

    /// <summary>Limits that hold instead of the profile's, by their names in a profile.</summary>
    public IReadOnlyDictionary<string, double> Limits { get; init; } = new Dictionary<string, double>(StringComparer.Ordinal);

    public string? Note { get; init; }

    /// <summary>Why limits protect less than the profile's; null where they do not.</summary>
    public string? Confirm { get; init; }

    /// <summary>
    /// For each boot that had been heard then, the first sample that had not: samples from there on, and all of boots heard
    /// later, fall under this assignment. So a test that is judged again has the cell it had.
    /// </summary>
    public IReadOnlyList<BootPlace> Places { get; init; } = [];

    /// <summary>Where it ended the running test; null where it did not.</summary>
    public BootPlace? Cut { get; init; }

    /// <summary>True where a sample falls under this assignment.</summary>
    public bool Holds(ulong boot, long number)
    {
        foreach (BootPlace place in Places)
        {
            if (place.Boot == boot)
            {
                return number >= place.Number;
            }
        }

        return true;
    }
}
