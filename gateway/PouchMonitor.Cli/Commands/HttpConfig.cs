using System.Net;
using PouchMonitor.Gateway;

namespace PouchMonitor.Cli.Commands;

/// <summary>The settings <c>http</c> of the configuration file: plain HTTP elsewhere than on loopback is for a proxy that speaks TLS.</summary>
internal sealed record HttpEntry
{
    public string? Address { get; init; }

    public IReadOnlyList<string> Hosts { get; init; } = [];

    public IReadOnlyList<string> TrustedProxies { get; init; } = [];
}

/// <summary>The settings <c>httpTls</c> of the configuration file. Files are found beside that file.</summary>
internal sealed record HttpTlsEntry
{
    public string? Address { get; init; }

    public int Port { get; init; } = 8443;

    public required string Certificate { get; init; }

    public string? Key { get; init; }

    /// <summary>File with the password of an encrypted key in its first line.</summary>
    public string? PasswordFile { get; init; }

    /// <summary>Name of the environment variable that holds that password.</summary>
    public string? PasswordVariable { get; init; }
}

/// <summary>Where dashboard and API listen: on loopback, until TLS or a proxy is configured.</summary>
internal static class HttpConfig
{
    private const int MostNames = 100;

    public static GatewayOptions Apply(GatewayOptions options, string file, HttpEntry? http, HttpTlsEntry? tls)
    {
        HttpEntry plain = http ?? new HttpEntry();
        if (plain.Hosts.Count > MostNames || plain.TrustedProxies.Count > MostNames)
        {
            throw new CommandException($"--config {file}: http.hosts and http.trustedProxies may each have {MostNames} entries.");
        }

        if (plain.Hosts.FirstOrDefault(host => Uri.CheckHostName(host) == UriHostNameType.Unknown) is { } name)
        {
            throw new CommandException($"--config {file}: http.hosts '{name}' is no host name; leave out scheme and port.");
        }

        GatewayHttpOptions read = new()
        {
            Address = AddressOf(file, "http.address", plain.Address),
            Hosts = plain.Hosts,
            TrustedProxies = [.. plain.TrustedProxies.Select(proxy => AddressOf(file, "http.trustedProxies", proxy))],
            Tls = tls is null ? null : Tls(file, tls),
        };
        if (!IPAddress.IsLoopback(read.Address) && read.TrustedProxies.Count == 0)
        {
            throw new CommandException($"--config {file}: http.address = {read.Address} is not loopback, and plain HTTP would send passwords unencrypted; "
                + "it needs http.trustedProxies (a proxy that speaks TLS), or httpTls instead of it.");
        }

        return options with { Http = read };
    }

    private static GatewayTlsOptions Tls(string file, HttpTlsEntry tls)
    {
        if (tls.Port is < 0 or > IPEndPoint.MaxPort)
        {
            throw new CommandException($"--config {file}: httpTls.port = {tls.Port} is outside 0 to {IPEndPoint.MaxPort}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        return new GatewayTlsOptions
        {
            Address = AddressOf(file, "httpTls.address", tls.Address),
            Port = tls.Port,
            CertificateFile = Path.Combine(folder, tls.Certificate),
            KeyFile = tls.Key is null ? null : Path.Combine(folder, tls.Key),
            Password = ConfigSecret.Read(file, "httpTls.password", tls.PasswordFile, tls.PasswordVariable),
        };
    }

    private static IPAddress AddressOf(string file, string name, string? text) => text is null ? IPAddress.Loopback
        : IPAddress.TryParse(text, out IPAddress? address) ? address
        : throw new CommandException($"--config {file}: {name} = '{text}' is no IP address.");
}

/// <summary>A secret of the configuration, from a file beside it or from the environment; never from the configuration itself.</summary>
internal static class ConfigSecret
{
    /// <summary>The secret; null where neither is given. Errors name the file or the variable, never what is in it.</summary>
    public static string? Read(string configFile, string name, string? secretFile, string? variable)
    {
        if (secretFile is not null && variable is not null)
        {
            throw new CommandException($"--config {configFile}: {name}File and {name}Variable are two ways of saying the same; give one.");
        }

        if (variable is not null)
        {
            return Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value ? value
                : throw new CommandException($"--config {configFile}: {name}Variable: the environment variable '{variable}' is not set.");
        }

        return secretFile is null ? null : PasswordFile.Read(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(configFile))!, secretFile));
    }
}
