using System.Globalization;
using PouchMonitor.Analysis.Report.Html;

namespace PouchMonitor.Analysis.Abuse.Report;

/// <summary>Moments of an abuse test for a person, to the hundredth of a second: against the trigger, and on the clock or in the file's own seconds.</summary>
internal static class AbuseMoment
{
    private const double LongS = 600;
    private const double MicrosecondsPerS = 1e6;

    // A clock further off than this cannot be told in microseconds at all.
    private const double FarthestS = 9e12;

    /// <summary>True where seconds are those of the clock (Unix), false where a file counts from its own zero.</summary>
    public static bool IsClock(double seconds) => Math.Abs(seconds) < FarthestS && TimeText.IsClock((long)(seconds * MicrosecondsPerS));

    /// <summary>Date and time with milliseconds, or seconds of the series.</summary>
    public static string Text(double seconds) => IsClock(seconds)
        ? Utc(seconds).ToString("yyyy-MM-dd HH:mm:ss.fff'\u00A0UTC'", CultureInfo.InvariantCulture)
        : string.Create(CultureInfo.InvariantCulture, $"{seconds:0.00} s of the series").Replace('-', '\u2212');

    /// <summary>Date and time to the second: for what people did.</summary>
    public static string Coarse(double seconds) => IsClock(seconds)
        ? Utc(seconds).ToString("yyyy-MM-dd HH:mm:ss'\u00A0UTC'", CultureInfo.InvariantCulture) : Text(seconds);

    /// <summary>Day alone, or an empty text where the series has no clock.</summary>
    public static string Day(double seconds) => IsClock(seconds) ? Utc(seconds).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "";

    /// <summary>Writes a time after (or before) the trigger with its sign, s; long ones with what they amount to.</summary>
    public static void WriteRelative(HtmlText html, double? at, double? zero)
    {
        if (at is not { } moment || zero is not { } trigger)
        {
            html.Figure(null, "");
            return;
        }

        double after = moment - trigger;
        html.Figure(after, Math.Abs(after) < LongS ? "+0.00;-0.00;0.00" : "+#,0.0;-#,0.0;0.0", "s");
        if (Math.Abs(after) >= LongS)
        {
            html.Raw("<br><small>").Text(TimeText.Span(after)).Raw("</small>");
        }
    }

    /// <summary>A time after (or before) the trigger within a sentence.</summary>
    public static string Relative(double at, double zero) =>
        string.Create(CultureInfo.InvariantCulture, $"{at - zero:+0.00;-0.00;0.00} s").Replace('-', '\u2212');

    private static DateTimeOffset Utc(double seconds) => DateTimeOffset.UnixEpoch.AddMicroseconds(Math.Round(seconds * MicrosecondsPerS));
}
