using System.Diagnostics;
using System.Text.RegularExpressions;

namespace PouchMonitor.EndToEnd.Tests.Durability;

/// <summary>The real program, run as <c>pouchmonitor serve</c> on free ports, optionally under a tracer.</summary>
internal sealed partial class ServeProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);
    private readonly Process process;

    private readonly bool isTraced;

    private ServeProcess(Process process, bool isTraced, int mqttPort)
    {
        this.process = process;
        this.isTraced = isTraced;
        MqttPort = mqttPort;
    }

    public int MqttPort { get; }

    /// <summary>Starts it and waits for its ready line.</summary>
    public static async Task<ServeProcess> StartAsync(string dataDirectory, params string[] tracer)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "pouchmonitor.dll");
        string[] command =
        [
            .. tracer, Environment.ProcessPath is { } host && Path.GetFileNameWithoutExtension(host) == "dotnet" ? host : "dotnet",
            program, "serve", "--data", dataDirectory, "--http-port", "0", "--mqtt-port", "0", "--open-on-loopback",
        ];
        var start = new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        using var limit = new CancellationTokenSource(StartLimit);
        try
        {
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (ReadyLine().Match(line) is { Success: true } ready)
                {
                    _ = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
                    return new ServeProcess(process, tracer.Length > 0, int.Parse(ready.Groups["port"].Value));
                }
            }
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        throw new InvalidOperationException($"serve ended before it was ready: {await errors}");
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (isTraced)
        {
            // The tracer is to end by itself, with all it saw written down.
            string children = await File.ReadAllTextAsync($"/proc/{process.Id}/task/{process.Id}/children", CancellationToken.None);
            foreach (string child in children.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                using var traced = Process.GetProcessById(int.Parse(child));
                traced.Kill();
            }
        }
        else
        {
            process.Kill(entireProcessTree: true);
        }

        await process.WaitForExitAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await KillAsync();
        }

        process.Dispose();
    }

    [GeneratedRegex(@"^ready http=\S+ mqtt=127\.0\.0\.1:(?<port>\d+)", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex ReadyLine();
}
