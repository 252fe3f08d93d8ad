using System.Globalization;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>An alarm put aside for a while. It goes on being judged and recorded; it only asks for nobody's attention.</summary>
/// <param name="SinceMicroseconds">Gateway time at which it was shelved, Unix microseconds.</param>
/// <param name="UntilMicroseconds">Gateway time at which it comes back by itself.</param>
/// <param name="By">Who did it.</param>
/// <param name="Reason">Why, in that person's words.</param>
public sealed record AlarmShelf(long SinceMicroseconds, long UntilMicroseconds, string By, string Reason)
{
    /// <summary>Shortest time on the shelf, seconds.</summary>
    public const int FewestSeconds = 60;

    /// <summary>Longest time on the shelf, seconds: seven days.</summary>
    public const int MostSeconds = 604_800;

    /// <summary>Longest time an emergency stays on the shelf, seconds: as long as a walk to the cell and back.</summary>
    public const int MostSecondsInEmergency = 900;

    /// <summary>So much hotter than when it was shelved brings it back at once, kelvin.</summary>
    public const double ComesBackAboveKelvin = 5;

    /// <summary>Says why an alarm of this priority cannot be shelved for so long; null where it can.</summary>
    public static string? ProblemOf(AlarmPriority priority, int seconds)
    {
        int most = priority == AlarmPriority.Emergency ? MostSecondsInEmergency : MostSeconds;
        return seconds >= FewestSeconds && seconds <= most ? null : string.Create(CultureInfo.InvariantCulture,
            $"seconds = {seconds} is outside {FewestSeconds} to {most}, which is what an alarm of priority {AlarmPriorities.NameOf(priority)} may be shelved for.");
    }

    /// <summary>
    /// Whether an alarm has become worse than it was when it was shelved, or else as it was last known: more severe, a higher hazard level, or hotter by more
    /// than <see cref="ComesBackAboveKelvin"/> - no finding is more severe than an emergency, but a fire gets hotter.
    /// </summary>
    internal static bool IsWorse(Alarm shelved, Alarm now)
    {
        double before = shelved.Shelf?.MaximumTemperatureC ?? shelved.Finding.MaximumTemperatureC ?? double.PositiveInfinity;
        int? level = shelved.Shelf is { } shelf ? shelf.HazardLevel : shelved.Finding.ProposedHazardLevel;
        return now.Priority > shelved.Priority
            || (now.Finding.ProposedHazardLevel ?? 0) > (level ?? 0)
            || now.Finding.MaximumTemperatureC > before + ComesBackAboveKelvin;
    }

    /// <summary>Its highest temperature when it was shelved, degrees Celsius; null where the rule reports none.</summary>
    public double? MaximumTemperatureC { get; init; }

    /// <summary>Its hazard level when it was shelved; null where the rule proposes none.</summary>
    public int? HazardLevel { get; init; }
}
