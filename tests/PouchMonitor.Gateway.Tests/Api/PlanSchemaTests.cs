using System.Text.Json;
using System.Text.Json.Nodes;
using PouchMonitor.EndToEnd.Tests.Schemas;
using PouchMonitor.Gateway.Api.OpenApi;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>A plan of an abuse test has the same fields over HTTP as in its file.</summary>
public sealed class PlanSchemaTests
{
    private static readonly string[] Kept = ["type", "required", "enum", "additionalProperties"];

    [Fact]
    public void APlan_IsDescribedAsItsFileIs()
    {
        using Stream stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("PouchMonitor.Gateway.Api.OpenApi.schemas.json")!;
        JsonElement api = JsonDocument.Parse(stream).RootElement.GetProperty("AbusePlan");
        JsonElement file = JsonSchema.Of("abuse-plan").Root;
        Assert.Equal(Form(file, file).ToJsonString(), Form(api, api).ToJsonString());
    }

    // What a schema says of names and kinds; bounds and words stand in the file's alone.
    private static JsonObject Form(JsonElement schema, JsonElement root)
    {
        if (schema.TryGetProperty("$ref", out JsonElement reference))
        {
            return Form(root.GetProperty("$defs").GetProperty(reference.GetString()!.Split('/')[^1]), root);
        }

        if (schema.TryGetProperty("anyOf", out JsonElement several))
        {
            // One of some words, or null.
            JsonElement words = several.EnumerateArray().Single(one => one.TryGetProperty("enum", out _)).GetProperty("enum");
            return new JsonObject { ["enum"] = new JsonArray([.. words.EnumerateArray().Select(word => JsonValue.Create(word.GetString())), null]) };
        }

        JsonObject form = [];
        foreach (string keyword in Kept.Where(keyword => schema.TryGetProperty(keyword, out _) && !(keyword == "type" && schema.TryGetProperty("enum", out _))))
        {
            form[keyword] = JsonNode.Parse(schema.GetProperty(keyword).GetRawText());
        }

        if (schema.TryGetProperty("items", out JsonElement items))
        {
            form["items"] = Form(items, root);
        }

        if (schema.TryGetProperty("properties", out JsonElement properties))
        {
            form["properties"] = new JsonObject(properties.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, (JsonNode?)Form(field.Value, root))));
        }

        return form;
    }
}
