using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Profiles;
using PouchMonitor.Gateway.Doctor;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Store;

/// <summary>A test keeps the profile it began with, and a cell is known over all its tests.</summary>
public sealed class ProfileTests : IDisposable
{
    private const string Cell = "dne-pouch-7";
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-profile-").FullName;
    private readonly List<string> notices = [];

    private string Database => Path.Combine(folder, "state.db");

    /// <summary>As the catalogue had it when the test began.</summary>
    private static CellProfile Edited
    {
        get
        {
            Assert.True(CellProfiles.TryGet("dne-pouch", out CellProfile? now));
            return now with { MaximumVoltageV = 4.123456789012345 };
        }
    }

    public static TheoryData<string> Catalogue => [.. CellProfiles.Names];

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void AProfile_ReadsBackAsItWas(string name)
    {
        Assert.True(CellProfiles.TryGet(name, out CellProfile? profile));
        StoredProfile stored = StoredProfile.Of(profile);
        Assert.Equal(profile, stored.Read());
        Assert.Equal(stored.Hash, StoredProfile.Of(stored.Read()).Hash);
        Assert.NotEqual(stored.Hash, StoredProfile.Of(profile with { EndOfLifeRetention = 0.7999 }).Hash);
    }

    [Theory]
    [InlineData("dne-pouch")]
    [InlineData("left-the-catalogue")]
    public async Task ARunningTest_GoesOnWithItsProfile_AndTheDifferenceIsToldOnce(string name)
    {
        using (var database = new StateDatabase(Database))
        {
            database.Save([Run(1, name, Edited with { Name = name }, 1000, 2000).Checkpoint()], []);
            database.Save([Run(2, name, Edited with { Name = name }, 3000, 4000, node: "other", ended: true).Checkpoint()], []);
        }

        for (int start = 0; start < 2; start++)
        {
            notices.Clear();
            await using MonitorGateway gateway = await Start();
            string notice = Assert.Single(notices);
            Assert.Contains($"Test {Cell}@1 goes on with profile {StoredProfile.Of(Edited with { Name = name }).Shown}", notice, StringComparison.Ordinal);
            Assert.Contains("maximumVoltageV 4.123456789012345 and 4.", notice, StringComparison.Ordinal);
            using HttpClient client = new();
            JsonElement cell = await Get(client, $"{gateway.HttpAddress}/api/v1/cells/{Cell}");
            Assert.Equal(4.123456789012345, cell.GetProperty("profileContent").GetProperty("maximumVoltageV").GetDouble());
            Assert.Equal((0.001, 0.004, $"{Cell}@2"), (cell.GetProperty("firstSeen").GetDouble(), cell.GetProperty("lastSeen").GetDouble(), cell.GetProperty("lastTest").GetString()));
            JsonElement tests = await Get(client, $"{gateway.HttpAddress}/api/v1/tests");
            Assert.Equal(StoredProfile.Of(Edited with { Name = name }).Hash, tests[0].GetProperty("profileHash").GetString());
        }

        using var after = new StateDatabase(Database);
        Assert.Equal(4.123456789012345, TestProfiles.Of(after.ReadTestRecords()[0], after, notice: null).MaximumVoltageV);
    }

    [Fact]
    public async Task ATestOfTheCataloguesProfile_IsNotTalkedAbout()
    {
        using (var database = new StateDatabase(Database))
        {
            Assert.True(CellProfiles.TryGet("dne-pouch", out CellProfile? now));
            database.Save([Run(1, "dne-pouch", now, 1000, 2000).Checkpoint()], []);
        }

        await using MonitorGateway gateway = await Start();
        Assert.Empty(notices);
    }

    [Fact]
    public void ADamagedProfile_IsNamed_ByTheDoctorToo()
    {
        TestRecord record;
        using (var database = new StateDatabase(Database))
        {
            database.Save([Run(1, "dne-pouch", Edited, 1000, 2000).Checkpoint()], []);
            record = database.ReadTestRecords()[0];
        }

        Execute("UPDATE profile SET body = replace(body, '4.12', '4.21')");
        using (var database = new StateDatabase(Database))
        {
            Assert.True(CellProfiles.TryGet("dne-pouch", out CellProfile? now));
            Assert.Equal(now, TestProfiles.Of(record, database, notices.Add));
            Assert.Contains("profile 'dne-pouch' is damaged", Assert.Single(notices), StringComparison.Ordinal);
        }

        Assert.Contains(StateDoctor.Look(Database, CancellationToken.None),
            check => check.Status == HealthStatus.Fault && check.Message.Contains("profile 'dne-pouch' is damaged", StringComparison.Ordinal));
    }

    [Fact]
    public void ACell_IsKnownOverItsTests_InWhateverOrderTheyAreStored()
    {
        using var database = new StateDatabase(Database);
        CellProfile later = Edited with { Name = "later" };
        database.Save([Run(2, "later", later, 3000, 4000).Checkpoint()], []);
        database.Save([Run(1, "dne-pouch", Edited, 1000, 2000).Checkpoint()], []);
        database.Save([Run(3, "later", later, null, null).Checkpoint()], []);
        CellRecord cell = Assert.Single(database.ReadCells());
        Assert.Equal(new CellRecord(Cell, 1000, 4000, "later", StoredProfile.Of(later).Hash, $"{Cell}@3"), cell);
        Assert.Equal(cell, database.FindCell(Cell));
        Assert.Null(database.FindCell("other"));
        Assert.Equal(["dne-pouch", "later"], database.ReadProfiles().Select(profile => profile.Name));
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static TestRun Run(
        int ordinal, string profileName, CellProfile profile, long? start, long? last, string node = "n1", bool ended = false) =>
        new(
            new StoredTest(
                new TestRecord
                {
                    Test = $"{Cell}@{ordinal}", Cell = Cell, Node = node, Channel = "1", Profile = profileName, Ordinal = ordinal,
                    StartMicroseconds = start, LastMicroseconds = last, Ended = ended, Segments = [new TestSegment(7, 0, null)],
                },
                Fresh(profile), 0, 0, [], [], []),
            profile);

    private static byte[] Fresh(CellProfile profile)
    {
        using MemoryStream stream = new();
        using BinaryWriter writer = new(stream);
        new Analysis.ChannelAnalysis(profile, new Analysis.Report.ReportCollector()).Save(writer);
        writer.Flush();
        return stream.ToArray();
    }

    private static async Task<JsonElement> Get(HttpClient client, string address) =>
        JsonDocument.Parse(await client.GetStringAsync(address, TestContext.Current.CancellationToken)).RootElement;

    private Task<MonitorGateway> Start() => MonitorGateway.StartAsync(
        new GatewayOptions
        {
            DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, OpenOnLoopback = true, Notice = notices.Add,
            ProfileByCell = new Dictionary<string, string>(StringComparer.Ordinal) { [Cell] = "dne-pouch" },
        },
        TestContext.Current.CancellationToken);

    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={Database};Pooling=False");
        connection.Open();
        connection.Run(sql);
    }
}
