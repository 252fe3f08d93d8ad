namespace PouchMonitor.Gateway.Journal;

/// <summary>What was kept raw because it could not be taken, with the reason.</summary>
/// <param name="Position">Position in the quarantine's own order; rises with time.</param>
/// <param name="ReceivedAtMicroseconds">Unix microseconds of arrival.</param>
/// <param name="Topic">Topic it came on.</param>
/// <param name="Reason">Short name of the reason; <see cref="ConflictReason"/> for a conflict.</param>
/// <param name="Bytes">The raw bytes.</param>
public sealed record QuarantinedItem(
    long Position, long ReceivedAtMicroseconds, string Topic, string Reason, ReadOnlyMemory<byte> Bytes)
{
    /// <summary>Reason of a frame that contradicts a stored one.</summary>
    public const string ConflictReason = "conflict";

    /// <summary>Reason of a frame that would leave more gaps in its stream than are kept track of.</summary>
    public const string TooManyGapsReason = "too-many-gaps";

    /// <summary>Reason of a frame of a new stream when there are already as many streams as allowed.</summary>
    public const string TooManyStreamsReason = "too-many-streams";

    /// <summary>Reason of a frame whose numbers cannot be: no samples, a negative number, or more dropped than there were.</summary>
    public const string BadIdentityReason = "bad-identity";
}
