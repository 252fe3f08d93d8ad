using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// Section <c>delivery</c> of the configuration file: what of delivery belongs to the machine and not into the dashboard
/// (gateway/DELIVERY.md). Files lie beside the configuration unless their path is whole.
/// </summary>
internal sealed record DeliveryEntry
{
    private const int LongestAttemptSeconds = 300;

    /// <summary>PEM file of authorities of the house, for mail servers and webhooks.</summary>
    public string? CaFile { get; init; }

    public string? SmtpPasswordFile { get; init; }

    /// <summary>Name of an environment variable.</summary>
    public string? SmtpPasswordVariable { get; init; }

    public string? HeartbeatUrlFile { get; init; }

    /// <summary>Name of an environment variable.</summary>
    public string? HeartbeatUrlVariable { get; init; }

    public int AttemptSeconds { get; init; } = 30;

    /// <summary>Puts it into the gateway's options; what is wrong is told with its name, value and limit.</summary>
    public GatewayOptions AddTo(GatewayOptions options, string file)
    {
        if (AttemptSeconds is < 1 or > LongestAttemptSeconds)
        {
            throw new CommandException($"--config {file}: delivery.attemptSeconds = {AttemptSeconds} is outside 1 to {LongestAttemptSeconds}.");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string? authority = CaFile is null ? null : Path.Combine(folder, CaFile);
        if (authority is not null && !File.Exists(authority))
        {
            throw new CommandException($"--config {file}: delivery.caFile: there is no file {authority}.");
        }

        return options with
        {
            Delivery = new DeliveryOptions
            {
                AuthorityFile = authority,
                MailPassword = Secret(file, folder, "smtpPassword", SmtpPasswordFile, SmtpPasswordVariable),
                HeartbeatUrl = Secret(file, folder, "heartbeatUrl", HeartbeatUrlFile, HeartbeatUrlVariable),
                AttemptTimeout = TimeSpan.FromSeconds(AttemptSeconds),
            },
        };
    }

    private static string? Secret(string file, string folder, string name, string? secretFile, string? variable)
    {
        if (secretFile is not null && variable is not null)
        {
            throw new CommandException($"--config {file}: delivery.{name}File and {name}Variable exclude each other.");
        }

        if (secretFile is not null)
        {
            return PasswordFile.Read(Path.Combine(folder, secretFile));
        }

        if (variable is null)
        {
            return null;
        }

        string? value = Environment.GetEnvironmentVariable(variable);
        return !string.IsNullOrWhiteSpace(value) ? value.Trim()
            : throw new CommandException($"--config {file}: delivery.{name}Variable: the environment variable {variable} is not set.");
    }
}
