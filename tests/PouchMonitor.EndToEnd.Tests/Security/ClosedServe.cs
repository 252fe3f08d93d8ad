using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using PouchMonitor.EndToEnd.Tests.Programs;

namespace PouchMonitor.EndToEnd.Tests.Security;

/// <summary><c>pouchmonitor serve</c> with accounts, with everything that it says kept.</summary>
internal sealed partial class ClosedServe : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(90);
    private readonly StringBuilder said = new();
    private readonly TaskCompletionSource<string> setup = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<string> ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Process process;

    private ClosedServe(Process process)
    {
        this.process = process;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>Address of dashboard and API, without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    /// <summary>The link of the first start; waits for it.</summary>
    public Task<string> SetupLink => setup.Task.WaitAsync(Limit);

    /// <summary>All that was printed, without the line that shows the link.</summary>
    public string Said
    {
        get
        {
            lock (said)
            {
                return said.ToString();
            }
        }
    }

    public static async Task<ClosedServe> StartAsync(string data, params string[] options)
    {
        Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [RepositoryFiles.Program, "serve", "--data", data, "--http-port", "0", "--mqtt-port", "0", .. options])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        }) ?? throw new InvalidOperationException("The gateway does not start.");
        ClosedServe serve = new(process);
        try
        {
            serve.Address = await serve.ready.Task.WaitAsync(Limit);
            return serve;
        }
        catch (TimeoutException error)
        {
            await serve.DisposeAsync();
            throw new InvalidOperationException($"The gateway is not ready. It said: {serve.Said}", error);
        }
    }

    /// <summary>Asks it to end, and waits until it has.</summary>
    public async Task<int> EndAsync()
    {
        using Process kill = Process.Start("kill", ["-TERM", process.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        using CancellationTokenSource limit = new(Limit);
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        process.Dispose();
        return ValueTask.CompletedTask;
    }

    private void Kill()
    {
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
        }
    }

    private void Take(string? line)
    {
        if (line is null)
        {
            return;
        }

        if (line.StartsWith("setup http", StringComparison.Ordinal))
        {
            setup.TrySetResult(line["setup ".Length..]);
            return;
        }

        lock (said)
        {
            said.AppendLine(line);
        }

        if (Ready().Match(line) is { Success: true } match)
        {
            ready.TrySetResult(match.Groups["http"].Value);
        }
    }

    [GeneratedRegex(@"^ready http=(?<http>http://127\.0\.0\.1:\d+) mqtt=", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Ready();
}
