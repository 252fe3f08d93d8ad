using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Alarms;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Store;

/// <summary>Notices, their deliveries, and who is told what.</summary>
public sealed partial class StateDatabase
{
    private const string DeliverySetting = "delivery";
    private const string OpenDeliveries = "('pending', 'sending', 'held')";

    /// <summary>Stores a notice and what becomes of it, as one, or nothing where its key is known.</summary>
    /// <returns>False where it was known.</returns>
    internal bool TakeNotice(AlarmNotice notice, IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        lock (gate)
        {
            bool isNew = false;
            InTransaction(() =>
            {
                isNew = connection.Run("INSERT OR IGNORE INTO notice VALUES ($k, $a, $b)",
                    ("$k", notice.Key), ("$a", notice.AtMicroseconds), ("$b", JsonSerializer.Serialize(notice, Json))) > 0;
                foreach (DeliveryRecord delivery in isNew ? deliveries : [])
                {
                    Save(delivery);
                }
            });
            return isNew;
        }
    }

    internal void SaveDeliveries(IReadOnlyCollection<DeliveryRecord> deliveries)
    {
        lock (gate)
        {
            InTransaction(() =>
            {
                foreach (DeliveryRecord delivery in deliveries)
                {
                    Save(delivery);
                }
            });
        }
    }

    /// <summary>Null where it is not known, or was removed with its deliveries.</summary>
    internal AlarmNotice? ReadNotice(string key) => Read(
        "SELECT body FROM notice WHERE key = $k", row => JsonSerializer.Deserialize<AlarmNotice>(row.GetString(0), Json), ("$k", key)).FirstOrDefault();

    /// <summary>What is still to be sent, oldest first.</summary>
    internal IReadOnlyList<DeliveryRecord> ReadOpenDeliveries() => Read(
        $"SELECT id, body FROM delivery WHERE state IN {OpenDeliveries} ORDER BY id", ReadDelivery);

    /// <summary>The newest first, beginning below an id; null filters take all.</summary>
    internal IReadOnlyList<DeliveryRecord> ReadDeliveries(long beforeId, int most, string? state, string? route) => Read(
        "SELECT id, body FROM delivery WHERE id < $i AND ($s IS NULL OR state = $s) AND ($r IS NULL OR route = $r) ORDER BY id DESC LIMIT $n",
        ReadDelivery, ("$i", beforeId), ("$s", state), ("$r", route), ("$n", most));

    /// <summary>Deliveries by state.</summary>
    internal IReadOnlyDictionary<string, long> CountDeliveries() => Read(
        "SELECT state, count(*) FROM delivery GROUP BY state", row => (State: row.GetString(0), Count: row.GetInt64(1)))
        .ToDictionary(row => row.State, row => row.Count, StringComparer.Ordinal);

    /// <summary>Removes the oldest that are done beyond a number of them, and notices beyond it that have no delivery any more.</summary>
    /// <returns>Deliveries removed.</returns>
    internal int TrimDeliveries(int most)
    {
        lock (gate)
        {
            int removed = 0;
            InTransaction(() =>
            {
                removed = connection.Run(
                    $"DELETE FROM delivery WHERE id <= (SELECT max(id) - $m FROM delivery) AND state NOT IN {OpenDeliveries}", ("$m", most));
                Execute("DELETE FROM notice WHERE key IN (SELECT key FROM notice WHERE key NOT IN (SELECT notice FROM delivery) "
                    + "ORDER BY at_us LIMIT max(0, (SELECT count(*) FROM notice) - $m))", ("$m", most));
            });
            return removed;
        }
    }

    /// <summary>Null while nobody has set anything.</summary>
    internal DeliverySettings? ReadDeliverySettings() => Read(
        "SELECT body FROM setting WHERE name = $n",
        row => JsonSerializer.Deserialize<DeliverySettings>(row.GetString(0), Json), ("$n", DeliverySetting)).FirstOrDefault();

    /// <summary>Stores the settings and a line of the audit trail that holds them whole, so that each version can be looked up.</summary>
    internal void SaveDeliverySettings(DeliverySettings settings, long atMicroseconds, string person)
    {
        string body = JsonSerializer.Serialize(settings, Json);
        lock (gate)
        {
            InTransaction(() =>
            {
                Execute("INSERT OR REPLACE INTO setting VALUES ($n, $a, $p, $b)",
                    ("$n", DeliverySetting), ("$a", atMicroseconds), ("$p", person), ("$b", body));
                Execute("INSERT INTO audit (at_us, person, action, target, detail) VALUES ($a, $p, 'delivery.set', $t, $b)",
                    ("$a", atMicroseconds), ("$p", person), ("$b", body),
                    ("$t", string.Create(System.Globalization.CultureInfo.InvariantCulture, $"version {settings.Version}")));
            });
        }
    }

    private void Save(DeliveryRecord delivery) => Execute(
        "INSERT INTO delivery (notice, route, at_us, state, attempts, body) VALUES ($n, $r, $a, $s, $c, $b) "
        + "ON CONFLICT (notice, route) DO UPDATE SET state = excluded.state, attempts = excluded.attempts, body = excluded.body",
        ("$n", delivery.Notice), ("$r", delivery.Route), ("$a", delivery.AtMicroseconds), ("$s", DeliveryRecord.NameOf(delivery.State)),
        ("$c", delivery.Attempts), ("$b", JsonSerializer.Serialize(delivery, Json)));

    private static DeliveryRecord ReadDelivery(SqliteDataReader row) =>
        JsonSerializer.Deserialize<DeliveryRecord>(row.GetString(1), Json)! with { Id = row.GetInt64(0) };
}
