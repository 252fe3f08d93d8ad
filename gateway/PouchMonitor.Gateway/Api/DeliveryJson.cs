using System.Text.Json;
using System.Text.Json.Serialization;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Api;

/// <summary>
/// The delivery settings as JSON. A secret goes in and never out: it is answered as <c>set</c> or <c>unset</c>, and whoever sends
/// <c>set</c> back, or nothing, keeps what is stored.
/// </summary>
internal static class DeliveryJson
{
    private const string Set = "set";
    private const string Unset = "unset";

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        PropertyNameCaseInsensitive = false,
        NumberHandling = JsonNumberHandling.Strict,
        RespectNullableAnnotations = true,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        MaxDepth = 16,
    };

    public static void Write(Utf8JsonWriter writer, DeliveryBook book)
    {
        DeliverySettings settings = book.Current;
        SettingsEntry entry = new()
        {
            Version = settings.Version,
            People = [.. settings.People.Select(person => EntryOf(person, book.Secrets))],
            Smtp = settings.Smtp is not { } smtp ? null : new SmtpEntry
            {
                Host = smtp.Host,
                Port = smtp.Port,
                Security = smtp.Security.ToString().ToLowerInvariant(),
                User = smtp.User,
                From = smtp.From,
                Password = Shown(book.MailPassword),
            },
            Heartbeat = settings.Heartbeat is not { } heartbeat ? null : new HeartbeatEntry
            {
                EverySeconds = heartbeat.EverySeconds,
                TellFailure = heartbeat.TellFailure,
                Host = heartbeat.Host,
                Url = Shown(book.HeartbeatUrl),
            },
            Link = settings.Link,
            AlarmAfterMinutes = settings.AlarmAfterMinutes,
            MostPerTenMinutes = settings.MostPerTenMinutes,
        };
        JsonSerializer.Serialize(writer, entry, Json);
    }

    /// <summary>Reads what somebody wants to set.</summary>
    /// <exception cref="JsonException">It is not of this form; the message says where.</exception>
    public static (DeliverySettings Settings, Dictionary<string, DeliverySecret> Secrets, string? By) Read(Stream body, DeliveryBook book)
    {
        SettingsEntry entry = JsonSerializer.Deserialize<SettingsEntry>(body, Json) ?? throw new JsonException("an object is needed, not null");
        Dictionary<string, DeliverySecret> secrets = new(StringComparer.Ordinal);
        List<DeliveryPerson> people = [];
        foreach (PersonEntry person in entry.People)
        {
            DeliveryPerson read = new()
            {
                Name = person.Name,
                LeastPriority = Named<AlarmPriority>(person.LeastPriority, "leastPriority"),
                FromEscalation = person.FromEscalation,
                QuietHours = person.QuietHours,
                Benches = person.Benches,
                Routes = [.. person.Routes.Select(route => RouteOf(person, route, book, secrets))],
            };
            people.Add(read);
        }

        MailServer? smtp = entry.Smtp is null ? null : SmtpOf(entry.Smtp, book, secrets);
        HeartbeatSettings? heartbeat = null;
        if (entry.Heartbeat is { } beat)
        {
            string? url = Kept(beat.Url, book.Secrets.Of(DeliverySecrets.Heartbeat).Url);
            secrets[DeliverySecrets.Heartbeat] = new DeliverySecret(Url: url);
            heartbeat = new HeartbeatSettings { EverySeconds = beat.EverySeconds, TellFailure = beat.TellFailure, Host = HostOf(book.Options.HeartbeatUrl ?? url) };
        }

        return (new DeliverySettings
        {
            Version = entry.Version,
            People = people,
            Smtp = smtp,
            Heartbeat = heartbeat,
            Link = string.IsNullOrWhiteSpace(entry.Link) ? null : entry.Link.Trim(),
            AlarmAfterMinutes = entry.AlarmAfterMinutes,
            MostPerTenMinutes = entry.MostPerTenMinutes,
        }, secrets, entry.By);
    }

    public static void Write(Utf8JsonWriter writer, DeliveryRecord delivery)
    {
        writer.WriteStartObject();
        writer.WriteNumber("id", delivery.Id);
        writer.WriteNumber("at", delivery.AtMicroseconds / 1e6);
        writer.WriteString("notice", delivery.Notice);
        writer.WriteString("incident", delivery.Incident);
        writer.WriteString("kind", JsonNamingPolicy.CamelCase.ConvertName(delivery.Kind.ToString()));
        writer.WriteString("priority", AlarmPriorities.NameOf(delivery.Priority));
        writer.WriteString("title", delivery.Title);
        writer.WriteString("route", delivery.Route);
        writer.WriteString("state", DeliveryRecord.NameOf(delivery.State));
        writer.WriteNumber("attempts", delivery.Attempts);
        Time(writer, "triedAt", delivery.TriedMicroseconds);
        Time(writer, "sentAt", delivery.SentMicroseconds);
        Time(writer, "nextAt", delivery.NextMicroseconds);
        writer.WriteString("error", delivery.LastError);
        writer.WriteString("reason", delivery.Reason);
        writer.WriteBoolean("mayBeRepeat", delivery.MayBeRepeat);
        writer.WriteEndObject();
    }

    public static void WriteState(Utf8JsonWriter writer, AlarmDelivery delivery)
    {
        writer.WriteStartObject();
        writer.WriteString("problem", delivery.Book.Problem ?? delivery.Outbox.Counters.StoreProblem);
        writer.WriteStartArray("routes");
        foreach (RouteStatus route in delivery.Outbox.Routes())
        {
            writer.WriteStartObject();
            writer.WriteString("route", route.Route);
            writer.WriteNumber("waiting", route.Waiting);
            writer.WriteNumber("held", route.Held);
            Time(writer, "oldestAt", route.OldestMicroseconds);
            Time(writer, "failingSince", route.FailingSinceMicroseconds);
            Time(writer, "lastSentAt", route.LastSentMicroseconds);
            writer.WriteString("error", route.LastError);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        if (delivery.Book.Current.Heartbeat is { } heartbeat && delivery.Heartbeat is { } figures)
        {
            writer.WriteStartObject("heartbeat");
            writer.WriteString("host", heartbeat.Host);
            writer.WriteNumber("everySeconds", heartbeat.EverySeconds);
            Time(writer, "lastSuccessAt", figures.LastSuccessMicroseconds);
            writer.WriteString("error", figures.LastError);
            writer.WriteString("problem", figures.Problem);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("heartbeat");
        }

        writer.WriteEndObject();
    }

    private static PersonEntry EntryOf(DeliveryPerson person, DeliverySecrets secrets) => new()
    {
        Name = person.Name,
        LeastPriority = AlarmPriorities.NameOf(person.LeastPriority),
        FromEscalation = person.FromEscalation,
        QuietHours = person.QuietHours,
        Benches = person.Benches,
        Routes = [.. person.Routes.Select(route =>
        {
            DeliverySecret secret = secrets.Of(DeliverySettings.KeyOf(person, route));
            bool isWebhook = route.Kind == RouteKind.Webhook;
            return new RouteEntry
            {
                Name = route.Name,
                Was = DeliverySettings.KeyOf(person, route),
                Kind = route.Kind.ToString().ToLowerInvariant(),
                Template = isWebhook ? route.Template.ToString().ToLowerInvariant() : null,
                Host = route.Host,
                Url = isWebhook ? Shown(secret.Url) : null,
                Secret = isWebhook ? Shown(secret.Secret) : null,
                Token = isWebhook ? Shown(secret.Token) : null,
                Address = route.Address,
                Topic = route.Topic,
                Room = route.Room,
                Body = route.Body,
            };
        })],
    };

    private static DeliveryRoute RouteOf(PersonEntry person, RouteEntry entry, DeliveryBook book, Dictionary<string, DeliverySecret> secrets)
    {
        RouteKind kind = Named<RouteKind>(entry.Kind, "kind");
        DeliveryRoute route = new() { Name = entry.Name, Kind = kind };
        if (kind == RouteKind.Mail)
        {
            return route with { Address = entry.Address };
        }

        WebhookTemplate template = Named<WebhookTemplate>(entry.Template ?? "json", "template");
        string key = $"{person.Name}/{entry.Name}";
        DeliverySecret before = book.Secrets.Of(entry.Was ?? key);
        string? url = Kept(entry.Url, before.Url);

        // A token is for the server that gave it: where the address leads elsewhere it must be given anew.
        string? known = HostOf(url) == HostOf(before.Url) ? before.Token : null;
        secrets[key] = new DeliverySecret(url, Kept(entry.Secret, before.Secret), Kept(entry.Token, known));
        return route with
        {
            Template = template,
            Host = HostOf(url),
            Topic = template == WebhookTemplate.Ntfy ? entry.Topic : null,
            Room = template == WebhookTemplate.Matrix ? entry.Room : null,
            Body = template == WebhookTemplate.Custom ? entry.Body : null,
        };
    }

    private static MailServer SmtpOf(SmtpEntry entry, DeliveryBook book, Dictionary<string, DeliverySecret> secrets)
    {
        // Nor is a password sent to another server than the one it was given for.
        string? before = book.Current.Smtp?.Host == entry.Host ? book.Secrets.Of(DeliverySecrets.Mail).Password : null;
        string? user = string.IsNullOrWhiteSpace(entry.User) ? null : entry.User;
        secrets[DeliverySecrets.Mail] = new DeliverySecret(Password: user is null ? null : Kept(entry.Password, before));
        return new MailServer { Host = entry.Host, Port = entry.Port, Security = Named<MailSecurity>(entry.Security, "security"), User = user, From = entry.From };
    }

    private static T Named<T>(string text, string what)
        where T : struct, Enum =>
        text.Length > 0 && text.All(char.IsAsciiLetterLower) && Enum.TryParse(text, ignoreCase: true, out T value)
            ? value
            : throw new JsonException($"{what} = '{DeliveryText.Shorten(text, 40)}' is none of {string.Join(", ", Enum.GetNames<T>().Select(name => name.ToLowerInvariant()))}.");

    private static string? Kept(string? wanted, string? stored) => wanted switch
    {
        null or Set => stored,
        "" or Unset => null,
        _ => wanted.Trim(),
    };

    private static string Shown(string? secret) => secret is null ? Unset : Set;

    private static string? HostOf(string? url) => Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address.GetLeftPart(UriPartial.Authority) : null;

    private static void Time(Utf8JsonWriter writer, string name, long? microseconds)
    {
        if (microseconds is { } known)
        {
            writer.WriteNumber(name, known / 1e6);
        }
        else
        {
            writer.WriteNull(name);
        }
    }

    private sealed record SettingsEntry
    {
        public int Version { get; init; }

        public IReadOnlyList<PersonEntry> People { get; init; } = [];

        public SmtpEntry? Smtp { get; init; }

        public HeartbeatEntry? Heartbeat { get; init; }

        public string? Link { get; init; }

        public int AlarmAfterMinutes { get; init; } = 15;

        public int MostPerTenMinutes { get; init; } = 10;

        /// <summary>Who sets it, in an open trial.</summary>
        [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
        public string? By { get; init; }
    }

    private sealed record PersonEntry
    {
        public required string Name { get; init; }

        public string LeastPriority { get; init; } = "medium";

        public int FromEscalation { get; init; }

        public QuietHours? QuietHours { get; init; }

        public IReadOnlyList<string>? Benches { get; init; }

        public IReadOnlyList<RouteEntry> Routes { get; init; } = [];
    }

    private sealed record RouteEntry
    {
        public required string Name { get; init; }

        /// <summary>Its key as it was read, so that a new name keeps the secrets.</summary>
        public string? Was { get; init; }

        public required string Kind { get; init; }

        public string? Template { get; init; }

        public string? Host { get; init; }

        public string? Url { get; init; }

        public string? Secret { get; init; }

        public string? Token { get; init; }

        public string? Address { get; init; }

        public string? Topic { get; init; }

        public string? Room { get; init; }

        public string? Body { get; init; }
    }

    private sealed record SmtpEntry
    {
        public required string Host { get; init; }

        public int Port { get; init; } = 587;

        public string Security { get; init; } = "starttls";

        public string? User { get; init; }

        public required string From { get; init; }

        public string? Password { get; init; }
    }

    private sealed record HeartbeatEntry
    {
        public int EverySeconds { get; init; } = 60;

        public bool TellFailure { get; init; }

        public string? Host { get; init; }

        public string? Url { get; init; }
    }
}
