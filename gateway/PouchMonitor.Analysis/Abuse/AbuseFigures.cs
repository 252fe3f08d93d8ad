namespace PouchMonitor.Analysis.Abuse;

/// <summary>What told the moment of the event.</summary>
public enum TriggerSource
{
    Rule,
    Command,

    /// <summary>The node's trigger input, timed by its own fast clock.</summary>
    Input,
}

/// <summary>The moment of the event: seconds as in the series (Unix where live).</summary>
/// <param name="UncertaintyS">Half width within which the moment lies, s.</param>
/// <param name="Reason">One sentence with thing, value and limit.</param>
public sealed record AbuseTrigger(TriggerSource Source, double At, double UncertaintyS, string Reason);

/// <summary>
/// One computed value with its definition. <see cref="Value"/> is null where it is not known, and <see cref="Absence"/> says why.
/// </summary>
/// <param name="Id">Stable name, camelCase with the unit last, such as <c>maximumSurfaceC</c>.</param>
/// <param name="Uncertainty">Half width in the same unit, about 95 %; null where none is known.</param>
/// <param name="At">When, seconds as in the series; null for what has no moment.</param>
/// <param name="Sensor">Column it was read from, in words; null where it concerns none.</param>
/// <param name="Definition">What it is, in one sentence, with the thresholds used.</param>
public sealed record AbuseValue(
    string Id, string Title, double? Value, string Unit, double? Uncertainty, double? At, string? Sensor, string Definition, string? Absence);

public enum CriterionState
{
    /// <summary>Nothing known yet, or the sensors it needs are lost.</summary>
    NotJudged,
    NotMet,

    /// <summary>Beyond four fifths of the way to its limit, or holding but not yet long enough.</summary>
    Near,
    Met,
}

/// <summary>Where a criterion stands.</summary>
/// <param name="Observed">Furthest value so far in <paramref name="Unit"/>.</param>
/// <param name="MetAt">When it was first met, s.</param>
public sealed record AbuseCriterion(
    string Id, string Title, CriterionState State, double? Observed, double? Limit, string Unit, double? MetAt, bool IsFailure, bool IsRequired,
    FigureSource Source, string? Reason);

/// <summary>A sensor that was good and is not any more.</summary>
/// <param name="LastGood">Its last believed value, in <paramref name="Unit"/>.</param>
public sealed record SensorLoss(string Sensor, string Fault, double At, double? LastGood, string Unit, double? BackAt);

/// <summary>EUCAR level as far as the readings can propose one; only a person can confirm 3 to 7.</summary>
public sealed record HazardAssessment(int Level, IReadOnlyList<string> Reasons, string OnlyAPersonCanSay);

/// <summary>Where the observation stands.</summary>
/// <param name="BeganAt">Null before it.</param>
/// <param name="EarliestEndAt">End of the least time to watch, s.</param>
/// <param name="Waiting">What is still to come, in words; empty when it is over.</param>
/// <param name="CompleteAt">When all of it held, s.</param>
public sealed record ObservationStanding(double? BeganAt, double? EarliestEndAt, IReadOnlyList<string> Waiting, double? CompleteAt);

/// <summary>Latest believed readings, for the large figures.</summary>
public sealed record AbuseReading(string Sensor, string Column, double? Value, string Unit, string State);

/// <summary>All that is computed of one abuse test from its samples, its plan, and what people and node said of its moments.</summary>
public sealed record AbuseFigures
{
    public required AbuseTrigger? Trigger { get; init; }

    /// <summary>Initial voltage: median of the 5 s before the event (before it, of the first 5 s), V.</summary>
    public required double? InitialVoltageV { get; init; }

    public required IReadOnlyList<AbuseValue> Values { get; init; }

    public required IReadOnlyList<AbuseCriterion> Criteria { get; init; }

    public required IReadOnlyList<SensorLoss> SensorLosses { get; init; }

    public required HazardAssessment Hazard { get; init; }

    public required ObservationStanding Observation { get; init; }

    public required IReadOnlyList<AbuseReading> Readings { get; init; }

    /// <summary>What did not go by the plan and can be read from the data: slow sampling, gaps, an observation cut short.</summary>
    public required IReadOnlyList<string> Deviations { get; init; }

    /// <summary>Time of the first and last sample, s; null before any.</summary>
    public required double? FirstAt { get; init; }

    public required double? LastAt { get; init; }

    public required long SampleCount { get; init; }
}

/// <summary>One recorded quantity for a plot: ascending seconds as in the series, null where it is lost.</summary>
public sealed record AbuseTrace(string Id, string Title, string Unit, IReadOnlyList<double> TimeS, IReadOnlyList<double?> Values);

/// <summary>One infrared image, row by row from the top left, C.</summary>
public sealed record AbuseImage(double At, int Rows, int Columns, IReadOnlyList<double> TemperaturesC);
