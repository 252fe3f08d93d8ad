namespace PouchMonitor.Gateway.Store;

/// <summary>The tables of the state database, as migrations: each runs once, in order, and is never edited afterwards.</summary>
internal static class StateSchema
{
    public static readonly string[] Migrations =
    [
        """
        CREATE TABLE test (
            test TEXT PRIMARY KEY, cell TEXT NOT NULL, node TEXT NOT NULL, channel TEXT NOT NULL, profile TEXT,
            ordinal INTEGER NOT NULL, start_us INTEGER, last_us INTEGER, ended INTEGER NOT NULL,
            closed INTEGER NOT NULL, sample_count INTEGER NOT NULL, segments TEXT NOT NULL,
            snapshot BLOB NOT NULL, next_segment INTEGER NOT NULL, next_number INTEGER NOT NULL);
        CREATE INDEX test_by_cell ON test (cell, ordinal);
        CREATE INDEX test_by_channel ON test (node, channel, ordinal);
        CREATE TABLE cycle (test TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (test, position)) WITHOUT ROWID;
        CREATE TABLE pulse (test TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (test, position)) WITHOUT ROWID;
        CREATE TABLE finding (test TEXT NOT NULL, id TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (test, id)) WITHOUT ROWID;
        CREATE TABLE alarm (test TEXT NOT NULL, rule TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (test, rule)) WITHOUT ROWID;
        CREATE TABLE alarm_history (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, test TEXT NOT NULL,
            cell TEXT NOT NULL, rule TEXT NOT NULL, from_state TEXT NOT NULL, to_state TEXT NOT NULL,
            person TEXT, note TEXT, reason TEXT NOT NULL);
        CREATE TABLE retained (topic TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID;
        """,

        // Retained messages are in the MQTT server's own log.
        "DROP TABLE retained;",

        // Whoever forwards records asks for what has changed since: each transaction that saves has a number of its own.
        """
        ALTER TABLE test ADD COLUMN changed INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE cycle ADD COLUMN changed INTEGER NOT NULL DEFAULT 1;
        ALTER TABLE finding ADD COLUMN changed INTEGER NOT NULL DEFAULT 1;
        CREATE INDEX test_by_change ON test (changed, test);
        CREATE TABLE change_count (id INTEGER PRIMARY KEY CHECK (id = 1), last INTEGER NOT NULL);
        INSERT INTO change_count VALUES (1, 1);
        """,

        // Steps beside their cycles.
        """
        CREATE TABLE step (test TEXT NOT NULL, position INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (test, position)) WITHOUT ROWID;
        """,

        // A test keeps the profile it began with; what is known of a cell over all its tests.
        """
        CREATE TABLE profile (hash TEXT PRIMARY KEY, name TEXT NOT NULL, body TEXT NOT NULL, first_us INTEGER) WITHOUT ROWID;
        ALTER TABLE test ADD COLUMN profile_hash TEXT;
        CREATE TABLE cell (cell TEXT PRIMARY KEY, first_us INTEGER, last_us INTEGER, profile TEXT, profile_hash TEXT,
            last_test TEXT NOT NULL, last_ordinal INTEGER NOT NULL) WITHOUT ROWID;
        INSERT OR REPLACE INTO cell
            SELECT t.cell, (SELECT min(start_us) FROM test WHERE cell = t.cell), (SELECT max(last_us) FROM test WHERE cell = t.cell),
                t.profile, NULL, t.test, t.ordinal
            FROM test t WHERE t.ordinal = (SELECT max(ordinal) FROM test WHERE cell = t.cell);
        """,

        // Nodes are known after a restart before any of them speaks.
        """
        CREATE TABLE node (node TEXT PRIMARY KEY, first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, is_online INTEGER NOT NULL,
            boot TEXT, boot_us INTEGER NOT NULL, boot_count INTEGER NOT NULL, firmware TEXT, uptime_s REAL, channels TEXT NOT NULL) WITHOUT ROWID;
        """,

        // Which calibrations covered which stretch of which test.
        """
        CREATE TABLE calibration (test TEXT NOT NULL, position INTEGER NOT NULL, node TEXT NOT NULL, channel TEXT NOT NULL,
            first_us INTEGER NOT NULL, last_us INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (test, position)) WITHOUT ROWID;
        CREATE INDEX calibration_by_channel ON calibration (node, channel, first_us);
        """,

        // What those calibrations say, as the nodes told it.
        """
        CREATE TABLE node_calibration (node TEXT NOT NULL, channel TEXT NOT NULL, id INTEGER NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (node, channel, id)) WITHOUT ROWID;
        """,

        // The alarm desk: what has changed and by whom, incidents, deliveries, and what people set.
        """
        ALTER TABLE alarm_history ADD COLUMN priority INTEGER;
        ALTER TABLE alarm_history ADD COLUMN asks INTEGER;
        UPDATE alarm_history SET asks = (reason = 'raised'), priority = (SELECT json_extract(a.body, '$.Finding.Severity')
            FROM alarm a WHERE a.test = alarm_history.test AND a.rule = alarm_history.rule);
        CREATE INDEX alarm_history_by_time ON alarm_history (at_us);
        CREATE INDEX alarm_history_by_alarm ON alarm_history (cell, rule, id);
        CREATE TABLE audit (id INTEGER PRIMARY KEY AUTOINCREMENT, at_us INTEGER NOT NULL, person TEXT NOT NULL, action TEXT NOT NULL,
            target TEXT NOT NULL, detail TEXT);
        CREATE TRIGGER audit_is_kept BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER audit_is_unchanged BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
        CREATE TRIGGER alarm_history_is_kept BEFORE DELETE ON alarm_history BEGIN SELECT RAISE(ABORT, 'the alarm history is append-only'); END;
        CREATE TRIGGER alarm_history_is_unchanged BEFORE UPDATE ON alarm_history BEGIN SELECT RAISE(ABORT, 'the alarm history is append-only'); END;
        CREATE TABLE incident (incident TEXT PRIMARY KEY, opened_us INTEGER NOT NULL, closed_us INTEGER, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX incident_by_time ON incident (opened_us);
        CREATE TABLE test_begun (test TEXT PRIMARY KEY, node TEXT NOT NULL, channel TEXT NOT NULL, boot INTEGER NOT NULL,
            first_number INTEGER NOT NULL, cell TEXT NOT NULL, ordinal INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE notice (key TEXT PRIMARY KEY, at_us INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, notice TEXT NOT NULL, route TEXT NOT NULL, at_us INTEGER NOT NULL,
            state TEXT NOT NULL, attempts INTEGER NOT NULL, body TEXT NOT NULL, UNIQUE (notice, route));
        CREATE TABLE session (hash TEXT PRIMARY KEY, person TEXT NOT NULL, expires_us INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE setting (name TEXT PRIMARY KEY, changed_us INTEGER NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE assignment (node TEXT NOT NULL, channel TEXT NOT NULL, changed_us INTEGER NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (node, channel, changed_us)) WITHOUT ROWID;
        CREATE TABLE lab_profile (name TEXT NOT NULL, version INTEGER NOT NULL, at_us INTEGER NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (name, version)) WITHOUT ROWID;
        """,

        // Abuse tests, the plans they are done by, and nodes that have to be let go after one. What is signed takes no change but further
        // signatures, whoever writes.
        """
        CREATE TABLE abuse_session (id TEXT PRIMARY KEY, cell TEXT NOT NULL, node TEXT NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL,
            created_us INTEGER NOT NULL, body TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX abuse_session_by_time ON abuse_session (created_us);
        CREATE TRIGGER abuse_session_is_kept BEFORE DELETE ON abuse_session BEGIN SELECT RAISE(ABORT, 'abuse tests are never removed'); END;
        CREATE TRIGGER abuse_session_is_signed BEFORE UPDATE ON abuse_session WHEN OLD.state = 'signed'
            AND (NEW.id <> OLD.id OR NEW.state <> 'signed' OR json_remove(NEW.body, '$.signatures') <> json_remove(OLD.body, '$.signatures'))
            BEGIN SELECT RAISE(ABORT, 'a signed abuse test takes no change but further signatures'); END;
        CREATE TABLE abuse_plan (name TEXT NOT NULL, version INTEGER NOT NULL, at_us INTEGER NOT NULL, person TEXT NOT NULL, body TEXT NOT NULL,
            PRIMARY KEY (name, version)) WITHOUT ROWID;
        CREATE TABLE abuse_release (node TEXT NOT NULL, channel TEXT NOT NULL, test TEXT NOT NULL, cell TEXT NOT NULL, disarms INTEGER NOT NULL,
            ends_fast INTEGER NOT NULL, since_us INTEGER NOT NULL, PRIMARY KEY (node, channel)) WITHOUT ROWID;
        """,
    ];
}
