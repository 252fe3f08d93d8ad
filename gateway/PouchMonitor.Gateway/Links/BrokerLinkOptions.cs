using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Links;

/// <summary>How the gateway reaches an external broker.</summary>
public sealed record BrokerLinkOptions
{
    public required string Host { get; init; }

    public int Port { get; init; } = 1883;

    /// <summary>Connects by TLS 1.2 or 1.3; the broker's certificate must be good for <see cref="TlsHostName"/>.</summary>
    public bool Tls { get; init; }

    /// <summary>PEM file of the authorities to trust, and no others; null trusts those of the system.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>PEM file of the certificate to show; null shows none.</summary>
    public string? CertificateFile { get; init; }

    /// <summary>PEM file of its private key; null where it is in the same file.</summary>
    public string? KeyFile { get; init; }

    /// <summary>Name in the broker's certificate, where it differs from <see cref="Host"/>.</summary>
    public string? TlsHostName { get; init; }

    public string? UserName { get; init; }

    /// <summary>Never to be logged or shown.</summary>
    public byte[]? Password { get; init; }

    /// <summary>
    /// Names the session at the broker. It must stay the same from run to run, for under it the broker keeps what came while
    /// the gateway was away, and no other client may use it.
    /// </summary>
    public required string ClientId { get; init; }

    /// <summary>Stands before <c>pouch/v1/</c> in every topic on that broker, such as <c>site-a/</c>.</summary>
    public string TopicPrefix { get; init; } = "";

    /// <summary>Has the broker forget at the start of the gateway what it kept for it.</summary>
    public bool CleanStart { get; init; }

    /// <summary>How long the broker keeps the session while the gateway is away, seconds. MQTT 5; a 3.1.1 broker has a setting of its own.</summary>
    public uint SessionExpirySeconds { get; init; } = 7 * 24 * 3600;

    /// <summary>False speaks MQTT 3.1.1, as RabbitMQ before 3.13 needs.</summary>
    public bool IsMqtt5 { get; init; } = true;

    public int KeepAliveSeconds { get; init; } = 30;

    /// <summary>Messages taken without having been acknowledged: 1 to 65535.</summary>
    public int ReceiveMaximum { get; init; } = 1024;

    /// <summary>First and longest wait before it connects again, milliseconds.</summary>
    public (int First, int Longest) RetryMilliseconds { get; init; } = (1000, 60_000);

    /// <summary>What the gateway subscribes to there, each with QoS 1.</summary>
    public IReadOnlyList<string> Filters =>
    [
        TopicPrefix + TopicNames.Frame("+", "+"), TopicPrefix + TopicNames.Sample("+", "+"),
        TopicPrefix + TopicNames.Status("+"), TopicPrefix + TopicNames.Event("+"),
    ];
}
