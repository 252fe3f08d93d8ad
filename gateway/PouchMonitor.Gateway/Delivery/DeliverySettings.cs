using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Who is told what, and how. Holds no secret: those are in <see cref="DeliverySecrets"/>.</summary>
internal sealed record DeliverySettings
{
    /// <summary>One more at each change.</summary>
    public int Version { get; init; }

    public IReadOnlyList<DeliveryPerson> People { get; init; } = [];

    /// <summary>The server that takes mail; null while there is none.</summary>
    public MailServer? Smtp { get; init; }

    /// <summary>The watchdog that hears from a healthy gateway; null while there is none.</summary>
    public HeartbeatSettings? Heartbeat { get; init; }

    /// <summary>Address of the dashboard as people reach it, for links in messages; null leaves them out.</summary>
    public string? Link { get; init; }

    /// <summary>A route that has failed for this long raises the alarm <c>delivery</c>, minutes.</summary>
    public int AlarmAfterMinutes { get; init; } = 15;

    /// <summary>Messages a route gets in ten minutes before the rest wait for a digest; emergencies neither count nor wait.</summary>
    public int MostPerTenMinutes { get; init; } = 10;

    public IEnumerable<(DeliveryPerson Person, DeliveryRoute Route)> Routes =>
        People.SelectMany(person => person.Routes.Select(route => (person, route)));

    /// <summary>The route of a key, null where there is none.</summary>
    public (DeliveryPerson Person, DeliveryRoute Route)? Find(string key)
    {
        foreach ((DeliveryPerson person, DeliveryRoute route) in Routes)
        {
            if (KeyOf(person, route) == key)
            {
                return (person, route);
            }
        }

        return null;
    }

    /// <summary>What a route is called in the outbox, the log and the secrets.</summary>
    public static string KeyOf(DeliveryPerson person, DeliveryRoute route) => $"{person.Name}/{route.Name}";
}

/// <summary>A person, with everything that says when to disturb them.</summary>
internal sealed record DeliveryPerson
{
    public required string Name { get; init; }

    public IReadOnlyList<DeliveryRoute> Routes { get; init; } = [];

    public AlarmPriority LeastPriority { get; init; } = AlarmPriority.Medium;

    /// <summary>Told only from this escalation on; 0 from the beginning.</summary>
    public int FromEscalation { get; init; }

    public QuietHours? QuietHours { get; init; }

    /// <summary>Benches this person looks after; null or none for all.</summary>
    public IReadOnlyList<string>? Benches { get; init; }
}

/// <summary>The ways a message may go.</summary>
internal enum RouteKind
{
    Webhook = 0,
    Mail = 1,
}

/// <summary>What a webhook's receiver understands.</summary>
internal enum WebhookTemplate
{
    Json = 0,
    Slack = 1,
    Teams = 2,
    Mattermost = 3,
    Matrix = 4,
    Ntfy = 5,
    Custom = 6,
}

/// <summary>One way to one person.</summary>
internal sealed record DeliveryRoute
{
    public required string Name { get; init; }

    public RouteKind Kind { get; init; }

    public WebhookTemplate Template { get; init; }

    /// <summary>Where the webhook's address leads, scheme and host; the rest of it is a secret.</summary>
    public string? Host { get; init; }

    /// <summary>Of mail.</summary>
    public string? Address { get; init; }

    /// <summary>Of ntfy.</summary>
    public string? Topic { get; init; }

    /// <summary>Of Matrix, such as <c>!abc:server</c>.</summary>
    public string? Room { get; init; }

    /// <summary>JSON with placeholders, of the template <c>custom</c>.</summary>
    public string? Body { get; init; }
}

/// <summary>How a mail server's connection is protected.</summary>
internal enum MailSecurity
{
    /// <summary>Plain at first, then TLS before anything is said.</summary>
    StartTls = 0,

    /// <summary>TLS from the first byte.</summary>
    Tls = 1,

    /// <summary>None: to this machine only.</summary>
    None = 2,
}

/// <summary>The server that takes mail for delivery.</summary>
internal sealed record MailServer
{
    public required string Host { get; init; }

    public int Port { get; init; } = 587;

    public MailSecurity Security { get; init; }

    /// <summary>Null signs in nowhere.</summary>
    public string? User { get; init; }

    public required string From { get; init; }
}

/// <summary>An external watchdog that raises an alarm itself when it hears nothing.</summary>
internal sealed record HeartbeatSettings
{
    public int EverySeconds { get; init; } = 60;

    /// <summary>Where its address leads, scheme and host; the rest of it is a secret.</summary>
    public string? Host { get; init; }

    /// <summary>True also tells it at once, at <c>/fail</c> below its address, what is wrong.</summary>
    public bool TellFailure { get; init; }
}
