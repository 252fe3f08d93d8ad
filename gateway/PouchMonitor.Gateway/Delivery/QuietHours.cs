using System.Globalization;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>When a person does not want to be disturbed. What <c>emergency</c> has to do with it stands in <see cref="Routing"/>: nothing.</summary>
internal sealed record QuietHours
{
    /// <summary>First minute, <c>HH:mm</c> on the clock of <see cref="Zone"/>.</summary>
    public required string From { get; init; }

    /// <summary>First minute that is not quiet any more; earlier than <see cref="From"/> where it is on the next day.</summary>
    public required string To { get; init; }

    /// <summary>Time zone by its IANA name, such as <c>Europe/Berlin</c>.</summary>
    public required string Zone { get; init; }

    /// <summary>Days on which they begin, <c>mon</c> to <c>sun</c>; null or none for every day.</summary>
    public IReadOnlyList<string>? Days { get; init; }

    public static readonly string[] DayNames = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];

    private const int MinutesOfDay = 24 * 60;

    /// <summary>True where an instant lies in them.</summary>
    public bool Contains(DateTimeOffset now)
    {
        DateTimeOffset local = TimeZoneInfo.ConvertTime(now, TimeZoneInfo.FindSystemTimeZoneById(Zone));
        int minute = (local.Hour * 60) + local.Minute;
        int from = Minutes(From);
        int to = Minutes(To);
        if (from < to)
        {
            return minute >= from && minute < to && Begins(local.DayOfWeek);
        }

        return (minute >= from && Begins(local.DayOfWeek)) || (minute < to && Begins((DayOfWeek)(((int)local.DayOfWeek + 6) % 7)));
    }

    /// <summary>
    /// The first whole minute from an instant on that is not quiet. Looked for minute by minute on the real clock, so that hours that
    /// a change of summer time leaves out or repeats need no rule of their own.
    /// </summary>
    public DateTimeOffset EndAfter(DateTimeOffset now)
    {
        DateTimeOffset at = new(now.Ticks - (now.Ticks % TimeSpan.TicksPerMinute), now.Offset);
        for (int minute = 0; minute < 8 * MinutesOfDay && Contains(at); minute++)
        {
            at = at.AddMinutes(1);
        }

        return at < now ? now : at;
    }

    /// <summary>What is wrong with them, null where nothing is.</summary>
    public string? Problem()
    {
        if (!IsTime(From) || !IsTime(To))
        {
            return $"from = '{From}' and to = '{To}' must be times HH:mm from 00:00 to 23:59.";
        }

        if (From == To)
        {
            return $"from and to are both {From}; leave the quiet hours out, or let them end a minute before.";
        }

        if (Zone.Length > 64 || !TimeZoneInfo.TryFindSystemTimeZoneById(Zone, out _))
        {
            return $"zone = '{DeliveryText.Shorten(Zone, 64)}' is no time zone of this machine; an IANA name such as Europe/Berlin is needed.";
        }

        return Days?.FirstOrDefault(day => Array.IndexOf(DayNames, day) < 0) is { } bad
            ? $"days has '{DeliveryText.Shorten(bad, 20)}', which is none of {string.Join(", ", DayNames)}." : null;
    }

    private bool Begins(DayOfWeek day) => Days is not { Count: > 0 } || Days.Contains(DayNames[(int)day], StringComparer.Ordinal);

    private static bool IsTime(string text) =>
        TimeOnly.TryParseExact(text, "HH:mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    private static int Minutes(string text)
    {
        TimeOnly time = TimeOnly.ParseExact(text, "HH:mm", CultureInfo.InvariantCulture);
        return (time.Hour * 60) + time.Minute;
    }
}
