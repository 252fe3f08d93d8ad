using System.Text.Json;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Api;

/// <summary>Reads what is asked of a channel. A field that is not known is refused: a misspelt limit would protect nothing.</summary>
internal static class AssignmentJson
{
    /// <exception cref="SetupRefusal">It is not of the agreed form.</exception>
    public static AssignmentRequest Read(string text, bool isRemoval)
    {
        AssignmentRequest request = new();
        if (text.Length > 0)
        {
            try
            {
                using JsonDocument document = JsonDocument.Parse(text);
                if (document.RootElement.ValueKind != JsonValueKind.Object)
                {
                    throw SetupRefusal.Bad($"The body is a JSON object, not {document.RootElement.ValueKind}.");
                }

                foreach (JsonProperty field in document.RootElement.EnumerateObject())
                {
                    request = With(request, field, isRemoval);
                }
            }
            catch (JsonException fault)
            {
                throw SetupRefusal.Bad($"The body is not JSON: {fault.Message.ReplaceLineEndings(" ")}");
            }
        }

        return isRemoval || request.Cell is not null ? request : throw SetupRefusal.Bad("'cell' is missing; DELETE goes back to the node's label.");
    }

    private static AssignmentRequest With(AssignmentRequest request, JsonProperty field, bool isRemoval)
    {
        JsonElement value = field.Value;
        return field.Name switch
        {
            "by" => request with { Person = Text(field) ?? "" },
            "note" => request with { Note = Text(field) },
            "confirm" => request with { Confirm = Text(field) },
            "endTest" => request with { EndsTest = Flag(field) },
            "seenChangedAt" => request with { SeenMicroseconds = (long)Math.Round((Number(value, field.Name) ?? 0) * 1e6) },
            "cell" when !isRemoval => request with { Cell = Text(field) },
            "profile" when !isRemoval => request with { Profile = Text(field) },
            "bench" when !isRemoval => request with { Bench = Text(field) },
            "limits" when !isRemoval => request with { Limits = Limits(value) },
            _ => throw SetupRefusal.Bad($"'{(field.Name.Length <= 40 ? field.Name : field.Name[..40])}' is not known here; there are "
                + (isRemoval ? "endTest, note, confirm, seenChangedAt and by." : "cell, profile, bench, limits, note, endTest, confirm, seenChangedAt and by.")),
        };
    }

    private static Dictionary<string, double> Limits(JsonElement value)
    {
        Dictionary<string, double> limits = new(StringComparer.Ordinal);
        if (value.ValueKind == JsonValueKind.Null)
        {
            return limits;
        }

        if (value.ValueKind != JsonValueKind.Object)
        {
            throw SetupRefusal.Bad($"'limits' is an object of names and numbers, not {value.ValueKind}.");
        }

        foreach (JsonProperty limit in value.EnumerateObject())
        {
            if (Number(limit.Value, "limits." + limit.Name) is { } number)
            {
                limits[limit.Name] = number;
            }
        }

        return limits;
    }

    private static string? Text(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => field.Value.GetString()!.Trim() is { Length: > 0 } text ? text : null,
        _ => throw SetupRefusal.Bad($"'{field.Name}' is a text, not {field.Value.ValueKind}."),
    };

    private static bool Flag(JsonProperty field) => field.Value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False or JsonValueKind.Null => false,
        _ => throw SetupRefusal.Bad($"'{field.Name}' is true or false, not {field.Value.ValueKind}."),
    };

    private static double? Number(JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetDouble(out double number) && Math.Abs(number) < 1e12 => number,
        _ => throw SetupRefusal.Bad($"'{(name.Length <= 40 ? name : name[..40])}' is a number, not {(value.ValueKind == JsonValueKind.Number ? value.GetRawText() : value.ValueKind)}."),
    };
}
