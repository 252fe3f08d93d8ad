using System.Text.Json;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Store;

/// <summary>What tests that are exported and imported need.</summary>
public sealed partial class StateDatabase
{
    /// <summary>The audit trail of one test, oldest first.</summary>
    public IReadOnlyList<AlarmHistoryLine> ReadAlarmHistoryOf(string test) => Read(
        "SELECT at_us, cell, test, rule, from_state, to_state, person, note, reason FROM alarm_history WHERE test = $t ORDER BY id",
        row => new AlarmHistoryLine(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetString(5), row[6] as string, row[7] as string, row.GetString(8)), ("$t", test));

    /// <summary>Stores a test that comes from elsewhere, with its alarms; takes the place of what was known of it.</summary>
    public void SaveImported(TestCheckpoint checkpoint, IReadOnlyList<Alarm> alarms, IReadOnlyList<AlarmHistoryLine> history)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentNullException.ThrowIfNull(alarms);
        ArgumentNullException.ThrowIfNull(history);
        lock (gate)
        {
            InTransaction(() =>
            {
                Execute("UPDATE change_count SET last = last + 1");
                Save(checkpoint);
                string test = checkpoint.Record.Test;
                Execute("DELETE FROM alarm WHERE test = $t", ("$t", test));
                foreach (Alarm alarm in alarms)
                {
                    Execute("INSERT OR REPLACE INTO alarm VALUES ($t, $r, $b)",
                        ("$t", test), ("$r", alarm.Rule), ("$b", JsonSerializer.Serialize(alarm with { Test = test }, Json)));
                }

                // What is known of an earlier import stays: the history only grows.
                foreach (AlarmHistoryLine line in history)
                {
                    Execute(
                        "INSERT INTO alarm_history (at_us, test, cell, rule, from_state, to_state, person, note, reason) "
                        + "SELECT $at, $t, $c, $r, $f, $s, $p, $n, $w WHERE NOT EXISTS (SELECT 1 FROM alarm_history WHERE cell = $c AND rule = $r "
                        + "AND test = $t AND at_us = $at AND from_state = $f AND to_state = $s AND reason = $w)",
                        ("$at", line.AtMicroseconds), ("$t", test), ("$c", line.Cell), ("$r", line.Rule), ("$f", line.From),
                        ("$s", line.To), ("$p", line.Person), ("$n", line.Note), ("$w", line.Reason));
                }
            });
        }
    }
}
