using System.Text.Json;
using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>The <c>rules</c> of a profile file: for each row an object of <c>raise</c>, <c>clear</c>, <c>hold</c> and <c>severity</c>.</summary>
internal static class RuleFields
{
    /// <summary>Names of severities in a file.</summary>
    public static IReadOnlyList<(string Name, FindingSeverity Severity)> Severities { get; } =
        [("advisory", FindingSeverity.Advisory), ("warning", FindingSeverity.Warning), ("critical", FindingSeverity.Critical)];

    /// <exception cref="ProfileFileException">A row, a field or a figure that is not possible; one clear line.</exception>
    public static RuleChanges Read(JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ProfileFileException($"{place} is {element.ValueKind}, an object of rows is needed");
        }

        RuleChange[] rows = [.. element.EnumerateObject().Select(row => ReadRow(row.Name, row.Value, $"{place}: {row.Name}"))];
        return RuleChanges.Problem(rows) is { } problem ? throw new ProfileFileException($"{place}: {problem}") : new RuleChanges(rows);
    }

    private static RuleChange ReadRow(string row, JsonElement element, string place)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ProfileFileException($"{place} is {element.ValueKind}, an object with raise, clear, hold or severity is needed");
        }

        RuleChange change = new(row, null, null, null, null);
        foreach (JsonProperty field in element.EnumerateObject())
        {
            string at = $"{place}.{field.Name}";
            change = field.Name switch
            {
                "raise" => change with { Raise = ProfileFields.Number(field.Value, at) },
                "clear" => change with { Clear = ProfileFields.Number(field.Value, at) },
                "hold" => change with { Hold = ProfileFields.Whole(field.Value, at) },
                "severity" => change with { Severity = Severity(ProfileFields.Text(field.Value, at), at) },
                _ => throw new ProfileFileException($"{at} is not a field of a rule; raise, clear, hold and severity are"),
            };
        }

        return change;
    }

    private static FindingSeverity Severity(string name, string place)
    {
        foreach ((string known, FindingSeverity severity) in Severities)
        {
            if (string.Equals(known, name, StringComparison.Ordinal))
            {
                return severity;
            }
        }

        throw new ProfileFileException($"{place} is '{name}', one of {string.Join(", ", Severities.Select(each => each.Name))} is needed");
    }
}
