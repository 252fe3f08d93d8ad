using System.Text.Json;
using System.Text.RegularExpressions;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Schemas;

/// <summary>
/// Validates JSON against the part of JSON Schema 2020-12 that <c>shared/schemas</c> uses. A keyword that it does not know
/// is an error, so that no rule of a schema is silently without effect.
/// </summary>
internal sealed class JsonSchema
{
    private static readonly TimeSpan PatternTime = TimeSpan.FromSeconds(1);

    private JsonSchema(JsonElement root) => Root = root;

    public static string Folder { get; } = Path.Combine(RepositoryFiles.Root, "shared", "schemas");

    public JsonElement Root { get; }

    /// <summary>The schema of a message or file: <c>sample</c>, <c>status</c>, ...</summary>
    public static JsonSchema Of(string name) => Parse(File.ReadAllText(Path.Combine(Folder, name + ".schema.json")));

    public static JsonSchema Parse(string text) => new(JsonDocument.Parse(text).RootElement);

    /// <summary>What is wrong with a text, a line for each place; empty where it is as the schema says.</summary>
    public IReadOnlyList<string> Problems(string json)
    {
        try
        {
            return Problems(JsonDocument.Parse(json).RootElement);
        }
        catch (JsonException error)
        {
            return [$"not JSON: {error.Message}"];
        }
    }

    public IReadOnlyList<string> Problems(JsonElement value)
    {
        List<string> problems = [];
        Check(Root, value, "$", problems);
        return problems;
    }

    // The part of the schema that a reference such as #/$defs/sample names.
    private JsonElement Resolve(string reference)
    {
        JsonElement at = Root;
        foreach (string step in reference.Split('/').Skip(1))
        {
            at = at.GetProperty(step);
        }

        return at;
    }

    private bool IsValid(JsonElement schema, JsonElement value)
    {
        List<string> problems = [];
        Check(schema, value, "", problems);
        return problems.Count == 0;
    }

    private void Check(JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        if (schema.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            Demand(schema.ValueKind == JsonValueKind.True, "is not allowed");
            return;
        }

        foreach (JsonProperty rule in schema.EnumerateObject())
        {
            JsonElement limit = rule.Value;
            switch (rule.Name)
            {
                case "$schema" or "$id" or "$defs" or "title" or "description" or "examples" or "x-unit":
                    break;
                case "$ref":
                    Check(Resolve(limit.GetString()!), value, at, problems);
                    break;
                case "type":
                    Demand(Items(limit).Any(type => HasType(type.GetString()!, value)), $"is not {limit.GetRawText()}");
                    break;
                case "enum":
                    Demand(limit.EnumerateArray().Any(one => JsonElement.DeepEquals(one, value)), $"is not one of {limit.GetRawText()}");
                    break;
                case "anyOf":
                    Demand(limit.EnumerateArray().Any(one => IsValid(one, value)), "is as none of anyOf says");
                    break;
                case "minimum" when value.ValueKind == JsonValueKind.Number:
                    Demand(value.GetDouble() >= limit.GetDouble(), $"is below {limit.GetRawText()}");
                    break;
                case "maximum" when value.ValueKind == JsonValueKind.Number:
                    Demand(value.GetDouble() <= limit.GetDouble(), $"is above {limit.GetRawText()}");
                    break;
                case "minLength" when value.ValueKind == JsonValueKind.String:
                    Demand(value.GetString()!.EnumerateRunes().Count() >= limit.GetInt32(), $"is shorter than {limit.GetRawText()}");
                    break;
                case "maxLength" when value.ValueKind == JsonValueKind.String:
                    Demand(value.GetString()!.EnumerateRunes().Count() <= limit.GetInt32(), $"is longer than {limit.GetRawText()}");
                    break;
                case "pattern" when value.ValueKind == JsonValueKind.String:
                    Demand(Matches(limit.GetString()!, value.GetString()!), $"does not match {limit.GetRawText()}");
                    break;
                case "maxItems" when value.ValueKind == JsonValueKind.Array:
                    Demand(value.GetArrayLength() <= limit.GetInt32(), $"has more than {limit.GetRawText()} items");
                    break;
                case "uniqueItems" when value.ValueKind == JsonValueKind.Array && limit.ValueKind == JsonValueKind.True:
                    Demand(AreUnique([.. value.EnumerateArray()]), "holds an item twice");
                    break;
                case "items" when value.ValueKind == JsonValueKind.Array:
                    foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
                    {
                        Check(limit, item, $"{at}[{index}]", problems);
                    }

                    break;
                case "required" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonElement name in limit.EnumerateArray())
                    {
                        Demand(value.TryGetProperty(name.GetString()!, out _), $"lacks {name.GetRawText()}");
                    }

                    break;
                case "maxProperties" when value.ValueKind == JsonValueKind.Object:
                    Demand(value.EnumerateObject().Count() <= limit.GetInt32(), $"has more than {limit.GetRawText()} properties");
                    break;
                case "properties" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonProperty property in value.EnumerateObject().Where(property => limit.TryGetProperty(property.Name, out _)))
                    {
                        Check(limit.GetProperty(property.Name), property.Value, $"{at}.{property.Name}", problems);
                    }

                    break;
                case "additionalProperties" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonProperty property in value.EnumerateObject().Where(property => !IsNamed(schema, property.Name)))
                    {
                        Check(limit, property.Value, $"{at}.{property.Name}", problems);
                    }

                    break;
                case "propertyNames" when value.ValueKind == JsonValueKind.Object:
                    foreach (JsonProperty property in value.EnumerateObject())
                    {
                        Check(limit, JsonSerializer.SerializeToElement(property.Name), $"{at}.{property.Name} (its name)", problems);
                    }

                    break;
                case "minimum" or "maximum" or "minLength" or "maxLength" or "pattern" or "maxItems" or "uniqueItems" or "items"
                    or "required" or "maxProperties" or "properties" or "additionalProperties" or "propertyNames":
                    break; // Says nothing of a value of this type.
                default:
                    throw new NotSupportedException($"{at}: the keyword '{rule.Name}' is not known to this validator.");
            }
        }

        void Demand(bool isMet, string problem)
        {
            if (!isMet)
            {
                string text = value.GetRawText();
                problems.Add($"{at}: {(text.Length <= 60 ? text : text[..60] + "...")} {problem}");
            }
        }
    }

    private static bool AreUnique(JsonElement[] items) =>
        items.Index().All(one => items.Skip(one.Index + 1).All(other => !JsonElement.DeepEquals(one.Item, other)));

    private static IEnumerable<JsonElement> Items(JsonElement oneOrMany) =>
        oneOrMany.ValueKind == JsonValueKind.Array ? oneOrMany.EnumerateArray() : [oneOrMany];

    private static bool IsNamed(JsonElement schema, string name) =>
        schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(name, out _);

    private static bool HasType(string type, JsonElement value) => type switch
    {
        "object" => value.ValueKind == JsonValueKind.Object,
        "array" => value.ValueKind == JsonValueKind.Array,
        "string" => value.ValueKind == JsonValueKind.String,
        "number" => value.ValueKind == JsonValueKind.Number,
        "integer" => value.ValueKind == JsonValueKind.Number && Math.Abs(value.GetDouble() % 1) == 0,
        "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        "null" => value.ValueKind == JsonValueKind.Null,
        _ => throw new NotSupportedException($"'{type}' is no type of JSON Schema."),
    };

    // In a schema the end is the very end, in .NET it may be before a last line feed.
    private static bool Matches(string pattern, string text) =>
        Regex.IsMatch(text, pattern.EndsWith('$') ? pattern[..^1] + @"\z" : pattern, RegexOptions.None, PatternTime);
}
