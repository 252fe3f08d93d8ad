namespace PouchMonitor.Gateway.Delivery;

/// <summary>What the configuration file says of delivery; everything else is set in the dashboard.</summary>
public sealed record DeliveryOptions
{
    /// <summary>Certificates that mail servers and webhooks of the house are checked against besides the machine's own, PEM; null for none.</summary>
    public string? AuthorityFile { get; init; }

    /// <summary>Password of the mail server from a file or the environment; comes before the one that was set. Never to be logged or shown.</summary>
    public string? MailPassword { get; init; }

    /// <summary>Address of the watchdog from a file or the environment; comes before the one that was set. Never to be logged or shown.</summary>
    public string? HeartbeatUrl { get; init; }

    /// <summary>How long one attempt may take.</summary>
    public TimeSpan AttemptTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Rows of the delivery log; the oldest that are done go first.</summary>
    public int MostLogRows { get; init; } = 100_000;

    // The text of a record lists its values; this one may end in a log.
    public override string ToString() => nameof(DeliveryOptions);
}
