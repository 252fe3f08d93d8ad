using System.Text.Json;
using PouchMonitor.EndToEnd.Tests.Schemas;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>What the gateway says of itself, to hold answers and bodies against.</summary>
internal sealed class ApiDescription
{
    private readonly JsonElement paths;
    private readonly JsonElement schemas;
    private readonly string definitions;

    private ApiDescription(JsonElement document)
    {
        paths = document.GetProperty("paths");
        schemas = document.GetProperty("components").GetProperty("schemas");
        definitions = schemas.GetRawText().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
    }

    public static async Task<ApiDescription> ReadAsync(HttpClient http)
    {
        using JsonDocument document = JsonDocument.Parse(await http.GetStringAsync("api/v1/openapi.json"));
        return new ApiDescription(document.RootElement.Clone());
    }

    /// <summary>What is wrong with an answer of a route: fields that are missing or of another kind, and fields that nobody has described.</summary>
    public IReadOnlyList<string> AnswerProblems(string method, string pattern, string body) =>
        Problems(paths.GetProperty(pattern).GetProperty(method.ToLowerInvariant()).GetProperty("responses").GetProperty("200"), body);

    /// <summary>The same of what a route is sent.</summary>
    public IReadOnlyList<string> BodyProblems(string method, string pattern, string body) =>
        Problems(paths.GetProperty(pattern).GetProperty(method.ToLowerInvariant()).GetProperty("requestBody"), body);

    /// <summary>The same of what is told by a name of a schema, such as an event of the stream.</summary>
    public IReadOnlyList<string> SchemaProblems(string name, JsonElement value) =>
        Problems(JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["$ref"] = "#/components/schemas/" + name }), value.GetRawText(), isContent: false);

    /// <summary>True where a route takes files of a type.</summary>
    public bool TakesFile(string method, string pattern, string mediaType) =>
        paths.GetProperty(pattern).GetProperty(method.ToLowerInvariant()).GetProperty("requestBody").GetProperty("content").TryGetProperty(mediaType, out _);

    private List<string> Problems(JsonElement of, string body, bool isContent = true)
    {
        JsonElement schema = isContent ? of.GetProperty("content").GetProperty("application/json").GetProperty("schema") : of;
        string text = schema.GetRawText().Replace("#/components/schemas/", "#/$defs/", StringComparison.Ordinal);
        List<string> problems = [.. JsonSchema.Parse(text[..^1] + $",\"$defs\":{definitions}}}").Problems(body)];
        if (problems.Count == 0)
        {
            using JsonDocument document = JsonDocument.Parse(body);
            AddUndescribed(schema, document.RootElement, "$", problems);
        }

        return problems;
    }

    // A schema allows what it does not name; an answer has no such fields all the same, or the description would leave them out.
    private void AddUndescribed(JsonElement schema, JsonElement value, string at, List<string> problems)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            AddUndescribed(schemas.GetProperty(reference.GetString()!.Split('/')[^1]), value, at, problems);
        }
        else if (schema.TryGetProperty("anyOf", out JsonElement several))
        {
            // It is as one of them says; that one describes it.
            List<List<string>> each = [.. several.EnumerateArray().Select(one =>
            {
                List<string> found = [];
                AddUndescribed(one, value, at, found);
                return found;
            })];
            problems.AddRange(each.MinBy(found => found.Count)!);
        }
        else if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out JsonElement items))
        {
            foreach ((int index, JsonElement item) in value.EnumerateArray().Index())
            {
                AddUndescribed(items, item, $"{at}[{index}]", problems);
            }
        }
        else if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (JsonProperty property in value.EnumerateObject())
            {
                if (schema.TryGetProperty("properties", out JsonElement properties) && properties.TryGetProperty(property.Name, out JsonElement described))
                {
                    AddUndescribed(described, property.Value, $"{at}.{property.Name}", problems);
                }
                else if (!schema.TryGetProperty("additionalProperties", out JsonElement others))
                {
                    problems.Add($"{at}.{property.Name} is not described.");
                }
                else if (others.ValueKind == JsonValueKind.Object)
                {
                    AddUndescribed(others, property.Value, $"{at}.{property.Name}", problems);
                }
            }
        }
    }
}
