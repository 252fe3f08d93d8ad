using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>Makes deliveries of a notice, and messages of deliveries.</summary>
internal static class Composition
{
    /// <summary>What becomes of a notice on its way to one route.</summary>
    public static DeliveryRecord First(AlarmNotice notice, DeliveryPerson person, DeliveryRoute route, DateTimeOffset now)
    {
        Routing routing = Routing.Decide(person, notice, now);
        return new DeliveryRecord
        {
            Notice = notice.Key,
            Route = DeliverySettings.KeyOf(person, route),
            AtMicroseconds = notice.AtMicroseconds,
            State = routing.Verdict switch
            {
                RoutingVerdict.Send => DeliveryState.Pending,
                RoutingVerdict.Hold => DeliveryState.Held,
                _ => DeliveryState.Skipped,
            },
            Priority = notice.Priority,
            Kind = notice.Kind,
            Incident = notice.Incident,
            Title = NoticeMessage.TitleOf(notice),
            NextMicroseconds = routing.Verdict == RoutingVerdict.Hold
                ? (routing.Until - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond : null,
            Reason = routing.Reason.Length > 0 ? routing.Reason : null,
        };
    }

    /// <summary>What is sent; null where nothing of it is known any more.</summary>
    public static NoticeMessage? MessageOf(
        DeliverySettings settings, DeliveryPerson person, IReadOnlyList<DeliveryRecord> sending, Func<string, AlarmNotice?> find)
    {
        TimeZoneInfo zone = person.QuietHours is { } quiet && TimeZoneInfo.TryFindSystemTimeZoneById(quiet.Zone, out TimeZoneInfo? own) ? own : TimeZoneInfo.Utc;
        List<AlarmNotice> notices = [.. sending.Select(delivery => find(delivery.Notice)).OfType<AlarmNotice>()];
        return notices.Count == 0 ? null
            : sending[0].Group is { } group ? NoticeMessage.Digest(group, notices, zone, settings.Link)
            : NoticeMessage.Of(notices[0], zone, settings.Link);
    }

    /// <summary>Key of a digest; it stays with its notices until the receiver has them.</summary>
    public static string GroupOf(string route, IEnumerable<DeliveryRecord> deliveries) =>
        $"digest-{DeliveryText.Digest(route + "\n" + string.Join('\n', deliveries.Select(delivery => delivery.Notice)))}";

    /// <summary>A delivery that the receiver has taken.</summary>
    public static DeliveryRecord Sent(DeliveryRecord delivery, int together, long nowMicroseconds) => delivery with
    {
        State = DeliveryState.Sent,
        SentMicroseconds = nowMicroseconds,
        LastError = null,
        Reason = together > 1 ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"in a digest of {together}") : delivery.Reason,
    };

    /// <summary>A delivery whose attempt has failed.</summary>
    public static DeliveryRecord NotSent(DeliveryRecord delivery, SendResult result) => delivery with
    {
        State = result.Outcome == SendOutcome.Refused ? DeliveryState.Failed : DeliveryState.Pending,
        NextMicroseconds = null,
        LastError = DeliveryText.Shorten(DeliveryText.OneLine(result.Reason), 500),
        MayBeRepeat = delivery.MayBeRepeat || result.Outcome == SendOutcome.Unknown,
    };

    /// <summary>How a test went.</summary>
    public static DeliveryRecord OfTest(string key, string person, NoticeMessage message, SendResult result, long nowMicroseconds) => new()
    {
        Notice = message.Key,
        Route = key,
        AtMicroseconds = message.AtMicroseconds,
        State = result.Outcome == SendOutcome.Sent ? DeliveryState.Sent : DeliveryState.Failed,
        Attempts = 1,
        Priority = message.Priority,
        Kind = message.Kind,
        Incident = "",
        Title = message.Title,
        TriedMicroseconds = message.AtMicroseconds,
        SentMicroseconds = result.Outcome == SendOutcome.Sent ? nowMicroseconds : null,
        LastError = result.Outcome == SendOutcome.Sent ? null : result.Reason,
        Reason = $"test by {person}",
    };
}
