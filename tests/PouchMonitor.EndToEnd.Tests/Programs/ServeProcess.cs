using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace PouchMonitor.EndToEnd.Tests.Programs;

/// <summary>
/// The real <c>pouchmonitor serve</c> in a process of its own, on free ports, which can be ended or killed and started
/// again in its place.
/// </summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);
    private readonly string[] options;
    private readonly bool ownsData;
    private Process? process;

    private ServeProcess(string? data, string[] options)
    {
        ownsData = data is null;
        Data = data ?? Directory.CreateTempSubdirectory("pouchmonitor-serve-").FullName;
        this.options = options;
    }

    public string Data { get; }

    public int HttpPort { get; private set; }

    public int MqttPort { get; private set; }

    public HttpClient Http { get; } = new();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPort}");

    public string MqttAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{MqttPort}");

    public IPEndPoint Mqtt => new(IPAddress.Loopback, MqttPort);

    public int ProcessId => process!.Id;

    /// <summary>Starts an open gateway on loopback.</summary>
    public static Task<ServeProcess> Open(string? data = null) => Start(data, "--open-on-loopback");

    public static async Task<ServeProcess> Start(string? data, params string[] options)
    {
        ServeProcess serve = new(data, options);
        await serve.StartAsync();
        return serve;
    }

    /// <summary>Starts the program and returns when it is ready; a second start takes the ports of the first.</summary>
    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo("dotnet",
        [
            RepositoryFiles.Program, "serve", "--data", Data, "--http-port", $"{HttpPort}", "--mqtt-port", $"{MqttPort}", .. options,
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("The gateway's process could not be started.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(StartTime);
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            Match ready = ReadyLine().Match(line);
            if (ready.Success)
            {
                HttpPort = int.Parse(ready.Groups["http"].Value, CultureInfo.InvariantCulture);
                MqttPort = int.Parse(ready.Groups["mqtt"].Value, CultureInfo.InvariantCulture);
                return;
            }
        }

        throw new InvalidOperationException($"The gateway ended before it was ready: {await errors}");
    }

    /// <summary>Asks it to end (SIGTERM) and returns its exit code.</summary>
    public async Task<int> Terminate()
    {
        await CommandRun.Run("kill", "-TERM", process!.Id.ToString(CultureInfo.InvariantCulture));
        using CancellationTokenSource limit = new(StopTime);
        await process.WaitForExitAsync(limit.Token);
        int code = process.ExitCode;
        process.Dispose();
        process = null;
        return code;
    }

    /// <summary>Ends the process as the kernel would.</summary>
    public void Kill()
    {
        if (process is not null)
        {
            process.Kill();
            process.WaitForExit();
            process.Dispose();
            process = null;
        }
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(Address + path);

    /// <summary>Asks again until the answer is as wanted.</summary>
    public async Task<JsonElement> Until(string path, Func<JsonElement, bool> isWanted)
    {
        using CancellationTokenSource limit = new(StartTime);
        using PeriodicTimer timer = new(TimeSpan.FromMilliseconds(50));
        JsonElement last = default;
        try
        {
            do
            {
                using HttpResponseMessage answer = await Http.GetAsync(Address + path, limit.Token);
                last = await answer.Content.ReadFromJsonAsync<JsonElement>(limit.Token);
                if (answer.IsSuccessStatusCode && isWanted(last))
                {
                    return last;
                }
            }
            while (await timer.WaitForNextTickAsync(limit.Token));
        }
        catch (OperationCanceledException)
        {
            // Told below, with what was last seen.
        }

        throw new TimeoutException($"{path} did not become as wanted; last: {last.GetRawText()}");
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Http.Dispose();
        if (ownsData)
        {
            Directory.Delete(Data, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    [GeneratedRegex(@"^ready http=http://127\.0\.0\.1:(?<http>\d+) mqtt=127\.0\.0\.1:(?<mqtt>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
