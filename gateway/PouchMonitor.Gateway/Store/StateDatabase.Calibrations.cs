using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Store;

/// <summary>A span of calibration with where it belongs.</summary>
public sealed record StoredCalibration(string Test, string Node, string Channel, CalibrationSpan Span);

/// <summary>Which calibrations covered which stretch of which test.</summary>
public sealed partial class StateDatabase
{
    /// <summary>The newest spans, newest first.</summary>
    /// <param name="node">Of this node only; null for all.</param>
    /// <param name="channel">Of this channel only; null for all.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<StoredCalibration> ReadCalibrations(string? node, string? channel, int most) => Read(
        "SELECT test, node, channel, body FROM calibration WHERE ($n IS NULL OR node = $n) AND ($c IS NULL OR channel = $c) "
        + "ORDER BY first_us DESC, test, position DESC LIMIT $m",
        row => new StoredCalibration(row.GetString(0), row.GetString(1), row.GetString(2), ReadSpan(row, 3)),
        ("$n", node), ("$c", channel), ("$m", most));

    private static CalibrationSpan ReadSpan(SqliteDataReader row, int column) =>
        JsonSerializer.Deserialize<CalibrationSpan>(row.GetString(column), Json)!;

    private List<CalibrationSpan> ReadCalibrations(string test) => Read(
        "SELECT body FROM calibration WHERE test = $t ORDER BY position", row => ReadSpan(row, 0), ("$t", test));

    private void SaveCalibrations(TestCheckpoint checkpoint)
    {
        TestRecord record = checkpoint.Record;
        Execute("DELETE FROM calibration WHERE test = $t AND position >= $f", ("$t", record.Test), ("$f", checkpoint.FirstCalibrationAt));
        for (int i = 0; i < checkpoint.Calibrations.Count; i++)
        {
            CalibrationSpan span = checkpoint.Calibrations[i];
            Execute(
                "INSERT INTO calibration VALUES ($t, $p, $n, $c, $f, $l, $b)",
                ("$t", record.Test), ("$p", checkpoint.FirstCalibrationAt + i), ("$n", record.Node), ("$c", record.Channel),
                ("$f", span.FirstMicroseconds), ("$l", span.LastMicroseconds), ("$b", JsonSerializer.Serialize(span, Json)));
        }
    }
}
