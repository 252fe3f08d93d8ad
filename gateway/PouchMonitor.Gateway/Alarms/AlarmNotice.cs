namespace PouchMonitor.Gateway.Alarms;

/// <summary>Why people are told.</summary>
public enum NoticeKind
{
    /// <summary>An incident has begun.</summary>
    Raised = 0,

    /// <summary>A running incident has become more severe, or has reached another cell or bench.</summary>
    Worse = 1,

    /// <summary>Nobody has acknowledged it in time.</summary>
    Escalated = 2,

    /// <summary>Somebody has acknowledged all of it.</summary>
    Acknowledged = 3,

    /// <summary>Everything in it is back to normal.</summary>
    Returned = 4,
}

/// <summary>
/// One thing to tell people about one incident. The same notice made again, after a restart for instance, has the same
/// <see cref="Key"/>: whoever delivers takes each key once.
/// </summary>
public sealed record AlarmNotice
{
    /// <summary>Incident and what happened in it, such as <c>i-20261127-101530123/worse-emergency</c>.</summary>
    public required string Key { get; init; }

    public required string Incident { get; init; }

    public required NoticeKind Kind { get; init; }

    /// <summary>The highest of its alarms.</summary>
    public required AlarmPriority Priority { get; init; }

    /// <summary>Gateway time, Unix microseconds.</summary>
    public required long AtMicroseconds { get; init; }

    /// <summary>Where it is: the bench, or several of them separated by commas.</summary>
    public required string Bench { get; init; }

    /// <summary>The alarm that came first, then the most severe; at most <see cref="MostShown"/>.</summary>
    public required IReadOnlyList<Alarm> Alarms { get; init; }

    /// <summary>Alarms in the incident, shown or not.</summary>
    public required int AlarmCount { get; init; }

    /// <summary>Cells in the incident.</summary>
    public required int CellCount { get; init; }

    /// <summary>0 at first, one more at each escalation.</summary>
    public int Escalation { get; init; }

    /// <summary>Who acknowledged; null where nobody has.</summary>
    public string? Person { get; init; }

    /// <summary>Most alarms listed in a notice.</summary>
    public const int MostShown = 20;
}
