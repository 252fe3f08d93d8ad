namespace PouchMonitor.Analysis.Detection.Limits;

/// <summary>
/// One row of the limit table.
/// </summary>
/// <param name="Rule">Rule name (<see cref="RuleNames"/>).</param>
/// <param name="Raise">Level at which it is raised, in <paramref name="Unit"/>; its meaning stands in the reason.</param>
/// <param name="HoldS">Seconds for which the condition must hold.</param>
/// <param name="HoldSamples">Samples in a row that must agree, so that one wrong reading raises nothing.</param>
/// <param name="ClearBelow">How far back inside the limit it must come to clear, in <paramref name="Unit"/>.</param>
/// <param name="ClearHoldS">Seconds for which it must stay there.</param>
public sealed record LimitRow(
    string Rule, double Raise, string Unit, double HoldS, int HoldSamples, double ClearBelow, double ClearHoldS,
    FindingSeverity Severity, bool Latches, string Reason);

/// <summary>
/// The whole stance of the limit rules, for review by an electrochemist: every threshold, hold, hysteresis and severity
/// with its reason. A limit that the cell's profile does not know is not judged; the rows marked universal judge any cell.
/// </summary>
public static class LimitTable
{
    public static readonly LimitRow VoltageWindow = new(
        RuleNames.VoltageLimit, 0.02, "V", 2, 2, 0.02, 5, FindingSeverity.Warning, false,
        "More than 20 mV outside the profile's window: cyclers regulate and cut off within about 10 mV, and a cut-off is "
        + "overshot for one sampling interval, so less than that or shorter than 2 s is ordinary. Clears inside the window.");

    public static readonly LimitRow VoltageFarAbove = new(
        RuleNames.VoltageLimit, 0.1, "V", 2, 2, 0, 0, FindingSeverity.Critical, false,
        "100 mV over the window is overcharge: lithium plates and the electrolyte oxidises.");

    public static readonly LimitRow VoltageFarBelow = new(
        RuleNames.VoltageLimit, 0.5, "V", 2, 2, 0, 0, FindingSeverity.Critical, false,
        "500 mV under the window is over-discharge: the copper collector dissolves and plates back as shorts.");

    public static readonly LimitRow ThermalWarning = new(
        RuleNames.ThermalLimit, 0, "C", 1, 2, 2, 10, FindingSeverity.Warning, false,
        "At the profile's warning temperature, on any believed sensor of the cell, never ambient. 2 C of hysteresis is "
        + "several times the noise of a thermistor.");

    public static readonly LimitRow ThermalMaximum = new(
        RuleNames.ThermalLimit, 0, "C", 1, 2, 2, 10, FindingSeverity.Critical, false,
        "At the profile's maximum working temperature.");

    public static readonly LimitRow HeatingRate = new(
        RuleNames.HeatingRate, 1, "C/s", 1, 2, 0.5, 10, FindingSeverity.Critical, false,
        "At the profile's rate, T(t) - T(t - 1 s), for more than 1 s: one step of a coarse sensor lasts exactly 1 s in this "
        + "difference and so raises nothing. Not judged where a sensor is read more seldom than every 2.5 s. Clears below half.");

    public static readonly LimitRow RunawayRate = new(
        RuleNames.ThermalRunaway, 1, "C/s", 3, 2, 0, 0, FindingSeverity.Emergency, true,
        "Universal. GB 38031-2025: 1 C/s or more for more than 3 s, and one of the two rows below.");

    public static readonly LimitRow RunawayVoltageDrop = new(
        RuleNames.ThermalRunaway, 0.25, "of initial", 0, 1, 0, 0, FindingSeverity.Emergency, true,
        "Universal. GB 38031-2025: more than 25 % below the initial voltage (median of the first 5 s, or of what precedes a fall within them).");

    public static readonly LimitRow RunawayMaximum = new(
        RuleNames.ThermalRunaway, 0, "C", 0, 1, 0, 0, FindingSeverity.Emergency, true,
        "GB 38031-2025: at or above the maker's maximum temperature, from the profile.");

    public static readonly LimitRow HardShort = new(
        RuleNames.HardShort, 0.5, "of the level before", 1, 3, 0.4, 0, FindingSeverity.Critical, true,
        "Universal. Half of the voltage gone within 1 s (within one sampling interval, where that is longer, up to 10 s), "
        + "not explained by a step of the current, and not back above 60 % within the hold. The knee at the end of a "
        + "discharge takes longer, a load step shows in the current and recovers, and no cell rests at half its voltage.");

    public static readonly LimitRow HardShortNearZero = new(
        RuleNames.HardShort, 0.1, "of the level before", 1, 2, 0, 0, FindingSeverity.Critical, true,
        "Universal. So near zero no cycler discharges a cell, whatever the current says.");

    public static readonly LimitRow HardShortHot = new(
        RuleNames.HardShort, 5, "C rise", 0, 1, 0, 0, FindingSeverity.Emergency, true,
        "The cell's own heat confirms the short: 5 C above its temperature before the fall.");

    public static readonly LimitRow SensorFault = new(
        RuleNames.SensorFault, 3, "samples", 1, 3, 5, 5, FindingSeverity.Warning, false,
        "A sensor that was good is open, shorted, frozen, saturated, out of range or silent; the voltage's own is critical.");

    public static readonly LimitRow SensorLostInAnomaly = new(
        RuleNames.SensorFault, 1, "samples", 0, 1, 0, 0, FindingSeverity.Critical, true,
        "A temperature sensor lost or saturated within an hour of a rapid voltage drop or a rise of 1 C/s may have been lost "
        + "to the heat itself (thermistors open near 125 to 150 C): at once, and only a person ends it.");

    /// <summary>All rows, in the order of review.</summary>
    public static IReadOnlyList<LimitRow> All { get; } =
    [
        VoltageWindow, VoltageFarAbove, VoltageFarBelow, ThermalWarning, ThermalMaximum, HeatingRate, RunawayRate,
        RunawayVoltageDrop, RunawayMaximum, HardShort, HardShortNearZero, HardShortHot, SensorFault, SensorLostInAnomaly,
    ];

    /// <summary>Span of the temperature difference, microseconds; GB 38031 asks for 1 Hz or faster.</summary>
    public const long RateSpanMicroseconds = 1_000_000;

    /// <summary>Longest interval between two readings across which T(t - 1 s) is interpolated.</summary>
    public const long LongestRateIntervalMicroseconds = 2_500_000;

    /// <summary>The initial voltage is the median of the believed readings of this first span, or of what precedes a fall within it.</summary>
    public const long InitialSpanMicroseconds = 5_000_000;

    /// <summary>Oldest level before a fall: what fell more slowly than this did not fall rapidly.</summary>
    public const long OldestLevelMicroseconds = 10_000_000;

    /// <summary>Least level before a fall that is judged: below 2 V a fall cannot be told from a half cell's ordinary course.</summary>
    public const double LeastLevelV = 2.0;

    /// <summary>A fall not settled within this time is dropped: what the current explains for longer is a discharge.</summary>
    public const long LongestFallMicroseconds = 60_000_000;

    /// <summary>A change of current below this part of the largest current seen is no load step but noise.</summary>
    public const double LeastCurrentStep = 0.1;

    /// <summary>
    /// At or below this from the first reading on, with no heat: nothing is connected. A short of the cell still carries
    /// its current and so shows a voltage, or at least heat.
    /// </summary>
    public const double NothingConnectedV = 0.01;

    /// <summary>Rise that says a cell reading zero is shorted, not unplugged.</summary>
    public const double ConnectedRiseC = 1;

    /// <summary>Rapid drop that makes a cell anomalous: GB 38031's 25 %, within the span of the short rule.</summary>
    public const double AnomalousDrop = 0.25;

    /// <summary>How long a cell stays anomalous: GB 38031 watches for an hour.</summary>
    public const long AnomalyMicroseconds = 3_600_000_000;

    /// <summary>A blank counts as a lost sensor only after so many readings in a row: some are logged more seldom.</summary>
    public const int SteadySamples = 10;
}
