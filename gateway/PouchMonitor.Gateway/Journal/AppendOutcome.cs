namespace PouchMonitor.Gateway.Journal;

/// <summary>What became of an entry. All but <see cref="Failed"/> are durable when reported and may be acknowledged.</summary>
public enum AppendOutcome
{
    /// <summary>New, and on stable storage.</summary>
    Stored = 0,

    /// <summary>The same identity with the same bytes is already on stable storage; counted, not stored again.</summary>
    Duplicate,

    /// <summary>
    /// The same identity with other bytes, or a sample number that another frame already has: kept raw in the quarantine.
    /// </summary>
    Conflict,

    /// <summary>Kept raw in the quarantine.</summary>
    Quarantined,

    /// <summary>Could not be made durable; must not be acknowledged.</summary>
    Failed,
}
