using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.AspNetCore.Routing;
using PouchMonitor.Gateway.Api.OpenApi;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>The API as its description says: every route described, every answer by its schema, every bound enforced; and nothing sent twice.</summary>
public sealed class ApiTests(ApiBench bench) : IClassFixture<ApiBench>
{
    [Fact]
    public void EveryRoute_IsDescribed()
    {
        string[] missing = [.. OpenApiDocument.RoutesOf(bench.Routes)
            .Where(one => RouteTable.Find(one.Method, one.Route.RoutePattern.RawText) is null)
            .Select(one => $"{one.Method} {one.Route.RoutePattern.RawText}").Distinct(StringComparer.Ordinal)];
        Assert.True(missing.Length == 0,
            $"Not described: {string.Join(", ", missing)}. Add a line for each to gateway/PouchMonitor.Gateway/Api/OpenApi/RouteTable.cs, "
            + "and the schema of its answer to schemas.json beside it.");
    }

    [Fact]
    public async Task TheDescription_NamesOnlySchemasThatAreThere()
    {
        using JsonDocument document = await Document();
        JsonElement schemas = document.RootElement.GetProperty("components").GetProperty("schemas");
        foreach (string name in References(document.RootElement).Distinct(StringComparer.Ordinal))
        {
            Assert.True(schemas.TryGetProperty(name, out _), $"There is no schema {name}.");
        }

        // A schema that allows everything describes nothing.
        Assert.All(schemas.EnumerateObject(), schema => Assert.True(
            schema.Value.TryGetProperty("properties", out _) || schema.Value.TryGetProperty("anyOf", out _)
                || (schema.Value.TryGetProperty("additionalProperties", out JsonElement others) && others.ValueKind == JsonValueKind.Object),
            $"Schema {schema.Name} says nothing of what is in it."));
        Assert.Empty(schemas.EnumerateObject().SelectMany(schema => Vague(schema.Value, schema.Name)));

        Assert.Equal("3.1.0", document.RootElement.GetProperty("openapi").GetString());
        string[] ids = [.. document.RootElement.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject())
            .Select(operation => operation.Value.GetProperty("operationId").GetString()!)];
        Assert.Equal(ids.Distinct(StringComparer.Ordinal), ids);
        Assert.Equal("operator", document.RootElement.GetProperty("paths").GetProperty("/api/v1/alarms/{cell}/{rule}/acknowledge")
            .GetProperty("post").GetProperty("x-role").GetString());
    }

    [Fact]
    public async Task EveryAnswer_IsAsDescribed()
    {
        ApiDescription description = await ApiDescription.ReadAsync(bench.Http);
        List<string> problems = [];
        int checkedCount = 0;
        foreach ((string method, RouteEndpoint route) in OpenApiDocument.RoutesOf(bench.Routes))
        {
            string pattern = route.RoutePattern.RawText!;
            if (method != "GET" || RouteTable.Find(method, pattern)?.Answer is null || bench.PathOf(pattern) is not { } path)
            {
                continue;
            }

            using HttpResponseMessage answer = await bench.Http.GetAsync(path);
            string body = await answer.Content.ReadAsStringAsync();
            problems.AddRange(answer.StatusCode == HttpStatusCode.OK
                ? description.AnswerProblems(method, pattern, body).Select(problem => $"{path}: {problem}")
                : [$"{path}: {(int)answer.StatusCode} {body}"]);
            checkedCount++;
        }

        Assert.True(problems.Count == 0, string.Join('\n', problems.Take(20)));
        Assert.True(checkedCount >= 15, $"Only {checkedCount} routes were checked.");
    }

    [Theory]
    [InlineData("cells?limt=5", "There is no parameter 'limt' here, nor any other.")]
    [InlineData("tests?limt=5", "There is no parameter 'limt' here; there are limit, after.")]
    [InlineData("tests?limit=0", "limit = 0 is outside 1 to 100000.")]
    [InlineData("tests?limit=100001", "limit = 100001 is outside 1 to 100000.")]
    [InlineData("tests?limit=1.5", "limit = '1.5' is not a whole number.")]
    [InlineData("tests?limit=x", "limit = 'x' is not a whole number.")]
    [InlineData("tests?limit=1&limit=2", "limit is given 2 times.")]
    [InlineData("tests?after=-1", "after = -1 is outside 0 to ")]
    [InlineData("quarantine?limit=1001", "limit = 1001 is outside 1 to 1000.")]
    [InlineData("cells/lab.1/samples?points=9", "points = 9 is outside 10 to 20000.")]
    [InlineData("cells/lab.1/samples?from=nan", "from = 'nan' is not a number.")]
    public async Task AQueryOutOfBounds_IsNamed(string path, string error)
    {
        using HttpResponseMessage answer = await bench.Http.GetAsync("api/v1/" + path);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
        Assert.StartsWith(error, body.RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AList_IsReadPieceByPiece()
    {
        string[] whole = await Names("api/v1/tests", "test");
        Assert.Equal(ApiBench.Channels, whole.Length);
        List<string> pieces = [];
        string? next = "api/v1/tests?limit=2";
        while (next is not null)
        {
            using HttpResponseMessage answer = await bench.Http.GetAsync(next);
            using JsonDocument body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync());
            Assert.True(body.RootElement.GetArrayLength() <= 2);
            pieces.AddRange(body.RootElement.EnumerateArray().Select(test => test.GetProperty("test").GetString()!));
            next = answer.Headers.TryGetValues("Link", out IEnumerable<string>? links)
                ? links.Single()[1..].Split(">; rel=\"next\"")[0].TrimStart('/') : null;
        }

        Assert.Equal(whole, pieces);
        Assert.Equal(["lab"], await Names("api/v1/nodes?limit=1", "node"));
        Assert.Empty(await Names("api/v1/nodes?after=lab", "node"));
    }

    [Theory]
    [InlineData("cells")]
    [InlineData("cells/lab.1/cycles")]
    [InlineData("cells/lab.1/findings")]
    [InlineData("cells/lab.1/samples")]
    [InlineData("alarms")]
    [InlineData("tests")]
    [InlineData("nodes")]
    [InlineData("profiles")]
    [InlineData("openapi.json")]
    public async Task WhatHasNotChanged_IsNotSentAgain(string path)
    {
        // The gateway may still have something to say of its start; then it is quiet.
        DateTime end = DateTime.UtcNow.AddMinutes(1);
        HttpStatusCode status;
        do
        {
            Assert.True(DateTime.UtcNow < end, "It is sent again and again.");
            using HttpResponseMessage first = await bench.Http.GetAsync("api/v1/" + path);
            EntityTagHeaderValue tag = first.Headers.ETag!;
            Assert.False(tag.IsWeak);
            Assert.Equal(["no-cache", "private"], first.Headers.GetValues("Cache-Control").Single().Split(", "));
            using HttpRequestMessage again = new(HttpMethod.Get, "api/v1/" + path);
            again.Headers.IfNoneMatch.Add(tag);
            using HttpResponseMessage second = await bench.Http.SendAsync(again);
            status = second.StatusCode;
            Assert.Equal(status == HttpStatusCode.NotModified, (await second.Content.ReadAsByteArrayAsync()).Length == 0);
        }
        while (status != HttpStatusCode.NotModified);

        using HttpRequestMessage other = new(HttpMethod.Get, "api/v1/" + path);
        other.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"other\""));
        using HttpResponseMessage third = await bench.Http.SendAsync(other);
        Assert.Equal(HttpStatusCode.OK, third.StatusCode);
    }

    [Fact]
    public async Task WhatHoldsSecrets_IsNeitherKeptNorCompressed()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/v1/session") { Headers = { { "Accept-Encoding", "br, gzip" } } };
        using HttpResponseMessage answer = await bench.Http.SendAsync(request);
        Assert.Equal("no-store", answer.Headers.CacheControl!.ToString());
        Assert.Null(answer.Headers.ETag);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    public async Task AnswersAreCompressed_WhereTheAskerCanReadIt(string encoding)
    {
        using HttpRequestMessage request = new(HttpMethod.Get, "api/v1/openapi.json") { Headers = { { "Accept-Encoding", encoding } } };
        using HttpResponseMessage answer = await bench.Http.SendAsync(request);
        Assert.Equal([encoding], answer.Content.Headers.ContentEncoding);
        Assert.Contains("Accept-Encoding", answer.Headers.Vary);
    }

    [Theory]
    [InlineData("api/v1/cells")]
    [InlineData("api/v1/stream")]
    [InlineData("healthz")]
    public async Task Head_GivesTheHeadersAlone(string path)
    {
        using HttpRequestMessage request = new(HttpMethod.Head, path);
        using HttpResponseMessage answer = await bench.Http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
    }

    private async Task<JsonDocument> Document() => JsonDocument.Parse(await bench.Http.GetStringAsync("api/v1/openapi.json"));

    private async Task<string[]> Names(string path, string field)
    {
        using JsonDocument body = JsonDocument.Parse(await bench.Http.GetStringAsync(path));
        return [.. body.RootElement.EnumerateArray().Select(item => item.GetProperty(field).GetString()!)];
    }

    // Where a schema says that there are objects or lists, and not of what.
    private static IEnumerable<string> Vague(JsonElement schema, string at)
    {
        if (schema.ValueKind == JsonValueKind.Array)
        {
            return schema.EnumerateArray().Index().SelectMany(one => Vague(one.Item, $"{at}[{one.Index}]"));
        }

        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }

        string type = schema.TryGetProperty("type", out JsonElement said) ? said.GetRawText() : "";
        bool isVague = (type.Contains("\"object\"", StringComparison.Ordinal) && !schema.TryGetProperty("properties", out _) && !schema.TryGetProperty("additionalProperties", out _))
            || (type.Contains("\"array\"", StringComparison.Ordinal) && !schema.TryGetProperty("items", out _));
        return schema.EnumerateObject().SelectMany(field => Vague(field.Value, $"{at}.{field.Name}")).Concat(isVague ? [at] : []);
    }

    private static IEnumerable<string> References(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(field => field.NameEquals("$ref")
            ? [field.Value.GetString()!.Split('/')[^1]] : References(field.Value)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(References),
        _ => [],
    };
}
