using System.Text.Json;
using Microsoft.AspNetCore.Http;

namespace PouchMonitor.Gateway.Api.Door;

/// <summary>The small JSON objects that accounts, tokens and signing in are made of. Faults of them never repeat what was sent.</summary>
internal sealed class JsonBody(JsonElement root)
{
    /// <summary>Most bytes of a body.</summary>
    public const int MostBytes = 8 * 1024;

    /// <summary>Reads the body; null, with the answer sent, where it is no JSON object of a bearable size.</summary>
    /// <param name="context">The request.</param>
    /// <param name="mayBeEmpty">True where no body at all is as good as an empty object.</param>
    public static async Task<JsonBody?> ReadAsync(HttpContext context, bool mayBeEmpty = false)
    {
        // One byte more shows that it is too long.
        byte[] bytes = new byte[MostBytes + 1];
        int length = await context.Request.Body.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, context.RequestAborted);
        if (length > MostBytes)
        {
            await GatewayEndpoints.Fail(context, StatusCodes.Status413PayloadTooLarge, $"The body has more than {MostBytes} bytes.");
            return null;
        }

        if (length == 0 && mayBeEmpty)
        {
            bytes = [(byte)'{', (byte)'}'];
            length = bytes.Length;
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(bytes.AsMemory(0, length), new JsonDocumentOptions { MaxDepth = 4 });
            if (document.RootElement.ValueKind == JsonValueKind.Object)
            {
                return new JsonBody(document.RootElement.Clone());
            }
        }
        catch (JsonException)
        {
            // Told below, without what was sent: it may be a password.
        }

        await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, "The body is not a JSON object.");
        return null;
    }

    /// <summary>A text that has to be there; null, with the answer sent, where it is not.</summary>
    public async Task<string?> NeedAsync(HttpContext context, string name)
    {
        if (Text(name) is { Length: > 0 } text)
        {
            return text;
        }

        await GatewayEndpoints.Fail(context, StatusCodes.Status400BadRequest, $"'{name}' is missing, or no text.");
        return null;
    }

    /// <summary>A text; null where there is none.</summary>
    public string? Text(string name)
    {
        try
        {
            return root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            return null; // Half of a surrogate pair.
        }
    }

    /// <summary>Name of the first field that is none of those; null where there is none.</summary>
    public string? FieldBeside(params string[] known) =>
        root.EnumerateObject().Select(field => field.Name).FirstOrDefault(name => Array.IndexOf(known, name) < 0);

    /// <summary>True where the field is there, and not null.</summary>
    public bool Has(string name) => root.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>A number; null where there is none.</summary>
    public double? Number(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out double number) ? number : null;

    /// <summary>A truth value; null where there is none.</summary>
    public bool? Flag(string name) =>
        root.TryGetProperty(name, out JsonElement value) && value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetBoolean() : null;

    /// <summary>Texts in an array; null where it is no such array.</summary>
    public IReadOnlyList<string>? Texts(string name)
    {
        if (!root.TryGetProperty(name, out JsonElement value) || value.ValueKind != JsonValueKind.Array
            || value.EnumerateArray().Any(item => item.ValueKind != JsonValueKind.String))
        {
            return null;
        }

        try
        {
            return [.. value.EnumerateArray().Select(item => item.GetString()!)];
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
