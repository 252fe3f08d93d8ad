using System.Globalization;

namespace PouchMonitor.Analysis.Report.Html;

/// <summary>Times for a person: dates where the file has the time of the clock, else time since its own zero.</summary>
internal static class TimeText
{
    // 2000-01-01; no file counts that many seconds from its own zero, and no clock that is set stands before it.
    private const long FirstClockMicroseconds = 946_684_800_000_000;
    private const long LastClockMicroseconds = 253_402_300_799_000_000;

    public static bool IsClock(long microseconds) => microseconds is >= FirstClockMicroseconds and <= LastClockMicroseconds;

    /// <summary>A moment: date and time, or seconds since the file's zero with what they amount to.</summary>
    public static string Moment(long microseconds) => IsClock(microseconds)
        ? DateTimeOffset.UnixEpoch.AddMicroseconds(microseconds).ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{microseconds / 1e6:0.###} s{(Math.Abs(microseconds) >= 7_200_000_000 ? $" ({Span(microseconds / 1e6)})" : "")}");

    /// <summary>A length of time in its two largest units.</summary>
    public static string Span(double seconds)
    {
        if (!(Math.Abs(seconds) < 1e12))
        {
            return "–";
        }

        TimeSpan span = TimeSpan.FromSeconds(Math.Abs(seconds));
        return span switch
        {
            { TotalDays: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalDays} d {span.Hours} h"),
            { TotalHours: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalHours} h {span.Minutes} min"),
            { TotalMinutes: >= 2 } => string.Create(CultureInfo.InvariantCulture, $"{(long)span.TotalMinutes} min {span.Seconds} s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{span.TotalSeconds:0.#} s"),
        };
    }

    /// <summary>The unit in which a stretch of time is best read, and its seconds.</summary>
    public static (string Unit, double Seconds) AxisUnit(double spanSeconds) => spanSeconds switch
    {
        < 600 => ("s", 1),
        < 3 * 3600 => ("min", 60),
        < 5 * 86_400 => ("h", 3600),
        _ => ("d", 86_400),
    };
}
