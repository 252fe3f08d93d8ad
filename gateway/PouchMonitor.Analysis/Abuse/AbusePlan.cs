namespace PouchMonitor.Analysis.Abuse;

/// <summary>What is done to the cell.</summary>
public enum AbuseKind
{
    Nail,
    Crush,
    Bend,
    Cut,
    ExternalShort,
    Overcharge,
    OverDischarge,
    Oven,
    Propagation,
}

/// <summary>Where a figure of a plan comes from; only a quoted one may be relied on without the lab's own copy of the standard.</summary>
public enum FigureSource
{
    /// <summary>Read in the standard or in a public account of it.</summary>
    Quoted,

    /// <summary>From memory: shown as needing the lab's own copy of the standard.</summary>
    Recalled,

    /// <summary>Set by the lab.</summary>
    Lab,
}

/// <summary>
/// How one abuse test is done and judged: data, versioned, editable by the lab, and copied into the test when that starts, so
/// that a later edit changes no test. Times are seconds, temperatures degrees Celsius, voltages V.
/// </summary>
public sealed record AbusePlan
{
    /// <summary>1 to 64 of <c>A-Z a-z 0-9 . _ -</c>.</summary>
    public required string Name { get; init; }

    /// <summary>1 for what the product brings; each edit by the lab counts up.</summary>
    public required int Version { get; init; }

    public required AbuseKind Kind { get; init; }

    public required string Title { get; init; }

    /// <summary>Such as <c>GB 38031-2025</c>; null where the lab follows none.</summary>
    public string? Standard { get; init; }

    /// <summary>What the standard asks of cell and set-up, for people to keep to: state of charge, speed, force, ambient.</summary>
    public required IReadOnlyList<PlanCondition> Conditions { get; init; }

    /// <summary>What counts as the moment of the event, beside a person's command and the node's trigger input.</summary>
    public required TriggerRule Trigger { get; init; }

    public required IReadOnlyList<CriterionRule> Criteria { get; init; }

    public required ObservationRule Observation { get; init; }

    /// <summary>Rise above which the cell heats itself, and for how long it must.</summary>
    public required SelfHeatingRule SelfHeating { get; init; }

    /// <summary>Spans over which the largest dT/dt is given, s.</summary>
    public required IReadOnlyList<double> RateWindowsS { get; init; }

    /// <summary>What is kept and shown from before the trigger, s.</summary>
    public required double PreTriggerS { get; init; }

    /// <summary>Kind of test that the node's local protection is armed for (<c>nail</c>, <c>overcharge</c> ...); null leaves the relay alone.</summary>
    public string? ProtectionKind { get; init; }

    /// <summary>What a person confirms before arming, beside what every plan asks.</summary>
    public IReadOnlyList<string> PersonChecks { get; init; } = [];

    /// <summary>Remarks for who reads the report.</summary>
    public string? Note { get; init; }
}

/// <summary>A condition of the plan with its figure; <see cref="Value"/> is null where it is words alone.</summary>
public sealed record PlanCondition(string Text, double? Value, string? Unit, FigureSource Source);

/// <summary>When the event counts as begun; null switches that way off. The first that holds is the trigger.</summary>
/// <param name="VoltageDropV">Fall below the initial voltage, V.</param>
/// <param name="VoltageRiseV">Rise above the initial voltage, V (overcharge).</param>
/// <param name="HeatingCPerS">Rise of a cell sensor over 1 s, C/s.</param>
/// <param name="TemperatureC">A cell sensor at or above, C (oven).</param>
/// <param name="CurrentA">Absolute current at or above, A (short, overcharge).</param>
/// <param name="ForceN">Force at or above, N, where it is recorded.</param>
public sealed record TriggerRule(
    double? VoltageDropV, double? VoltageRiseV, double? HeatingCPerS, double? TemperatureC, double? CurrentA, double? ForceN);

/// <summary>What a criterion looks at.</summary>
public enum CriterionMeasure
{
    /// <summary>GB 38031's pair: a heating rate for a time, and a voltage drop or the maker's maximum.</summary>
    ThermalRunaway,

    /// <summary>Highest believed cell temperature, C.</summary>
    Temperature,

    /// <summary>Rise over 1 s, C/s.</summary>
    HeatingRate,

    /// <summary>Part of the initial voltage that is lost, 0 to 1.</summary>
    VoltageDrop,

    /// <summary>Voltage, V.</summary>
    Voltage,

    /// <summary>Difference between the hottest and the coldest cell sensor, K.</summary>
    TemperatureSpread,

    /// <summary>Voltage at the end as a part of the voltage before, 0 to 1 (UN 38.3: 0.9).</summary>
    RetainedVoltage,

    /// <summary>Only a person sees it: leak, vent, flame, rupture, explosion.</summary>
    Observed,
}

/// <summary>One criterion.</summary>
/// <param name="Id">Short name, lower case with hyphens; unique in its plan.</param>
/// <param name="Limit">In the unit of the measure; null for <see cref="CriterionMeasure.Observed"/>.</param>
/// <param name="IsBelow">True where at or below the limit meets it; else at or above.</param>
/// <param name="HoldS">How long it must hold, s.</param>
/// <param name="IsFailure">True where meeting it fails the test; else it must be met for the test to pass, or is only told.</param>
/// <param name="IsRequired">True where not meeting it fails the test.</param>
public sealed record CriterionRule(
    string Id, string Title, CriterionMeasure Measure, double? Limit, string Unit, bool IsBelow, double HoldS, bool IsFailure, bool IsRequired,
    FigureSource Source)
{
    /// <summary>For <see cref="CriterionMeasure.Observed"/>: met where a person has seen one of these; null where only the person who signs can say.</summary>
    public IReadOnlyList<AbuseSign>? Seen { get; init; }
}

/// <summary>What a person looks for.</summary>
public enum AbuseSign
{
    Leak,
    Vent,
    Smoke,
    Flame,
    Rupture,
    Explosion,
}

/// <summary>When the observation begins.</summary>
public enum ObservationStart
{
    Trigger,

    /// <summary>When a person says that the exposure (short, hold in the oven, charge) has ended.</summary>
    EndOfExposure,
}

/// <summary>The standard's own timer and end condition; it is over when all that is given holds.</summary>
/// <param name="ExposureS">Length of the exposure itself, s, told and counted down; null where it has none.</param>
/// <param name="LeastS">Time to watch, s.</param>
/// <param name="BelowC">All cell sensors at or below, C; null where the standard asks none.</param>
/// <param name="BelowPartOfRise">The highest cell temperature has fallen by this part of its largest rise (IEC 62133-2: 0.2); null where not asked.</param>
/// <param name="MostS">Over after this in any case, s (IEC 62133-2: 24 h); null where there is none.</param>
public sealed record ObservationRule(
    ObservationStart Start, double? ExposureS, double LeastS, double? BelowC, double? BelowPartOfRise, double? MostS, FigureSource Source);

/// <summary>Onset of self-heating: the first time the rise over <see cref="WindowS"/> is at or above <see cref="RateCPerMinute"/> without a break for <see cref="HoldS"/>.</summary>
public sealed record SelfHeatingRule(double RateCPerMinute, double WindowS, double HoldS, FigureSource Source);
