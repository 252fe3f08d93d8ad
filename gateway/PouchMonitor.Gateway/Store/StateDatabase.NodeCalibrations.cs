using System.Text.Json;
using PouchMonitor.Gateway.Calibration;

namespace PouchMonitor.Gateway.Store;

/// <summary>The calibrations that nodes have told.</summary>
public sealed partial class StateDatabase
{
    /// <summary>All records, in no order.</summary>
    public IReadOnlyList<KnownCalibration> ReadNodeCalibrations() => Read(
        "SELECT node, channel, body FROM node_calibration LIMIT $m",
        row => new KnownCalibration(row.GetString(0), row.GetString(1), JsonSerializer.Deserialize<NodeCalibration>(row.GetString(2), Json)!),
        ("$m", CalibrationBook.Most));

    /// <summary>Stores records; one that is known stays as it is.</summary>
    public void Save(IReadOnlyCollection<KnownCalibration> calibrations)
    {
        ArgumentNullException.ThrowIfNull(calibrations);
        if (calibrations.Count == 0)
        {
            return;
        }

        lock (gate)
        {
            InTransaction(() =>
            {
                UnwritableEntries unwritable = new();
                unwritable.Write(calibrations, known => Execute(
                    "INSERT OR IGNORE INTO node_calibration VALUES ($n, $c, $i, $b)",
                    ("$n", known.Node), ("$c", known.Channel), ("$i", (long)known.Record.Id),
                    ("$b", JsonSerializer.Serialize(known.Record, Json))));
                unwritable.ThrowIfAny();
            });
        }
    }
}
