using System.Diagnostics;
using System.Globalization;
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
    // A process that dies has closed its sockets before it is gone.
    private static readonly TimeSpan EndingTime = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan StopTime = TimeSpan.FromSeconds(30);
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-serve-").FullName;
    private readonly string[] tracer;
    private readonly string[] command;
    private Process? process;
    private Task<string> errors = Task.FromResult("");

    private ServeProcess(string[] tracer, string? data, string? config, string[] options)
    {
        Data = data ?? Path.Combine(folder, "data");
        this.tracer = tracer;
        command = ["serve", "--data", Data, .. config is null ? options : ["--config", WriteConfig(config), .. options]];
    }

    private ServeProcess(string[] command)
    {
        Data = Path.Combine(folder, "data");
        tracer = [];
        this.command = command;
    }

    /// <summary>Where the program makes its temporary directories; goes with this object.</summary>
    public string TemporaryFolder => folder;

    /// <summary>Its data directory; one that nobody named goes with this object.</summary>
    public string Data { get; }

    public int HttpPort { get; private set; }

    public int MqttPort { get; private set; }

    /// <summary>0 where TLS is not configured.</summary>
    public int MqttTlsPort { get; private set; }

    public HttpClient Http { get; } = new();

    /// <summary>Address of dashboard and API, without a slash at its end.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPort}");

    public string MqttAddress => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{MqttPort}");

    /// <summary>Starts an open gateway on loopback.</summary>
    /// <param name="data">Data directory; null for one of its own.</param>
    /// <param name="config">Content of the configuration file; null for none.</param>
    public static Task<ServeProcess> Open(string? data = null, string? config = null) => Start([], data, config, "--open-on-loopback");

    /// <summary>Starts an open gateway under a tracer, which writes down all it saw when the gateway is killed.</summary>
    public static Task<ServeProcess> Traced(string[] tracer, string data) => Start(tracer, data, config: null, "--open-on-loopback");

    /// <summary>Starts a gateway with accounts and node credentials.</summary>
    public static Task<ServeProcess> Closed(string data, string? config = null) => Start([], data, config);

    /// <summary>Starts the demo, which makes its own data directory in the temporary folder.</summary>
    public static Task<ServeProcess> Demo() => Started(new ServeProcess(["demo"]));

    /// <summary>Starts the program and returns when it is ready; a second start takes the ports of the first.</summary>
    public async Task StartAsync()
    {
        string[] line =
        [
            .. tracer, "dotnet", RepositoryFiles.Program, .. command,
            "--http-port", HttpPort.ToString(CultureInfo.InvariantCulture), "--mqtt-port", MqttPort.ToString(CultureInfo.InvariantCulture),
        ];
        process = Process.Start(new ProcessStartInfo(line[0], line[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            Environment = { ["TMPDIR"] = folder },
        }) ?? throw new InvalidOperationException("The gateway's process could not be started.");
        errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(StartTime);
        string seen = "";
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } said)
        {
            seen += said + "\n";
            Match ready = ReadyLine().Match(said);
            if (ready.Success)
            {
                HttpPort = int.Parse(ready.Groups["http"].Value, CultureInfo.InvariantCulture);
                MqttPort = int.Parse(ready.Groups["mqtt"].Value, CultureInfo.InvariantCulture);
                MqttTlsPort = ready.Groups["mqtts"].Success ? int.Parse(ready.Groups["mqtts"].Value, CultureInfo.InvariantCulture) : 0;
                _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                return;
            }
        }

        process.Dispose();
        process = null;
        throw new InvalidOperationException($"The gateway ended before it was ready. It said: {seen}{await errors}");
    }

    /// <summary>Asks it to end (SIGTERM) and returns its exit code.</summary>
    public Task<int> Terminate()
    {
        Signal("TERM");
        return Ended();
    }

    /// <summary>Sends a signal to the program and does not wait.</summary>
    public void Signal(string name)
    {
        using Process kill = Process.Start("kill", ["-" + name, process!.Id.ToString(CultureInfo.InvariantCulture)]);
        kill.WaitForExit();
    }

    /// <summary>Waits for the program to end by itself and returns its exit code.</summary>
    public async Task<int> Ended()
    {
        using CancellationTokenSource limit = new(StopTime);
        await process!.WaitForExitAsync(limit.Token);
        int code = process.ExitCode;
        process.Dispose();
        process = null;
        return code;
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed. A tracer ends by itself, with all it saw written down.</summary>
    public void Kill()
    {
        if (process is null)
        {
            return;
        }

        if (tracer.Length == 0)
        {
            // One that has ended by itself is a fault of its own, whatever else the test has to say.
            string? fate = process.HasExited ? string.Create(CultureInfo.InvariantCulture, $"The gateway ended by itself with code {process.ExitCode}.") : null;
            process.Kill(entireProcessTree: true);
            if (fate is not null)
            {
                process.WaitForExit();
                process.Dispose();
                process = null;
                throw new InvalidOperationException($"{fate} It said: {errors.GetAwaiter().GetResult()}");
            }
        }
        else
        {
            string children = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process.Id}/task/{process.Id}/children"));
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                using Process traced = Process.GetProcessById(int.Parse(child, CultureInfo.InvariantCulture));
                traced.Kill();
            }
        }

        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public async Task<JsonElement> Get(string path) => await Http.GetFromJsonAsync<JsonElement>(Address + path);

    /// <summary>Asks again until the answer is as wanted.</summary>
    public async Task<JsonElement> Until(string path, Func<JsonElement, bool> isWanted, TimeSpan? within = null)
    {
        using CancellationTokenSource limit = new(within ?? StartTime);
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
        catch (HttpRequestException lost) when (process is { } gateway && gateway.WaitForExit(EndingTime))
        {
            throw new InvalidOperationException($"The gateway ended by itself with code {gateway.ExitCode} while it was asked for {path}. It said: {await errors}", lost);
        }

        throw new TimeoutException($"{path} did not become as wanted; last: {last.GetRawText()}");
    }

    public ValueTask DisposeAsync()
    {
        try
        {
            Kill();
        }
        finally
        {
            Http.Dispose();
            Directory.Delete(folder, recursive: true);
        }

        return ValueTask.CompletedTask;
    }

    private static Task<ServeProcess> Start(string[] tracer, string? data, string? config, params string[] options)
        => Started(new ServeProcess(tracer, data, config, options));

    private static async Task<ServeProcess> Started(ServeProcess serve)
    {
        try
        {
            await serve.StartAsync();
            return serve;
        }
        catch
        {
            await serve.DisposeAsync();
            throw;
        }
    }

    private string WriteConfig(string content)
    {
        string file = Path.Combine(folder, "config.json");
        File.WriteAllText(file, content);
        return file;
    }

    [GeneratedRegex(@"^ready http=http://127\.0\.0\.1:(?<http>\d+) mqtt=127\.0\.0\.1:(?<mqtt>\d+)( mqtts=127\.0\.0\.1:(?<mqtts>\d+))?$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
