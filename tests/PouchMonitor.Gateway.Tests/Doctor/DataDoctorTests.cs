using PouchMonitor.Gateway.Access;
using PouchMonitor.Gateway.Doctor;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Journal.Files;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;
using PouchMonitor.Gateway.Tests.Journal;

namespace PouchMonitor.Gateway.Tests.Doctor;

/// <summary>What is broken is named with its place; what is sound is said to be.</summary>
public sealed class DataDoctorTests : IDisposable
{
    private readonly string data = Directory.CreateTempSubdirectory("pouch-doctor-").FullName;

    [Fact]
    public async Task SoundData_AreSaidToBeSound_AndAreNotChanged()
    {
        await MakeData();
        Dictionary<string, string> before = Content();
        IReadOnlyList<HealthCheck> checks = Look();
        Assert.DoesNotContain(checks, check => check.Status >= HealthStatus.Warning && check.Part is not "disk");
        Assert.Contains(checks, check => check.Part == "journal" && check.Message.Contains("30 frames", StringComparison.Ordinal));
        Assert.Contains(checks, check => check.Part == "database" && check.Message.Contains("schema version", StringComparison.Ordinal));
        Assert.Equal(before, Content());
    }

    [Fact]
    public async Task ABitFlip_InASealedSegment_IsFoundAndNamed()
    {
        await MakeData();
        int seed = Environment.TickCount & 0xFFFF;
        var random = new Random(seed);
        string segment = Files("frames-*.log").First();
        int offset = random.Next(200, 12_000);
        Flip(segment, offset);
        HealthCheck fault = Assert.Single(Look(), check => check.Status == HealthStatus.Fault && check.Message.Contains(".log", StringComparison.Ordinal));
        Assert.True(fault.Message.Contains(Path.GetFileName(segment), StringComparison.Ordinal), $"seed {seed}: {fault.Message}");
        Assert.Contains("offset", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ABitFlip_InAnIndex_IsFoundAndNamed()
    {
        await MakeData();
        int seed = Environment.TickCount & 0xFFFF;
        string index = Files("*.index").First();
        Flip(index, new Random(seed).Next(0, (int)new FileInfo(index).Length));
        Assert.True(
            Look().Any(check => check.Status == HealthStatus.Fault && check.Message.Contains(Path.GetFileName(index), StringComparison.Ordinal)),
            $"seed {seed}: {string.Join('\n', Look())}");
    }

    [Fact]
    public async Task ADamagedPage_OfTheDatabase_IsFoundAndNamed()
    {
        await MakeData();
        string state = Path.Combine(data, "state.db");
        for (int page = 1; page < new FileInfo(state).Length / 4096; page++)
        {
            Flip(state, (page * 4096) + 3);
        }

        Assert.Contains(Look(), check => check is { Part: "database", Status: HealthStatus.Fault } && check.Message.Contains("state.db", StringComparison.Ordinal));
    }

    [Fact]
    public async Task AStateThatIsNoDatabase_OrOfANewerProgram_IsNamed()
    {
        await MakeData();
        string state = Path.Combine(data, "state.db");
        using (var connection = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={state};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 99";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        Assert.Contains(Look(), check => check is { Part: "database", Status: HealthStatus.Fault } && check.Message.Contains("99", StringComparison.Ordinal));
        await File.WriteAllTextAsync(state, new string('x', 9000), TestContext.Current.CancellationToken);
        Assert.Contains(Look(), check => check is { Part: "database", Status: HealthStatus.Fault });
    }

    [Fact]
    public async Task AReadableAccessFile_ADamagedOne_AndAnOpenFolder_AreTold()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Permissions of this kind are those of Unix.");
            return;
        }

        await MakeData();
        string access = Path.Combine(data, "access.json");
        File.SetUnixFileMode(access, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains(Look(), check => check is { Part: "access", Status: HealthStatus.Fault } && check.Message.Contains("604", StringComparison.Ordinal));
        await File.WriteAllTextAsync(access, "{", TestContext.Current.CancellationToken);
        Assert.Contains(Look(), check => check is { Part: "access", Status: HealthStatus.Fault } && check.Message.Contains("damaged", StringComparison.Ordinal));
        File.SetUnixFileMode(data, File.GetUnixFileMode(data) | UnixFileMode.OtherRead);
        Assert.Contains(Look(), check => check is { Part: "data", Status: HealthStatus.Warning });
    }

    [Fact]
    public async Task QuarantineAndAClockSetBack_AreTold()
    {
        await MakeData(poison: true);
        Assert.Contains(Look(), check => check is { Part: "quarantine", Status: HealthStatus.Warning } && check.Message.Contains("bad-checksum", StringComparison.Ordinal));
        Assert.Contains(
            DataDoctor.Look(data, DateTimeOffset.UnixEpoch, TestContext.Current.CancellationToken), check => check is { Part: "clock", Status: HealthStatus.Fault });
    }

    [Fact]
    public async Task WhileAGatewayRuns_ItSaysTheSame()
    {
        await using (MonitorGateway gateway = await MonitorGateway.StartAsync(
            new GatewayOptions { DataDirectory = data, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1 }, CancellationToken.None))
        {
            Assert.DoesNotContain(Look(), check => check.Status == HealthStatus.Fault && check.Part != "disk");
        }

        Assert.Contains(Look(), check => check is { Part: "sessions", Status: HealthStatus.Sound });
    }

    [Fact]
    public void AFolderThatIsNotThere_IsAFault() =>
        Assert.Contains(DataDoctor.Look(data + "-not", DateTimeOffset.UtcNow, TestContext.Current.CancellationToken), check => check.Status == HealthStatus.Fault);

    public void Dispose() => Directory.Delete(data, recursive: true);

    private static void Flip(string path, int offset)
    {
        byte[] bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 8;
        File.WriteAllBytes(path, bytes);
    }

    private IReadOnlyList<HealthCheck> Look() => DataDoctor.Look(data, DateTimeOffset.UtcNow, TestContext.Current.CancellationToken);

    private IEnumerable<string> Files(string pattern) =>
        Directory.EnumerateFiles(Path.Combine(data, "journal"), pattern).Order(StringComparer.Ordinal);

    // SQLite leaves an empty log and its map beside a database that was looked at.
    private Dictionary<string, string> Content() => Directory.EnumerateFiles(data, "*", SearchOption.AllDirectories)
        .Where(path => !path.Contains(".db-", StringComparison.Ordinal))
        .ToDictionary(path => path, path => Convert.ToHexString(File.ReadAllBytes(path)), StringComparer.Ordinal);

    private async Task MakeData(bool poison = false)
    {
        new AccessFile(data).AddNode("bench-3");
        using (var state = new StateDatabase(Path.Combine(data, "state.db")))
        {
            var record = new TestRecord { Test = "c@1", Cell = "c", Node = "n", Channel = "1", Ordinal = 1, Segments = [new TestSegment(1, 0, null)] };
            state.Save([new TestRun(record, PouchMonitor.Analysis.Profiles.CellProfiles.Default).Checkpoint()], []);
        }

        await using var journal = FrameJournal.Open(JournalRig.Options(new DiskJournalFiles(Path.Combine(data, "journal"))));
        for (int at = 0; at < 30; at++)
        {
            await journal.Append(TestEntry.Frame(at, 1, bytes: 900));
        }

        if (poison)
        {
            await journal.Append(TestEntry.Poison("bad-checksum"));
        }
    }
}
