using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Influx;

/// <summary>One line of the alarms' audit trail.</summary>
/// <param name="Id">Its number in the trail.</param>
/// <param name="Line">The line.</param>
/// <param name="EarlierAtOnce">Earlier lines of the same alarm with the same time.</param>
internal sealed record AlarmEvent(long Id, AlarmHistoryLine Line, int EarlierAtOnce);

/// <summary>
/// What has changed in the state database, read over a connection of its own, so that its writer never waits for a reader.
/// </summary>
internal sealed class StateChanges : IDisposable
{
    private static readonly JsonSerializerOptions Json = new();
    private readonly SqliteConnection connection;

    public StateChanges(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        connection.Open();
        connection.Run("PRAGMA busy_timeout=5000; PRAGMA query_only=1;");
    }

    public void Dispose() => connection.Dispose();

    /// <summary>The next test that has changed after a change (and, within that change, after a test).</summary>
    public (TestRecord Test, long Changed)? NextTest(long changed, string test) => Read(
        "SELECT test, cell, node, channel, profile, ordinal, start_us, last_us, ended, sample_count, changed FROM test "
        + "WHERE (changed, test) > ($c, $t) ORDER BY changed, test LIMIT 1",
        row => ((TestRecord, long)?)(new TestRecord
        {
            Test = row.GetString(0),
            Cell = row.GetString(1),
            Node = row.GetString(2),
            Channel = row.GetString(3),
            Profile = row[4] as string,
            Ordinal = row.GetInt64(5),
            StartMicroseconds = row[6] as long?,
            LastMicroseconds = row[7] as long?,
            Ended = row.GetInt64(8) != 0,
            SampleCount = row.GetInt64(9),
        }, row.GetInt64(10)), ("$c", changed), ("$t", test)).FirstOrDefault();

    /// <summary>Cycles of a test that came or changed after a change, with their places.</summary>
    public IReadOnlyList<(long Position, CycleSummary Cycle)> Cycles(string test, long after) => Read(
        "SELECT position, body FROM cycle WHERE test = $t AND changed > $c ORDER BY position",
        row => (row.GetInt64(0), JsonSerializer.Deserialize<CycleSummary>(row.GetString(1), Json)!), ("$t", test), ("$c", after));

    public long CycleCount(string test) => Read("SELECT COUNT(*) FROM cycle WHERE test = $t", row => row.GetInt64(0), ("$t", test))[0];

    public IReadOnlyList<Finding> Findings(string test, long after) => Read(
        "SELECT body FROM finding WHERE test = $t AND changed > $c ORDER BY id",
        row => JsonSerializer.Deserialize<Finding>(row.GetString(0), Json)!, ("$t", test), ("$c", after));

    public IReadOnlySet<string> FindingIds(string test) =>
        Read("SELECT id FROM finding WHERE test = $t", row => row.GetString(0), ("$t", test)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The cell of the test to which a sample of a channel was given; null where none is stored yet.</summary>
    public string? CellOf(string node, string channel, ulong boot, long number)
    {
        foreach ((string cell, string segments) in Read(
            "SELECT cell, segments FROM test WHERE node = $n AND channel = $c ORDER BY ordinal DESC",
            row => (row.GetString(0), row.GetString(1)), ("$n", node), ("$c", channel)))
        {
            if (JsonSerializer.Deserialize<List<TestSegment>>(segments, Json)!.Exists(
                segment => segment.Boot == boot && number >= segment.FirstNumber && !(number >= segment.EndNumber)))
            {
                return cell;
            }
        }

        return null;
    }

    /// <summary>The next lines of the audit trail.</summary>
    public IReadOnlyList<AlarmEvent> AlarmEvents(long afterId, int most) => Read(
        "SELECT id, at_us, cell, test, rule, from_state, to_state, person, note, reason, (SELECT COUNT(*) FROM alarm_history e "
        + "WHERE e.id < h.id AND e.id > h.id - 1000 AND e.test = h.test AND e.rule = h.rule AND e.at_us = h.at_us) "
        + "FROM alarm_history h WHERE id > $i ORDER BY id LIMIT $m",
        row => new AlarmEvent(row.GetInt64(0), new AlarmHistoryLine(row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4),
            row.GetString(5), row.GetString(6), row[7] as string, row[8] as string, row.GetString(9)), row.GetInt32(10)),
        ("$i", afterId), ("$m", most));

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values) =>
        connection.Query(sql, convert, values);
}
