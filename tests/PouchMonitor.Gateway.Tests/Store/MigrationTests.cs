using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Analysis.Steps;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Store;

/// <summary>
/// A database of every version that was released opens and keeps what it held. The texts under Released are what those
/// versions wrote; a new version adds one and edits none.
/// </summary>
public sealed class MigrationTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-migration-").FullName;

    public static TheoryData<int> Released => [.. Enumerable.Range(1, StateSchema.Migrations.Length).Where(HasText)];

    private string Database => Path.Combine(folder, "state.db");

    [Theory]
    [MemberData(nameof(Released))]
    public void AReleasedVersion_Opens_AndKeepsItsContents(int version)
    {
        Make(version);
        using (var database = new StateDatabase(Database))
        {
            AssertWhole(database);
            AssertAdded(database, version);
        }

        Assert.Equal(StateSchema.Migrations.Length, Version());
        using var again = new StateDatabase(Database);
        AssertWhole(again);
        AssertAdded(again, version);
    }

    [Fact]
    public void EveryVersionBeforeTheNewest_HasItsText() =>
        Assert.All(Enumerable.Range(1, StateSchema.Migrations.Length - 1), version => Assert.True(HasText(version), $"Store/Released lacks state-v{version}.sql"));

    [Fact]
    public void ANewerVersion_IsRefused_AndLeftAlone()
    {
        Make(2);
        Execute($"PRAGMA user_version = {StateSchema.Migrations.Length + 1}");
        InvalidDataException told = Assert.Throws<InvalidDataException>(() => new StateDatabase(Database));
        Assert.Contains($"schema version {StateSchema.Migrations.Length + 1}", told.Message, StringComparison.Ordinal);
        Assert.Contains("newer program", told.Message, StringComparison.Ordinal);
        Assert.Equal(StateSchema.Migrations.Length + 1, Version());
    }

    [Fact]
    public void ACrashInAMigration_LeavesTheOldVersionWhole()
    {
        Make(1);
        string crashed = Path.Combine(folder, "crashed");
        Directory.CreateDirectory(crashed);
        using (SqliteConnection connection = Open())
        {
            // As much of it as can have reached the disk: everything but the end of the transaction.
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = "PRAGMA journal_mode=WAL; PRAGMA cache_size=1; BEGIN IMMEDIATE; DROP TABLE retained; DELETE FROM cycle; PRAGMA user_version = 2;";
            command.ExecuteNonQuery();
            foreach (string path in Directory.EnumerateFiles(folder, "state.db*").Where(path => !path.EndsWith("-shm", StringComparison.Ordinal)))
            {
                Copy(path, Path.Combine(crashed, Path.GetFileName(path)));
            }
        }

        using var database = new StateDatabase(Path.Combine(crashed, "state.db"));
        AssertWhole(database);
    }

    [Fact]
    public void AMigrationThatFails_LeavesTheOldVersionWhole()
    {
        Make(1);
        Execute("DROP TABLE retained");
        Assert.Throws<InvalidDataException>(() => new StateDatabase(Database));
        Assert.Equal(1, Version());
        Execute("CREATE TABLE retained (topic TEXT PRIMARY KEY, payload BLOB NOT NULL) WITHOUT ROWID");
        using var database = new StateDatabase(Database);
        AssertWhole(database);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static bool HasText(int version)
    {
        using Stream? text = Text(version);
        return text is not null;
    }

    private static Stream? Text(int version) => typeof(MigrationTests).Assembly.GetManifestResourceStream($"state-v{version}.sql");

    private static void AssertWhole(StateDatabase database)
    {
        TestRecord record = Assert.Single(database.ReadTestRecords());
        Assert.Equal(("dne-pouch-7@1", "dne-pouch-7", 461L, true), (record.Test, record.Cell, record.SampleCount, record.Ended));
        Assert.Single(record.Segments);
        StoredTest test = database.ReadStored(record);
        Assert.Equal([1, 2], test.Cycles.Select(cycle => cycle.Index));
        Assert.Equal(0.021, Assert.Single(test.Pulses).R0Ohm);
        Finding finding = Assert.Single(test.Findings);
        Assert.Equal(("capacity-fade", 0.79), (finding.Rule, finding.Observed));
        Assert.NotEmpty(test.Snapshot);
        Alarm alarm = Assert.Single(database.ReadAlarms());
        Assert.Equal((AlarmState.Acknowledged, "ada", "seen"), (alarm.State, alarm.AcknowledgedBy, alarm.Note));
        Assert.Equal(["raised", "acknowledged by ada"], database.ReadAlarmHistoryOf("dne-pouch-7@1").Select(line => line.Reason));
    }

    // What later versions keep besides.
    private static void AssertAdded(StateDatabase database, int version)
    {
        StoredTest test = database.ReadStored(database.ReadTestRecords()[0]);
        Assert.Equal(version >= 4 ? [1, 1, 1, null] : [], test.Steps.Select(step => step.Cycle));
        if (version >= 4)
        {
            Assert.Equal((StepKind.Charge, StepMode.ConstantCurrentConstantVoltage, StepKind.Charge, 0.9997208669444444, 108L),
                (test.Steps[1].Kind, test.Steps[1].Mode, test.Steps[1].Half, test.Steps[1].ChargeAh, test.Steps[1].SampleCount));
        }

        CellRecord cell = Assert.Single(database.ReadCells());
        Assert.Equal(("dne-pouch-7", 0L, 53550000000L, "dne-pouch-7@1"), (cell.Cell, cell.FirstMicroseconds, cell.LastMicroseconds, cell.LastTest));
        Assert.Equal((version >= 5, test.Record.ProfileHash), (test.Record.ProfileHash is not null, cell.ProfileHash));
        if (version >= 5)
        {
            Assert.Equal(90, database.FindProfile(cell.ProfileHash!)!.Read().MaximumWorkingTemperatureC);
        }

        IReadOnlyList<NodeInfo> nodes = database.ReadNodes();
        Assert.Equal(version >= 6 ? ["bench-3"] : [], nodes.Select(node => node.Node));
        if (version >= 6)
        {
            Assert.Equal(("1.2.0", 2L, false, "lab-2"), (nodes[0].Firmware, nodes[0].BootCount, nodes[0].IsHeard, nodes[0].Channels["2"]));
        }

        Assert.Equal(version >= 7 ? [12u, 12u] : [], test.Calibrations.SelectMany(span => span.Columns).Select(column => column.Id));
        Assert.Equal(test.Calibrations.Count, database.ReadCalibrations("dne-pouch-7", "1", 10).Count);
    }

    private static void Copy(string from, string to)
    {
        using var source = new FileStream(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using FileStream target = File.Create(to);
        source.CopyTo(target);
    }

    private void Make(int version)
    {
        using Stream text = Text(version)!;
        using var reader = new StreamReader(text);
        Execute(reader.ReadToEnd());
    }

    private long Version()
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "PRAGMA user_version";
        return (long)command.ExecuteScalar()!;
    }

    private SqliteConnection Open()
    {
        SQLitePCL.Batteries_V2.Init();
        var connection = new SqliteConnection($"Data Source={Database};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Execute(string sql)
    {
        using SqliteConnection connection = Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those of this folder.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
