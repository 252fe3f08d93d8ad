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

    public string Rule => Finding.Rule;

    public string Id => $"{Cell}/{Rule}";

    public bool IsActive => State is AlarmState.Unacknowledged or AlarmState.Acknowledged;
}

/// <summary>One line of the audit trail.</summary>
/// <param name="AtMicroseconds">Gateway time.</param>
/// <param name="From">State before.</param>
/// <param name="To">The alarm after.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record AlarmTransition(long AtMicroseconds, AlarmState From, Alarm To, string Reason);
