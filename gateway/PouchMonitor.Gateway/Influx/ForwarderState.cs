using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Influx;

/// <summary>A boot of a channel as the forwarder knows it.</summary>
/// <param name="AnchorMicroseconds">Unix microseconds at uptime zero, as first used and kept for ever; null while unknown.</param>
/// <param name="DeferredFrom">Journal position of its first frame that is still to be sent from the journal; null for none.</param>
/// <param name="AnchoredAt">Journal position from which on its frames are sent as they come.</param>
/// <param name="ResumeNumber">Of the deferred frames, the sample number to go on from.</param>
internal sealed record ForwardedBoot(long? AnchorMicroseconds, long? DeferredFrom, long AnchoredAt, long ResumeNumber);

/// <summary>From which sample number of a boot on its samples carry which cell. A null cell is named by the next sample.</summary>
internal sealed record CellPlace(long FromNumber, long FromPosition, string? Cell);

/// <summary>What was last sent of a record (a test, a cycle or a finding).</summary>
internal sealed record SentRecord(long TimeMicroseconds, long FieldMask, int Variant, long Changed, bool IsWithdrawn);

/// <summary>
/// What the forwarder must not forget: how far it has come, under which time and cell a boot's samples were sent first, what
/// was sent of each record, and the lines that were refused. One SQLite file, synchronous FULL; for one thread, figures apart.
/// </summary>
internal sealed class ForwarderState : IDisposable
{
    /// <summary>Refused lines kept; the oldest go first and are counted.</summary>
    public const int MostRejected = 1000;

    /// <summary>Name of the number that says how old a point may be for the server to keep it, seconds.</summary>
    public const string ServerRetention = "serverRetentionSeconds";

    private readonly Lock gate = new();
    private readonly SqliteConnection connection;

    /// <param name="path">The file; made where it is absent.</param>
    /// <param name="target">The server and database: another one has nothing yet, and everything is sent again.</param>
    public ForwarderState(string path, string target)
    {
        SQLitePCL.Batteries_V2.Init();
        connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Execute("""
                PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA busy_timeout=5000;
                CREATE TABLE IF NOT EXISTS fact (name TEXT PRIMARY KEY, value) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS boot (node TEXT NOT NULL, channel TEXT NOT NULL, boot INTEGER NOT NULL, anchor_us INTEGER,
                    deferred_from INTEGER, anchored_at INTEGER NOT NULL, resume_number INTEGER NOT NULL, arrived_us INTEGER NOT NULL,
                    PRIMARY KEY (node, channel, boot)) WITHOUT ROWID;
                CREATE INDEX IF NOT EXISTS boot_deferred ON boot (deferred_from) WHERE deferred_from IS NOT NULL;
                CREATE TABLE IF NOT EXISTS replayed (node TEXT NOT NULL, channel TEXT NOT NULL, boot INTEGER NOT NULL,
                    deferred_from INTEGER NOT NULL, resume_number INTEGER NOT NULL, at_us INTEGER NOT NULL,
                    PRIMARY KEY (node, channel, boot)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS place (node TEXT NOT NULL, channel TEXT NOT NULL, boot INTEGER NOT NULL, from_number INTEGER NOT NULL,
                    from_position INTEGER NOT NULL, cell TEXT, PRIMARY KEY (node, channel, boot, from_number, from_position)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS sent (kind TEXT NOT NULL, test TEXT NOT NULL, item TEXT NOT NULL, time_us INTEGER NOT NULL,
                    mask INTEGER NOT NULL, variant INTEGER NOT NULL, changed INTEGER NOT NULL, withdrawn INTEGER NOT NULL,
                    PRIMARY KEY (kind, test, item)) WITHOUT ROWID;
                CREATE TABLE IF NOT EXISTS rejected (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, line TEXT NOT NULL,
                    reason TEXT NOT NULL);
                """);
            if (Text("target") is { } known && known != target)
            {
                Execute("DELETE FROM fact; DELETE FROM sent; DELETE FROM replayed; UPDATE boot SET deferred_from = NULL, resume_number = 0 WHERE anchor_us IS NOT NULL;"
                    + "DELETE FROM boot WHERE anchor_us IS NULL; UPDATE boot SET anchored_at = 0;");
            }

            Set("target", target);
        }
        catch (SqliteException error)
        {
            connection.Dispose();
            throw new InvalidDataException(
                $"{path} cannot be opened: {error.Message} Move it and its -wal and -shm away to have everything forwarded again.", error);
        }
    }

    public void Dispose() => connection.Dispose();

    /// <summary>A number kept under a name; 0 where there is none.</summary>
    public long Number(string name) => First("SELECT value FROM fact WHERE name = $n", row => row.GetInt64(0), ("$n", name));

    public string? Text(string name) => First("SELECT value FROM fact WHERE name = $n", row => row.GetString(0), ("$n", name));

    public void Set(string name, object value) => Execute("INSERT OR REPLACE INTO fact VALUES ($n, $v)", ("$n", name), ("$v", value));

    public ForwarderPlaces Places(string samples, string changed, string alarm) => new(Number(samples), Number(changed), Number(alarm));

    public void SaveSettled(ForwarderPlaces settled) => Together(() =>
    {
        Set("settledJournal", settled.Samples);
        Set("settledChanged", settled.Changed);
        Set("settledAlarm", settled.Alarm);
    });

    /// <summary>Goes on from where everything is settled: what followed is sent once more, as the same points.</summary>
    public void GoBackToSettled() => Together(() =>
    {
        var settled = Places("settledJournal", "settledChanged", "settledAlarm");
        Set("journal", Math.Min(settled.Samples, Number("journal")));
        Set("changed", Math.Min(settled.Changed, Number("changed")));
        Set("changedTest", "");
        Set("alarm", Math.Min(settled.Alarm, Number("alarm")));
        Execute("UPDATE sent SET changed = MIN(changed, $c)", ("$c", settled.Changed));
        Execute("""
            UPDATE boot SET (deferred_from, resume_number) = (SELECT r.deferred_from, r.resume_number FROM replayed r
                WHERE r.node = boot.node AND r.channel = boot.channel AND r.boot = boot.boot)
            WHERE EXISTS (SELECT 1 FROM replayed r WHERE r.node = boot.node AND r.channel = boot.channel AND r.boot = boot.boot);
            """);
    });

    /// <summary>Runs several changes as one.</summary>
    public void Together(Action change)
    {
        lock (gate)
        {
            connection.InTransaction(change);
        }
    }

    public ForwardedBoot? FindBoot(StreamId stream) => First(
        "SELECT anchor_us, deferred_from, anchored_at, resume_number FROM boot WHERE node = $n AND channel = $c AND boot = $b",
        row => new ForwardedBoot(row[0] as long?, row[1] as long?, row.GetInt64(2), row.GetInt64(3)), Key(stream));

    public void SaveBoot(StreamId stream, ForwardedBoot boot, long arrivedMicroseconds) => Execute(
        "INSERT OR REPLACE INTO boot VALUES ($n, $c, $b, $a, $d, $at, $r, $arrived)",
        [.. Key(stream), ("$a", boot.AnchorMicroseconds), ("$d", boot.DeferredFrom), ("$at", boot.AnchoredAt), ("$r", boot.ResumeNumber), ("$arrived", arrivedMicroseconds)]);

    /// <summary>Notes that a part of a boot that had waited went out and is not settled; where it began is kept until all of it is.</summary>
    public void SaveReplayed(StreamId stream, long deferredFrom, long resumeNumber, long nowMicroseconds) => Execute(
        "INSERT INTO replayed VALUES ($n, $c, $b, $d, $r, $t) ON CONFLICT (node, channel, boot) DO UPDATE SET at_us = $t",
        [.. Key(stream), ("$d", deferredFrom), ("$r", resumeNumber), ("$t", nowMicroseconds)]);

    /// <summary>Position of the first frame of boots that had waited and are not settled; null for none.</summary>
    /// <param name="settledMicroseconds">What went out before this time is settled.</param>
    public long? FirstReplayed(long settledMicroseconds)
    {
        if (First("SELECT MIN(at_us) FROM replayed", row => row[0] as long?) is not { } oldest)
        {
            return null;
        }

        if (oldest < settledMicroseconds)
        {
            Execute("DELETE FROM replayed WHERE at_us < $t", ("$t", settledMicroseconds));
        }

        return First("SELECT MIN(deferred_from) FROM replayed", row => row[0] as long?);
    }

    /// <summary>A deferred boot whose time is known now: its earlier frames can be sent.</summary>
    public (StreamId Stream, ForwardedBoot Boot)? NextReady() => First(
        "SELECT node, channel, boot, anchor_us, deferred_from, anchored_at, resume_number FROM boot "
        + "WHERE deferred_from IS NOT NULL AND anchor_us IS NOT NULL ORDER BY deferred_from LIMIT 1",
        row => ((StreamId, ForwardedBoot)?)(
            new StreamId(row.GetString(0), row.GetString(1), unchecked((ulong)row.GetInt64(2)), Wire.FrameKind.Samples),
            new ForwardedBoot(row.GetInt64(3), row.GetInt64(4), row.GetInt64(5), row.GetInt64(6))));

    /// <summary>Position of the first frame that is kept back for want of a time; null for none.</summary>
    public long? FirstDeferred() => First("SELECT MIN(deferred_from) FROM boot WHERE deferred_from IS NOT NULL", row => row[0] as long?);

    public long DeferredCount() => First("SELECT COUNT(*) FROM boot WHERE deferred_from IS NOT NULL", row => row.GetInt64(0));

    /// <summary>Leaves out deferred boots without a time that have been quiet since before a time, and all beyond a number.</summary>
    /// <returns>How many were left out.</returns>
    public int GiveUp(long quietSinceMicroseconds, int most) => Execute(
        "UPDATE boot SET deferred_from = NULL WHERE deferred_from IS NOT NULL AND anchor_us IS NULL AND (arrived_us < $t OR deferred_from < "
        + "(SELECT deferred_from FROM boot WHERE deferred_from IS NOT NULL ORDER BY deferred_from DESC LIMIT 1 OFFSET $m))",
        ("$t", quietSinceMicroseconds), ("$m", most));

    public IReadOnlyList<CellPlace> Places(StreamId stream) => Read(
        "SELECT from_number, from_position, cell FROM place WHERE node = $n AND channel = $c AND boot = $b ORDER BY from_number, from_position",
        row => new CellPlace(row.GetInt64(0), row.GetInt64(1), row[2] as string), Key(stream));

    public void SavePlace(StreamId stream, CellPlace place) => Execute("INSERT OR REPLACE INTO place VALUES ($n, $c, $b, $f, $p, $cell)",
        [.. Key(stream), ("$f", place.FromNumber), ("$p", place.FromPosition), ("$cell", place.Cell)]);

    public SentRecord? FindSent(string kind, string test, string item) => First(
        "SELECT time_us, mask, variant, changed, withdrawn FROM sent WHERE kind = $k AND test = $t AND item = $i", ReadSent,
        ("$k", kind), ("$t", test), ("$i", item));

    /// <summary>Everything of a kind that was sent of a test and not withdrawn.</summary>
    public IReadOnlyList<(string Item, SentRecord Sent)> SentOf(string kind, string test) => Read(
        "SELECT time_us, mask, variant, changed, withdrawn, item FROM sent WHERE kind = $k AND test = $t AND withdrawn = 0",
        row => (row.GetString(5), ReadSent(row)), ("$k", kind), ("$t", test));

    public void SaveSent(string kind, string test, string item, SentRecord sent) => Execute(
        "INSERT OR REPLACE INTO sent VALUES ($k, $t, $i, $time, $mask, $variant, $changed, $withdrawn)",
        ("$k", kind), ("$t", test), ("$i", item), ("$time", sent.TimeMicroseconds), ("$mask", sent.FieldMask),
        ("$variant", sent.Variant), ("$changed", sent.Changed), ("$withdrawn", sent.IsWithdrawn ? 1 : 0));

    /// <summary>Keeps refused lines, the newest <see cref="MostRejected"/>.</summary>
    public void Reject(IReadOnlyCollection<RejectedLine> lines, long nowMicroseconds)
    {
        foreach (RejectedLine line in lines.TakeLast(MostRejected))
        {
            Execute("INSERT INTO rejected (at_us, line, reason) VALUES ($a, $l, $r)", ("$a", nowMicroseconds), ("$l", line.Line), ("$r", line.Reason));
        }

        if (lines.Count > 0)
        {
            Set("rejected", Number("rejected") + lines.Count);
            Execute("DELETE FROM rejected WHERE id <= (SELECT MAX(id) FROM rejected) - $m", ("$m", MostRejected));
        }
    }

    /// <summary>The newest refused lines, newest first.</summary>
    public IReadOnlyList<(long AtMicroseconds, RejectedLine Line)> Rejected(int most) => Read(
        "SELECT at_us, line, reason FROM rejected ORDER BY id DESC LIMIT $m",
        row => (row.GetInt64(0), new RejectedLine(row.GetString(1), row.GetString(2))), ("$m", most));

    private static SentRecord ReadSent(SqliteDataReader row) =>
        new(row.GetInt64(0), row.GetInt64(1), row.GetInt32(2), row.GetInt64(3), row.GetInt64(4) != 0);

    private static (string Name, object? Value)[] Key(StreamId stream) =>
        [("$n", stream.Node), ("$c", stream.Channel), ("$b", unchecked((long)stream.Boot))];

    private T? First<T>(string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values) =>
        Read(sql, convert, values).FirstOrDefault();

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> convert, params (string Name, object? Value)[] values)
    {
        lock (gate)
        {
            return connection.Query(sql, convert, values);
        }
    }

    private int Execute(string sql, params (string Name, object? Value)[] values)
    {
        lock (gate)
        {
            return connection.Run(sql, values);
        }
    }
}
