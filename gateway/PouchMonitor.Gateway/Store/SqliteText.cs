using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Store;

/// <summary>
/// Runs SQL texts of this program, values as parameters. Transactions are begun and ended by hand: where SQLite has taken one back
/// itself, as it does on a full disk, the library's own object cannot be ended, and the connection takes no other.
/// </summary>
internal static class SqliteText
{
    public static int Run(this SqliteConnection connection, string sql, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        return command.ExecuteNonQuery();
    }

    public static List<T> Query<T>(
        this SqliteConnection connection, string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values)
    {
        using SqliteCommand command = Command(connection, sql, values);
        using SqliteDataReader row = command.ExecuteReader();
        List<T> result = [];
        while (row.Read())
        {
            result.Add(convert(row));
        }

        return result;
    }

    /// <summary>Runs several changes as one, or none of them.</summary>
    public static void InTransaction(this SqliteConnection connection, Action work)
    {
        connection.Run("BEGIN IMMEDIATE");
        try
        {
            work();
            connection.Run("COMMIT");
        }
        catch
        {
            TakeBack(connection);
            throw;
        }
    }

    private static void TakeBack(SqliteConnection connection)
    {
        try
        {
            connection.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // It has been taken back already; the fault that is being told says why.
        }
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, (string Name, object? Value)[] values)
    {
        SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // Every text comes from this program; values are parameters.
        command.CommandText = sql;
#pragma warning restore CA2100
        foreach ((string name, object? value) in values)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }

        return command;
    }
}
