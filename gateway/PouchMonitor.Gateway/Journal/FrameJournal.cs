using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// The truth about what was received: every frame is appended once, forced to stable storage together with its neighbours,
/// and only then reported, so that an acknowledgement can follow. All members may be used from any thread.
/// </summary>
public sealed class FrameJournal : IAsyncDisposable
{
    private readonly JournalOptions options;
    private readonly IDisposable folderLock;
    private readonly AppendQueue queue;
    private readonly SegmentStore store;
    private readonly StreamDirectory streams;
    private readonly QuarantineLog quarantine;
    private readonly Sealer sealer;
    private readonly Outages outages;
    private readonly GroupWriter writer;
    private readonly RemovedFrames removed;
    private readonly Compactor compactor;
    private readonly Tally tally = new();
    private readonly Signal committed = new();
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long committedPosition;
    private int isDisposed;

    private FrameJournal(JournalOptions options, IDisposable folderLock)
    {
        this.options = options;
        this.folderLock = folderLock;
        queue = new AppendQueue(options.QueueEntries, options.QueueBytes, options.GroupWindow);
        store = new SegmentStore(options.Files, options.IndexCacheBytes);
        streams = new StreamDirectory(options.Streams);
        sealer = new Sealer(store);
        outages = new Outages(options, queue.Poke);
        var freeSpace = new FreeSpace(options.Files, options.Time, options.ReserveBytes);
        quarantine = new QuarantineLog(options, freeSpace, tally);
        removed = new RemovedFrames(options.Files, store.Damage);
        compactor = new Compactor(options, store, tally, new Retention(options, store, removed, tally).Apply,
            () => queue.HeldEntries > options.QueueEntries / 64);
        writer = new GroupWriter(options, store, streams, removed, quarantine, sealer, freeSpace, outages, tally, Publish);
    }

    /// <summary>True while entries cannot be made durable.</summary>
    public bool IsFailing => FailureReason is not null;

    /// <summary>Why entries cannot be made durable; null while they can.</summary>
    public string? FailureReason => outages.Reason;

    /// <summary>End of what is durable in commit order: the position the next frame will get, or a little less.</summary>
    public long CommittedPosition => Interlocked.Read(ref committedPosition);

    /// <summary>Everything before this position has been removed by the retention.</summary>
    public long RemovedBelow => removed.Below;

    internal SegmentStore Store => store;

    /// <summary>Opens or creates the journal and mends what a crash left: a torn end is cut at the last whole record.</summary>
    /// <exception cref="IOException">The folder cannot be used, or another process uses it.</exception>
    public static FrameJournal Open(JournalOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Check();
        var folderLock = options.Files.Lock();
        try
        {
            var journal = new FrameJournal(options, folderLock);
            journal.Start();
            return journal;
        }
        catch
        {
            folderLock.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Takes an entry, or returns false and takes nothing when the queue is full or the journal is closing. Never blocks.
    /// </summary>
    /// <exception cref="ArgumentException">A frame of more bytes than <see cref="JournalOptions.MaximumFrameBytes"/>.</exception>
    public bool TryAppend(JournalEntry entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (entry.QuarantineReason is null && entry.Length > options.MaximumFrameBytes)
        {
            throw new ArgumentException($"A frame of {entry.Length} bytes is larger than {options.MaximumFrameBytes}.", nameof(entry));
        }

        return queue.TryPut(entry);
    }

    /// <summary>Completes when the queue has room again, or the journal is closing.</summary>
    public ValueTask WhenRoomAsync(CancellationToken cancellationToken) => queue.WhenRoomAsync(cancellationToken);

    /// <summary>Every stream of which something is stored.</summary>
    public IReadOnlyList<StreamSummary> Streams() => [.. streams.All.Select(state => state.Summarize()).OfType<StreamSummary>()];

    /// <summary>The streams of one channel of which something is stored: a boot and a kind each.</summary>
    public IReadOnlyList<StreamSummary> StreamsOf(string node, string channel) =>
        [.. streams.OfChannel(node, channel).Select(state => state.Summarize()).OfType<StreamSummary>()];

    /// <summary>One stream, or null when nothing of it is stored.</summary>
    public StreamSummary? FindStream(StreamId stream) => streams.Find(stream)?.Summarize();

    /// <summary>Highest n such that all samples below n are stored or declared dropped; 0 when none, or for a keyed stream.</summary>
    public long CommittedBelow(StreamId stream) => streams.Find(stream)?.Committed().Accounted.ReachFromZero ?? 0;

    /// <summary>Everything from a position on, in commit order. 0 is the beginning.</summary>
    public CommitCursor ReadFrom(long position) => new(this, position);

    /// <summary>Frames of a stream in sample-number order, from the one that holds or follows a sample number.</summary>
    public StreamCursor ReadStream(StreamId stream, long fromSampleNumber) =>
        new(store, stream, streams.Find(stream)?.Committed() ?? default, fromSampleNumber, TimeRange.All);

    /// <summary>As <see cref="ReadStream"/>, but those frames alone that have a sample in a range of the stream's own time.</summary>
    internal StreamCursor ReadStreamWithin(StreamId stream, long fromSampleNumber, TimeRange times) =>
        new(store, stream, streams.Find(stream)?.Committed() ?? default, fromSampleNumber, times);

    /// <summary>
    /// Frames of a channel with a sample in [from, to), boot after boot in order of their anchors. Boots without an anchor
    /// have no place in time and are left out; see <see cref="StreamsOf"/> and <see cref="ReadStream"/> for those.
    /// </summary>
    public ChannelCursor ReadChannel(string node, string channel, FrameKind kind, long fromUnixMicroseconds, long toUnixMicroseconds) =>
        new(store, streams.OfChannel(node, channel).Where(state => state.Id.Kind == kind), fromUnixMicroseconds, toUnixMicroseconds);

    /// <summary>Number after the highest sample of a stream that the retention has removed; 0 when none was.</summary>
    public long RemovedEnd(StreamId stream) => removed.EndOf(stream);

    /// <summary>Compacts every sealed segment and applies the retention now, without rest.</summary>
    public void Compact(CancellationToken cancellation) => compactor.RunToEnd(cancellation);

    /// <summary>Newest quarantined items first.</summary>
    public IReadOnlyList<QuarantinedItem> ReadQuarantine(int most) => quarantine.Newest(most);

    /// <summary>Items in the quarantine on disk.</summary>
    public long QuarantineCount => quarantine.Held;

    /// <summary>Counts since opening.</summary>
    public JournalCounters Counters() => new()
    {
        Stored = Interlocked.Read(ref tally.Stored),
        Samples = Interlocked.Read(ref tally.Samples),
        Duplicates = Interlocked.Read(ref tally.Duplicates),
        Conflicts = Interlocked.Read(ref tally.Conflicts),
        QuarantinedByReason = new Dictionary<string, long>(tally.Quarantined, StringComparer.Ordinal),
        QuarantineDropped = quarantine.Dropped,
        Repaired = Interlocked.Read(ref tally.Repaired),
        Failed = Interlocked.Read(ref tally.Failed),
        FailedGroups = Interlocked.Read(ref tally.FailedGroups),
        Refused = queue.Refused,
        CallbackFaults = Interlocked.Read(ref tally.CallbackFaults),
        BytesWritten = Interlocked.Read(ref tally.BytesWritten),
        Groups = Interlocked.Read(ref tally.Groups),
        Syncs = Interlocked.Read(ref tally.Syncs),
        LargestGroup = Interlocked.Read(ref tally.LargestGroup),
        QueueEntries = queue.HeldEntries,
        QueueBytes = queue.HeldBytes,
        Segments = store.Segments.Length,
        Streams = streams.Count,
        Damaged = store.Damage.Count,
        Compactions = Interlocked.Read(ref tally.Compactions),
        RemovedSegments = Interlocked.Read(ref tally.RemovedSegments),
        CompactionProblem = compactor.Problem,
    };

    /// <summary>Places found damaged since opening, the first thousand.</summary>
    public IReadOnlyList<JournalDamage> Damage() => store.Damage.All();

    /// <summary>Reads everything that is durable and compares check sums; returns what is known to be damaged.</summary>
    public IReadOnlyList<JournalDamage> Verify(CancellationToken cancellationToken)
    {
        using var reading = store.Leases.Enter();
        foreach (var segment in store.Segments)
        {
            if (segment.Pack is null)
            {
                VerifyLog(segment, cancellationToken);
            }
            else
            {
                PackCheck.Run(store, segment, cancellationToken);
            }
        }

        return Damage();
    }

    /// <summary>Takes no more, makes durable what was taken, reports it, and closes.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref isDisposed, 1) != 0)
        {
            return;
        }

        queue.Close();
        await ended.Task.ConfigureAwait(false);
        compactor.Dispose();
        await sealer.FinishAsync().ConfigureAwait(false);
        committed.Raise();
        writer.Dispose();
        quarantine.Dispose();
        outages.Dispose();
        store.Dispose();
        folderLock.Dispose();
    }

    internal void NoteSkipped(Segment segment, long offset, long length) =>
        store.Damage.Note(segment.FileName, offset, length, $"{length} bytes are no valid record");

    internal async ValueTask WhenMoreAsync(long than, CancellationToken cancellationToken)
    {
        while (true)
        {
            var next = committed.Next;
            ObjectDisposedException.ThrowIf(Volatile.Read(ref isDisposed) != 0, this);
            if (CommittedPosition > than)
            {
                return;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private void VerifyLog(Segment segment, CancellationToken cancellationToken)
    {
        long limit = segment.Length;
        using var lease = store.Borrow(segment);
        var scanner = new RecordScanner(lease.File, segment.Header, SegmentHeader.Bytes, limit);
        while (scanner.MoveNext())
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (scanner.SkippedBytes > 0)
            {
                NoteSkipped(segment, scanner.Offset - scanner.SkippedBytes, scanner.SkippedBytes);
            }
        }

        if (scanner.Next < limit)
        {
            NoteSkipped(segment, scanner.Next, limit - scanner.Next);
        }
    }

    private void Start()
    {
        if (new Recovery(options, store, streams, sealer, removed).Run() is { } active)
        {
            writer.Resume(active);
        }

        quarantine.Recover(store.Damage);
        committedPosition = writer.CommittedPosition;
        new Thread(Work) { IsBackground = true, Name = "frame journal" }.Start();
        compactor.Start();
    }

    private void Publish(long position)
    {
        if (Interlocked.Exchange(ref committedPosition, position) != position)
        {
            committed.Raise();
        }
    }

    private void Work()
    {
        while (queue.Take(out var entries, out int count))
        {
            if (count == 0)
            {
                writer.Probe();
            }

            for (int at = 0; at < count;)
            {
                at += CommitNext(entries, at, count - at);
            }
        }

        ended.SetResult();
    }

    private int CommitNext(JournalEntry[] entries, int from, int count)
    {
        // The room an entry takes is counted before it is reported, since its owner may use it again at once.
        long bytes = 0;
        for (int at = from; at < from + count; at++)
        {
            bytes += entries[at].Length;
        }

        int done = writer.Commit(entries, from, count);
        long left = 0;
        for (int at = from + done; at < from + count; at++)
        {
            left += entries[at].Length;
        }

        queue.Release(done, bytes - left);
        return done;
    }
}
