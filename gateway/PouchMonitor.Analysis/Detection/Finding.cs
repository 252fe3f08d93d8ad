namespace PouchMonitor.Analysis.Detection;

/// <summary>How bad; the order is the order of urgency.</summary>
public enum FindingSeverity
{
    Advisory = 0,
    Warning = 1,
    Critical = 2,
    Emergency = 3,
}

/// <summary>
/// A rule's judgement within one test, identified by rule and onset (at most one finding for each pair). Immutable:
/// a change (a higher maximum, a clearing) is a new object with the same <see cref="Id"/>.
/// </summary>
public sealed record Finding
{
    /// <summary>Rule name as fixed by the contracts, such as <c>thermal-runaway</c> (<see cref="RuleNames"/>).</summary>
    public required string Rule { get; init; }

    /// <summary>Time at which the condition was met, microseconds.</summary>
    public required long OnsetMicroseconds { get; init; }

    public required FindingSeverity Severity { get; init; }

    /// <summary>Cycle in which it happened; null before the first.</summary>
    public int? Cycle { get; init; }

    /// <summary>What was measured, such as <c>surfaceTemperature</c> or <c>dischargeCapacityRetention</c>.</summary>
    public required string Measure { get; init; }

    /// <summary>Observed value in <see cref="Unit"/>; null where the point is that there is none.</summary>
    public double? Observed { get; init; }

    /// <summary>Limit it is held against, in <see cref="Unit"/>.</summary>
    public double? Limit { get; init; }

    public required string Unit { get; init; }

    /// <summary>One sentence for a person: what, value, limit.</summary>
    public required string Message { get; init; }

    /// <summary>Time at which the condition ended, microseconds; null while it holds or where it latches.</summary>
    public long? ClearedMicroseconds { get; init; }

    /// <summary>True when only a person may end it, whatever the readings do.</summary>
    public bool Latches { get; init; }

    /// <summary>Highest believed cell temperature since the onset, where the rule reports one.</summary>
    public double? MaximumTemperatureC { get; init; }

    /// <summary>Proposed EUCAR hazard level, where the rule proposes one; only a person can confirm 3 to 7.</summary>
    public int? ProposedHazardLevel { get; init; }

    /// <summary>Identity within the test.</summary>
    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Rule}@{OnsetMicroseconds}");
}
