using System.Globalization;
using System.Net;
using System.Net.Mail;
using PouchMonitor.Gateway.Delivery.Webhook;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>What may be set; each problem names the thing, its value and the limit.</summary>
internal static class DeliveryCheck
{
    public const int MostPeople = 100;
    public const int MostRoutesOfOne = 8;
    private const int LongestName = 64;
    private const int LongestUrl = 1000;
    private const int LongestSecret = 1000;
    private const int LongestBody = 4000;
    private const int MostBenches = 100;

    public static IReadOnlyList<string> Problems(
        DeliverySettings settings, IReadOnlyDictionary<string, DeliverySecret> secrets, DeliveryOptions options)
    {
        ArgumentNullException.ThrowIfNull(settings);
        List<string> problems = [];
        Range(problems, "alarmAfterMinutes", settings.AlarmAfterMinutes, 1, 1440);
        Range(problems, "mostPerTenMinutes", settings.MostPerTenMinutes, 1, 100);
        if (settings.Link is { } link && (link.Length > LongestUrl || !Uri.TryCreate(link, UriKind.Absolute, out Uri? address)
            || address.Scheme is not ("http" or "https") || address.UserInfo.Length > 0 || address.Fragment.Length > 0))
        {
            problems.Add($"link = '{DeliveryText.Shorten(link, 80)}' is no http or https address of the dashboard without user and fragment.");
        }

        if (settings.People.Count > MostPeople)
        {
            problems.Add($"people has {settings.People.Count} entries, at most {MostPeople} are allowed.");
        }

        foreach (string twice in Twice(settings.People.Select(person => person.Name)))
        {
            problems.Add($"people: '{DeliveryText.Shorten(twice, LongestName)}' stands there twice.");
        }

        for (int i = 0; i < Math.Min(settings.People.Count, MostPeople); i++)
        {
            Person(problems, settings.People[i], string.Create(CultureInfo.InvariantCulture, $"people[{i}]"), settings, secrets);
        }

        Mail(problems, settings, secrets, options);
        Heartbeat(problems, settings, secrets, options);
        return problems;
    }

    private static void Person(
        List<string> problems, DeliveryPerson person, string at, DeliverySettings settings, IReadOnlyDictionary<string, DeliverySecret> secrets)
    {
        if (!IsLabel(person.Name))
        {
            problems.Add($"{at}.name = '{DeliveryText.Shorten(person.Name, LongestName)}' must have 1 to {LongestName} printable characters without '/'.");
        }

        Range(problems, $"{at}.fromEscalation", person.FromEscalation, 0, 10);
        if (!Enum.IsDefined(person.LeastPriority))
        {
            problems.Add($"{at}.leastPriority is none of low, medium, high, emergency.");
        }

        if (person.QuietHours?.Problem() is { } problem)
        {
            problems.Add($"{at}.quietHours.{problem}");
        }

        if (person.Benches is { } benches && (benches.Count > MostBenches || benches.FirstOrDefault(bench => !TopicNames.IsName(bench)) is not null))
        {
            problems.Add($"{at}.benches has up to {MostBenches} names of 1 to {TopicNames.MaximumNameLength} of A-Z a-z 0-9 . _ -.");
        }

        if (person.Routes.Count > MostRoutesOfOne)
        {
            problems.Add($"{at}.routes has {person.Routes.Count} entries, at most {MostRoutesOfOne} are allowed.");
        }

        foreach (string twice in Twice(person.Routes.Select(route => route.Name)))
        {
            problems.Add($"{at}.routes: '{DeliveryText.Shorten(twice, LongestName)}' stands there twice.");
        }

        for (int i = 0; i < Math.Min(person.Routes.Count, MostRoutesOfOne); i++)
        {
            DeliveryRoute route = person.Routes[i];
            string place = string.Create(CultureInfo.InvariantCulture, $"{at}.routes[{i}]");
            if (!IsLabel(route.Name))
            {
                problems.Add($"{place}.name = '{DeliveryText.Shorten(route.Name, LongestName)}' must have 1 to {LongestName} printable characters without '/'.");
            }

            DeliverySecret secret = secrets.GetValueOrDefault(DeliverySettings.KeyOf(person, route)) ?? new DeliverySecret();
            problems.AddRange((route.Kind switch
            {
                RouteKind.Mail => MailRoute(route, settings),
                RouteKind.Webhook => WebhookRoute(route, secret),
                _ => ["kind is neither webhook nor mail."],
            }).Select(found => $"{place}.{found}"));
        }
    }

    private static IEnumerable<string> MailRoute(DeliveryRoute route, DeliverySettings settings)
    {
        if (!IsAddress(route.Address))
        {
            yield return $"address = '{DeliveryText.Shorten(route.Address ?? "", 80)}' is no mail address of plain ASCII.";
        }

        if (settings.Smtp is null)
        {
            yield return "kind mail needs smtp to be set.";
        }
    }

    private static IEnumerable<string> WebhookRoute(DeliveryRoute route, DeliverySecret secret)
    {
        if (AddressProblem(secret.Url) is { } problem)
        {
            yield return problem;
        }

        if (secret.Secret is { } key && key.Length is < 16 or > LongestSecret)
        {
            yield return $"secret has {key.Length} characters; a key to sign with has 16 to {LongestSecret}.";
        }

        if (secret.Token is { } token && (token.Length is < 1 or > LongestSecret || token.Any(c => c is <= ' ' or > '~')))
        {
            yield return $"token must have 1 to {LongestSecret} ASCII characters without spaces.";
        }

        switch (route.Template)
        {
            case WebhookTemplate.Ntfy when !TopicNames.IsName(route.Topic ?? ""):
                yield return $"topic = '{DeliveryText.Shorten(route.Topic ?? "", 80)}' must have 1 to {TopicNames.MaximumNameLength} of A-Z a-z 0-9 . _ -.";
                break;
            case WebhookTemplate.Matrix when route.Room is not { Length: > 3 and <= 255 } room || room[0] != '!' || !room.Contains(':', StringComparison.Ordinal):
                yield return $"room = '{DeliveryText.Shorten(route.Room ?? "", 80)}' is no Matrix room id such as !abc:server.";
                break;
            case WebhookTemplate.Matrix when secret.Token is null:
                yield return "token is needed for Matrix: the access token of the account that writes.";
                break;
            case WebhookTemplate.Custom when route.Body is not { Length: > 0 and <= LongestBody }:
                yield return $"body must have 1 to {LongestBody} characters of JSON with placeholders.";
                break;
            case WebhookTemplate.Custom when CustomTemplate.Problem(route.Body!) is { } found:
                yield return $"body: {found}";
                break;
            case < WebhookTemplate.Json or > WebhookTemplate.Custom:
                yield return "template is none of json, slack, teams, mattermost, matrix, ntfy, custom.";
                break;
        }
    }

    /// <summary>What is wrong with the address of a webhook or a watchdog. The address itself is a secret and is not said.</summary>
    private static string? AddressProblem(string? url)
    {
        if (string.IsNullOrEmpty(url))
        {
            return "url is not set.";
        }

        if (url.Length > LongestUrl || !Uri.TryCreate(url, UriKind.Absolute, out Uri? address) || address.Scheme is not ("http" or "https"))
        {
            return $"url is no http or https address of at most {LongestUrl} characters.";
        }

        if (address.UserInfo.Length > 0)
        {
            return "url holds credentials; give a token instead.";
        }

        return address.Scheme == "http" && !address.IsLoopback
            ? $"url: http to {address.Host} would send the alarm unencrypted; use https." : null;
    }

    private static void Mail(
        List<string> problems, DeliverySettings settings, IReadOnlyDictionary<string, DeliverySecret> secrets, DeliveryOptions options)
    {
        if (settings.Smtp is not { } smtp)
        {
            return;
        }

        bool isHost = smtp.Host.Length is > 0 and <= 253 && Uri.CheckHostName(smtp.Host) != UriHostNameType.Unknown;
        if (!isHost)
        {
            problems.Add($"smtp.host = '{DeliveryText.Shorten(smtp.Host, 80)}' is no name or address of a server.");
        }

        Range(problems, "smtp.port", smtp.Port, 1, IPEndPoint.MaxPort);
        if (!Enum.IsDefined(smtp.Security))
        {
            problems.Add("smtp.security is none of starttls, tls, none.");
        }

        if (smtp.Security == MailSecurity.None && !IsLoopback(smtp.Host))
        {
            problems.Add($"smtp.security = none is for a server on this machine only, not for '{DeliveryText.Shorten(smtp.Host, 80)}'.");
        }

        if (!IsAddress(smtp.From))
        {
            problems.Add($"smtp.from = '{DeliveryText.Shorten(smtp.From, 80)}' is no mail address of plain ASCII.");
        }

        string? password = options.MailPassword ?? secrets.GetValueOrDefault(DeliverySecrets.Mail)?.Password;
        if (smtp.User is { } user && (user.Length is < 1 or > 255 || user.Any(char.IsControl)))
        {
            problems.Add("smtp.user must have 1 to 255 characters.");
        }
        else if ((smtp.User is null) != (password is null))
        {
            problems.Add("smtp.user and smtp.password go together.");
        }
        else if (smtp.User is not null && smtp.Security == MailSecurity.None)
        {
            problems.Add("smtp.user needs security starttls or tls: a password is not sent unencrypted.");
        }

        if (password?.Length > LongestSecret)
        {
            problems.Add($"smtp.password has more than {LongestSecret} characters.");
        }
    }

    private static void Heartbeat(
        List<string> problems, DeliverySettings settings, IReadOnlyDictionary<string, DeliverySecret> secrets, DeliveryOptions options)
    {
        if (settings.Heartbeat is { } heartbeat)
        {
            Range(problems, "heartbeat.everySeconds", heartbeat.EverySeconds, 5, 3600);
            if (AddressProblem(options.HeartbeatUrl ?? secrets.GetValueOrDefault(DeliverySecrets.Heartbeat)?.Url) is { } problem)
            {
                problems.Add($"heartbeat.{problem}");
            }
        }
    }

    private static bool IsLoopback(string host) =>
        host == "localhost" || (IPAddress.TryParse(host, out IPAddress? address) && IPAddress.IsLoopback(address));

    private static bool IsAddress(string? text) => text is { Length: > 2 and <= 254 } && text.All(c => c is > ' ' and <= '~')
        && MailAddress.TryCreate(text, out MailAddress? address) && address.Address == text;

    private static bool IsLabel(string text) =>
        text.Length is > 0 and <= LongestName && text.Trim() == text && !text.Any(c => char.IsControl(c) || c == '/');

    private static IEnumerable<string> Twice(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1).Select(group => group.Key);

    private static void Range(List<string> problems, string name, int value, int least, int most)
    {
        if (value < least || value > most)
        {
            problems.Add(string.Create(CultureInfo.InvariantCulture, $"{name} = {value} is outside {least} to {most}."));
        }
    }
}
