using System.Text;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Tests.Alarms;

/// <summary>Nodes that fall behind or lose samples are told of, and nothing else is.</summary>
public class NodeBacklogTests
{
    private const long Start = 1_790_000_000_000_000;
    private const long Second = 1_000_000;
    private readonly NodeDirectory nodes = new(new Dictionary<string, string>(StringComparer.Ordinal));

    [Theory]
    [InlineData(600_000, false)]
    [InlineData(600_001, true)]
    public void ANodeBehindForLongerThanTenMinutes_IsTold(long behindMs, bool isTold)
    {
        Tell("n1", $$"""{"behindMs":{{behindMs}}}""");
        Finding? finding = NodeFleet.Backlog(nodes.Nodes, Start);
        Assert.Equal(isTold, finding is not null);
        Assert.True(finding is null || (finding.Severity == FindingSeverity.Advisory && finding.Message.StartsWith("n1: ", StringComparison.Ordinal)));
    }

    [Fact]
    public void LostSamples_AreToldForTenMinutesAfterTheLastOnes()
    {
        Tell("n1", """{"droppedSamples":0}""");
        Assert.Null(NodeFleet.Backlog(nodes.Nodes, Start));
        Tell("n1", """{"droppedSamples":5}""", Start + (10 * Second));
        Tell("n1", """{"droppedSamples":5}""", Start + (20 * Second));
        Finding lost = NodeFleet.Backlog(nodes.Nodes, Start + (610 * Second))!;
        Assert.Equal(FindingSeverity.Warning, lost.Severity);
        Assert.Contains("5 samples were lost", lost.Message, StringComparison.Ordinal);
        Assert.Null(NodeFleet.Backlog(nodes.Nodes, Start + (610 * Second) + 1));

        // A boot begins to count at zero: as many as before are new ones.
        Tell("n1", """{"droppedSamples":5}""", Start + (700 * Second), boot: "b2");
        Assert.NotNull(NodeFleet.Backlog(nodes.Nodes, Start + (700 * Second)));
    }

    [Fact]
    public void ANodeThatIsOffline_OrTellsNoHealth_IsNotTold()
    {
        Tell("n1", """{"behindMs":700000}""", state: "offline");
        Tell("n2", "null");
        Assert.Null(NodeFleet.Backlog(nodes.Nodes, Start));
        Assert.Equal(0, NodeFleet.Sum(nodes.Nodes, "backlogFrames"));
        Assert.Equal(0, NodeFleet.Lowest(nodes.Nodes, "heapFreeBytes"));
    }

    [Fact]
    public void Health_StaysUntilItIsToldAnew_AndSumsOverNodes()
    {
        Tell("n1", """{"backlogFrames":3,"heapFreeBytes":900,"busErrors":{"1":2}}""");
        Tell("n1", "null");
        Tell("n2", """{"backlogFrames":4,"heapFreeBytes":800,"signalDbm":-71}""");
        Assert.Equal(7, NodeFleet.Sum(nodes.Nodes, "backlogFrames"));
        Assert.Equal(800, NodeFleet.Lowest(nodes.Nodes, "heapFreeBytes"));
        Assert.Equal(-71, NodeFleet.Lowest(nodes.Nodes, "signalDbm"));
        Assert.Equal(2, nodes.Find("n1")!.Health!.BusErrors["1"]);
    }

    private void Tell(string node, string health, long now = Start, string state = "online", string boot = "b1") => Assert.Null(nodes.Take(
        node, Encoding.UTF8.GetBytes($$"""{"state":"{{state}}","boot":"{{boot}}","health":{{health}}}"""), now));
}
