using System.Diagnostics;
using System.Globalization;
using PouchMonitor.Mqtt.Tests.Brokers;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.EndToEnd.Tests.Influx;

/// <summary>
/// A real time-series server on a free port of loopback with a folder of its own, which can be ended, killed and started
/// again in its place.
/// </summary>
internal sealed class ServerProgram : IAsyncDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouchmonitor-influx-").FullName;
    private readonly string program;
    private readonly string[] arguments;
    private readonly string readyPath;
    private Process? process;

    private ServerProgram(string program, string readyPath, Func<string, int, string[]> arguments)
    {
        this.program = Programs.RepositoryFiles.Tool(program);
        this.readyPath = readyPath;
        Port = FreePort.Take(1)[0];
        this.arguments = arguments(folder, Port);
    }

    public int Port { get; }

    public HttpClient Http { get; } = new();

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Port}");

    /// <summary>InfluxDB 1.x with a database named <c>cells</c>; the test is skipped where it is not installed.</summary>
    /// <param name="withAccounts">True asks for a user and password: ada and s3cret.</param>
    /// <param name="diskMegabytes">Size of a disk of its own for its data; the test is skipped where none can be mounted.</param>
    public static async Task<ServerProgram> InfluxAsync(bool withAccounts = false, int? diskMegabytes = null)
    {
        ServerProgram server = new("influxd", "/ping", (folder, port) =>
        {
            if (diskMegabytes is { } size)
            {
                Directory.CreateDirectory(Path.Combine(folder, "disk"));
                Assert.SkipUnless(
                    Run("mount", "-t", "tmpfs", "-o", string.Create(CultureInfo.InvariantCulture, $"size={size}m"), "tmpfs", Path.Combine(folder, "disk")),
                    "no right to mount a small disk here");
            }

            string file = Path.Combine(folder, "influxdb.conf");
            File.WriteAllText(file, string.Create(CultureInfo.InvariantCulture, $"""
                reporting-disabled = true
                bind-address = "127.0.0.1:{FreePort.Take(1)[0]}"
                [meta]
                  dir = "{folder}/meta"
                [data]
                  dir = "{folder}/disk/data"
                  wal-dir = "{folder}/disk/wal"
                [monitor]
                  store-enabled = false
                [http]
                  bind-address = "127.0.0.1:{port}"
                  log-enabled = false
                  auth-enabled = {(withAccounts ? "true" : "false")}
                """));
            return ["run", "-config", file];
        });
        await server.StartAsync();
        await server.QueryAsync(withAccounts ? "CREATE USER ada WITH PASSWORD 's3cret' WITH ALL PRIVILEGES" : "CREATE DATABASE cells");
        if (withAccounts)
        {
            await server.QueryAsync("CREATE DATABASE cells", "ada", "s3cret");
        }

        return server;
    }

    /// <summary>VictoriaMetrics, told to keep a hundred years and to leave out what is sent twice.</summary>
    /// <param name="retention">How long it is to keep points, in its own words.</param>
    public static async Task<ServerProgram> VictoriaAsync(string retention = "100y")
    {
        ServerProgram server = new("victoria-metrics", "/health", (folder, port) =>
        [
            $"-storageDataPath={folder}/data", string.Create(CultureInfo.InvariantCulture, $"-httpListenAddr=127.0.0.1:{port}"),
            $"-retentionPeriod={retention}", "-dedup.minScrapeInterval=1ms", "-loggerLevel=ERROR",
        ]);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false, RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        process.OutputDataReceived += static (_, _) => { };
        process.ErrorDataReceived += static (_, _) => { };
        process.BeginErrorReadLine();
        process.BeginOutputReadLine();
        await Eventually.TrueAsync(() => process.HasExited ? throw new InvalidOperationException($"{program} ended with {process.ExitCode}.")
            : FreePort.IsOpen(Port), $"{program} listens", 120);
        using HttpResponseMessage ready = await Http.GetAsync(Address + readyPath);
        Assert.True(ready.IsSuccessStatusCode, $"{program} answers {ready.StatusCode}");
    }

    /// <summary>Runs an InfluxQL statement and returns the answer.</summary>
    public async Task<System.Text.Json.JsonElement> QueryAsync(string query, string? user = null, string? password = null)
    {
        using HttpRequestMessage request = new(HttpMethod.Post, Address + "/query?db=cells&epoch=u")
        {
            Content = new FormUrlEncodedContent([KeyValuePair.Create("q", query)]),
        };
        if (user is not null)
        {
            request.Headers.Authorization = new("Basic", Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"{user}:{password}")));
        }

        using HttpResponseMessage answer = await Http.SendAsync(request);
        string text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode && !text.Contains("\"error\"", StringComparison.Ordinal), $"{query}: {text}");
        return System.Text.Json.JsonDocument.Parse(text).RootElement;
    }

    /// <summary>Takes all that is left of its own disk, or gives it back.</summary>
    public void FillDisk(bool isFull)
    {
        string file = Path.Combine(folder, "disk", "ballast");
        File.Delete(file);
        if (!isFull)
        {
            return;
        }

        using FileStream ballast = new(file, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            while (true)
            {
                ballast.Write(new byte[4096]);
            }
        }
        catch (IOException)
        {
            // Full.
        }
    }

    /// <summary>SIGTERM, and waits for the end.</summary>
    public async Task StopAsync()
    {
        using (Process kill = Process.Start("kill", ["-TERM", process!.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            await kill.WaitForExitAsync();
        }

        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(120));
        process.Dispose();
        process = null;
    }

    /// <summary>SIGSTOP: connections stand, and nobody answers; SIGCONT ends it.</summary>
    public void Hang(bool hangs) => Assert.True(
        Run("kill", hangs ? "-STOP" : "-CONT", process!.Id.ToString(CultureInfo.InvariantCulture)), "the server could not be signalled");

    /// <summary>SIGKILL: nothing is flushed.</summary>
    public void Kill()
    {
        process?.Kill();
        process?.WaitForExit();
        process?.Dispose();
        process = null;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        Http.Dispose();
        string disk = Path.Combine(folder, "disk");
        if (File.ReadLines("/proc/mounts").Any(mount => mount.Split(' ')[1] == disk))
        {
            Run("umount", disk);
        }

        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true, UseShellExecute = false })!;
            process.StandardError.ReadToEnd();
            process.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
