using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace PouchMonitor.Mqtt.Tests.Interop;

/// <summary>Which program and how it reaches the server. A TLS or WebSocket case differs from the plain one in this alone.</summary>
/// <param name="Port">Of the server, on 127.0.0.1.</param>
/// <param name="Transport"><c>mqtt</c>, <c>mqtts</c>, <c>ws</c> or <c>wss</c>.</param>
/// <param name="Path">Of a WebSocket.</param>
/// <param name="AuthorityFile">PEM file of the authority that signed the server's certificate.</param>
internal sealed record ForeignRoute(int Port, string Transport = "mqtt", string? Path = null, string? AuthorityFile = null);

/// <summary>
/// A client library of someone else in a process of its own, driven by lines of JSON. Events come in the order in which the
/// library told them; <see cref="NextAsync"/> takes the next of a kind and keeps the others.
/// </summary>
internal sealed class ForeignClient : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Process _process;
    private readonly ForeignRoute _route;
    private readonly Channel<JsonObject> _events = Channel.CreateUnbounded<JsonObject>();
    private readonly List<JsonObject> _kept = [];
    private readonly Task<string> _errors;

    private ForeignClient(Process process, ForeignRoute route)
    {
        _process = process;
        _route = route;
        _errors = process.StandardError.ReadToEndAsync();
        _ = ReadAsync();
    }

    /// <summary>Starts <c>npm mqtt</c> or <c>python3-paho-mqtt</c>; the test is skipped where it is not installed.</summary>
    public static async Task<ForeignClient> StartAsync(string library, ForeignRoute route)
    {
        string folder = Path.Combine(FindRoot(), "tests", "PouchMonitor.Mqtt.Tests", "Interop");
        string[] line;
        if (library == "npm mqtt")
        {
            Assert.SkipUnless(
                Directory.Exists(Path.Combine(folder, "npm", "node_modules", "mqtt")),
                "The npm package mqtt is not installed (npm ci in tests/PouchMonitor.Mqtt.Tests/Interop/npm).");
            line = ["node", Path.Combine(folder, "npm", "client.mjs")];
        }
        else
        {
            Assert.SkipUnless(
                File.Exists("/usr/lib/python3/dist-packages/paho/mqtt/client.py"), "The Debian package python3-paho-mqtt is not installed.");
            line = ["/usr/bin/python3", Path.Combine(folder, "paho", "client.py")];
        }

        Process process = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var client = new ForeignClient(process, route);
        await client.NextAsync("ready");
        return client;
    }

    /// <summary>Connects and gives the event that answers: <c>connected</c> or <c>refused</c>.</summary>
    public async Task<JsonObject> ConnectAsync(object options)
    {
        JsonObject command = Command("connect", options);
        command["port"] = _route.Port;
        command["transport"] = _route.Transport;
        command["path"] = _route.Path;
        command["ca"] = _route.AuthorityFile;
        await SendAsync(command);
        return await NextAsync("connected", "refused");
    }

    public async Task<int[]> SubscribeAsync(string filter, int qos, int? identifier = null)
    {
        await SendAsync(Command("subscribe", new { filter, qos, identifier }));
        return [.. (await NextAsync("subscribed"))["reasons"]!.AsArray().Select(reason => reason!.GetValue<int>())];
    }

    /// <summary>Publishes and gives the reason of the acknowledgement, where the library tells it.</summary>
    public async Task<int> PublishAsync(string topic, string payload, int qos, bool retain = false, object? properties = null)
    {
        await SendAsync(Command("publish", new { topic, payload, qos, retain, properties }));
        return (await NextAsync("published"))["reason"]!.GetValue<int>();
    }

    public async Task DisconnectAsync()
    {
        await SendAsync(Command("disconnect", new { }));
        await NextAsync("ended");
    }

    public Task<JsonObject> MessageAsync() => NextAsync("message");

    /// <summary>The next event of one of these kinds.</summary>
    public async Task<JsonObject> NextAsync(params string[] kinds)
    {
        int index = _kept.FindIndex(item => kinds.Contains(item["event"]!.GetValue<string>()));
        if (index >= 0)
        {
            JsonObject found = _kept[index];
            _kept.RemoveAt(index);
            return found;
        }

        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (true)
            {
                JsonObject next = await _events.Reader.ReadAsync(patience.Token);
                if (kinds.Contains(next["event"]!.GetValue<string>()))
                {
                    return next;
                }

                _kept.Add(next);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or ChannelClosedException)
        {
            Kill();
            throw new InvalidOperationException(
                $"No '{string.Join("' or '", kinds)}' came; seen: {string.Join(' ', _kept.Select(item => item.ToJsonString()))}; errors: {await _errors}", exception);
        }
    }

    /// <summary>Ends the process without a word to the server.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static JsonObject Command(string command, object options)
    {
        JsonObject result = JsonSerializer.SerializeToNode(options)!.AsObject();
        result["command"] = command;
        return result;
    }

    private static string FindRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "PouchMonitor.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException($"PouchMonitor.sln lies nowhere above {AppContext.BaseDirectory}.");
    }

    private async Task SendAsync(JsonObject command)
    {
        await _process.StandardInput.WriteLineAsync(command.ToJsonString());
        await _process.StandardInput.FlushAsync();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            if (JsonNode.Parse(line) is JsonObject item)
            {
                _events.Writer.TryWrite(item);
            }
        }

        _events.Writer.TryComplete();
    }
}
