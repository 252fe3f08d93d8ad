using System.Globalization;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>Between which bounds a profile's figures are plausible, so that a slip of the unit is refused.</summary>
public static class ProfileLimits
{
    private const int MaximumNameLength = 64;
    private const int MaximumDescriptionLength = 1000;

    /// <summary>What is wrong with a profile: its name, the field, the value and the limit; null where nothing is.</summary>
    public static string? Problem(CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        string? problem = NameProblem(profile.Name)
            ?? Outside("nominalCapacityAh", profile.NominalCapacityAh, 1e-6, 1000, "Ah")
            ?? Outside("massG", profile.MassG, 0.01, 100_000, "g")
            ?? Outside("minimumVoltageV", profile.MinimumVoltageV, -6, 6, "V")
            ?? Outside("maximumVoltageV", profile.MaximumVoltageV, -6, 6, "V")
            ?? Outside("warningTemperatureC", profile.WarningTemperatureC, -60, 200, "C")
            ?? Outside("maximumWorkingTemperatureC", profile.MaximumWorkingTemperatureC, -60, 200, "C")
            ?? Outside("maximumHeatingRateCPerS", profile.MaximumHeatingRateCPerS, 0.01, 100, "C/s")
            ?? Outside("referenceCycle", profile.ReferenceCycle, 1, 100_000, "")
            ?? Outside("endOfLifeRetention", profile.EndOfLifeRetention, 0.01, 1, "")
            ?? NotBelow("minimumVoltageV", profile.MinimumVoltageV, "maximumVoltageV", profile.MaximumVoltageV, "V")
            ?? NotBelow("warningTemperatureC", profile.WarningTemperatureC, "maximumWorkingTemperatureC", profile.MaximumWorkingTemperatureC, "C");
        if (problem is null && profile.Description.Length > MaximumDescriptionLength)
        {
            problem = string.Create(
                CultureInfo.InvariantCulture, $"description has {profile.Description.Length} characters, the most is {MaximumDescriptionLength}");
        }

        return problem is null ? null : $"profile {(profile.Name.Length is 0 or > MaximumNameLength ? "without a usable name" : profile.Name)}: {problem}";
    }

    private static string? NameProblem(string name) =>
        name.Length is >= 1 and <= MaximumNameLength && name is not ("." or "..")
            && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-')
            ? null
            : "name needs 1 to 64 of A-Z a-z 0-9 . _ -";

    private static string? Outside(string field, double? value, double least, double most, string unit) =>
        value is null || (value >= least && value <= most)
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{field} is {value}, between {least} and {most}{Suffix(unit)} is possible");

    private static string? NotBelow(string low, double? lowValue, string high, double? highValue, string unit) =>
        lowValue is null || highValue is null || lowValue < highValue
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"{low} is {lowValue}, it must lie below {high} of {highValue}{Suffix(unit)}");

    private static string Suffix(string unit) => unit.Length == 0 ? "" : " " + unit;
}
