using System.Diagnostics;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Brokers;

/// <summary>A real mosquitto on a free port of loopback, with its sessions on disk, which can be ended and started again in its place.</summary>
internal sealed class Mosquitto : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("pouchmonitor-mosquitto-").FullName;
    private readonly string _configuration;
    private Process? _process;

    private Mosquitto(string extra)
    {
        Port = FreePort.Take(1)[0];
        _configuration = Path.Combine(_folder, "mosquitto.conf");

        // The settings that README asks for, so that it drops nothing on its way to the gateway.
        File.WriteAllText(_configuration, $"""
            listener {Port} 127.0.0.1
            {extra.Replace("FOLDER", _folder, StringComparison.Ordinal)}
            persistence true
            persistence_location {_folder}/
            max_queued_messages 0
            max_inflight_messages 100
            user root
            """);
    }

    public int Port { get; }

    /// <summary>Where certificates and password files of a test belong.</summary>
    public string Folder => _folder;

    /// <summary>Starts one; the test is skipped where the program is absent.</summary>
    /// <param name="extra">Lines of its configuration, FOLDER standing for <see cref="Folder"/>.</param>
    /// <param name="prepare">Writes files there before it starts.</param>
    public static async Task<Mosquitto> StartAsync(string extra = "allow_anonymous true", Action<string>? prepare = null)
    {
        Assert.SkipUnless(Find() is not null, "mosquitto is not installed");
        var server = new Mosquitto(extra);
        prepare?.Invoke(server.Folder);
        await server.StartAsync();
        return server;
    }

    public async Task StartAsync()
    {
        _process = Process.Start(new ProcessStartInfo(Find()!, ["-c", _configuration]) { UseShellExecute = false, RedirectStandardError = true })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            () => _process.HasExited ? throw new InvalidOperationException($"mosquitto ended with {_process.ExitCode}.") : FreePort.IsOpen(Port),
            "mosquitto listens", 60);
    }

    /// <summary>Ends it in order, so that it writes its sessions down.</summary>
    public async Task StopAsync()
    {
        if (_process is null)
        {
            return;
        }

        using (Process kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]))
        {
            await kill.WaitForExitAsync();
        }

        await _process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));
        _process.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private static string? Find() => (Environment.GetEnvironmentVariable("PATH") ?? string.Empty).Split(Path.PathSeparator).Append("/usr/sbin")
        .Select(folder => Path.Combine(folder, "mosquitto")).FirstOrDefault(File.Exists);
}
