using PouchMonitor.Gateway.Journal.Format;
using PouchMonitor.Gateway.Journal.Index;
using PouchMonitor.Gateway.Journal.Packs;

namespace PouchMonitor.Gateway.Journal;

/// <summary>
/// Reads frames in commit order, for forwarders and for catching up after a start. Damaged places are noted and passed
/// over. For one thread at a time.
/// </summary>
public sealed class CommitCursor : IDisposable
{
    private readonly FrameJournal journal;
    private readonly RecordLoader loader;
    private Segment? segment;
    private ReadLeases.Lease? reading;
    private FileLease? lease;
    private PackInCommitOrder? pack;
    private RecordScanner? scanner;
    private long scannedTo;

    internal CommitCursor(FrameJournal journal, long position)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(position);
        this.journal = journal;
        loader = new RecordLoader(journal.Store);
        NextPosition = position;
    }

    /// <summary>Position after the record last read: where to go on from another time.</summary>
    public long NextPosition { get; private set; }

    /// <summary>Moves to the next record; null at the present end.</summary>
    public JournalRecord? ReadNext()
    {
        while (NextPosition < journal.CommittedPosition)
        {
            if (scanner is null && pack is null && !Open())
            {
                return null;
            }

            if (pack is not null)
            {
                if (pack.TryMoveNext(loader, out var packed))
                {
                    NextPosition = packed.Position + 1;
                    return packed;
                }

                NextPosition = Math.Max(NextPosition, segment!.End);
                Close();
                continue;
            }

            if (scanner!.MoveNext())
            {
                if (scanner.SkippedBytes > 0)
                {
                    journal.NoteSkipped(segment!, scanner.Offset - scanner.SkippedBytes, scanner.SkippedBytes);
                }

                NextPosition = segment!.Base + scanner.Next;
                if ((scanner.Flags & RecordFlags.TypeMask) == RecordFlags.Frame
                    && loader.Load(segment, (int)scanner.Offset, scanner.Record) is { } record)
                {
                    return record;
                }

                continue;
            }

            if (scanner.Next < scannedTo)
            {
                journal.NoteSkipped(segment!, scanner.Next, scannedTo - scanner.Next);
            }

            NextPosition = Math.Max(NextPosition, segment!.Base + scannedTo);
            Close();
        }

        // At the end nothing is held, so that what has been compacted meanwhile can go.
        Close();
        return null;
    }

    /// <summary>Completes when there is more to read than at the last call of <see cref="ReadNext"/>.</summary>
    /// <exception cref="ObjectDisposedException">The journal is closing.</exception>
    public ValueTask WhenMoreAsync(CancellationToken cancellationToken) => journal.WhenMoreAsync(NextPosition, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => Close();

    // Goes to the segment that holds the next position; false when there is none yet.
    private bool Open()
    {
        reading = journal.Store.Leases.Enter();
        segment = journal.Store.AtOrAfter(NextPosition);
        if (segment is null)
        {
            Close();
            return false;
        }

        if (segment.Pack is not null)
        {
            pack = new PackInCommitOrder(journal.Store, segment, NextPosition);
            return true;
        }

        long from = Math.Max(NextPosition - segment.Base, SegmentHeader.Bytes);
        scannedTo = segment.Length;
        lease = new FileLease(journal.Store, segment);
        scanner = new RecordScanner(lease.File, segment.Header, Math.Min(from, scannedTo), scannedTo);
        return true;
    }

    private void Close()
    {
        scanner = null;
        pack = null;
        lease?.Dispose();
        lease = null;
        reading?.Dispose();
        reading = null;
    }
}
