using System.Text.Json;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Store;

/// <summary>Incidents, open and closed.</summary>
public sealed partial class StateDatabase
{
    /// <summary>Incidents that are open, or were closed after a time: what may have to be told again after a restart.</summary>
    public IReadOnlyList<IncidentRecord> ReadIncidentsSince(long closedMicroseconds) => Read(
        "SELECT body FROM incident WHERE closed_us IS NULL OR closed_us > $c ORDER BY opened_us", ReadIncident, ("$c", closedMicroseconds));

    /// <summary>The newest first; those that another took over are left out.</summary>
    public IReadOnlyList<IncidentRecord> ReadIncidents(int most, long beforeMicroseconds = long.MaxValue) => Read(
        "SELECT body FROM incident WHERE json_extract(body, '$.MergedInto') IS NULL AND opened_us < $b ORDER BY opened_us DESC LIMIT $n",
        ReadIncident, ("$b", beforeMicroseconds), ("$n", most));

    public IncidentRecord? FindIncident(string id) =>
        Read("SELECT body FROM incident WHERE incident = $i", ReadIncident, ("$i", id)).FirstOrDefault();

    private static IncidentRecord ReadIncident(Microsoft.Data.Sqlite.SqliteDataReader row) =>
        JsonSerializer.Deserialize<IncidentRecord>(row.GetString(0), Json)!;

    private void Save(IncidentRecord incident) => Execute(
        "INSERT OR REPLACE INTO incident (incident, opened_us, closed_us, body) VALUES ($i, $o, $c, $b)",
        ("$i", incident.Id), ("$o", incident.OpenedMicroseconds), ("$c", incident.ClosedMicroseconds),
        ("$b", JsonSerializer.Serialize(incident, Json)));
}
