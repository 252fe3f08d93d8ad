using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Store;

/// <summary>
/// The power goes at any moment of a migration: of SQLite's log, which holds the migration until it is whole, any first part is on
/// the disk, its last sector torn. The database then opens, migrates and holds all that it held.
/// </summary>
public sealed class MigrationCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int SectorBytes = 512;
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-migration-crash-").FullName;

    private static int Moments => Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 1000 : 15;

    public static TheoryData<int> Older => [.. Enumerable.Range(1, StateSchema.Migrations.Length - 1)];

    [Theory]
    [MemberData(nameof(Older))]
    public void APowerLossAtAnyMoment_LosesNothing(int version)
    {
        int seed = Environment.TickCount & 0xFFFF;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string path = Path.Combine(folder, "state.db");
        Make(path, version);
        byte[] content;
        byte[] log;
        using (new StateDatabase(path))
        {
            content = Bytes(path);
            log = Bytes(path + "-wal");
        }

        Assert.True(log.Length > 4 * SectorBytes, "the migration is not in the log any more");
        for (int moment = 0; moment < Moments; moment++)
        {
            string crashed = Path.Combine(folder, $"{moment}");
            Directory.CreateDirectory(crashed);
            string state = Path.Combine(crashed, "state.db");
            File.WriteAllBytes(state, content);
            byte[] kept = log[..random.Next(log.Length + 1)];
            random.NextBytes(kept.AsSpan(Math.Max(0, kept.Length - random.Next(SectorBytes))));
            File.WriteAllBytes(state + "-wal", kept);
            AssertWhole(state, $"seed {seed}, moment {moment}, {kept.Length} of {log.Length} bytes");
            AssertWhole(state, $"seed {seed}, moment {moment}, opened again");
            Directory.Delete(crashed, recursive: true);
        }
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static void AssertWhole(string path, string when)
    {
        using var database = new StateDatabase(path);
        TestRecord record = Assert.Single(database.ReadTestRecords());
        StoredTest test = database.ReadStored(record);
        Assert.True(
            record is { Test: "dne-pouch-7@1", SampleCount: 461 } && test.Cycles.Count == 2 && test.Pulses.Count == 1
                && test.Findings.Count == 1 && test.Snapshot.Length > 0 && database.ReadAlarms().Count == 1
                && database.ReadAlarmHistoryOf(record.Test).Count == 2,
            when);
    }

    private static byte[] Bytes(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        byte[] bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private static void Make(string path, int version)
    {
        using Stream text = typeof(MigrationCrashTests).Assembly.GetManifestResourceStream($"state-v{version}.sql")!;
        using var reader = new StreamReader(text);
        SQLitePCL.Batteries_V2.Init();
        using var connection = new SqliteConnection($"Data Source={path};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are those under Released.
        command.CommandText = reader.ReadToEnd();
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
