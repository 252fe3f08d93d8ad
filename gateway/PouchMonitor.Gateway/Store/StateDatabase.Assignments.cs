using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Setup;

namespace PouchMonitor.Gateway.Store;

/// <summary>Assignments of cells to channels: for each channel the last one and some before it.</summary>
public sealed partial class StateDatabase
{
    /// <summary>All that are kept, the oldest first.</summary>
    public IReadOnlyList<Assignment> ReadAssignments() =>
        Read("SELECT node, channel, changed_us, person, body FROM assignment ORDER BY node, channel, changed_us", ReadAssignment);

    /// <summary>Adds one together with its line of the audit trail; on disk when this returns.</summary>
    public void SaveAssignment(Assignment assignment, string action)
    {
        ArgumentNullException.ThrowIfNull(assignment);
        lock (gate)
        {
            InTransaction(() =>
            {
                string body = JsonSerializer.Serialize(assignment, Json);
                Execute("INSERT INTO assignment VALUES ($n, $c, $a, $p, $b)",
                    ("$n", assignment.Node), ("$c", assignment.Channel), ("$a", assignment.ChangedMicroseconds),
                    ("$p", assignment.Person), ("$b", body));
                Execute(
                    "DELETE FROM assignment WHERE node = $n AND channel = $c AND changed_us NOT IN (SELECT changed_us FROM assignment "
                    + "WHERE node = $n AND channel = $c ORDER BY changed_us DESC LIMIT $k)",
                    ("$n", assignment.Node), ("$c", assignment.Channel), ("$k", AssignmentBook.MostKept));
                AddAuditLine(assignment.ChangedMicroseconds, assignment.Person, action, $"{assignment.Node}/{assignment.Channel}", body);
            });
        }
    }

    private static Assignment ReadAssignment(SqliteDataReader row) => JsonSerializer.Deserialize<Assignment>(row.GetString(4), Json)! with
    {
        Node = row.GetString(0),
        Channel = row.GetString(1),
        ChangedMicroseconds = row.GetInt64(2),
        Person = row.GetString(3),
    };
}
