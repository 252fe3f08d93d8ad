using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Api.Door;

namespace PouchMonitor.Gateway.Api.OpenApi;

/// <summary>
/// The OpenAPI 3.1 description of the routes as they are mapped, with the roles they ask for, from <see cref="RouteTable"/> and
/// the schemas of the answers. Written once, at the first request.
/// </summary>
internal sealed partial class OpenApiDocument(IEnumerable<EndpointDataSource> sources)
{
    private byte[]? written;

    public Task Answer(HttpContext context)
    {
        written ??= JsonBytes.Write(Write);
        if (Conditional.IsUnchanged(context, written))
        {
            return Task.CompletedTask;
        }

        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.Body.WriteAsync(written).AsTask();
    }

    /// <summary>Routes as mapped, one for each method; whatever else a program may ask is an error.</summary>
    public static IEnumerable<(string Method, RouteEndpoint Route)> RoutesOf(IEnumerable<EndpointDataSource> sources) =>
        sources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .SelectMany(route => route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [], (route, method) => (method, route));

    private void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("openapi", "3.1.0");
        writer.WriteStartObject("info");
        writer.WriteString("title", "PouchMonitor gateway");
        writer.WriteString("version", GatewayServices.Version);
        writer.WriteString("description", "Times are Unix seconds; the unit is the last word of a name. Errors are {\"error\": \"one sentence\"}.");
        writer.WriteEndObject();
        writer.WriteStartObject("paths");
        foreach (IGrouping<string, (string Method, RouteEndpoint Route)> path in RoutesOf(sources)
            .Where(one => RouteTable.Find(one.Method, one.Route.RoutePattern.RawText) is not null)
            .GroupBy(one => one.Route.RoutePattern.RawText!, StringComparer.Ordinal).OrderBy(path => path.Key, StringComparer.Ordinal))
        {
            writer.WriteStartObject(path.Key);
            foreach ((string method, RouteEndpoint route) in path)
            {
                WriteOperation(writer, method, route);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        WriteComponents(writer);
        writer.WriteEndObject();
    }

    private static void WriteOperation(Utf8JsonWriter writer, string method, RouteEndpoint route)
    {
        string pattern = route.RoutePattern.RawText!;
        Description description = RouteTable.Find(method, pattern)!;
        bool isOpen = route.Metadata.GetMetadata<OpenRoute>() is not null;
        Role role = route.Metadata.GetMetadata<RoleNeeded>()?.Role ?? (method == "GET" ? Role.Viewer : Role.Admin);
        writer.WriteStartObject(method.ToLowerInvariant());
        writer.WriteString("operationId", method.ToLowerInvariant() + NotLetters().Replace(pattern.Replace("/api/v1", "", StringComparison.Ordinal), "_"));
        writer.WriteString("summary", description.Summary);
        writer.WriteString("x-role", isOpen ? "none" : role.ToString().ToLowerInvariant());
        writer.WriteStartArray("tags");
        writer.WriteStringValue(description.Tag);
        writer.WriteEndArray();
        WriteParameters(writer, route, description);
        if (description.Body is not null || description.BodyMedia.Count > 0)
        {
            writer.WriteStartObject("requestBody");
            writer.WriteStartObject("content");
            foreach (string media in description.BodyMedia.DefaultIfEmpty("application/json"))
            {
                WriteContent(writer, media, description.Body);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        writer.WriteStartObject("responses");
        WriteAnswer(writer, description.Answer is null && description.Media == "application/json" ? "204" : "200", description.Summary, description.Media, description.Answer);
        WriteAnswer(writer, "default", "Why it could not be done.", "application/json", "Error");
        writer.WriteEndObject();
        writer.WriteStartArray("security");
        foreach (string scheme in isOpen ? [] : (string[])["session", "token", "basic"])
        {
            writer.WriteStartObject();
            writer.WriteStartArray(scheme);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteParameters(Utf8JsonWriter writer, RouteEndpoint route, Description description)
    {
        writer.WriteStartArray("parameters");
        foreach (string name in route.RoutePattern.Parameters.Select(parameter => parameter.Name))
        {
            writer.WriteStartObject();
            writer.WriteString("name", name);
            writer.WriteString("in", "path");
            writer.WriteBoolean("required", true);
            writer.WriteStartObject("schema");
            writer.WriteString("type", "string");
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        foreach (Parameter parameter in description.Query)
        {
            writer.WriteStartObject();
            writer.WriteString("name", parameter.Name);
            writer.WriteString("in", "query");
            writer.WriteString("description", parameter.Text);
            WriteSchema(writer, parameter);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteSchema(Utf8JsonWriter writer, Parameter parameter)
    {
        writer.WriteStartObject("schema");
        writer.WriteString("type", parameter.Type);
        if (parameter.Minimum is { } minimum)
        {
            writer.WriteNumber("minimum", minimum);
        }

        if (parameter.Maximum is { } maximum)
        {
            writer.WriteNumber("maximum", maximum);
        }

        if (parameter.MaximumLength is { } length)
        {
            writer.WriteNumber("maxLength", length);
        }

        if (parameter.Values is { } values)
        {
            writer.WriteStartArray("enum");
            foreach (string value in values)
            {
                writer.WriteStringValue(value);
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    private static void WriteAnswer(Utf8JsonWriter writer, string status, string text, string media, string? schema)
    {
        writer.WriteStartObject(status);
        writer.WriteString("description", text);
        if (status != "204")
        {
            writer.WriteStartObject("content");
            WriteContent(writer, media, schema);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteContent(Utf8JsonWriter writer, string media, string? schema)
    {
        writer.WriteStartObject(media);
        writer.WriteStartObject("schema");
        if (schema is null)
        {
            writer.WriteString("type", "string");
        }
        else if (schema.EndsWith("[]", StringComparison.Ordinal))
        {
            writer.WriteString("type", "array");
            writer.WriteStartObject("items");
            writer.WriteString("$ref", "#/components/schemas/" + schema[..^2]);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteString("$ref", "#/components/schemas/" + schema);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteComponents(Utf8JsonWriter writer)
    {
        using Stream stream = typeof(OpenApiDocument).Assembly.GetManifestResourceStream("PouchMonitor.Gateway.Api.OpenApi.schemas.json")
            ?? throw new InvalidOperationException("The assembly lacks its schemas.");
        using JsonDocument schemas = JsonDocument.Parse(stream);
        writer.WriteStartObject("components");
        writer.WritePropertyName("schemas");
        schemas.RootElement.WriteTo(writer);
        writer.WritePropertyName("securitySchemes");
        writer.WriteRawValue("""
            {"session":{"type":"apiKey","in":"cookie","name":"pouchmonitor-session","description":"Of a signed-in person; changes also need the header X-PouchMonitor-Csrf."},
            "token":{"type":"http","scheme":"bearer"},"basic":{"type":"http","scheme":"basic"}}
            """);
        writer.WriteEndObject();
    }

    [GeneratedRegex("[^A-Za-z]+", RegexOptions.None, 1000)]
    private static partial Regex NotLetters();
}
