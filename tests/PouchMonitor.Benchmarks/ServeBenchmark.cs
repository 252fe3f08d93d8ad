using System.Diagnostics;
using System.Globalization;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Benchmarks;

/// <summary>
/// Frames of 32 samples published at QoS 1 by authenticated nodes into <c>pouchmonitor serve</c> in a process of its own,
/// each acknowledged after its identity was checked and its group was forced to the disk; then what a sample takes there.
/// </summary>
internal static class ServeBenchmark
{
    private const int Connections = 8;
    private const int SamplesPerFrame = 32;
    private const int Window = 400;
    private const double TargetFramesPerSecond = 150_000;

    public static async Task<IReadOnlyList<Figure>> Run(double seconds)
    {
        string data = Directory.CreateTempSubdirectory("pouchmonitor-bench-").FullName;
        AccessFile access = new(data);
        List<LoadConnection> load = [];
        int framesEach = (int)Math.Max(2000, TargetFramesPerSecond * seconds / Connections);
        for (int i = 0; i < Connections; i++)
        {
            string node = $"bench-{i}";
            load.Add(new LoadConnection(node, access.AddNode(node), SamplesPerFrame, framesEach, Window));
        }

        using Process serve = Start(data);
        try
        {
            int port = await Ready(serve);
            foreach (LoadConnection connection in load)
            {
                await connection.ConnectAsync(port);
            }

            // A quarter to warm up, the rest is measured.
            await Task.WhenAll(load.Select(connection => Task.Run(() => connection.Send(framesEach / 4))));
            Stopwatch clock = Stopwatch.StartNew();
            TimeSpan cpuBefore = serve.TotalProcessorTime;
            await Task.WhenAll(load.Select(connection => Task.Run(() => connection.Send(framesEach - (framesEach / 4)))));
            double elapsed = clock.Elapsed.TotalSeconds;
            serve.Refresh();
            double cpu = (serve.TotalProcessorTime - cpuBefore).TotalSeconds / elapsed;
            double frames = (framesEach - (framesEach / 4)) * Connections;
            Terminate(serve);
            long used = Directory.EnumerateFiles(Path.Combine(data, "journal")).Sum(UsedBytes);
            return
            [
                new Figure("frames of 32 acknowledged: authenticated, identity, fsync", frames / elapsed, "frames/s", TargetFramesPerSecond),
                new Figure("samples acknowledged", frames * SamplesPerFrame / elapsed, "samples/s"),
                new Figure("processor cores used by serve meanwhile", cpu, "cores"),
                new Figure("bytes on disk a sample, frames of 32", used / (double)((long)framesEach * Connections * SamplesPerFrame), "B/sample"),
            ];
        }
        finally
        {
            load.ForEach(connection => connection.Dispose());
            Terminate(serve);
            Directory.Delete(data, recursive: true);
        }
    }

    // The last segment is set aside whole; what is written of it ends with the last byte that is not 0.
    private static long UsedBytes(string path)
    {
        using FileStream file = File.OpenRead(path);
        byte[] buffer = new byte[1 << 20];
        for (long at = file.Length; at > 0;)
        {
            int length = (int)Math.Min(buffer.Length, at);
            at -= length;
            file.Position = at;
            file.ReadExactly(buffer, 0, length);
            int last = buffer.AsSpan(0, length).LastIndexOfAnyExcept((byte)0);
            if (last >= 0)
            {
                return at + last + 1;
            }
        }

        return 0;
    }

    private static Process Start(string data) => Process.Start(new ProcessStartInfo("dotnet",
    [
        Path.Combine(AppContext.BaseDirectory, "pouchmonitor.dll"), "serve", "--data", data, "--http-port", "0", "--mqtt-port", "0",
    ])
    { RedirectStandardOutput = true, UseShellExecute = false }) ?? throw new InvalidOperationException("pouchmonitor does not start.");

    private static async Task<int> Ready(Process serve)
    {
        string line = await serve.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("serve ended before it was ready.");
        return int.Parse(line[(line.LastIndexOf(':') + 1)..], CultureInfo.InvariantCulture);
    }

    private static void Terminate(Process serve)
    {
        if (!serve.HasExited)
        {
            using Process kill = Process.Start("kill", ["-TERM", serve.Id.ToString(CultureInfo.InvariantCulture)]);
            kill.WaitForExit();
            if (!serve.WaitForExit(TimeSpan.FromSeconds(30)))
            {
                serve.Kill();
            }
        }
    }
}
