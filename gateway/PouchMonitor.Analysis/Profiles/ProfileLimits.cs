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
        ProfileProblem? first = Problems(profile).FirstOrDefault();
        return first is null ? null : $"profile {(profile.Name.Length is 0 or > MaximumNameLength ? "without a usable name" : profile.Name)}: {first.Message}";
    }

    /// <summary>Everything that is wrong with a profile, field by field.</summary>
    public static IEnumerable<ProfileProblem> Problems(CellProfile profile)
    {
        ArgumentNullException.ThrowIfNull(profile);
        if (NameProblem(profile.Name) is { } name)
        {
            yield return new ProfileProblem("name", name);
        }

        foreach (ProfileFigure figure in ProfileFigure.All)
        {
            if (Outside(figure.Name, figure.Of(profile), figure.Least, figure.Most, figure.Unit) is { } outside)
            {
                yield return new ProfileProblem(figure.Name, outside);
            }
        }

        if (NotBelow("minimumVoltageV", profile.MinimumVoltageV, "maximumVoltageV", profile.MaximumVoltageV, "V") is { } window)
        {
            yield return new ProfileProblem("minimumVoltageV", window);
        }

        if (NotBelow("warningTemperatureC", profile.WarningTemperatureC, "maximumWorkingTemperatureC", profile.MaximumWorkingTemperatureC, "C") is { } heat)
        {
            yield return new ProfileProblem("warningTemperatureC", heat);
        }

        if (profile.Description.Length > MaximumDescriptionLength)
        {
            yield return new ProfileProblem("description", string.Create(
                CultureInfo.InvariantCulture, $"description has {profile.Description.Length} characters, the most is {MaximumDescriptionLength}"));
        }
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
