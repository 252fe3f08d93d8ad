using System.Text.Json;
using PouchMonitor.Gateway.Nodes;

namespace PouchMonitor.Gateway.Store;

/// <summary>Nodes, as the last status of each described it.</summary>
public sealed partial class StateDatabase
{
    /// <summary>The nodes heard last, oldest first; none of them has been heard since the start.</summary>
    public IReadOnlyList<NodeInfo> ReadNodes() => Read(
        "SELECT node, first_us, last_us, is_online, boot, boot_us, boot_count, firmware, uptime_s, channels FROM "
        + "(SELECT * FROM node ORDER BY last_us DESC, node LIMIT $n) ORDER BY last_us, node",
        row => new NodeInfo
        {
            Node = row.GetString(0),
            FirstSeenMicroseconds = row.GetInt64(1),
            SeenMicroseconds = row.GetInt64(2),
            StoredMicroseconds = row.GetInt64(2),
            IsOnline = row.GetInt64(3) != 0,
            Boot = row[4] as string,
            BootMicroseconds = row.GetInt64(5),
            BootCount = row.GetInt64(6),
            Firmware = row[7] as string,
            UptimeSeconds = row[8] is double uptime && double.IsFinite(uptime) ? uptime : null,
            Channels = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(9), Json)!,
        },
        ("$n", NodeDirectory.MostNodes));

    private void Save(NodeInfo node) => Execute(
        "INSERT OR REPLACE INTO node VALUES ($n, $f, $l, $o, $b, $bt, $bc, $w, $u, $c)",
        ("$n", node.Node), ("$f", node.FirstSeenMicroseconds), ("$l", node.SeenMicroseconds), ("$o", node.IsOnline ? 1 : 0),
        ("$b", node.Boot), ("$bt", node.BootMicroseconds), ("$bc", node.BootCount), ("$w", node.Firmware),
        ("$u", node.UptimeSeconds), ("$c", JsonSerializer.Serialize(node.Channels, Json)));

    // Whatever the directory had to forget for another goes here as well.
    private void ForgetNodes() => Execute(
        "DELETE FROM node WHERE (SELECT count(*) FROM node) > $n AND node NOT IN (SELECT node FROM node ORDER BY last_us DESC, node LIMIT $n)",
        ("$n", NodeDirectory.MostNodes));
}
