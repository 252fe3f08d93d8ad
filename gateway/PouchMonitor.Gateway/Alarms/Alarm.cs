using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Alarms;

/// <summary>Where an alarm stands between the process and the person (after ISA-18.2).</summary>
public enum AlarmState
{
    /// <summary>Not active and nothing left to acknowledge.</summary>
    Normal = 0,

    /// <summary>Active, nobody has acknowledged it.</summary>
    Unacknowledged = 1,

    /// <summary>Active and acknowledged.</summary>
    Acknowledged = 2,

    /// <summary>No longer active, still to be acknowledged.</summary>
    ReturnedUnacknowledged = 3,
}

/// <summary>The lifecycle of a rule's findings in one test. Immutable; each transition makes a new one.</summary>
public sealed record Alarm
{
    public required string Cell { get; init; }

    public required string Test { get; init; }

    public required Finding Finding { get; init; }

    public required AlarmState State { get; init; }

    /// <summary>Gateway time of the raising, Unix microseconds.</summary>
    public required long RaisedMicroseconds { get; init; }

    /// <summary>Gateway time at which it stopped being active.</summary>
    public long? ClearedMicroseconds { get; init; }

    public long? AcknowledgedMicroseconds { get; init; }

    public string? AcknowledgedBy { get; init; }

    public string? Note { get; init; }

    /// <summary>Raised from data that are analysed out of order; 0 at first, one more at each revision of the onset.</summary>
    public int Revision { get; init; }

    /// <summary>Set while a person has put it aside; null where nobody has.</summary>
    public AlarmShelf? Shelf { get; init; }

    /// <summary>Why it is suppressed by design, such as a cell that is not in test; null where it is not.</summary>
    public string? SuppressedBecause { get; init; }

    /// <summary>The incident it belongs to; null where it belongs to none.</summary>
    public string? Incident { get; init; }

    /// <summary>The node that measured it; null for the gateway's own alarms and for those of older versions.</summary>
    public string? Node { get; init; }

    /// <summary>Gateway time at which a person ended it although it latches, Unix microseconds; null where nobody has.</summary>
    public long? ResetMicroseconds { get; init; }

    public string? ResetBy { get; init; }

    /// <summary>How often it has been passed on because nobody acknowledged it.</summary>
    public int Escalation { get; init; }

    public string Rule => Finding.Rule;

    public AlarmPriority Priority => AlarmPriorities.Of(Finding.Severity);

    public string Id => $"{Cell}/{Rule}";

    public bool IsActive => State is AlarmState.Unacknowledged or AlarmState.Acknowledged;

    /// <summary>True where it keeps its incident open: something is left of it, and it is not suppressed by design.</summary>
    public bool IsOpen => State != AlarmState.Normal && SuppressedBecause is null;

    /// <summary>True where somebody is to be told: to be acknowledged, and neither shelved nor suppressed.</summary>
    public bool Asks => (State is AlarmState.Unacknowledged or AlarmState.ReturnedUnacknowledged) && Shelf is null && SuppressedBecause is null;
}
