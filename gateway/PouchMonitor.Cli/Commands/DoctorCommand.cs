using System.CommandLine;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using PouchMonitor.Gateway.Doctor;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor doctor</c>: one page on what is sound and what is not. Works while a gateway runs.</summary>
internal static class DoctorCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Option<int> http = new("--http-port") { Description = "Port of the dashboard and the API.", DefaultValueFactory = _ => 8080 };
        Option<int> mqtt = new("--mqtt-port") { Description = "Port for nodes.", DefaultValueFactory = _ => 1883 };
        Option<bool> json = new("--json") { Description = "Print JSON instead of lines." };
        Command command = new("doctor", "Look at a gateway's data and surroundings; exit code 1 where something is broken.") { data, http, mqtt, json };
        command.SetAction((parsed, cancellation) => Task.Run(
            () =>
            {
                List<HealthCheck> checks = [.. DataDoctor.Look(parsed.GetValue(data)!, DateTimeOffset.UtcNow, cancellation)];
                checks.Add(Port("http", parsed.GetValue(http)));
                checks.Add(Port("mqtt", parsed.GetValue(mqtt)));
                checks.Add(DashboardFolder.Find() is { } folder && File.Exists(Path.Combine(folder, "index.html"))
                    ? new HealthCheck("dashboard", HealthStatus.Sound, "The dashboard is built.")
                    : new HealthCheck("dashboard", HealthStatus.Warning, "The dashboard is not beside the program; the API works without it."));
                Print(parsed.GetValue(data)!, checks, parsed.GetValue(json));
                return checks.Exists(check => check.Status == HealthStatus.Fault) ? ExitCodes.Failure : ExitCodes.Success;
            }, cancellation));
        return command;
    }

    private static HealthCheck Port(string name, int port)
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return new HealthCheck("port", HealthStatus.Note, string.Create(CultureInfo.InvariantCulture, $"{name} port {port} is free: no gateway listens there."));
        }
        catch (SocketException error)
        {
            return new HealthCheck("port", HealthStatus.Note, string.Create(CultureInfo.InvariantCulture, $"{name} port {port} is taken ({error.SocketErrorCode}): by a running gateway, or by another program."));
        }
    }

    private static void Print(string data, List<HealthCheck> checks, bool json)
    {
        HealthStatus worst = checks.Max(check => check.Status);
        if (!json)
        {
            foreach (HealthCheck check in checks)
            {
                Console.WriteLine($"{Word(check.Status),-8}{check.Part,-11}{check.Message}");
            }

            Console.WriteLine(worst == HealthStatus.Fault ? "Something is broken; see above." : worst == HealthStatus.Warning ? "Nothing is broken; something should be looked at." : "All is sound.");
            return;
        }

        using Stream output = Console.OpenStandardOutput();
        using (Utf8JsonWriter writer = new(output, new JsonWriterOptions { Indented = true }))
        {
            writer.WriteStartObject();
            writer.WriteString("data", Path.GetFullPath(data));
            writer.WriteString("status", Word(worst));
            writer.WriteStartArray("checks");
            foreach (HealthCheck check in checks)
            {
                writer.WriteStartObject();
                writer.WriteString("part", check.Part);
                writer.WriteString("status", Word(check.Status));
                writer.WriteString("message", check.Message);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        output.WriteByte((byte)'\n');
    }

    private static string Word(HealthStatus status) => status switch
    {
        HealthStatus.Sound => "sound",
        HealthStatus.Note => "note",
        HealthStatus.Warning => "warning",
        _ => "fault",
    };
}
