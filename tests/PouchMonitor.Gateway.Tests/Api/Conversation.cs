using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Tests.Security;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>Requests and answers, each held against the description.</summary>
internal sealed class Conversation : IDisposable
{
    private readonly HttpClient http;
    private readonly ApiDescription description;
    private readonly List<string> problems = [];

    private Conversation(HttpClient http, ApiDescription description)
    {
        this.http = http;
        this.description = description;
    }

    /// <summary>Says who asks.</summary>
    public Action<HttpRequestMessage> Speaks { get; set; } = ClosedGateway.Nobody;

    /// <summary>What stands in a path for each parameter of a route.</summary>
    public Dictionary<string, string> Places { get; } = new(StringComparer.Ordinal) { ["node"] = "lab", ["channel"] = "1", ["name"] = "own", ["user"] = "new" };

    /// <summary>Method and pattern of each route that was asked.</summary>
    public HashSet<string> Asked { get; } = new(StringComparer.Ordinal);

    public static async Task<Conversation> BeginAsync(string address, Action<HttpRequestMessage>? speaks = null)
    {
        HttpClient http = new(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = new Uri(address + "/") };
        using HttpRequestMessage probe = new();
        speaks?.Invoke(probe);
        http.DefaultRequestHeaders.Authorization = probe.Headers.Authorization;
        ApiDescription description = await ApiDescription.ReadAsync(http);
        http.DefaultRequestHeaders.Authorization = null;
        return new Conversation(http, description) { Speaks = speaks ?? ClosedGateway.Nobody };
    }

    public Task<JsonElement> SayAsync(string method, string route, string? body = null)
    {
        string pattern = route.Split('?')[0];
        if (body is not null)
        {
            problems.AddRange(description.BodyProblems(method, pattern, body).Select(problem => $"body of {method} {pattern}: {problem}"));
        }

        return SendAsync(method, route, body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"));
    }

    /// <summary>The same with a file as the body.</summary>
    public Task<JsonElement> SayAsync(string method, string route, byte[] file, string mediaType)
    {
        string pattern = route.Split('?')[0];
        if (!description.TakesFile(method, pattern, mediaType))
        {
            problems.Add($"body of {method} {pattern}: {mediaType} is not described.");
        }

        return SendAsync(method, route, new ByteArrayContent(file) { Headers = { ContentType = new MediaTypeHeaderValue(mediaType) } });
    }

    /// <summary>Holds what the stream told against a schema by name.</summary>
    public void Hear(string schema, JsonElement value) =>
        problems.AddRange(description.SchemaProblems(schema, value).Select(problem => $"event as {schema}: {problem}"));

    /// <summary>Nothing was otherwise than described.</summary>
    public void Finish() => Assert.True(problems.Count == 0, string.Join('\n', problems));

    public void Dispose() => http.Dispose();

    private async Task<JsonElement> SendAsync(string method, string route, HttpContent? content)
    {
        string pattern = route.Split('?')[0];
        string path = Places.Aggregate(route, (text, place) => text.Replace($"{{{place.Key}}}", place.Value, StringComparison.Ordinal)).TrimStart('/');
        using HttpRequestMessage request = new(new HttpMethod(method), path) { Content = content };
        Speaks(request);
        using HttpResponseMessage answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        string text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.Created, $"{method} {path}: {(int)answer.StatusCode} {text}");
        problems.AddRange(description.AnswerProblems(method, pattern, text).Select(problem => $"{method} {pattern}: {problem}"));
        Asked.Add($"{method} {pattern}");
        return JsonSerializer.Deserialize<JsonElement>(text);
    }
}
