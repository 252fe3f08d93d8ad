namespace PouchMonitor.Gateway.Journal;

/// <summary>Counts since the journal was opened, as of one moment.</summary>
public sealed record JournalCounters
{
    /// <summary>Frames stored.</summary>
    public long Stored { get; init; }

    /// <summary>Samples in the frames stored.</summary>
    public long Samples { get; init; }

    /// <summary>Frames that were already there.</summary>
    public long Duplicates { get; init; }

    /// <summary>Frames that contradict a stored one.</summary>
    public long Conflicts { get; init; }

    /// <summary>Entries quarantined, by reason (conflicts included).</summary>
    public required IReadOnlyDictionary<string, long> QuarantinedByReason { get; init; }

    /// <summary>Quarantined items dropped because the quarantine was full.</summary>
    public long QuarantineDropped { get; init; }

    /// <summary>Frames stored again because the stored copy was found damaged.</summary>
    public long Repaired { get; init; }

    /// <summary>Entries that could not be made durable.</summary>
    public long Failed { get; init; }

    /// <summary>Groups that could not be made durable.</summary>
    public long FailedGroups { get; init; }

    /// <summary>Entries refused because the queue was full.</summary>
    public long Refused { get; init; }

    /// <summary>Calls of an entry's <see cref="JournalEntry.OnCommitted"/> that threw.</summary>
    public long CallbackFaults { get; init; }

    /// <summary>Bytes written to segments of frames.</summary>
    public long BytesWritten { get; init; }

    /// <summary>Groups committed.</summary>
    public long Groups { get; init; }

    /// <summary>Times data was forced to stable storage.</summary>
    public long Syncs { get; init; }

    /// <summary>Entries of the largest group.</summary>
    public long LargestGroup { get; init; }

    /// <summary>Entries taken and not yet reported.</summary>
    public long QueueEntries { get; init; }

    /// <summary>Raw bytes taken and not yet reported.</summary>
    public long QueueBytes { get; init; }

    /// <summary>Segments of frames.</summary>
    public long Segments { get; init; }

    /// <summary>Streams known.</summary>
    public long Streams { get; init; }

    /// <summary>Places found damaged on disk.</summary>
    public long Damaged { get; init; }

    /// <summary>Times that segments were compacted into a pack.</summary>
    public long Compactions { get; init; }

    /// <summary>Segments removed by the retention.</summary>
    public long RemovedSegments { get; init; }

    /// <summary>Why a segment could not be compacted; null while there is no reason to look.</summary>
    public string? CompactionProblem { get; init; }
}
