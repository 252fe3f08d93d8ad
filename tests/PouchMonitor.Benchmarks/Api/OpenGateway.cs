using System.Diagnostics;
using System.Globalization;

namespace PouchMonitor.Benchmarks.Api;

/// <summary><c>pouchmonitor serve --open-on-loopback</c> in a process of its own, with a data directory that goes with it.</summary>
internal sealed class OpenGateway : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("pouchmonitor-bench-").FullName;

    public OpenGateway()
    {
        Process = Process.Start(new ProcessStartInfo("dotnet",
        [
            Environment.GetEnvironmentVariable("POUCHMONITOR_BENCH_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "pouchmonitor.dll"),
            "serve", "--data", data, "--http-port", "0", "--mqtt-port", "0", "--open-on-loopback",
        ])
        { RedirectStandardOutput = true, UseShellExecute = false }) ?? throw new InvalidOperationException("pouchmonitor does not start.");
        string line = Process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("serve ended before it was ready.");
        HttpPort = int.Parse(line.Split("http=http://127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        MqttPort = int.Parse(line.Split("mqtt=127.0.0.1:")[1].Split(' ')[0], CultureInfo.InvariantCulture);
    }

    public Process Process { get; }

    public int HttpPort { get; }

    public int MqttPort { get; }

    public string Address => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{HttpPort}");

    public void Dispose()
    {
        using (Process kill = Process.Start("kill", ["-TERM", Process.Id.ToString(CultureInfo.InvariantCulture)]))
        {
            kill.WaitForExit();
        }

        if (!Process.WaitForExit(TimeSpan.FromSeconds(30)))
        {
            Process.Kill();
            Process.WaitForExit();
        }

        Process.Dispose();
        Directory.Delete(data, recursive: true);
    }
}
