using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Benchmarks.Mqtt;

/// <summary>A server under test in a process of its own: this project's, or mosquitto with a password file and an access list.</summary>
internal sealed class Broker : IDisposable
{
    private readonly Process process;
    private readonly string folder;

    private Broker(Process process, string folder, int port, string token)
    {
        this.process = process;
        this.folder = folder;
        Port = port;
        Token = token;
    }

    public int Port { get; }

    /// <summary>The password of the user <c>bench</c>.</summary>
    public string Token { get; }

    public int ProcessId => process.Id;

    /// <summary>Resident memory, KB.</summary>
    public long ResidentKilobytes => long.Parse(
        File.ReadLines($"/proc/{process.Id}/status").First(line => line.StartsWith("VmRSS:", StringComparison.Ordinal))[6..^3].Trim(), CultureInfo.InvariantCulture);

    public TimeSpan ProcessorTime
    {
        get
        {
            process.Refresh();
            return process.TotalProcessorTime;
        }
    }

    public static Broker Ours(bool isDurable)
    {
        string folder = Directory.CreateTempSubdirectory("pouchmonitor-mqtt-bench-").FullName;
        string token = new AccessFile(folder).AddNode("bench");
        Process process = Process.Start(new ProcessStartInfo(
            "dotnet", [Path.Combine(AppContext.BaseDirectory, "PouchMonitor.Benchmarks.dll"), "--mqtt-server", folder, isDurable ? "disk" : "memory"])
        { RedirectStandardOutput = true, RedirectStandardInput = true, UseShellExecute = false })!;
        string line = process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("The server ended before it was ready.");
        return new Broker(process, folder, int.Parse(line, CultureInfo.InvariantCulture), token);
    }

    /// <summary>Mosquitto, with nothing dropped at its queue's default bound; null where it is not installed.</summary>
    public static Broker? Mosquitto()
    {
        string? program = ((string[])["/usr/sbin/mosquitto", "/usr/bin/mosquitto"]).FirstOrDefault(File.Exists);
        if (program is null)
        {
            return null;
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-mosquitto-").FullName;
        const string Token = "0123456789abcdef0123456789abcdef";
        string passwords = Path.Combine(folder, "passwords");
        using (Process make = Process.Start("mosquitto_passwd", ["-b", "-c", passwords, "bench", Token]))
        {
            make.WaitForExit();
        }

        int port = FreePort();
        File.WriteAllText(Path.Combine(folder, "access"), "user bench\ntopic readwrite bench/#\n");
        File.WriteAllText(Path.Combine(folder, "conf"), string.Create(CultureInfo.InvariantCulture,
            $"listener {port} 127.0.0.1\nallow_anonymous false\npassword_file {passwords}\nacl_file {folder}/access\nmax_queued_messages 0\nuser root\nlog_dest none\n"));
        Process process = Process.Start(new ProcessStartInfo(program, ["-c", Path.Combine(folder, "conf")]) { UseShellExecute = false })!;
        Broker broker = new(process, folder, port, Token);
        broker.WaitUntilItListens();
        return broker;
    }

    public void Dispose()
    {
        if (!process.HasExited)
        {
            process.Kill();
            process.WaitForExit();
        }

        process.Dispose();
        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using Socket probe = new(SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    private void WaitUntilItListens()
    {
        Stopwatch clock = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using Socket probe = new(SocketType.Stream, ProtocolType.Tcp);
                probe.Connect(IPAddress.Loopback, Port);
                return;
            }
            catch (SocketException) when (clock.Elapsed.TotalSeconds < 20 && !process.HasExited)
            {
                Thread.Sleep(50);
            }
        }
    }
}
