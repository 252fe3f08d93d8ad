using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Archive;

/// <summary>
/// A data directory as it stood at one moment, for reading, while a gateway may be running on it: the database first, so
/// that every sample it speaks of is in the journal.
/// </summary>
public sealed class DataView : IDisposable
{
    private readonly string temporary;
    private readonly JournalView journal;

    private DataView(string temporary, StateDatabase database, JournalView journal)
    {
        this.temporary = temporary;
        this.journal = journal;
        Database = database;
    }

    public StateDatabase Database { get; }

    public Journal.FrameJournal Journal => journal.Journal;

    /// <exception cref="IOException">It is no data directory, or cannot be read.</exception>
    /// <exception cref="InvalidDataException">The database is damaged or of a newer program.</exception>
    public static DataView Open(string data)
    {
        string state = Path.Combine(data, "state.db");
        string journal = Path.Combine(data, DataBackup.JournalName);
        if (!File.Exists(state) || !Directory.Exists(journal))
        {
            throw new IOException($"{data} is no data directory of a gateway: it lacks state.db or the folder '{DataBackup.JournalName}'.");
        }

        string temporary = Directory.CreateTempSubdirectory("pouchmonitor-data-").FullName;
        StateDatabase? database = null;
        try
        {
            string copy = Path.Combine(temporary, "state.db");
            StateCopy.Make(state, copy);
            database = new StateDatabase(copy);
            return new DataView(temporary, database, JournalView.Open(journal));
        }
        catch
        {
            database?.Dispose();
            Directory.Delete(temporary, recursive: true);
            throw;
        }
    }

    /// <summary>The test asked for, or the newest of a cell.</summary>
    /// <exception cref="IOException">There is none.</exception>
    public StoredTest Find(string cell, string? test)
    {
        TestRecord? record = Database.ReadTestRecords().LastOrDefault(each => each.Cell == cell && (test is null || each.Test == test));
        if (record is null)
        {
            string[] cells = [.. Database.ReadTestRecords().Select(each => each.Cell).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(20)];
            throw new IOException($"There is no test{(test is null ? "" : $" '{test}'")} of cell '{cell}'; cells: {(cells.Length == 0 ? "none" : string.Join(", ", cells))}.");
        }

        return Database.ReadStored(record);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        journal.Dispose();
        Database.Dispose();
        Directory.Delete(temporary, recursive: true);
    }
}
