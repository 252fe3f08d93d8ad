using System.Globalization;
using System.Text;
using System.Text.Json;
using PouchMonitor.Gateway.Nodes;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Tests.Store;

/// <summary>Nodes are known after a restart, and what is from before it does not look fresh.</summary>
public sealed class NodeTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("pouch-node-").FullName;

    private string Database => Path.Combine(folder, "state.db");

    [Fact]
    public void AStatus_IsStored_AndComesBackAsNotHeard()
    {
        Run([("n1", 1000, Status("online", "a1", "1.0.0", "c1")), ("n1", 2000, Status("offline", "a1", "1.0.0", "c1")),
            ("n1", 3000, Status("online", "a2", "1.1.0", "c2"))]);
        using var database = new StateDatabase(Database);
        NodeInfo node = Assert.Single(database.ReadNodes());
        Assert.Equal(("n1", true, false, "a2", 3000L, 2L, "1.1.0"),
            (node.Node, node.IsOnline, node.IsHeard, node.Boot, node.BootMicroseconds, node.BootCount, node.Firmware));
        Assert.Equal((1000L, 3000L, "c2"), (node.FirstSeenMicroseconds, node.SeenMicroseconds, node.Channels["1"]));
    }

    [Fact]
    public void AfterARestart_TheSameBootIsNotCountedAgain_AndOneStatusMakesItHeard()
    {
        Run([("n1", 1000, Status("online", "a1", "1.0.0", "c1"))]);
        NodeDirectory nodes = Run([], kept: [("n1", Status("online", "a1", "1.0.0", "c1"))]);
        NodeInfo before = nodes.Find("n1")!;
        Assert.Equal((false, 1000L, 1L), (before.IsHeard, before.SeenMicroseconds, before.BootCount));
        Assert.Null(nodes.Take("n1", Status("online", "a1", "1.0.0", "c1"), 5000));
        NodeInfo after = nodes.Find("n1")!;
        Assert.Equal((true, 5000L, 1000L, 1L), (after.IsHeard, after.SeenMicroseconds, after.FirstSeenMicroseconds, after.BootCount));
        Assert.Equal("c1", nodes.CellOf("n1", "1"));
    }

    [Fact]
    public void StatusesThatSayNothingNew_AreNotStoredEachTime()
    {
        List<NodeInfo> stored = [];
        NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal)) { Changed = stored.Add };
        for (int second = 1; second <= 300; second++)
        {
            Assert.Null(nodes.Take("n1", Status("online", "a1", "1.0.0", "c1"), second * 1_000_000L));
        }

        Assert.InRange(stored.Count, 5, 6);
        nodes.Take("n1", Status("offline", "a1", "1.0.0", "c1"), 300_500_000);
        Assert.False(stored[^1].IsOnline);
    }

    [Fact]
    public void AFullDirectory_ForgetsTheNodeHeardLongestAgo_AndNeverOneOfThisRun()
    {
        NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));
        nodes.Restore(Enumerable.Range(0, 3).Select(i => new NodeInfo { Node = $"old-{i}", IsOnline = true, SeenMicroseconds = i + 1 }));
        byte[] status = Status("online", "a1", "1.0.0", "c1");
        Assert.Null(nodes.Take("old-0", status, 10_000));
        for (int i = 0; i < NodeDirectory.MostNodes - 3; i++)
        {
            Assert.Null(nodes.Take(string.Create(CultureInfo.InvariantCulture, $"new-{i}"), status, 20_000));
        }

        Assert.Null(nodes.Take("another-1", status, 30_000));
        Assert.Null(nodes.Find("old-1"));
        Assert.Null(nodes.Take("another-2", status, 30_000));
        Assert.Null(nodes.Find("old-2"));
        Assert.NotNull(nodes.Find("old-0"));
        Assert.Contains("more than", nodes.Take("another-3", status, 30_000), StringComparison.Ordinal);
        Assert.Equal(NodeDirectory.MostNodes, nodes.Nodes.Count());
    }

    [Fact]
    public void TheTable_KeepsNoMoreThanTheDirectoryTakes()
    {
        using var database = new StateDatabase(Database);
        NodeInfo[] all = [.. Enumerable.Range(0, NodeDirectory.MostNodes + 5).Select(i => new NodeInfo
        {
            Node = string.Create(CultureInfo.InvariantCulture, $"n{i}"), IsOnline = true, FirstSeenMicroseconds = 1, SeenMicroseconds = i + 1,
        })];
        database.Save([], [], all, []);
        IReadOnlyList<NodeInfo> read = database.ReadNodes();
        Assert.Equal(NodeDirectory.MostNodes, read.Count);
        Assert.Equal("n5", read[0].Node);
    }

    [Fact]
    public async Task TheApi_ShowsANodeOfBefore_AsUnknownWithItsLastState()
    {
        Run([("n1", 1_000_000, Status("online", "a1", "1.0.0", "c1"))]);
        await using MonitorGateway gateway = await MonitorGateway.StartAsync(
            new GatewayOptions { DataDirectory = folder, HttpPort = 0, MqttPort = 0, AnalysisWorkers = 1, OpenOnLoopback = true },
            TestContext.Current.CancellationToken);
        using HttpClient client = new();
        string text = await client.GetStringAsync($"{gateway.HttpAddress}/api/v1/nodes", TestContext.Current.CancellationToken);
        JsonElement node = JsonDocument.Parse(text).RootElement[0];
        Assert.Equal(("n1", "unknown", "online", 1.0, 1L), (node.GetProperty("node").GetString(), node.GetProperty("state").GetString(),
            node.GetProperty("lastState").GetString(), node.GetProperty("lastSeen").GetDouble(), node.GetProperty("bootCount").GetInt64()));
        Assert.Equal(JsonValueKind.Null, node.GetProperty("online").ValueKind);
        Assert.Equal("c1", node.GetProperty("channels").GetProperty("1").GetString());
    }

    [Fact]
    public void AnUptimeThatNoDoubleHolds_CountsAsNotTold()
    {
        byte[] Status(string uptime) => Encoding.UTF8.GetBytes("""{"state":"online","boot":"b1","uptimeMs":""" + uptime + ""","channels":{"1":"c1"}}""");
        NodeInfo node = Assert.Single(Run([("n1", 1_000_000, Status("5000")), ("n1", 2_000_000, Status("1e999"))]).Nodes);
        Assert.Equal(5, node.UptimeSeconds);
    }

    [Fact]
    public void AnUptimeThatAnEarlierVersionStored_AndThatNoDoubleHolds_CountsAsNotTold()
    {
        using var database = new StateDatabase(Database);
        database.Save([], [], [new NodeInfo { Node = "n1", IsOnline = true, UptimeSeconds = double.PositiveInfinity }], []);
        Assert.Null(Assert.Single(database.ReadNodes()).UptimeSeconds);
    }

    // The writer's thread once ended the whole gateway here: its list of nodes was made while another was heard.
    [Fact]
    public async Task NodesHeardWhileTheyAreWritten_AreAllThere() =>
        await Task.Run(HearAndWrite, TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

    private void HearAndWrite()
    {
        const int Threads = 4;
        const int MostEach = 20_000;
        const int TurnsWatched = 5;
        const int Spins = 300;
        int added = 0;
        using var database = new StateDatabase(Database);
        using (var writer = new StateWriter(database, fault => Assert.Null(fault)))
        {
            long end = writer.Turns + TurnsWatched;
            Parallel.For(0, Threads, thread =>
            {
                // New ones all the time, so that there are more of them at every moment of the writer's turn.
                for (int i = 0; i < MostEach && writer.Turns < end; i++)
                {
                    writer.Add(new NodeInfo { Node = $"n{thread}-{i}", IsOnline = true });
                    Interlocked.Increment(ref added);
                    Thread.SpinWait(Spins);
                }
            });
        }

        Assert.Equal(Math.Min(added, NodeDirectory.MostNodes), database.ReadNodes().Count);
    }

    public void Dispose() => Directory.Delete(folder, recursive: true);

    private static byte[] Status(string state, string boot, string firmware, string label) => Encoding.UTF8.GetBytes(
        $$$"""{"state":"{{{state}}}","boot":"{{{boot}}}","firmware":"{{{firmware}}}","uptimeMs":5000,"channels":{"1":"{{{label}}}"}}""");

    // One run of a gateway's directory over its store.
    private NodeDirectory Run((string Node, long At, byte[] Status)[] statuses, (string Node, byte[] Status)[]? kept = null)
    {
        using var database = new StateDatabase(Database);
        NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));
        nodes.Restore(database.ReadNodes());
        using (var writer = new StateWriter(database, fault => Assert.Null(fault)))
        {
            nodes.Changed = writer.Add;
            foreach ((string node, byte[] status) in kept ?? [])
            {
                Assert.Null(nodes.TakeKept(node, status));
            }

            foreach ((string node, long at, byte[] status) in statuses)
            {
                Assert.Null(nodes.Take(node, status, at));
            }
        }

        nodes.Changed = null;
        return nodes;
    }
}
