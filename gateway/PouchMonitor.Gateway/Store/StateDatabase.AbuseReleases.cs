using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Store;

/// <summary>Nodes that have to be let go after an abuse test.</summary>
public sealed partial class StateDatabase
{
    internal void SaveAbuseRelease(AbuseRelease release)
    {
        lock (gate)
        {
            Execute(
                "INSERT OR REPLACE INTO abuse_release VALUES ($n, $c, $t, $l, $d, $f, $s)", ("$n", release.Node), ("$c", release.Channel), ("$t", release.Test),
                ("$l", release.Cell), ("$d", release.Disarms ? 1 : 0), ("$f", release.EndsFast ? 1 : 0), ("$s", release.SinceMicroseconds));
        }
    }

    internal void RemoveAbuseRelease(string node, string channel)
    {
        lock (gate)
        {
            Execute("DELETE FROM abuse_release WHERE node = $n AND channel = $c", ("$n", node), ("$c", channel));
        }
    }

    internal IReadOnlyList<AbuseRelease> ReadAbuseReleases() => Read(
        "SELECT node, channel, test, cell, disarms, ends_fast, since_us FROM abuse_release",
        row => new AbuseRelease(row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetInt64(4) != 0, row.GetInt64(5) != 0, row.GetInt64(6)));
}
