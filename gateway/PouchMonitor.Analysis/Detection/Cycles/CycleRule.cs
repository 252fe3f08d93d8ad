using PouchMonitor.Analysis.Profiles;

namespace PouchMonitor.Analysis.Detection.Cycles;

/// <summary>One row of the table of rules that judge closed cycles.</summary>
/// <param name="Name">Rule name as fixed by the contracts.</param>
/// <param name="Measure">What is compared.</param>
/// <param name="Unit">Unit of the levels.</param>
/// <param name="RaiseLevel">Level at which the rule raises.</param>
/// <param name="ClearLevel">Level at which it clears again; equal to the raise level where it never does.</param>
/// <param name="HoldCycles">Comparable cycles in a row that raise or clear it.</param>
/// <param name="Severity">Severity of the finding.</param>
/// <param name="Reason">Why these figures.</param>
internal sealed record CycleRule(
    string Name,
    string Measure,
    string Unit,
    double RaiseLevel,
    double ClearLevel,
    int HoldCycles,
    FindingSeverity Severity,
    string Reason)
{
    /// <summary>Rule and measure, by which a profile names the row.</summary>
    public string Row => $"{Name}/{RowMeasure ?? Measure}";

    /// <summary>Name of the measure where two rows of a rule have the same one.</summary>
    public string? RowMeasure { get; init; }

    /// <summary>Unit of the levels where they are shares of what is compared with.</summary>
    public string? LevelUnit { get; init; }

    /// <summary>True where the level is the profile's end of life.</summary>
    public bool IsRelativeToEndOfLife { get; init; }

    /// <summary>The row with what the profile changes in it.</summary>
    public CycleRule For(CellProfile profile) => profile.RuleChanges.Of(Row) is not { } change ? this : this with
    {
        RaiseLevel = change.Raise ?? RaiseLevel,
        ClearLevel = change.Clear ?? ClearLevel,
        HoldCycles = change.Hold ?? HoldCycles,
        Severity = change.Severity ?? Severity,
    };

    /// <summary>
    /// Retention of the main capacity against the reference cycle. The level is the profile's end of life; the crossing
    /// stands when one of the next two comparable cycles is below as well.
    /// </summary>
    public static CycleRule EndOfLife { get; } = new(
        RuleNames.CapacityFade, "dischargeCapacityRetention", "ratio", RaiseLevel: 0.8, ClearLevel: 0.8, HoldCycles: 2,
        FindingSeverity.Warning, "End of life at 0.8 of the reference, confirmed by one of the next two cycles (Aurora cycler manager).")
    { IsRelativeToEndOfLife = true };

    /// <summary>Retention that the straight line through the last cycles reaches 50 cycles on.</summary>
    public static CycleRule ProjectedEndOfLife { get; } = new(
        RuleNames.CapacityFade, "projectedRetention", "ratio", RaiseLevel: 0.8, ClearLevel: 0.82, HoldCycles: 3,
        FindingSeverity.Advisory, "Theil-Sen line over 30 cycles: a few outliers do not turn it; early losses of formation do not count.")
    { IsRelativeToEndOfLife = true };

    /// <summary>Fade a cycle since a bend of the retention, as a multiple of the fade before it.</summary>
    public static CycleRule Knee { get; } = new(
        RuleNames.CapacityFade, "kneeSlope", "1/cycle", RaiseLevel: 3, ClearLevel: 3, HoldCycles: 3,
        FindingSeverity.Advisory, "Three times as fast as before, by the medians of slopes too, two points lost by it and far beyond chance: the fade that follows is not the one before (Bacon-Watts).")
    {
        LevelUnit = "times the fade before",
    };

    /// <summary>Retention below the profile's reference curve, where it has one; takes the place of the projection then.</summary>
    public static CycleRule CurveDeparture { get; } = new(
        RuleNames.CapacityFade, "retentionBelowReferenceCurve", "ratio", RaiseLevel: 0.04, ClearLevel: 0.02, HoldCycles: 3,
        FindingSeverity.Warning, "Cells made by hand differ by 2 % and a chamber by 2 K; twice that, three cycles long, is another fate than the curve's.");

    /// <summary>Rise of the mean-voltage gap against the reference cycle, as a share of it, and never less than 30 mV.</summary>
    public static CycleRule Polarization { get; } = new(
        RuleNames.PolarizationRise, "polarization", "V", RaiseLevel: 0.2, ClearLevel: 0.15, HoldCycles: 3,
        FindingSeverity.Warning, "A fifth more overvoltage is past what temperature and settling do; it leads capacity in lithium metal.")
    { LevelUnit = "of the reference" };

    /// <summary>Least rise of the mean-voltage gap that counts, V.</summary>
    public const double LeastPolarizationRiseV = 0.030;

    /// <summary>Rise of the resistance of a current step over that of the first steps like it, as a share.</summary>
    public static CycleRule ResistanceRise { get; } = new(
        RuleNames.ResistanceRise, "stepResistance", "Ohm", RaiseLevel: 0.5, ClearLevel: 0.4, HoldCycles: 3,
        FindingSeverity.Advisory, "Half as much again is past settling and temperature; in lithium metal it comes before the capacity falls.")
    { LevelUnit = "of the first" };

    /// <summary>The same, doubled.</summary>
    public static CycleRule ResistanceDoubled { get; } = new(
        RuleNames.ResistanceRise, "stepResistance", "Ohm", RaiseLevel: 1.0, ClearLevel: 0.8, HoldCycles: 3,
        FindingSeverity.Warning, "Twice the resistance is the usual end of power; the protected cells of the references stay below 1.8 times, the bare ones pass 2.5.")
    { RowMeasure = "stepResistanceDoubled", LevelUnit = "of the first" };

    /// <summary>Fall of the coulombic efficiency below the median of the cycles before.</summary>
    public static CycleRule EfficiencyCollapse { get; } = new(
        RuleNames.CoulombicEfficiencyCollapse, "coulombicEfficiency", "ratio", RaiseLevel: 0.05, ClearLevel: 0.02, HoldCycles: 2,
        FindingSeverity.Warning, "Five points lost twice in a row is charge that does not come back: a soft short or lithium running out.");

    public static IReadOnlyList<CycleRule> All { get; } = [EndOfLife, ProjectedEndOfLife, Knee, CurveDeparture, Polarization, ResistanceRise, ResistanceDoubled, EfficiencyCollapse];
}
