using System.Globalization;
using System.Text.Json;
using PouchMonitor.Analysis;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Analysis.Report;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>
/// Looks at the state database: SQLite's own check, the version of its tables, and whether everything in them can be
/// read. SQLite keeps no check sums of its content; what lies there as JSON is parsed, and snapshots have a sum.
/// </summary>
internal static class StateDoctor
{
    private const string Part = "database";

    public static IReadOnlyList<HealthCheck> Look(string path, CancellationToken cancellation)
    {
        if (!File.Exists(path))
        {
            return [new HealthCheck(Part, HealthStatus.Note, "There is no state.db yet.")];
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-doctor-").FullName;
        try
        {
            string copy = Path.Combine(folder, "state.db");
            StateCopy.Make(path, copy);
            IReadOnlyList<string> problems = StateCopy.Check(copy);
            if (problems.Count > 0)
            {
                return [.. problems.Select(problem => new HealthCheck(Part, HealthStatus.Fault, $"state.db: {problem}")), Advice()];
            }

            long version = StateCopy.SchemaVersion(copy);
            long known = StateSchema.Migrations.Length;
            if (version > known)
            {
                return [new HealthCheck(Part, HealthStatus.Fault, $"state.db has schema version {version}; this program knows up to {known}. Use the newer program.")];
            }

            return ReadAll(copy, version < known
                ? $"schema version {version}, to be brought to {known} at the next start" : $"schema version {version}", cancellation);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static IReadOnlyList<HealthCheck> ReadAll(string copy, string version, CancellationToken cancellation)
    {
        var found = new List<HealthCheck>();
        using var database = new StateDatabase(copy);
        int tests = 0;
        int cycles = 0;
        int steps = 0;
        int calibrations = 0;
        TryRead(found, "test", () =>
        {
            foreach (TestRecord record in database.ReadTestRecords())
            {
                cancellation.ThrowIfCancellationRequested();
                tests++;
                TryRead(found, $"test {record.Test}", () =>
                {
                    StoredTest test = database.ReadStored(record);
                    cycles += test.Cycles.Count;
                    steps += test.Steps.Count;
                    calibrations += test.Calibrations.Count;
                    LookAtSnapshot(test, found);
                });
            }
        });
        int profiles = 0;
        int cells = 0;
        TryRead(found, "profile", () =>
        {
            foreach (StoredProfile profile in database.ReadProfiles())
            {
                profiles++;
                TryRead(found, "profile", () => profile.Read());
            }
        });
        TryRead(found, "cell", () => cells = database.ReadCells().Count);
        int nodes = 0;
        TryRead(found, "node", () => nodes = database.ReadNodes().Count);
        int alarms = 0;
        TryRead(found, "alarm", () => alarms = database.ReadAlarms().Count);
        int lines = 0;
        TryRead(found, "alarm_history", () => lines = database.ReadAlarmHistory(int.MaxValue).Count);
        if (found.Exists(check => check.Status == HealthStatus.Fault))
        {
            found.Add(Advice());
        }

        found.Add(new HealthCheck(Part, found.Count > 0 ? HealthStatus.Warning : HealthStatus.Sound, string.Create(
            CultureInfo.InvariantCulture, $"{version}; {tests} tests, {cycles} cycles, {steps} steps, {cells} cells, {profiles} profiles, {nodes} nodes, {calibrations} spans of calibration, {alarms} alarms and {lines} lines of their history can be read.")));
        return found;
    }

    private static void LookAtSnapshot(StoredTest test, List<HealthCheck> found)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(test.Snapshot, writable: false));
            new ChannelAnalysis(CellProfiles.Default, new ReportCollector()).Load(reader);
        }
        catch (InvalidDataException error)
        {
            found.Add(new HealthCheck(
                Part, HealthStatus.Warning, $"state.db, test {test.Record.Test}: {error.Message} The test is judged again from the journal at the next start."));
        }
    }

    private static void TryRead(List<HealthCheck> found, string what, Action read)
    {
        try
        {
            read();
        }
        catch (Exception error) when (error is JsonException or InvalidCastException or FormatException or InvalidOperationException
            or OverflowException or InvalidDataException or Microsoft.Data.Sqlite.SqliteException)
        {
            found.Add(new HealthCheck(Part, HealthStatus.Fault, $"state.db, {what}: {error.Message}"));
        }
    }

    private static HealthCheck Advice() => new(
        Part, HealthStatus.Note, "Restore a backup, or move state.db with its -wal and -shm away: tests are then judged again from the journal, alarms and acknowledgements are lost.");
}
