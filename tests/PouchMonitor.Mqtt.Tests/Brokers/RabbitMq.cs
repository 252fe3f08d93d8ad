using System.Diagnostics;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Brokers;

/// <summary>
/// A real RabbitMQ with its MQTT plugin, on free ports of loopback and with a data directory of its own; started once for a
/// class of tests, since that takes a while. Its port mapper is a process of its own too and ends with it.
/// </summary>
public sealed class RabbitMq : IAsyncLifetime
{
    private const string Program = "/usr/lib/rabbitmq/bin/rabbitmq-server";
    private const int StartSeconds = 180;
    private readonly string _folder = Directory.CreateTempSubdirectory("pouchmonitor-rabbitmq-").FullName;
    private readonly List<Process> _processes = [];

    public int Port { get; private set; }

    /// <summary>Skips a test where the program is absent.</summary>
    public static void SkipWhereAbsent()
        => Assert.SkipUnless(File.Exists(Program) && FindEpmd() is not null, "rabbitmq-server is not installed");

    public async ValueTask InitializeAsync()
    {
        if (!File.Exists(Program) || FindEpmd() is not { } epmd)
        {
            return;
        }

        int[] ports = FreePort.Take(4);
        Port = ports[0];
        File.WriteAllText(Path.Combine(_folder, "enabled_plugins"), "[rabbitmq_mqtt].\n");
        File.WriteAllText(Path.Combine(_folder, "rabbitmq.conf"), $"""
            listeners.tcp.1 = 127.0.0.1:{ports[1]}
            mqtt.listeners.tcp.1 = 127.0.0.1:{Port}
            mqtt.allow_anonymous = true
            mqtt.subscription_ttl = 86400000
            mqtt.prefetch = 100
            disk_free_limit.absolute = 1MB
            log.console = false
            """);
        Start(epmd, ports[3], "-address", "127.0.0.1", "-port", $"{ports[3]}");
        await Eventually.TrueAsync(() => FreePort.IsOpen(ports[3]), "the port mapper listens", StartSeconds);
        Process server = Start(Program, ports[3], []);
        await Eventually.TrueAsync(
            () => server.HasExited ? throw new InvalidOperationException($"rabbitmq-server ended with {server.ExitCode}.") : FreePort.IsOpen(Port),
            "rabbitmq-server listens", StartSeconds);

        Process Start(string program, int mapperPort, params string[] arguments)
        {
            var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false, RedirectStandardOutput = true, RedirectStandardError = true };
            start.Environment["HOME"] = _folder;
            start.Environment["ERL_EPMD_ADDRESS"] = "127.0.0.1";
            start.Environment["ERL_EPMD_PORT"] = $"{mapperPort}";
            start.Environment["RABBITMQ_NODENAME"] = $"pouch{Port}@localhost";
            start.Environment["RABBITMQ_NODE_IP_ADDRESS"] = "127.0.0.1";
            start.Environment["RABBITMQ_NODE_PORT"] = $"{ports[1]}";
            start.Environment["RABBITMQ_DIST_PORT"] = $"{ports[2]}";
            start.Environment["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "-kernel inet_dist_use_interface {127,0,0,1}";
            start.Environment["RABBITMQ_CONFIG_FILE"] = Path.Combine(_folder, "rabbitmq.conf");
            start.Environment["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(_folder, "enabled_plugins");
            start.Environment["RABBITMQ_MNESIA_BASE"] = Path.Combine(_folder, "mnesia");
            start.Environment["RABBITMQ_LOG_BASE"] = Path.Combine(_folder, "log");
            start.Environment["RABBITMQ_PID_FILE"] = Path.Combine(_folder, "pid");
            Process process = Process.Start(start)!;
            process.OutputDataReceived += static (_, _) => { };
            process.ErrorDataReceived += static (_, _) => { };
            process.BeginOutputReadLine();
            process.BeginErrorReadLine();
            _processes.Add(process);
            return process;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The broker first, then its port mapper.
        foreach (Process process in Enumerable.Reverse(_processes))
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private static string? FindEpmd() => Directory.Exists("/usr/lib/erlang")
        ? Directory.EnumerateDirectories("/usr/lib/erlang", "erts-*").Select(erts => Path.Combine(erts, "bin", "epmd")).FirstOrDefault(File.Exists)
        : null;
}

/// <summary>This client against a real RabbitMQ, which speaks MQTT 3.1.1 and QoS 0 and 1.</summary>
public sealed class RabbitMqTests(RabbitMq broker) : IClassFixture<RabbitMq>
{
    [Theory]
    [InlineData(MqttQos.AtMostOnce)]
    [InlineData(MqttQos.AtLeastOnce)]
    public async Task PublishesAndReceives(MqttQos qos)
    {
        RabbitMq.SkipWhereAbsent();
        await BrokerConversation.PublishAndReceiveAsync(new Mqtt.Client.MqttClientOptions { Port = broker.Port, Version = MqttProtocolVersion.V311 }, qos);
    }

    [Fact]
    public async Task KeepsItsSession_ThroughBrokenConnections()
    {
        RabbitMq.SkipWhereAbsent();
        await BrokerConversation.KeepTheSessionAsync(
            new Mqtt.Client.MqttClientOptions { Port = broker.Port, Version = MqttProtocolVersion.V311 }, MqttQos.AtLeastOnce, restart: null);
    }
}
