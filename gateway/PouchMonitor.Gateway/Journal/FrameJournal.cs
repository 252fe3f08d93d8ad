using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// The truth about what was received: every frame is appended once, forced to stable storage together with its neighbours,
/// and only then reported, so that an acknowledgement can follow. All members may be used from any thread.
/// </summary>
public sealed class FrameJournal : IAsyncDisposable
{
    private const string NotBuilt = "The journal is not built yet.";

    private FrameJournal()
    {
    }

    /// <summary>True while entries cannot be made durable.</summary>
    public bool IsFailing => FailureReason is not null;

    /// <summary>Why entries cannot be made durable; null while they can.</summary>
    public string? FailureReason { get; private set; }

    /// <summary>End of what is durable in commit order: the position the next frame will get, or a little less.</summary>
    public long CommittedPosition { get; private set; }

    /// <summary>Opens or creates the journal and mends what a crash left: a torn end is cut at the last whole record.</summary>
    public static FrameJournal Open(JournalOptions options) => throw new InvalidOperationException(NotBuilt);

    /// <summary>
    /// Takes an entry, or returns false and takes nothing when the queue is full or the journal is closing. Never blocks.
    /// </summary>
    public bool TryAppend(JournalEntry entry) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Completes when the queue has room again.</summary>
    public ValueTask WhenRoomAsync(CancellationToken cancellationToken) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Every stream of which something is stored.</summary>
    public IReadOnlyList<StreamSummary> Streams() => throw new InvalidOperationException(NotBuilt);

    /// <summary>One stream, or null when nothing of it is stored.</summary>
    public StreamSummary? FindStream(StreamId stream) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Highest n such that all samples below n are stored or declared dropped; 0 when none, or for a keyed stream.</summary>
    public long CommittedBelow(StreamId stream) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Everything from a position on, in commit order; waits for more where asked to.</summary>
    public CommitCursor ReadFrom(long position) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Frames of a stream in sample-number order, from the one that holds or follows a sample number.</summary>
    public StreamCursor ReadStream(StreamId stream, long fromSampleNumber) => throw new InvalidOperationException(NotBuilt);

    /// <summary>
    /// Frames of a channel with a sample in [from, to), boot after boot in order of their anchors. Boots without an anchor
    /// have no place in time and are left out; see <see cref="Streams"/> and <see cref="ReadStream"/> for those.
    /// </summary>
    public ChannelCursor ReadChannel(string node, string channel, FrameKind kind, long fromUnixMicroseconds, long toUnixMicroseconds) =>
        throw new InvalidOperationException(NotBuilt);

    /// <summary>Newest quarantined items first.</summary>
    public IReadOnlyList<QuarantinedItem> ReadQuarantine(int most) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Counts since opening.</summary>
    public JournalCounters Counters() => throw new InvalidOperationException(NotBuilt);

    /// <summary>Places found damaged since opening, the first thousand.</summary>
    public IReadOnlyList<JournalDamage> Damage() => throw new InvalidOperationException(NotBuilt);

    /// <summary>Reads everything that is durable and compares check sums; returns what is damaged.</summary>
    public IReadOnlyList<JournalDamage> Verify(CancellationToken cancellationToken) => throw new InvalidOperationException(NotBuilt);

    /// <summary>Takes no more, makes durable what was taken, reports it, and closes.</summary>
    public ValueTask DisposeAsync() => throw new InvalidOperationException(NotBuilt);
}

/// <summary>Reads in commit order.</summary>
public sealed class CommitCursor : IDisposable
{
    /// <summary>Position after the record last read: where to go on from another time.</summary>
    public long NextPosition { get; private set; }

    /// <summary>Moves to the next record; null at the present end.</summary>
    public JournalRecord? ReadNext() => throw new InvalidOperationException("The journal is not built yet.");

    /// <summary>Completes when there is more to read than at the last call of <see cref="ReadNext"/>.</summary>
    public ValueTask WhenMoreAsync(CancellationToken cancellationToken) =>
        throw new InvalidOperationException("The journal is not built yet.");

    /// <inheritdoc/>
    public void Dispose() => NextPosition = -1;
}

/// <summary>Reads one stream in sample-number order: all that was durable when it was made.</summary>
public sealed class StreamCursor : IDisposable
{
    /// <summary>Moves to the next record; null at the end.</summary>
    public JournalRecord? ReadNext() => throw new InvalidOperationException("The journal is not built yet.");

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}

/// <summary>Reads one channel over time: all that was durable when it was made.</summary>
public sealed class ChannelCursor : IDisposable
{
    /// <summary>Moves to the next record; null at the end.</summary>
    public JournalRecord? ReadNext() => throw new InvalidOperationException("The journal is not built yet.");

    /// <inheritdoc/>
    public void Dispose() => GC.SuppressFinalize(this);
}
