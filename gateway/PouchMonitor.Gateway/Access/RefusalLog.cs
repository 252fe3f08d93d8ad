using System.Globalization;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// Refused sign-ins in the audit trail, which cannot be made to grow by guessing: the first of a name and an address in each
/// minute is written at once, at most <see cref="MostLines"/> lines a minute; the rest of the minute is counted and written as one line.
/// What was typed as an unknown name is left out, since people type passwords there.
/// </summary>
internal sealed class RefusalLog(StateDatabase database, AccessFile access, Func<long> nowMicroseconds)
{
    public const int MostLines = 20;

    private const long MinuteMicroseconds = 60_000_000;
    private readonly Lock gate = new();
    private readonly HashSet<string> told = new(StringComparer.Ordinal);
    private long since;
    private int more;

    public void Add(string account, string from, string reason)
    {
        lock (gate)
        {
            Turn();
            string name = access.FindPerson(account) is null ? "(unknown name)" : account;
            if (told.Count >= MostLines || !told.Add($"{name} {from}"))
            {
                more++;
                return;
            }

            Write(nowMicroseconds(), name, $"{reason}, from {from}");
        }
    }

    /// <summary>Writes what was counted, where its minute is over.</summary>
    public void Turn(bool isLast = false)
    {
        lock (gate)
        {
            long now = nowMicroseconds();
            if (!isLast && now - since < MinuteMicroseconds)
            {
                return;
            }

            if (more > 0)
            {
                Write(now, "(several)", string.Create(CultureInfo.InvariantCulture, $"{more} more within a minute"));
            }

            since = now;
            more = 0;
            told.Clear();
        }
    }

    private void Write(long at, string name, string detail)
    {
        try
        {
            database.Audit(at, name, "session.refuse", name, detail);
        }
        catch (SqliteException)
        {
            // The disk is full, and the alarm 'storage' says so; nobody is let in for that.
        }
    }
}
