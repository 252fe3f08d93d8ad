namespace PouchMonitor.Analysis.Abuse;

/// <summary>Where a session stands. It only goes forward; <see cref="Cancelled"/> ends one that was never triggered.</summary>
public enum AbuseState
{
    Preparing,
    Armed,

    /// <summary>The event has begun; where the plan watches from the end of the exposure, that runs.</summary>
    Triggered,
    Observing,
    Ended,
    Signed,
    Cancelled,
}

public enum CheckState
{
    Open,
    Good,
    Bad,
}

/// <summary>One line of the list before arming: by the monitor from what it knows, or by a person by name.</summary>
public sealed record AbuseCheck(string Id, string Text, bool IsByPerson, CheckState State, string? Detail, string? Person, double? At);

/// <summary>One line of the session's log; <see cref="Person"/> is null for what the monitor did.</summary>
public sealed record AbuseLogEntry(double At, string Kind, string Text, string? Person);

/// <summary>What only a person can add; null where nobody has said.</summary>
public sealed record AbuseObservations
{
    public bool? Leak { get; init; }

    public bool? Vent { get; init; }

    public bool? Smoke { get; init; }

    public bool? Flame { get; init; }

    public bool? Rupture { get; init; }

    public bool? Explosion { get; init; }

    public double? MassBeforeG { get; init; }

    public double? MassAfterG { get; init; }

    /// <summary>EUCAR level as the person confirms it.</summary>
    public int? HazardLevel { get; init; }

    public string? Reason { get; init; }

    public string? Person { get; init; }

    public double? At { get; init; }
}

/// <summary>A photo, a video or a text kept with the session.</summary>
public sealed record AbuseAttachment(int Id, string Name, string MediaType, long SizeBytes, string Sha256, string? Text, string Person, double At);

/// <summary>A signature over the record as it was: <see cref="ContentSha256"/> is of the record's JSON without its signatures.</summary>
/// <param name="IsIntact">Whether the record is still what was signed, as found when it was read; null where nobody has looked.</param>
public sealed record AbuseSignature(string Person, string Meaning, double At, string ContentSha256, bool? IsIntact = null);

/// <summary>A moment of the event as a person or the node told it; the figures are made anew from these and the samples at any time.</summary>
/// <param name="At">Unix seconds.</param>
/// <param name="UncertaintyS">Half width within which the moment lies, s.</param>
public sealed record AbuseMoment(TriggerSource Source, double At, double UncertaintyS, string Reason);

/// <summary>A trigger that a person took back, since no event took place: a contact was lost, a button pressed too early.</summary>
/// <param name="At">Unix seconds; nothing before counts for a later trigger, criterion or warning.</param>
/// <param name="Trigger">The trigger as it stood.</param>
/// <param name="Moments">What people and the node had told of it.</param>
public sealed record AbuseWithdrawal(double At, string Person, string Note, AbuseTrigger Trigger, IReadOnlyList<AbuseMoment> Moments);

/// <summary>The emergency stop.</summary>
/// <param name="State"><c>sent</c>, <c>confirmed</c>, <c>refused</c>, <c>unanswered</c>.</param>
public sealed record AbuseStop(double At, string Person, string State, double? AnsweredAt, string? Detail);

/// <summary>Calibration of one column, as it was during the test.</summary>
public sealed record AbuseCalibration(string Column, string CalibrationId, string Text);

/// <summary>The whole of one abuse test: what is stored, served, put into the archive and reported.</summary>
public sealed record AbuseRecord
{
    public required string Id { get; init; }

    public required string Cell { get; init; }

    public string? Node { get; init; }

    public string? Channel { get; init; }

    /// <summary>Name of the recorded test whose samples these are; null before there is one.</summary>
    public string? Test { get; init; }

    /// <summary>File it was read from; null where live.</summary>
    public string? Source { get; init; }

    public string? Profile { get; init; }

    /// <summary>
    /// That profile as a profile file holds it, copied when the test was made: its limits judge the samples, whatever becomes of it in
    /// the catalogue. Null where it was read from a file.
    /// </summary>
    public string? ProfileText { get; init; }

    public required AbusePlan Plan { get; init; }

    public required AbuseState State { get; init; }

    public required double CreatedAt { get; init; }

    public required string CreatedBy { get; init; }

    public double? ArmedAt { get; init; }

    public string? ArmedBy { get; init; }

    public double? TriggeredAt { get; init; }

    public double? ExposureEndedAt { get; init; }

    public double? ObservingAt { get; init; }

    public double? EndedAt { get; init; }

    public string? EndedBy { get; init; }

    public IReadOnlyList<AbuseCheck> Checks { get; init; } = [];

    public AbuseFigures? Figures { get; init; }

    public IReadOnlyList<AbuseLogEntry> Log { get; init; } = [];

    /// <summary>Lines of the log that had to make room.</summary>
    public int LogDropped { get; init; }

    /// <summary>Moments of the event as people and the node told them; the trigger itself is in <see cref="Figures"/>.</summary>
    public IReadOnlyList<AbuseMoment> Moments { get; init; } = [];

    /// <summary>Triggers that were taken back, in their order.</summary>
    public IReadOnlyList<AbuseWithdrawal> Withdrawals { get; init; } = [];

    public AbuseObservations Observations { get; init; } = new();

    /// <summary>Deviations that people wrote down, beside those of <see cref="AbuseFigures.Deviations"/>.</summary>
    public IReadOnlyList<string> Deviations { get; init; } = [];

    public IReadOnlyList<AbuseAttachment> Attachments { get; init; } = [];

    public IReadOnlyList<AbuseCalibration> Calibrations { get; init; } = [];

    public AbuseStop? Stop { get; init; }

    public IReadOnlyList<AbuseSignature> Signatures { get; init; } = [];

    /// <summary>What the criteria say together (<see cref="AbuseSights"/>); null where nobody has asked yet.</summary>
    public AbuseVerdict? Verdict { get; init; }
}
