using System.Net;
using PouchMonitor.Gateway;

namespace PouchMonitor.Cli.Commands;

/// <summary>The settings <c>mqttTls</c> of the configuration file. Files are found beside that file.</summary>
internal sealed record MqttTlsEntry
{
    public int Port { get; init; } = 8883;

    public required string Certificate { get; init; }

    public string? Key { get; init; }

    /// <summary>File with the password of an encrypted key in its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Name of the environment variable that holds that password.</summary>
    public string? PasswordVariable { get; init; }

    public string? ClientCa { get; init; }

    public bool ClientCertificateRequired { get; init; }
}

/// <summary>
/// Where MQTT listens. It is loopback unless <c>mqttListen</c> names another address, and then what listens there is TLS,
/// or plain MQTT for whoever asks for it by <c>"mqttPlain": true</c>: tokens would cross the network for all to read.
/// </summary>
internal static class MqttConfig
{
    public static GatewayOptions Apply(GatewayOptions options, string file, string? listen, bool plain, MqttTlsEntry? tls)
    {
        IPAddress address = IPAddress.Loopback;
        if (listen is not null && !IPAddress.TryParse(listen, out address!))
        {
            throw new CommandException($"--config {file}: mqttListen = '{listen}' is no IP address.");
        }

        if (!IPAddress.IsLoopback(address))
        {
            if (options.OpenOnLoopback)
            {
                throw new CommandException($"--config {file}: mqttListen = {address} is not loopback, and --open-on-loopback opens no other address.");
            }

            if (tls is null && !plain)
            {
                throw new CommandException($"--config {file}: mqttListen = {address} is not loopback; it needs mqttTls, or \"mqttPlain\": true to send tokens unencrypted.");
            }
        }

        return options with
        {
            MqttAddress = plain || IPAddress.IsLoopback(address) ? address : IPAddress.Loopback,
            MqttTls = tls is null ? null : Tls(file, address, tls),
        };
    }

    private static GatewayTlsOptions Tls(string file, IPAddress address, MqttTlsEntry tls)
    {
        if (tls.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new CommandException($"--config {file}: mqttTls.port = {tls.Port} is outside 0 to {IPEndPoint.MaxPort}.");
        }

        if (tls is { ClientCertificateRequired: true, ClientCa: null })
        {
            throw new CommandException($"--config {file}: mqttTls.clientCertificateRequired needs mqttTls.clientCa to judge certificates by.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string? Beside(string? name) => name is null ? null : Path.Combine(folder, name);
        return new GatewayTlsOptions
        {
            Address = address,
            Port = tls.Port,
            CertificateFile = Beside(tls.Certificate)!,
            KeyFile = Beside(tls.Key),
            Password = ConfigSecret.Read(file, "mqttTls.password", tls.PasswordFile, tls.PasswordVariable),
            ClientAuthoritiesFile = Beside(tls.ClientCa),
            ClientCertificateRequired = tls.ClientCertificateRequired,
        };
    }
}
