namespace PouchMonitor.Gateway.Alarms;

/// <summary>One line of the audit trail.</summary>
/// <param name="AtMicroseconds">Gateway time.</param>
/// <param name="From">State before.</param>
/// <param name="To">The alarm after.</param>
/// <param name="Reason">Why, in words.</param>
public sealed record AlarmTransition(long AtMicroseconds, AlarmState From, Alarm To, string Reason)
{
    /// <summary>Who did it; null where a rule or the clock did.</summary>
    public string? Person { get; init; }

    /// <summary>What that person did, such as <c>alarm.acknowledge</c>; null where it was no person.</summary>
    public string? Action { get; init; }

    /// <summary>What that person wrote.</summary>
    public string? Note { get; init; }

    /// <summary>True where the alarm asks for somebody's attention from here on: what the statistics count.</summary>
    public bool BeginsToAsk { get; init; }

    /// <summary>Told when this is on disk, or that it could not be stored; null where nobody waits for it.</summary>
    public Recording? Recording { get; init; }
}
