namespace PouchMonitor.Gateway.Alarms;

/// <summary>An incident as it is stored and shown: alarms that belong together, with the one that came first.</summary>
public sealed record IncidentRecord
{
    /// <summary>Such as <c>i-20261127-101530123</c>: when it opened, so that no number is ever given twice.</summary>
    public required string Id { get; init; }

    /// <summary>Gateway time, Unix microseconds.</summary>
    public required long OpenedMicroseconds { get; init; }

    /// <summary>Gateway time at which all of it was normal; null while it is open.</summary>
    public long? ClosedMicroseconds { get; init; }

    /// <summary>The incident that took it over; null where none did.</summary>
    public string? MergedInto { get; init; }

    /// <summary>The highest its alarms have had.</summary>
    public required AlarmPriority Priority { get; init; }

    /// <summary>The alarm whose condition began first.</summary>
    public required Alarm FirstOut { get; init; }

    /// <summary>At most <see cref="MostBenches"/>.</summary>
    public required IReadOnlyList<string> Benches { get; init; }

    public required int CellCount { get; init; }

    public required int AlarmCount { get; init; }

    /// <summary>Alarms that ask for somebody's attention.</summary>
    public required int Unacknowledged { get; init; }

    /// <summary>The first out, then the most severe; at most <see cref="AlarmNotice.MostShown"/>.</summary>
    public required IReadOnlyList<Alarm> Alarms { get; init; }

    /// <summary>How often it has been passed on because nobody acknowledged it.</summary>
    public int Escalation { get; init; }

    /// <summary>Who acknowledged alarms of it, at most <see cref="MostPeople"/>.</summary>
    public IReadOnlyList<string> AcknowledgedBy { get; init; } = [];

    /// <summary>What has been told, oldest first, at most <see cref="MostNotices"/>.</summary>
    public IReadOnlyList<IncidentNotice> Notices { get; init; } = [];

    /// <summary>When an alarm last joined.</summary>
    public required long LastJoinedMicroseconds { get; init; }

    /// <summary>True where it spreads over the whole lab.</summary>
    public bool IsLabWide { get; init; }

    /// <summary>Cells whose emergency has been told.</summary>
    public IReadOnlyList<string> ToldEmergencies { get; init; } = [];

    /// <summary>What is still to be told, and when; null where nothing is.</summary>
    public IncidentNews? News { get; init; }

    /// <summary>From when on it is counted how long nobody acknowledges; null where nothing high is to be acknowledged.</summary>
    public long? UnattendedSinceMicroseconds { get; init; }

    /// <summary>Times it was passed on since then.</summary>
    public int UnattendedSteps { get; init; }

    public const int MostBenches = 1000;

    public const int MostPeople = 20;

    public const int MostNotices = 200;
}

/// <summary>Something told of an incident.</summary>
/// <param name="Key">See <see cref="AlarmNotice.Key"/>.</param>
/// <param name="Kind">Why.</param>
/// <param name="Priority">Of the incident when it was told.</param>
/// <param name="AtMicroseconds">Gateway time.</param>
/// <param name="Escalation">Escalations so far.</param>
/// <param name="Person">Who acknowledged; null where nobody has.</param>
public sealed record IncidentNotice(string Key, NoticeKind Kind, AlarmPriority Priority, long AtMicroseconds, int Escalation, string? Person);

/// <summary>Something to be told of an incident.</summary>
/// <param name="What">Names it within the incident, such as <c>worse-high</c>.</param>
/// <param name="Kind">Why.</param>
/// <param name="DueMicroseconds">When, gateway time.</param>
public sealed record IncidentNews(string What, NoticeKind Kind, long DueMicroseconds);
