using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Backup;

/// <summary>Copies of an SQLite database that a gateway may be writing to.</summary>
internal static class StateCopy
{
    private const int CannotOpen = 14;
    private const int ReadOnly = 8;

    /// <summary>Copies a database as it stands at one moment, into one file without a write-ahead log beside it.</summary>
    /// <exception cref="InvalidDataException">It is no database, or too damaged to be read.</exception>
    public static void Make(string source, string target)
    {
        SQLitePCL.Batteries_V2.Init();
        try
        {
            try
            {
                Online(source, target);
            }
            catch (SqliteException error) when (error.SqliteErrorCode is CannotOpen or ReadOnly)
            {
                // A folder that nobody can write to: nobody writes, so the files can be copied as they lie.
                File.Delete(target);
                FileCopy.Copy(source, target);
                if (File.Exists(source + "-wal"))
                {
                    FileCopy.Copy(source + "-wal", target + "-wal");
                }
            }

            Settle(target);
        }
        catch (SqliteException error)
        {
            throw new InvalidDataException($"{source} cannot be read: {error.Message}", error);
        }
    }

    /// <summary>What SQLite's own check finds wrong with a database; empty where it is sound.</summary>
    public static IReadOnlyList<string> Check(string path)
    {
        const int most = 20;
        SQLitePCL.Batteries_V2.Init();
        try
        {
            using SqliteConnection connection = Open(path, SqliteOpenMode.ReadWrite);
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(20)";
            using SqliteDataReader row = command.ExecuteReader();
            var found = new List<string>();
            while (row.Read() && found.Count < most)
            {
                found.Add(row.GetString(0));
            }

            return found is ["ok"] ? [] : found;
        }
        catch (SqliteException error)
        {
            return [error.Message];
        }
    }

    /// <summary>Version of the tables.</summary>
    /// <exception cref="InvalidDataException">It is no database.</exception>
    public static long SchemaVersion(string path)
    {
        try
        {
            using SqliteConnection connection = Open(path, SqliteOpenMode.ReadOnly);
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version";
            return (long)command.ExecuteScalar()!;
        }
        catch (SqliteException error)
        {
            throw new InvalidDataException($"{path} cannot be read: {error.Message}", error);
        }
    }

    private static void Online(string source, string target)
    {
        using SqliteConnection from = Open(source, SqliteOpenMode.ReadOnly);
        using (File.Create(target, 1, FileOptions.None))
        {
            // So that its permissions are set before anything is in it.
        }

        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(target, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        using SqliteConnection to = Open(target, SqliteOpenMode.ReadWrite);
        from.BackupDatabase(to);
    }

    // Takes the write-ahead log in, and lets the file stand alone: who opens it for writing chooses anew.
    private static void Settle(string target)
    {
        using (SqliteConnection connection = Open(target, SqliteOpenMode.ReadWrite))
        using (SqliteCommand command = connection.CreateCommand())
        {
            command.CommandText = "PRAGMA journal_mode=DELETE";
            command.ExecuteNonQuery();
        }

        using var file = new FileStream(target, FileMode.Open, FileAccess.ReadWrite);
        file.Flush(flushToDisk: true);
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = mode }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }
}
