using System.Text;
using PouchMonitor.Gateway;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Upstream.MqttNet;

namespace PouchMonitor.Cli.Commands;

/// <summary>
/// <c>externalBroker</c> of the configuration file: a broker that nodes publish to. File names are relative to the
/// configuration file.
/// </summary>
internal sealed record ExternalBrokerEntry
{
    private const int LongestText = 1024;

    public required string Host { get; init; }

    /// <summary>1883, or 8883 with TLS, unless given.</summary>
    public int? Port { get; init; }

    public bool Tls { get; init; }

    public string? Ca { get; init; }

    public string? ClientCertificate { get; init; }

    public string? ClientKey { get; init; }

    public string? TlsHostName { get; init; }

    public string? UserName { get; init; }

    public string? PasswordFile { get; init; }

    /// <summary>Name of the environment variable that holds the password.</summary>
    public string? PasswordVariable { get; init; }

    public required string ClientId { get; init; }

    public string TopicPrefix { get; init; } = "";

    public bool CleanStart { get; init; }

    public long SessionExpirySeconds { get; init; } = 7 * 24 * 3600;

    /// <summary><c>5</c> or <c>3.1.1</c>.</summary>
    public string Protocol { get; init; } = "5";

    public int KeepAliveSeconds { get; init; } = 30;

    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary><c>own</c> or <c>mqttnet</c>.</summary>
    public string Client { get; init; } = "own";

    /// <summary>Puts the broker into the gateway's options; what is wrong is told with its name, value and limit.</summary>
    public GatewayOptions AddTo(GatewayOptions options, string file)
    {
        string? problem = Problem();
        if (problem is not null)
        {
            throw new CommandException($"--config {file}: externalBroker.{problem}");
        }

        string folder = Path.GetDirectoryName(Path.GetFullPath(file))!;
        string? Beside(string? name) => name is null ? null : Path.Combine(folder, name);
        BrokerLinkOptions broker = new()
        {
            Host = Host,
            Port = Port ?? (Tls ? 8883 : 1883),
            Tls = Tls,
            AuthorityFile = Beside(Ca),
            CertificateFile = Beside(ClientCertificate),
            KeyFile = Beside(ClientKey),
            TlsHostName = TlsHostName,
            UserName = UserName,
            Password = ConfigSecret.Read(file, "externalBroker.password", PasswordFile, PasswordVariable) is { } password ? Encoding.UTF8.GetBytes(password) : null,
            ClientId = ClientId,
            TopicPrefix = TopicPrefix,
            CleanStart = CleanStart,
            SessionExpirySeconds = (uint)SessionExpirySeconds,
            IsMqtt5 = Protocol == "5",
            KeepAliveSeconds = KeepAliveSeconds,
            ReceiveMaximum = ReceiveMaximum,
        };
        return options with
        {
            ExternalBroker = broker,
            BrokerLink = Client == "own" ? options.BrokerLink : static link => new MqttNetBrokerLink(link),
        };
    }

    private string? Problem()
    {
        if (Host.Length is 0 or > 255)
        {
            return $"host has {Host.Length} characters, 1 to 255 are allowed.";
        }

        if (Port is < 1 or > 65535)
        {
            return $"port = {Port} is outside 1 to 65535.";
        }

        if (!Tls && (Ca ?? ClientCertificate ?? ClientKey ?? TlsHostName) is not null)
        {
            return "ca, clientCertificate, clientKey and tlsHostName need tls = true.";
        }

        if (ClientKey is not null && ClientCertificate is null)
        {
            return "clientKey needs clientCertificate.";
        }

        if ((PasswordFile ?? PasswordVariable) is not null && UserName is null)
        {
            return "passwordFile and passwordVariable need userName.";
        }

        if (ClientId.Length is 0 or > 256 || ClientId.Contains('\0', StringComparison.Ordinal))
        {
            return $"clientId has {ClientId.Length} characters, 1 to 256 are allowed; the broker keeps the session under it.";
        }

        if (TopicPrefix.Length > LongestText || TopicPrefix.AsSpan().ContainsAny("+#\0") || (TopicPrefix.Length > 0 && (TopicPrefix[^1] != '/' || TopicPrefix[0] == '$')))
        {
            return $"topicPrefix '{TopicPrefix}' must end with '/', must not begin with '$', and holds no '+' or '#', at most {LongestText} characters.";
        }

        if (SessionExpirySeconds is < 60 or > uint.MaxValue)
        {
            return $"sessionExpirySeconds = {SessionExpirySeconds} is outside 60 to {uint.MaxValue}.";
        }

        if (Protocol is not ("5" or "3.1.1"))
        {
            return $"protocol '{Protocol}' is neither 5 nor 3.1.1.";
        }

        if (CleanStart && Protocol == "3.1.1")
        {
            return "cleanStart with protocol 3.1.1 would have the broker forget what it keeps at every connection.";
        }

        if (KeepAliveSeconds is < 5 or > 65535)
        {
            return $"keepAliveSeconds = {KeepAliveSeconds} is outside 5 to 65535.";
        }

        if (ReceiveMaximum is < 1 or > 65535)
        {
            return $"receiveMaximum = {ReceiveMaximum} is outside 1 to 65535.";
        }

        return Client switch
        {
            "own" => null,
            "mqttnet" => MqttNetBrokerLink.IsRestored ? null : "client 'mqttnet': MQTTnet is not in this build; build with -p:UpstreamPackages=true",
            _ => $"client '{Client}' is neither own nor mqttnet.",
        };
    }
}
