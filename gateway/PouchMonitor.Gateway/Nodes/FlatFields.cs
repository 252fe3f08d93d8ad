using System.Text.Json;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>The fields of a message to a node: one JSON object of texts, numbers and truth values, all kept as texts.</summary>
internal static class FlatFields
{
    /// <summary>Most bytes that a node takes in a message.</summary>
    public const int LargestMessageBytes = 4096;

    /// <summary>Most fields that a node takes in a message.</summary>
    public const int MostFields = 96;

    /// <summary>True for a setting that must not be kept by a broker for longer than it takes to reach the node.</summary>
    public static bool IsSecret(string name) => name.Contains("password", StringComparison.OrdinalIgnoreCase)
        || name.Contains("secret", StringComparison.OrdinalIgnoreCase) || name.Contains("token", StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads an object; null with the reason where it is none of that form.</summary>
    public static Dictionary<string, string>? Read(ReadOnlySpan<byte> json, out string problem)
    {
        problem = "";
        Dictionary<string, string> fields = new(StringComparer.Ordinal);
        try
        {
            Utf8JsonReader reader = new(json);
            JsonElement body = JsonDocument.ParseValue(ref reader).RootElement;
            foreach (JsonProperty field in body.EnumerateObject())
            {
                string? text = field.Value.ValueKind switch
                {
                    JsonValueKind.String => field.Value.GetString(),
                    JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => field.Value.GetRawText(),
                    _ => null,
                };
                if (text is null || !fields.TryAdd(field.Name, text))
                {
                    problem = text is null ? $"'{field.Name}' is neither a text, a number, true nor false." : $"'{field.Name}' is there twice.";
                    return null;
                }
            }
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            problem = "The body is not a flat JSON object.";
            return null;
        }

        if (fields.Count > MostFields)
        {
            problem = $"There are {fields.Count} fields, at most {MostFields}.";
            return null;
        }

        return fields;
    }

    /// <summary>The message.</summary>
    public static byte[] Write(IEnumerable<KeyValuePair<string, string>> fields) =>
        JsonSerializer.SerializeToUtf8Bytes(fields.ToDictionary(StringComparer.Ordinal));
}
