using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>The load generator <c>mqbench.c</c> of the shared tools, compiled where it is found; the same for every broker.</summary>
internal sealed class LoadGenerator : IDisposable
{
    private readonly string folder;

    private LoadGenerator(string folder) => this.folder = folder;

    /// <summary>Null where the source or a compiler is missing.</summary>
    /// <param name="tools">Folder of the source; null looks for <c>../shared/tools</c> beside the project.</param>
    public static LoadGenerator? Compile(string? tools)
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (tools is null && at is not null && !File.Exists(Path.Combine(at.FullName, "PouchMonitor.sln")))
        {
            at = at.Parent;
        }

        string source = Path.Combine(tools ?? Path.Combine(at?.FullName ?? ".", "..", "shared", "tools"), "mqbench.c");
        if (!File.Exists(source) || !File.Exists("/usr/bin/gcc"))
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-mqbench-").FullName;
        using Process compiler = Process.Start("/usr/bin/gcc", ["-O2", "-w", "-pthread", source, "-o", Path.Combine(folder, "mqbench")]);
        compiler.WaitForExit();
        return compiler.ExitCode == 0 ? new LoadGenerator(folder) : null;
    }

    /// <summary>Runs it for about as long as told, after a short run to find out how much that is.</summary>
    public JsonElement Run(Broker broker, double seconds, string rate, int connections, params string[] options)
    {
        double found = Once(broker, connections, 20_000 / connections, options).GetProperty(rate).GetDouble();
        return Once(broker, connections, (long)Math.Max(20_000, found * seconds) / connections, options);
    }

    public JsonElement Once(Broker broker, int connections, long messagesEach, params string[] options)
    {
        string[] all =
        [
            "-h", "127.0.0.1", "-p", Text(broker.Port), "-c", Text(connections), "-n", Text(messagesEach), "-u", "bench", "-k", broker.Token, .. options,
        ];
        using Process process = Process.Start(new ProcessStartInfo(Path.Combine(folder, "mqbench"), all) { RedirectStandardOutput = true, UseShellExecute = false })!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? JsonDocument.Parse(output).RootElement.Clone()
            : throw new InvalidOperationException($"mqbench {string.Join(' ', options)} ended with {process.ExitCode}.");
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);
}
