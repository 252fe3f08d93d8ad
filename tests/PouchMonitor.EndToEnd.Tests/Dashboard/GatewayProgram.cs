using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace PouchMonitor.EndToEnd.Tests.Dashboard;

/// <summary>The real <c>pouchmonitor serve</c> in a process of its own, which can be killed and started again in its place.</summary>
internal sealed partial class GatewayProgram : IDisposable
{
    private static readonly TimeSpan StartTime = TimeSpan.FromSeconds(60);
    private readonly string directory = Directory.CreateTempSubdirectory("pouchmonitor-dashboard-").FullName;
    private readonly string config;
    private Process? process;
    private int httpPort;
    private int mqttPort;

    /// <param name="configuration">Content of the configuration file.</param>
    public GatewayProgram(string configuration)
    {
        config = Path.Combine(directory, "config.json");
        File.WriteAllText(config, configuration);
    }

    /// <summary>Address of dashboard and API, without a slash at its end.</summary>
    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{httpPort}");

    /// <summary>Where nodes connect.</summary>
    public IPEndPoint Mqtt => new(IPAddress.Loopback, mqttPort);

    /// <summary>Starts the program and returns when it says that it is ready. A second start takes the ports of the first.</summary>
    public async Task StartAsync()
    {
        ProcessStartInfo start = new("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            Program(), "serve", "--open-on-loopback", "--data", Path.Combine(directory, "data"), "--config", config,
            "--http-port", httpPort.ToString(CultureInfo.InvariantCulture), "--mqtt-port", mqttPort.ToString(CultureInfo.InvariantCulture),
        ];
        foreach (string argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        process = Process.Start(start) ?? throw new InvalidOperationException("The gateway's process could not be started.");
        Task<string> errors = process.StandardError.ReadToEndAsync();
        using CancellationTokenSource limit = new(StartTime);
        string seen = "";
        while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
        {
            seen += line + "\n";
            Match ready = ReadyLine().Match(line);
            if (ready.Success)
            {
                httpPort = int.Parse(ready.Groups["http"].Value, CultureInfo.InvariantCulture);
                mqttPort = int.Parse(ready.Groups["mqtt"].Value, CultureInfo.InvariantCulture);
                return;
            }
        }

        throw new InvalidOperationException($"The gateway ended before it was ready. It said: {seen}{await errors}");
    }

    /// <summary>Ends the process as a power cut would.</summary>
    public void Kill()
    {
        if (process is null)
        {
            return;
        }

        process.Kill(entireProcessTree: true);
        process.WaitForExit();
        process.Dispose();
        process = null;
    }

    public void Dispose()
    {
        Kill();
        Directory.Delete(directory, recursive: true);
    }

    /// <summary>The root of the repository, found from where the tests run.</summary>
    public static string RepositoryRoot()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "PouchMonitor.sln")))
        {
            at = at.Parent;
        }

        return at?.FullName ?? throw new InvalidOperationException($"PouchMonitor.sln lies nowhere above {AppContext.BaseDirectory}.");
    }

    /// <summary>The program with the dashboard beside it, of the same configuration as these tests.</summary>
    private static string Program()
    {
        DirectoryInfo framework = new(AppContext.BaseDirectory.TrimEnd(Path.DirectorySeparatorChar));
        string program = Path.Combine(
            RepositoryRoot(), "gateway", "PouchMonitor.Cli", "bin", framework.Parent!.Name, framework.Name, "pouchmonitor.dll");
        return File.Exists(program) ? program : throw new FileNotFoundException($"{program} has not been built.");
    }

    [GeneratedRegex(@"^ready http=http://127\.0\.0\.1:(?<http>\d+) mqtt=127\.0\.0\.1:(?<mqtt>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
