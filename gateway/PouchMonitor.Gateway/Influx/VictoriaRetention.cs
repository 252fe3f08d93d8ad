using System.Globalization;
using System.Text.RegularExpressions;

namespace PouchMonitor.Gateway.Influx;

/// <summary>
/// How long VictoriaMetrics keeps points, as it lists its flags at <c>/flags</c>: <c>-retentionPeriod="3"</c> are months of 31 days,
/// otherwise h, d, w or y (365 days) follow the number. It answers 204 to older points, as to those it keeps, and drops them.
/// </summary>
internal static partial class VictoriaRetention
{
    private const double DaysPerMonth = 31;
    private const double DaysPerWeek = 7;
    private const double DaysPerYear = 365;
    private const double HoursPerDay = 24;

    /// <summary>What the list of flags says; null where it does not say it in a way that is known.</summary>
    public static TimeSpan? Read(string flags)
    {
        Match found = Flag().Match(flags);
        if (!found.Success || !double.TryParse(found.Groups["number"].Value, CultureInfo.InvariantCulture, out double number) || number <= 0)
        {
            return null;
        }

        double days = number * found.Groups["unit"].Value switch
        {
            "h" => 1 / HoursPerDay,
            "d" => 1,
            "w" => DaysPerWeek,
            "y" => DaysPerYear,
            _ => DaysPerMonth,
        };
        return days < TimeSpan.MaxValue.TotalDays ? TimeSpan.FromDays(days) : null;
    }

    [GeneratedRegex("^-retentionPeriod=\"(?<number>[0-9.]{1,12})(?<unit>[hdwy]?)\"", RegexOptions.ExplicitCapture | RegexOptions.Multiline, 1000)]
    private static partial Regex Flag();
}
