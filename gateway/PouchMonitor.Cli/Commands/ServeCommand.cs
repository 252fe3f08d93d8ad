using System.CommandLine;
using System.Net;
using System.Runtime.InteropServices;
using System.Text.Json;
using PouchMonitor.Gateway;

namespace PouchMonitor.Cli.Commands;

/// <summary><c>pouchmonitor serve</c>: the gateway.</summary>
internal static class ServeCommand
{
    public static Command Create()
    {
        Option<string> data = DataOption.Create();
        Option<int> http = new("--http-port") { Description = "Port of the dashboard and the API; 0 picks a free one.", DefaultValueFactory = _ => 8080 };
        Option<int> mqtt = new("--mqtt-port") { Description = "Port for nodes; 0 picks a free one.", DefaultValueFactory = _ => 1883 };
        Option<string?> config = new("--config") { Description = "JSON file with cells, silence and other settings." };
        Option<bool> open = new("--open-on-loopback") { Description = "Run without accounts and node credentials, for local trials." };
        Option<int?> keepAlive = new("--max-keep-alive") { Description = "Longest keep-alive granted, seconds." };
        Option<string[]> deny = new("--deny-subscribe") { Description = "Topic filter that nobody may subscribe to; may be repeated." };
        Command command = new("serve", "Run the gateway: MQTT endpoint, store, analysis, alarms, dashboard.")
        {
            data, http, mqtt, config, open, keepAlive, deny,
        };
        command.SetAction(async (parsed, cancellation) =>
        {
            GatewayOptions options = ConfigFile.Read(parsed.GetValue(config), new GatewayOptions
            {
                DataDirectory = DataOption.Make(parsed.GetValue(data)!),
                HttpPort = Port("--http-port", parsed.GetValue(http)),
                MqttPort = Port("--mqtt-port", parsed.GetValue(mqtt)),
                OpenOnLoopback = parsed.GetValue(open),
                MaximumKeepAliveSeconds = parsed.GetValue(keepAlive),
                DeniedSubscriptions = parsed.GetValue(deny) ?? [],
                DashboardDirectory = DashboardFolder.Find(),
                Notice = Console.Error.WriteLine,
            });
            using StopSignal stop = new(cancellation);
            await using MonitorGateway gateway = await StartAsync(options, CancellationToken.None);
            if (gateway.IssueSetupAddress() is { } setup)
            {
                await Console.Error.WriteLineAsync($"setup {setup}");
            }

            Console.WriteLine(ReadyLine(gateway));
            await stop.WaitAsync();
            return ExitCodes.Success;
        });
        return command;
    }

    public static string ReadyLine(MonitorGateway gateway) => $"ready http={gateway.HttpAddress} mqtt={gateway.MqttEndPoint}"
        + (gateway.MqttTlsEndPoint is { } tls ? $" mqtts={tls}" : string.Empty)
        + (gateway.HttpTlsAddress is { } https ? $" https={https}" : string.Empty);

    /// <summary>Starts a gateway; what stands in its way becomes one clear line.</summary>
    public static async Task<MonitorGateway> StartAsync(GatewayOptions options, CancellationToken cancellation)
    {
        try
        {
            return await MonitorGateway.StartAsync(options, cancellation);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or InvalidDataException
            or System.Net.Sockets.SocketException or ArgumentException)
        {
            throw new CommandException($"The gateway cannot start: {error.Message}");
        }
    }

    private static int Port(string option, int port) => port is >= 0 and <= IPEndPoint.MaxPort
        ? port
        : throw new CommandException($"{option} {port}: a port is 0 to {IPEndPoint.MaxPort}.", ExitCodes.Usage);
}

/// <summary>Where the built dashboard lies beside the program.</summary>
internal static class DashboardFolder
{
    public static string? Find()
    {
        string beside = Path.Combine(AppContext.BaseDirectory, "wwwroot");
        return Directory.Exists(beside) ? beside : null;
    }
}

/// <summary>
/// SIGTERM, SIGINT or the end of the command. Made before the gateway starts: a signal that comes while it starts is
/// otherwise taken by the web host alone, and the program would run on without it.
/// </summary>
internal sealed class StopSignal : IDisposable
{
    private readonly TaskCompletionSource stop = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly PosixSignalRegistration terminate;
    private readonly PosixSignalRegistration interrupt;
    private readonly CancellationTokenRegistration cancelled;

    public StopSignal(CancellationToken cancellation)
    {
        terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle);
        interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle);
        cancelled = cancellation.Register(() => stop.TrySetResult());
    }

    public Task WaitAsync() => stop.Task;

    public void Dispose()
    {
        terminate.Dispose();
        interrupt.Dispose();
        cancelled.Dispose();
    }

    private void Handle(PosixSignalContext context)
    {
        context.Cancel = true;
        stop.TrySetResult();
    }
}

/// <summary>
/// The configuration file: <c>{"cells": {"NAME": {"profile": "PROFILE"}}, "silenceSeconds": 60}</c>, and
/// where MQTT listens (<see cref="MqttConfig"/>). What it does not know
/// is an error, so that a misspelt setting is not silently without effect.
/// </summary>
internal static class ConfigFile
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = System.Text.Json.Serialization.JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    public static GatewayOptions Read(string? file, GatewayOptions options)
    {
        if (file is null)
        {
            return options;
        }

        Content content;
        try
        {
            content = JsonSerializer.Deserialize<Content>(File.ReadAllText(file), Json)
                ?? throw new JsonException("an object is needed, not null");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or JsonException)
        {
            throw new CommandException($"--config {file}: {error.Message}");
        }

        foreach ((string cell, CellEntry? entry) in content.Cells)
        {
            if (entry is null)
            {
                throw new CommandException($"--config {file}: cell '{cell}' is null, an object is needed.");
            }

            if (!Analysis.Profiles.CellProfiles.TryGet(entry.Profile, out _))
            {
                throw new CommandException(
                    $"--config {file}: cell '{cell}' names the profile '{entry.Profile}', which is not in the catalogue.");
            }
        }

        if (content.SilenceSeconds is < 1 or > 86400)
        {
            throw new CommandException($"--config {file}: silenceSeconds = {content.SilenceSeconds} is outside 1 to 86400.");
        }

        if (content.StreamClients is < 1 or > 100_000)
        {
            throw new CommandException($"--config {file}: streamClients = {content.StreamClients} is outside 1 to 100000.");
        }

        GatewayOptions read = content.ExternalBroker is { } broker ? broker.AddTo(options, file) : options;
        read = content.Influx?.AddTo(read, file) ?? read;
        read = content.Retention?.AddTo(read, file) ?? read;
        read = content.Alarms?.AddTo(read, file) ?? read;
        read = content.Delivery?.AddTo(read, file) ?? read;
        read = HttpConfig.Apply(read, file, content.Http, content.HttpTls);
        read = content.Oidc?.AddTo(read, file) ?? read;
        return MqttConfig.Apply(read, file, content.MqttListen, content.MqttPlain, content.MqttTls) with
        {
            ProfileByCell = content.Cells.ToDictionary(cell => cell.Key, cell => cell.Value.Profile, StringComparer.Ordinal),
            SilenceSeconds = content.SilenceSeconds,
            StreamClients = content.StreamClients,
        };
    }

    private sealed record Content
    {
        public Dictionary<string, CellEntry> Cells { get; init; } = new(StringComparer.Ordinal);

        public int SilenceSeconds { get; init; } = 60;

        public int StreamClients { get; init; } = 1000;

        public string? MqttListen { get; init; }

        public bool MqttPlain { get; init; }

        public MqttTlsEntry? MqttTls { get; init; }

        public HttpEntry? Http { get; init; }

        public HttpTlsEntry? HttpTls { get; init; }

        public OidcEntry? Oidc { get; init; }

        public ExternalBrokerEntry? ExternalBroker { get; init; }

        public InfluxEntry? Influx { get; init; }

        public RetentionEntry? Retention { get; init; }

        public AlarmsEntry? Alarms { get; init; }

        public DeliveryEntry? Delivery { get; init; }
    }

    private sealed record CellEntry
    {
        public required string Profile { get; init; }
    }
}
