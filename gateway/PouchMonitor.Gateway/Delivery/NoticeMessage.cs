using System.Globalization;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>One message to one route in words, before it is put into the form of its receiver.</summary>
internal sealed record NoticeMessage
{
    public const string RepeatWords = "This may be a repeat: an earlier attempt was cut off and may have arrived.";

    public const string UnrecordedWords = "This may come again: the gateway cannot write its database, so that it does not remember having sent it.";

    /// <summary>Most notices told one by one in a digest.</summary>
    public const int MostListed = 10;

    private const string TimeFormat = "yyyy-MM-dd HH:mm:ss";

    /// <summary>Of the notice, or of the digest; the same for each attempt.</summary>
    public required string Key { get; init; }

    public required string Incident { get; init; }

    public required string Title { get; init; }

    /// <summary>Lines below the title.</summary>
    public required IReadOnlyList<string> Lines { get; init; }

    public required AlarmPriority Priority { get; init; }

    public required NoticeKind Kind { get; init; }

    public required string Bench { get; init; }

    public required long AtMicroseconds { get; init; }

    /// <summary>Leads to it in the dashboard; null where its address is not known.</summary>
    public string? Link { get; init; }

    /// <summary>An earlier attempt may have arrived.</summary>
    public bool MayBeRepeat { get; init; }

    /// <summary>The gateway could not note that it sends this.</summary>
    public bool IsUnrecorded { get; init; }

    public bool IsTest { get; init; }

    /// <summary>What it tells; several in a digest.</summary>
    public IReadOnlyList<AlarmNotice> Notices { get; init; } = [];

    /// <summary>Everything below the title as plain text.</summary>
    public string Text => string.Join('\n', AllLines);

    public IEnumerable<string> AllLines => Lines
        .Concat(MayBeRepeat ? [RepeatWords] : [])
        .Concat(IsUnrecorded ? [UnrecordedWords] : [])
        .Concat(Link is null ? [] : [Link]);

    /// <summary>What people read first.</summary>
    public static string TitleOf(AlarmNotice notice)
    {
        ArgumentNullException.ThrowIfNull(notice);
        string what = Gravest(notice) is { } gravest ? $"{gravest.Rule} of {gravest.Cell}" : notice.Incident;
        string more = notice.AlarmCount > 1
            ? string.Create(CultureInfo.InvariantCulture, $" ({notice.AlarmCount} alarms, {notice.CellCount} {(notice.CellCount == 1 ? "cell" : "cells")})") : "";
        string where = notice.Bench.Length > 0 && notice.Bench != GatewayRules.Self ? $"{notice.Bench}: " : "";
        string priority = AlarmPriorities.NameOf(notice.Priority).ToUpperInvariant();
        string title = notice.Kind switch
        {
            NoticeKind.Worse => $"{priority}, worse: {where}{what}{more}",
            NoticeKind.Escalated => string.Create(
                CultureInfo.InvariantCulture, $"{priority}, not acknowledged (escalation {notice.Escalation}): {where}{what}{more}"),
            NoticeKind.Acknowledged => $"Acknowledged{(notice.Person is { } person ? $" by {person}" : "")}: {where}{what}{more}",
            NoticeKind.Returned => $"Back to normal: {where}{what}{more}",
            _ => $"{priority}: {where}{what}{more}",
        };
        return DeliveryText.Shorten(DeliveryText.OneLine(title), 200);
    }

    /// <param name="notice">What is told.</param>
    /// <param name="zone">Clock of the times in it.</param>
    /// <param name="link">Address of the dashboard; null for none.</param>
    public static NoticeMessage Of(AlarmNotice notice, TimeZoneInfo zone, string? link) => new()
    {
        Key = notice.Key,
        Incident = notice.Incident,
        Title = TitleOf(notice),
        Lines = LinesOf(notice, zone),
        Priority = notice.Priority,
        Kind = notice.Kind,
        Bench = notice.Bench,
        AtMicroseconds = notice.AtMicroseconds,
        Link = LinkTo(link),
        Notices = [notice],
    };

    /// <summary>What has waited, as one message: the most urgent and newest of it one by one, the rest as a number.</summary>
    public static NoticeMessage Digest(string key, IReadOnlyList<AlarmNotice> notices, TimeZoneInfo zone, string? link)
    {
        List<AlarmNotice> shown = [.. notices.OrderByDescending(notice => notice.Priority).ThenByDescending(notice => notice.AtMicroseconds).Take(MostListed)];
        List<string> lines = [.. shown.Select(notice => $"{Time(notice.AtMicroseconds, zone)}  {TitleOf(notice)}")];
        int incidents = notices.Select(notice => notice.Incident).Except(shown.Select(notice => notice.Incident), StringComparer.Ordinal).Count();
        if (notices.Count > shown.Count)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {notices.Count - shown.Count} more messages")
                + (incidents > 0 ? string.Create(CultureInfo.InvariantCulture, $" of {incidents} more {(incidents == 1 ? "incident" : "incidents")}") : ""));
        }

        AlarmNotice first = shown[0];
        if (Gravest(first) is { } gravest)
        {
            lines.InsertRange(1, ToDo(first, gravest, "What to do about it"));
        }

        return new NoticeMessage
        {
            Key = key,
            Incident = first.Incident,
            Title = string.Create(CultureInfo.InvariantCulture, $"{notices.Count} messages that waited, the most urgent {AlarmPriorities.NameOf(first.Priority)}"),
            Lines = lines,
            Priority = first.Priority,
            Kind = first.Kind,
            Bench = string.Join(", ", notices.Select(notice => notice.Bench).Where(bench => bench.Length > 0).Distinct(StringComparer.Ordinal).Take(MostListed)),
            AtMicroseconds = first.AtMicroseconds,
            Link = LinkTo(link),
            Notices = shown,
        };
    }

    /// <summary>What the test button sends.</summary>
    public static NoticeMessage Test(string key, string person, long atMicroseconds, string? link) => new()
    {
        Key = key,
        Incident = key,
        Title = "Test of PouchMonitor: alarms reach this route",
        Lines = [$"{person} pressed the test button at {Time(atMicroseconds, TimeZoneInfo.Utc)}. No cell is in alarm because of this message."],
        Priority = AlarmPriority.Low,
        Kind = NoticeKind.Raised,
        Bench = "",
        AtMicroseconds = atMicroseconds,
        Link = LinkTo(link),
        IsTest = true,
    };

    /// <summary>The alarm that a notice is about: of those that ask, where it tells of such, the gravest, then the earliest.</summary>
    private static Alarm? Gravest(AlarmNotice notice)
    {
        bool isOfAsking = notice.Kind is not (NoticeKind.Acknowledged or NoticeKind.Returned);
        return notice.Alarms.OrderByDescending(alarm => isOfAsking && alarm.Asks).ThenByDescending(alarm => alarm.Priority).ThenByDescending(alarm => alarm.Asks)
            .ThenBy(alarm => alarm.Finding.OnsetMicroseconds).ThenBy(alarm => alarm.RaisedMicroseconds).FirstOrDefault();
    }

    private static List<string> LinesOf(AlarmNotice notice, TimeZoneInfo zone)
    {
        List<string> lines = [];
        if (Gravest(notice) is { } gravest)
        {
            // What is worst and what to do come before anything that a short screen would cut off.
            Alarm first = notice.Alarms[0];
            lines.Add(LineOf(gravest, zone));
            lines.AddRange(ToDo(notice, gravest, "What to do"));
            lines.AddRange(first == gravest ? [] : [$"First out: {LineOf(first, zone)}"]);
            lines.AddRange(notice.Alarms.Take(AlarmNotice.MostShown).Where(alarm => alarm != gravest && alarm != first).Select(alarm => LineOf(alarm, zone)));
        }

        if (notice.AlarmCount > notice.Alarms.Count)
        {
            lines.Add(string.Create(CultureInfo.InvariantCulture, $"and {notice.AlarmCount - notice.Alarms.Count} more alarms"));
        }

        lines.Add($"{Time(notice.AtMicroseconds, zone)}, incident {DeliveryText.OneLine(notice.Incident)}");
        return lines;
    }

    // Where somebody has acknowledged it, or it is over, nobody is asked to do anything.
    private static IEnumerable<string> ToDo(AlarmNotice notice, Alarm alarm, string head) =>
        notice.Kind is NoticeKind.Acknowledged or NoticeKind.Returned ? [] : [$"{head}: {AlarmGuidance.ActionOf(alarm.Rule)}"];

    private static string LineOf(Alarm alarm, TimeZoneInfo zone) => DeliveryText.Shorten(
        DeliveryText.OneLine(
            $"{AlarmPriorities.NameOf(alarm.Priority)}, {alarm.Rule} of {alarm.Cell}, since {Time(alarm.Finding.OnsetMicroseconds, zone)}: {alarm.Finding.Message}"),
        400);

    private static string Time(long microseconds, TimeZoneInfo zone)
    {
        DateTimeOffset at = TimeZoneInfo.ConvertTime(DateTimeOffset.UnixEpoch.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond), zone);
        return at.ToString(TimeFormat, CultureInfo.InvariantCulture) + (at.Offset == TimeSpan.Zero ? " UTC" : at.ToString(" zzz", CultureInfo.InvariantCulture));
    }

    private static string? LinkTo(string? link) => link is null ? null : link.TrimEnd('/') + "/#/alarms";
}
