using System.Text.Json;

namespace PouchMonitor.Analysis.Profiles;

/// <summary>The fields of a profile by their names in a file.</summary>
internal static class ProfileFields
{
    /// <summary>The profile with the fields of a JSON object laid over it.</summary>
    public static CellProfile Fill(CellProfile profile, JsonElement element, string file)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw new ProfileFileException($"{file}: a profile is a JSON object, not {element.ValueKind}");
        }

        string name = element.TryGetProperty("name", out JsonElement named) && named.ValueKind == JsonValueKind.String
            ? named.GetString()!
            : profile.Name;
        foreach (JsonProperty property in element.EnumerateObject())
        {
            profile = With(profile, property, $"{file}: profile {(name.Length == 0 ? "without a name" : name)}: {property.Name}");
        }

        return profile;
    }

    /// <summary>The profile with one field laid over it; <paramref name="place"/> stands for the field in messages.</summary>
    /// <exception cref="ProfileFileException">It is no field of a profile, or of another kind.</exception>
    public static CellProfile With(CellProfile profile, JsonProperty property, string place)
    {
        JsonElement value = property.Value;
        return property.Name switch
        {
            "name" => profile with { Name = Text(value, place) },
            "description" => profile with { Description = Text(value, place) },
            "kind" => profile with { Kind = Kind(value, place) },
            "nominalCapacityAh" => profile with { NominalCapacityAh = Number(value, place) },
            "massG" => profile with { MassG = Number(value, place) },
            "minimumVoltageV" => profile with { MinimumVoltageV = Number(value, place) },
            "maximumVoltageV" => profile with { MaximumVoltageV = Number(value, place) },
            "warningTemperatureC" => profile with { WarningTemperatureC = Number(value, place) },
            "maximumWorkingTemperatureC" => profile with { MaximumWorkingTemperatureC = Number(value, place) },
            "maximumHeatingRateCPerS" => profile with { MaximumHeatingRateCPerS = Number(value, place) },
            "referenceCycle" => profile with { ReferenceCycle = Whole(value, place) ?? profile.ReferenceCycle },
            "endOfLifeRetention" => profile with { EndOfLifeRetention = Number(value, place) ?? profile.EndOfLifeRetention },
            "referenceRetention" => profile with { ReferenceRetention = Curve(value, place, mostRatio: 1.5) },
            "referencePolarization" => profile with { ReferencePolarization = Curve(value, place, ReferenceCurve.MostRatio) },
            "rules" => profile with { RuleChanges = RuleFields.Read(value, place) },
            _ => throw new ProfileFileException($"{place} is not a field of a profile"),
        };
    }

    internal static string Text(JsonElement value, string place) => value.ValueKind == JsonValueKind.String
        ? value.GetString()!
        : throw new ProfileFileException($"{place} is {value.GetRawText()}, a text is needed");

    internal static double? Number(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetDouble(out double number) && double.IsFinite(number) => number,
        _ => throw new ProfileFileException($"{place} is {value.GetRawText()}, a number or null is needed"),
    };

    internal static int? Whole(JsonElement value, string place) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.Number when value.TryGetInt32(out int number) => number,
        _ => throw new ProfileFileException($"{place} is {value.GetRawText()}, a whole number is needed"),
    };

    private static ReferenceCurve? Curve(JsonElement value, string place, double mostRatio)
    {
        if (value.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (value.ValueKind != JsonValueKind.Array || value.GetArrayLength() > ReferenceCurve.MostPoints)
        {
            throw new ProfileFileException($"{place}: a list of 2 to {ReferenceCurve.MostPoints} points [cycle, ratio] is needed");
        }

        List<ReferencePoint> points = [];
        foreach (JsonElement point in value.EnumerateArray())
        {
            if (point.ValueKind != JsonValueKind.Array || point.GetArrayLength() != 2)
            {
                throw new ProfileFileException($"{place} holds {point.GetRawText()}, a pair [cycle, ratio] is needed");
            }

            points.Add(new ReferencePoint(Whole(point[0], place) ?? 0, Number(point[1], place) ?? 0));
        }

        return ReferenceCurve.Problem(points, mostRatio) is { } problem ? throw new ProfileFileException($"{place} {problem}") : new ReferenceCurve(points);
    }

    private static CellKind Kind(JsonElement value, string place) => Text(value, place) switch
    {
        "full" => CellKind.Full,
        "anodeFree" => CellKind.AnodeFree,
        "symmetric" => CellKind.Symmetric,
        "half" => CellKind.Half,
        var other => throw new ProfileFileException($"{place} is '{other}', one of full, anodeFree, symmetric, half is needed"),
    };
}
