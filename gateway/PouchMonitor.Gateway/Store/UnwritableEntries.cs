using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Store;

/// <summary>Entries of a batch that cannot be written, whatever the state of the disk; nothing of the batch was.</summary>
internal sealed class UnwritableException(IReadOnlyList<(object Entry, string Reason)> entries)
    : Exception($"{entries.Count} entries cannot be written, the first because: {entries[0].Reason}")
{
    public IReadOnlyList<(object Entry, string Reason)> Entries { get; } = entries;
}

/// <summary>
/// Tells what is wrong with one entry from what is wrong with the database: the first must not hold up what it came with, the
/// second concerns all of it. To be used within a transaction.
/// </summary>
internal sealed class UnwritableEntries
{
    // SQLITE_TOOBIG and SQLITE_MISMATCH refuse a statement for what is in it; whatever else SQLite says may be over with time.
    private static readonly int[] OfOneStatement = [18, 20];

    private readonly List<(object Entry, string Reason)> found = [];

    public void Write<T>(IEnumerable<T> entries, Action<T> write) where T : class
    {
        foreach (T entry in entries)
        {
            try
            {
                write(entry);
            }
#pragma warning disable CA1031 // Whatever one entry has in it, the others are written.
            catch (Exception error) when (IsOfTheEntry(error))
#pragma warning restore CA1031
            {
                found.Add((entry, error.Message));
            }
        }
    }

    /// <summary>Takes the transaction back where any was found: it may hold a part of that entry.</summary>
    public void ThrowIfAny()
    {
        if (found.Count > 0)
        {
            throw new UnwritableException(found);
        }
    }

    /// <summary>True where the entry and not the database is at fault. A connection that is not open says so by an InvalidOperationException.</summary>
    public static bool IsOfTheEntry(Exception error) => error is SqliteException refused
        ? OfOneStatement.Contains(refused.SqliteErrorCode)
        : error is not (InvalidOperationException or OutOfMemoryException);
}
