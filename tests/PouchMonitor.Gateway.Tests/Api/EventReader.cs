using System.Text.Json;

namespace PouchMonitor.Gateway.Tests.Api;

/// <summary>Reads server-sent events of a gateway as a dashboard does.</summary>
internal sealed class EventReader : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private readonly HttpClient http = new();
    private readonly StreamReader lines;

    private EventReader(HttpClient http, Stream body)
    {
        this.http = http;
        lines = new StreamReader(body);
    }

    /// <summary>The last id seen.</summary>
    public string? LastId { get; private set; }

    public static async Task<EventReader> OpenAsync(string address, string? lastId = null)
    {
        HttpClient http = new() { Timeout = Patience };
        using HttpRequestMessage request = new(HttpMethod.Get, address + "/api/v1/stream");
        if (lastId is not null)
        {
            request.Headers.Add("Last-Event-ID", lastId);
        }

        HttpResponseMessage answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        return new EventReader(http, await answer.Content.ReadAsStreamAsync()) { LastId = lastId };
    }

    /// <summary>The next event.</summary>
    public async Task<(string Name, JsonElement Data)> NextAsync()
    {
        using CancellationTokenSource limit = new(Patience);
        string name = "message";
        JsonElement data = default;
        while (await lines.ReadLineAsync(limit.Token) is { } line)
        {
            if (line.Length == 0 && data.ValueKind != JsonValueKind.Undefined)
            {
                return (name, data);
            }

            if (line.StartsWith("id: ", StringComparison.Ordinal))
            {
                LastId = line[4..];
            }
            else if (line.StartsWith("event: ", StringComparison.Ordinal))
            {
                name = line[7..];
            }
            else if (line.StartsWith("data: ", StringComparison.Ordinal))
            {
                data = JsonSerializer.Deserialize<JsonElement>(line[6..]);
            }
        }

        throw new EndOfStreamException();
    }

    /// <summary>The next event that is as wanted; others are passed over.</summary>
    public async Task<JsonElement> NextAsync(string name, Func<JsonElement, bool>? isWanted = null)
    {
        while (true)
        {
            (string next, JsonElement data) = await NextAsync();
            if (next == name && isWanted?.Invoke(data) != false)
            {
                return data;
            }
        }
    }

    public void Dispose()
    {
        lines.Dispose();
        http.Dispose();
    }
}
