using PouchMonitor.Gateway.Journal;

namespace PouchMonitor.Gateway.Backup;

/// <summary>
/// A journal as it stood at one moment, to be read while a gateway goes on writing it, also on a disk that is full or
/// cannot be written. Needs temporary room for the newest segments only.
/// </summary>
public sealed class JournalView : IDisposable
{
    private readonly ViewFiles files;

    private JournalView(ViewFiles files, FrameJournal journal)
    {
        this.files = files;
        Journal = journal;
    }

    /// <summary>The journal, for reading. What is written to it goes to the temporary folder and is lost with this.</summary>
    public FrameJournal Journal { get; }

    /// <summary>Opens a journal's folder.</summary>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static JournalView Open(string folder)
    {
        ViewFiles files = ViewFiles.Take(folder);
        try
        {
            return new JournalView(files, FrameJournal.Open(new JournalOptions { Files = files, ReserveBytes = 0, CompactsInBackground = false }));
        }
        catch
        {
            files.Dispose();
            throw;
        }
    }

    /// <summary>Reads everything, indexes included, and compares check sums; returns what is damaged.</summary>
    public IReadOnlyList<JournalDamage> Verify(CancellationToken cancellation)
    {
        Journal.Verify(cancellation);

        // Segments' indexes are read when their frames are asked for.
        foreach (StreamSummary stream in Journal.Streams())
        {
            cancellation.ThrowIfCancellationRequested();
            using StreamCursor cursor = Journal.ReadStream(stream.Id, long.MinValue);
            while (cursor.ReadNext() is not null)
            {
                cancellation.ThrowIfCancellationRequested();
            }
        }

        return Journal.Damage();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Journal.DisposeAsync().AsTask().GetAwaiter().GetResult();
        files.Dispose();
    }
}
