using System.Globalization;
using System.Text.Json.Nodes;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Setup;

/// <summary>
/// Limits that hold for one test instead of its profile's. The result is a profile of its own, made by the reader of profile
/// files and named so that everybody sees it, with its own content hash.
/// </summary>
internal static class AssignedLimits
{
    /// <summary>What the name of a profile with other limits ends in.</summary>
    public const string Suffix = "-limits";

    private const int LongestName = 64;

    // Which limits there are, and whether a higher figure protects less.
    private static readonly (string Field, bool HigherIsLooser)[] Limits =
    [
        ("minimumVoltageV", false), ("maximumVoltageV", true), ("warningTemperatureC", true),
        ("maximumWorkingTemperatureC", true), ("maximumHeatingRateCPerS", true),
    ];

    /// <summary>Names of the limits that can be set for a test.</summary>
    public static IEnumerable<string> Names => Limits.Select(limit => limit.Field);

    /// <summary>The profile with other limits; the profile itself where there are none.</summary>
    /// <exception cref="SetupRefusal">A limit is not known or not possible.</exception>
    public static CellProfile Apply(CellProfile profile, IReadOnlyDictionary<string, double> limits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(limits);
        if (limits.Count == 0)
        {
            return profile;
        }

        JsonObject body = JsonNode.Parse(StoredProfile.Of(profile).Body)!.AsObject();
        foreach ((string field, double value) in limits)
        {
            if (!Names.Contains(field, StringComparer.Ordinal))
            {
                throw SetupRefusal.Bad($"'{field}' is no limit of a test; there are {string.Join(", ", Names)}.");
            }

            body[field] = JsonValue.Create(value);
        }

        body["name"] = NameOf(profile.Name);
        try
        {
            return CellProfile.Parse(body.ToJsonString(), "limits");
        }
        catch (ProfileFileException fault)
        {
            throw SetupRefusal.Bad(fault.Message + ".");
        }
    }

    /// <summary>
    /// The profile with limits that were taken once, whatever has become of the profile since: an upper limit that was set
    /// leaves no room for a lower one of the profile above it, and a lower one gives way to the profile's upper.
    /// </summary>
    public static CellProfile ApplyKept(CellProfile profile, IReadOnlyDictionary<string, double> limits)
    {
        ArgumentNullException.ThrowIfNull(profile);
        ArgumentNullException.ThrowIfNull(limits);
        Dictionary<string, double> kept = new(limits, StringComparer.Ordinal);
        Fit(kept, "minimumVoltageV", profile.MinimumVoltageV, "maximumVoltageV", profile.MaximumVoltageV, out bool isVoltageFree);
        Fit(kept, "warningTemperatureC", profile.WarningTemperatureC, "maximumWorkingTemperatureC", profile.MaximumWorkingTemperatureC, out bool isWarningFree);
        profile = profile with
        {
            MinimumVoltageV = isVoltageFree ? null : profile.MinimumVoltageV,
            WarningTemperatureC = isWarningFree ? null : profile.WarningTemperatureC,
        };
        try
        {
            return Apply(profile, kept);
        }
        catch (SetupRefusal)
        {
            return profile; // Stored by a version with other bounds: the profile's own limits hold.
        }
    }

    private static void Fit(Dictionary<string, double> limits, string low, double? ownLow, string high, double? ownHigh, out bool isOwnLowDropped)
    {
        isOwnLowDropped = false;
        if (limits.TryGetValue(high, out double setHigh))
        {
            isOwnLowDropped = !limits.ContainsKey(low) && ownLow >= setHigh;
        }
        else if (limits.TryGetValue(low, out double setLow) && setLow >= ownHigh)
        {
            limits.Remove(low);
        }
    }

    /// <summary>Says which limits protect less than the profile's own; null where none does.</summary>
    public static string? Loosened(CellProfile profile, IReadOnlyDictionary<string, double> limits)
    {
        List<string> looser = [];
        foreach ((string field, bool higherIsLooser) in Limits)
        {
            double? own = ProfileFigure.All.First(figure => figure.Name == field).Of(profile);
            if (limits.TryGetValue(field, out double value) && own is { } usual && (higherIsLooser ? value > usual : value < usual))
            {
                looser.Add(string.Create(CultureInfo.InvariantCulture, $"{field} {value} instead of {usual}"));
            }
        }

        return looser.Count == 0 ? null : string.Join(", ", looser);
    }

    private static string NameOf(string profile) =>
        (profile.Length + Suffix.Length > LongestName ? profile[..(LongestName - Suffix.Length)] : profile) + Suffix;
}
