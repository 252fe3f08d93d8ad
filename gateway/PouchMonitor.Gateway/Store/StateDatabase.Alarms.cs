using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Store;

/// <summary>Alarms as they are, and every change of one, which the database itself refuses to alter.</summary>
public sealed partial class StateDatabase
{
    private const string HistoryColumns =
        "SELECT id, at_us, cell, test, rule, from_state, to_state, person, note, reason FROM alarm_history ";

    public IReadOnlyList<Alarm> ReadAlarms() =>
        Read("SELECT body FROM alarm", row => JsonSerializer.Deserialize<Alarm>(row.GetString(0), Json)!);

    /// <summary>The newest lines of the audit trail, newest first.</summary>
    public IReadOnlyList<AlarmHistoryLine> ReadAlarmHistory(int most) =>
        Read(HistoryColumns + "ORDER BY id DESC LIMIT $n", ReadHistoryLine, ("$n", most));

    /// <summary>Lines of the audit trail as asked for, newest first.</summary>
    public IReadOnlyList<AlarmHistoryLine> ReadAlarmHistory(AlarmHistoryFilter filter)
    {
        ArgumentNullException.ThrowIfNull(filter);
        List<string> where = [];
        if (filter.Cell is not null)
        {
            where.Add("cell = $c");
        }

        if (filter.Rule is not null)
        {
            where.Add("rule = $r");
        }

        if (filter.FromMicroseconds is not null)
        {
            where.Add("at_us >= $f");
        }

        if (filter.ToMicroseconds is not null)
        {
            where.Add("at_us < $u");
        }

        where.Add("id < $b");
        return Read(HistoryColumns + $"WHERE {string.Join(" AND ", where)} ORDER BY id DESC LIMIT $n", ReadHistoryLine,
            ("$c", filter.Cell), ("$r", filter.Rule), ("$f", filter.FromMicroseconds), ("$u", filter.ToMicroseconds),
            ("$b", filter.BeforeId), ("$n", filter.Most));
    }

    /// <summary>What the statistics need of the history since a time, oldest first; of very many lines the newest. No write waits for it.</summary>
    public IReadOnlyList<AlarmEventLine> ReadAlarmEvents(long fromMicroseconds, int most) => ReadAlarmEvents(fromMicroseconds, most, line => line);

    /// <summary>The same, each line passed through a function while the reading goes on.</summary>
    internal IReadOnlyList<AlarmEventLine> ReadAlarmEvents(long fromMicroseconds, int most, Func<AlarmEventLine, AlarmEventLine> each) =>
    [
        .. ReadAside(
            "SELECT at_us, cell, rule, priority, asks, reason FROM alarm_history WHERE at_us >= $f ORDER BY at_us DESC, id DESC LIMIT $n",
            row => each(new AlarmEventLine(row.GetInt64(0), row.GetString(1), row.GetString(2), (AlarmPriority?)(row[3] as long?),
                row[4] is 1L, row.GetString(5).StartsWith("acknowledged", StringComparison.Ordinal))),
            ("$f", fromMicroseconds), ("$n", most)).AsEnumerable().Reverse(),
    ];

    private static AlarmHistoryLine ReadHistoryLine(SqliteDataReader row) => new(
        row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.GetString(6), row[7] as string, row[8] as string, row.GetString(9))
    {
        Id = row.GetInt64(0),
    };

    private void Save(AlarmTransition transition)
    {
        Alarm alarm = transition.To;
        Execute("INSERT OR REPLACE INTO alarm VALUES ($t, $r, $b)",
            ("$t", alarm.Test), ("$r", alarm.Rule), ("$b", JsonSerializer.Serialize(alarm, Json)));
        if (transition.From == alarm.State && transition.Reason == AlarmBook.Updated)
        {
            return; // A new maximum is not an event of the audit trail.
        }

        Execute(
            "INSERT INTO alarm_history (at_us, test, cell, rule, from_state, to_state, person, note, reason, priority, asks) "
            + "VALUES ($at, $t, $c, $r, $f, $s, $p, $n, $w, $y, $a)",
            ("$at", transition.AtMicroseconds), ("$t", alarm.Test), ("$c", alarm.Cell), ("$r", alarm.Rule),
            ("$f", transition.From.ToString()), ("$s", alarm.State.ToString()),
            ("$p", transition.Person), ("$n", transition.Note), ("$w", transition.Reason),
            ("$y", (int)alarm.Priority), ("$a", transition.BeginsToAsk ? 1 : 0));
        if (transition is { Person: { } person, Action: { } action })
        {
            Execute("INSERT INTO audit (at_us, person, action, target, detail) VALUES ($a, $p, $c, $t, $d)",
                ("$a", transition.AtMicroseconds), ("$p", person), ("$c", action), ("$t", alarm.Id), ("$d", transition.Note));
        }
    }
}

/// <summary>One line of the audit trail as read back.</summary>
public sealed record AlarmHistoryLine(
    long AtMicroseconds, string Cell, string Test, string Rule, string From, string To, string? Person, string? Note, string Reason)
{
    /// <summary>Rises with each line; 0 for a line that is not from a database.</summary>
    public long Id { get; init; }
}

/// <summary>Which lines of the audit trail are wanted; null does not restrict.</summary>
public sealed record AlarmHistoryFilter
{
    public string? Cell { get; init; }

    public string? Rule { get; init; }

    /// <summary>From this gateway time on, Unix microseconds.</summary>
    public long? FromMicroseconds { get; init; }

    /// <summary>Before this gateway time, Unix microseconds.</summary>
    public long? ToMicroseconds { get; init; }

    /// <summary>Lines with a lower number only.</summary>
    public long BeforeId { get; init; } = long.MaxValue;

    public required int Most { get; init; }
}
