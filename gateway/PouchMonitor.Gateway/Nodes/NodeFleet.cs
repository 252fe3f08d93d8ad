using PouchMonitor.Analysis.Detection;

namespace PouchMonitor.Gateway.Nodes;

/// <summary>
/// All nodes together: sums and worst values for the metrics, which must not grow by a line with each node, and the finding
/// <c>node-backlog</c>.
/// </summary>
internal static class NodeFleet
{
    /// <summary>A node that has been behind for longer than this raises <c>node-backlog</c>, seconds.</summary>
    public const int BacklogLimitSeconds = 600;

    /// <summary>For how long a node that lost samples is told of, microseconds.</summary>
    public const long DropHoldMicroseconds = 600_000_000;

    private const int MostNamed = 5;

    /// <summary>The nodes whose last status still means something.</summary>
    public static IEnumerable<NodeInfo> Heard(IEnumerable<NodeInfo> nodes) => nodes.Where(node => node is { IsHeard: true, IsOnline: true });

    /// <summary>Sum of a figure over the nodes that tell it.</summary>
    public static long Sum(IEnumerable<NodeInfo> nodes, string figure) => Heard(nodes).Sum(node => node.Health?[figure] ?? 0);

    /// <summary>Lowest of a figure over the nodes that tell it; 0 where none does.</summary>
    public static long Lowest(IEnumerable<NodeInfo> nodes, string figure) => Heard(nodes).Select(node => node.Health?[figure]).Min() ?? 0;

    /// <summary>What <c>node-backlog</c> says; null while no node is far behind and none has lost samples lately.</summary>
    /// <param name="nodes">The nodes.</param>
    /// <param name="nowMicroseconds">Gateway time, Unix microseconds.</param>
    public static Finding? Backlog(IEnumerable<NodeInfo> nodes, long nowMicroseconds)
    {
        NodeInfo[] bad = [.. Heard(nodes)
            .Where(node => node.Health?.BehindSeconds > BacklogLimitSeconds || IsDropping(node, nowMicroseconds))
            .OrderByDescending(node => node.Health!.BehindSeconds).ThenBy(node => node.Node, StringComparer.Ordinal)];
        if (bad.Length == 0)
        {
            return null;
        }

        long lost = bad.Where(node => IsDropping(node, nowMicroseconds)).Sum(node => node.Health!.DroppedSamples);
        string names = string.Join(", ", bad.Take(MostNamed).Select(node => node.Node)) + (bad.Length > MostNamed ? ", ..." : "");
        return new Finding
        {
            Rule = RuleNames.NodeBacklog,
            OnsetMicroseconds = nowMicroseconds,
            Severity = lost > 0 ? FindingSeverity.Warning : FindingSeverity.Advisory,
            Measure = "nodesBehind",
            Observed = bad.Length,
            Limit = 0,
            Unit = "nodes",
            Message = lost > 0
                ? $"{names}: {lost} samples were lost because a node's store was full; nodes send slower than they measure."
                : $"{names}: samples have waited on {bad.Length} node{(bad.Length == 1 ? "" : "s")} for more than {BacklogLimitSeconds} s. They are kept there and come late.",
        };
    }

    private static bool IsDropping(NodeInfo node, long now) =>
        node.DroppedMicroseconds > 0 && now - node.DroppedMicroseconds <= DropHoldMicroseconds && node.Health?.DroppedSamples > 0;
}
