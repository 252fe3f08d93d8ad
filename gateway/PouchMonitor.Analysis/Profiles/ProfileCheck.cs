using System.Text.Json;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>
/// Says of one profile's JSON all that is wrong at once, for a form that shows each fault beside its field. The rules are
/// those of <see cref="ProfileFields"/> and <see cref="ProfileLimits"/>; there are no others.
/// </summary>
internal static class ProfileCheck
{
    private const int MostProblems = 100;

    public static IReadOnlyList<ProfileProblem> Problems(string text)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(text);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? [.. Problems(document.RootElement).Take(MostProblems)]
                : [new ProfileProblem("", $"a profile is a JSON object, not {document.RootElement.ValueKind}")];
        }
        catch (JsonException fault)
        {
            return [new ProfileProblem("", $"not JSON: {fault.Message.ReplaceLineEndings(" ")}")];
        }
        catch (InvalidOperationException)
        {
            return [new ProfileProblem("", "a text holds half of a surrogate pair")];
        }
    }

    private static List<ProfileProblem> Problems(JsonElement root)
    {
        List<ProfileProblem> problems = [];
        CellProfile profile = new() { Name = "" };
        HashSet<string> seen = new(StringComparer.Ordinal);
        foreach (JsonProperty property in root.EnumerateObject())
        {
            if (!seen.Add(property.Name))
            {
                problems.Add(new ProfileProblem(property.Name, $"{property.Name} is there twice"));
            }

            try
            {
                profile = ProfileFields.With(profile, property, property.Name);
            }
            catch (ProfileFileException fault)
            {
                problems.Add(new ProfileProblem(property.Name, fault.Message));
            }
        }

        // A field that cannot be read has its own line already.
        problems.AddRange(ProfileLimits.Problems(profile).Where(problem => !problems.Exists(known => known.Field == problem.Field)));
        return problems;
    }
}
