using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// The audit trail for what is done on the command line, where no gateway need run: who may write the data directory may do it, so
/// that the line names the way and not a person. SQLite lets a running gateway and the command line write in turn.
/// </summary>
public static class CommandLineAudit
{
    /// <summary>Stands in the place of the person.</summary>
    public const string Person = "command line";

    /// <summary>Does it, and adds its line where it was done.</summary>
    /// <param name="dataDirectory">Of the gateway; the database is made where there is none yet.</param>
    /// <param name="work">Gives the line, or null where nothing was changed.</param>
    /// <returns>False where nothing was changed.</returns>
    /// <exception cref="IOException">The database cannot be opened, and nothing was done; or the line could not be added to it, and what was done stays.</exception>
    public static bool Record(string dataDirectory, Func<(string Action, string Target, string? Detail)?> work)
    {
        ArgumentNullException.ThrowIfNull(work);
        StateDatabase database;
        try
        {
            // Before anything is changed, so that a trail that cannot be written stops it.
            database = new StateDatabase(Path.Combine(dataDirectory, "state.db"));
        }
        catch (InvalidDataException error)
        {
            throw new IOException($"Nothing was changed, since it could not be noted in the audit trail: {error.Message}", error);
        }

        using (database)
        {
            if (work() is not { } done)
            {
                return false;
            }

            try
            {
                database.Audit(
                    (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond, Person, done.Action, done.Target, done.Detail);
            }
            catch (Microsoft.Data.Sqlite.SqliteException error)
            {
                throw new IOException($"{done.Action} of '{done.Target}' was done, but could not be noted in the audit trail: {error.Message}", error);
            }

            return true;
        }
    }
}
