using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Cycles;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Measures;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>
/// What the gateway knows besides the frames: tests with their analysis, cycles, findings and alarms, in one SQLite file
/// (WAL, synchronous FULL). Frames are in the journal. Calls are serialised.
/// </summary>
public sealed partial class StateDatabase : IDisposable
{
    private const string TestColumns =
        "SELECT test, cell, node, channel, profile, ordinal, start_us, last_us, ended, closed, sample_count, segments, profile_hash";

    private static readonly JsonSerializerOptions Json = new();
    private readonly Lock gate = new();
    private readonly SqliteConnection connection;
    private readonly Lock readerGate = new();
    private readonly string path;
    private SqliteConnection? reader;
    private bool isDisposed;

    /// <summary>Opens or makes the database and brings its tables up to date.</summary>
    /// <exception cref="InvalidDataException">It was written by a newer version, or is not a database.</exception>
    public StateDatabase(string path)
    {
        SQLitePCL.Batteries_V2.Init();
        this.path = path;
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;");
            Migrate(path);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new InvalidDataException(
                $"{path} cannot be opened: {error.Message} Move it and its -wal and -shm away to have tests judged again "
                + "from the journal; alarms and acknowledgements in it are then lost.", error);
        }
    }

    public void Dispose()
    {
        lock (readerGate)
        {
            isDisposed = true;
            reader?.Dispose();
        }

        connection.Dispose();
    }

    /// <summary>Stores checkpoints and alarm transitions in one transaction.</summary>
    public void Save(IReadOnlyCollection<TestCheckpoint> checkpoints, IReadOnlyCollection<AlarmTransition> transitions) =>
        Save(checkpoints, transitions, [], []);

    /// <summary>Stores checkpoints, alarm transitions, nodes, incidents and names of tests that have begun in one transaction.</summary>
    /// <exception cref="UnwritableException">Some of them can never be written; nothing was.</exception>
    public void Save(
        IReadOnlyCollection<TestCheckpoint> checkpoints, IReadOnlyCollection<AlarmTransition> transitions,
        IReadOnlyCollection<NodeInfo> nodes, IReadOnlyCollection<IncidentRecord> incidents, IReadOnlyCollection<BegunTest>? begun = null)
    {
        ArgumentNullException.ThrowIfNull(checkpoints);
        ArgumentNullException.ThrowIfNull(transitions);
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentNullException.ThrowIfNull(incidents);
        lock (gate)
        {
            InTransaction(() =>
            {
                if (checkpoints.Count > 0)
                {
                    Execute("UPDATE change_count SET last = last + 1");
                }

                // Before the checkpoints, the first of which makes a test's own row of its name.
                UnwritableEntries unwritable = new();
                unwritable.Write(begun ?? [], Save);
                unwritable.Write(checkpoints, Save);
                unwritable.Write(transitions, Save);
                unwritable.Write(nodes, Save);
                unwritable.Write(incidents, Save);
                if (nodes.Count > 0)
                {
                    ForgetNodes();
                }

                unwritable.ThrowIfAny();
            });
        }
    }

    /// <summary>All tests, oldest first.</summary>
    public IReadOnlyList<TestRecord> ReadTestRecords() => Read(TestColumns + " FROM test ORDER BY ordinal", ReadRecord);

    /// <summary>The test asked for, or the newest test of a cell; null where there is none.</summary>
    public TestView? FindTest(string cell, string? test)
    {
        TestRecord? record = Read(
            TestColumns + " FROM test WHERE cell = $c AND ($t IS NULL OR test = $t) ORDER BY ordinal DESC LIMIT 1",
            ReadRecord, ("$c", cell), ("$t", test)).FirstOrDefault();
        return record is null ? null : new TestView(record,
            ReadBodies<CycleSummary>("cycle", "position", record.Test),
            ReadBodies<PulseResistance>("pulse", "position", record.Test),
            ReadFindings(record.Test))
        {
            Steps = ReadBodies<StepSummary>("step", "position", record.Test),
        };
    }

    /// <summary>A test with the state of its analysis and what that gave.</summary>
    public StoredTest ReadStored(TestRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        (byte[] snapshot, int segment, long number) = Read(
            "SELECT snapshot, next_segment, next_number FROM test WHERE test = $t",
            row => ((byte[])row[0], row.GetInt32(1), row.GetInt64(2)), ("$t", record.Test))[0];
        return new StoredTest(record, snapshot, segment, number,
            ReadBodies<CycleSummary>("cycle", "position", record.Test),
            ReadBodies<PulseResistance>("pulse", "position", record.Test),
            ReadFindings(record.Test))
        {
            Steps = ReadBodies<StepSummary>("step", "position", record.Test),
            Calibrations = ReadCalibrations(record.Test),
        };
    }

    private static TestRecord ReadRecord(SqliteDataReader row) => new()
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
        Closed = row.GetInt64(9) != 0,
        SampleCount = row.GetInt64(10),
        Segments = JsonSerializer.Deserialize<List<TestSegment>>(row.GetString(11), Json)!,
        ProfileHash = row[12] as string,
    };

    private void Save(TestCheckpoint checkpoint)
    {
        TestRecord record = checkpoint.Record;
        Execute(
            "INSERT OR REPLACE INTO test VALUES ($test, $cell, $node, $channel, $profile, $ordinal, $start, $last, $ended, "
            + "$closed, $count, $segments, $snapshot, $segment, $number, (SELECT last FROM change_count), $hash)",
            ("$test", record.Test), ("$cell", record.Cell), ("$node", record.Node), ("$channel", record.Channel),
            ("$profile", record.Profile), ("$ordinal", record.Ordinal), ("$start", record.StartMicroseconds),
            ("$last", record.LastMicroseconds), ("$ended", record.Ended ? 1 : 0),
            ("$closed", record.Closed ? 1 : 0), ("$count", record.SampleCount),
            ("$segments", JsonSerializer.Serialize(record.Segments, Json)), ("$snapshot", checkpoint.Snapshot),
            ("$segment", checkpoint.NextSegment), ("$number", checkpoint.NextNumber), ("$hash", record.ProfileHash));
        Execute("DELETE FROM test_begun WHERE test = $t", ("$t", record.Test));
        SaveCell(record, checkpoint.Profile);
        SaveBodies("cycle", record.Test, checkpoint.FirstCycleAt, checkpoint.Cycles);
        SaveBodies("pulse", record.Test, checkpoint.FirstPulseAt, checkpoint.Pulses);
        SaveBodies("step", record.Test, checkpoint.FirstStepAt, checkpoint.Steps);
        SaveCalibrations(checkpoint);
        Execute("UPDATE cycle SET changed = (SELECT last FROM change_count) WHERE test = $t AND position >= $f",
            ("$t", record.Test), ("$f", checkpoint.FirstCycleAt));
        Execute("DELETE FROM finding WHERE test = $t AND id NOT IN (SELECT value FROM json_each($ids))",
            ("$t", record.Test), ("$ids", JsonSerializer.Serialize(checkpoint.Findings.Select(finding => finding.Id), Json)));
        foreach (Finding finding in checkpoint.Findings)
        {
            // One that says the same as before has not changed.
            Execute("INSERT INTO finding VALUES ($t, $i, $b, (SELECT last FROM change_count)) ON CONFLICT (test, id) DO UPDATE "
                + "SET body = excluded.body, changed = excluded.changed WHERE body <> excluded.body",
                ("$t", record.Test), ("$i", finding.Id), ("$b", JsonSerializer.Serialize(finding, Json)));
        }
    }

    private void SaveBodies<T>(string table, string test, int from, IReadOnlyList<T> items)
    {
        Execute($"DELETE FROM {table} WHERE test = $t AND position >= $f", ("$t", test), ("$f", from));
        for (int i = 0; i < items.Count; i++)
        {
            Execute($"INSERT INTO {table} (test, position, body) VALUES ($t, $p, $b)",
                ("$t", test), ("$p", from + i), ("$b", JsonSerializer.Serialize(items[i], Json)));
        }
    }

    private List<T> ReadBodies<T>(string table, string order, string test) => Read(
        $"SELECT body FROM {table} WHERE test = $t ORDER BY {order}",
        row => JsonSerializer.Deserialize<T>(row.GetString(0), Json)!, ("$t", test));

    private IReadOnlyList<Finding> ReadFindings(string test) =>
        [.. ReadBodies<Finding>("finding", "id", test).OrderBy(finding => finding.OnsetMicroseconds)];

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values)
    {
        lock (gate)
        {
            return connection.Query(sql, convert, values);
        }
    }

    // By a connection of its own: in WAL no write waits for it, however long it takes, and it sees all that was committed before.
    private List<T> ReadAside<T>(string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values)
    {
        lock (readerGate)
        {
            ObjectDisposedException.ThrowIf(isDisposed, this);
            if (reader is null)
            {
                SqliteConnection opened = new(
                    new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
                try
                {
                    opened.Open();
                    opened.Run("PRAGMA busy_timeout=5000;");
                }
                catch
                {
                    opened.Dispose();
                    throw;
                }

                reader = opened;
            }

            return reader.Query(sql, convert, values);
        }
    }

    private void InTransaction(Action work) => connection.InTransaction(work);

    private void Execute(string sql, params (string Name, object? Value)[] values) => connection.Run(sql, values);

    private void Migrate(string path)
    {
        long version = Read("PRAGMA user_version", row => row.GetInt64(0))[0];
        if (version > StateSchema.Migrations.Length)
        {
            throw new InvalidDataException(
                $"{path} has schema version {version}; this program knows up to {StateSchema.Migrations.Length}. Use the newer program.");
        }

        for (long next = version; next < StateSchema.Migrations.Length; next++)
        {
            long to = next + 1;
            InTransaction(() =>
            {
                Execute(StateSchema.Migrations[to - 1]);
                Execute(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA user_version = {to}"));
            });
        }
    }
}
