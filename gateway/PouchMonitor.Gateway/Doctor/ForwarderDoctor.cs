using System.Globalization;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Influx;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>Looks at what the forwarder has noted: lines that the server refused, and how long the server keeps points.</summary>
internal static class ForwarderDoctor
{
    private const string Part = "influx";
    private const double SecondsPerDay = 86_400;

    /// <param name="path">Of <c>forwarder.db</c>; a gateway may be using it.</param>
    public static IReadOnlyList<HealthCheck> Look(string path)
    {
        if (!File.Exists(path))
        {
            return [];
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-doctor-").FullName;
        try
        {
            string copy = Path.Combine(folder, "forwarder.db");
            StateCopy.Make(path, copy);
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = copy, Pooling = false, Mode = SqliteOpenMode.ReadOnly }.ToString());
            connection.Open();
            Dictionary<string, long> facts = connection.Query(
                "SELECT name, value FROM fact WHERE name IN ('rejected', '" + ForwarderState.ServerRetention + "')",
                row => (Name: row.GetString(0), Value: row.GetInt64(1))).ToDictionary(fact => fact.Name, fact => fact.Value, StringComparer.Ordinal);
            List<HealthCheck> checks = [];
            if (facts.TryGetValue(ForwarderState.ServerRetention, out long kept))
            {
                checks.Add(new HealthCheck(Part, HealthStatus.Note, string.Create(CultureInfo.InvariantCulture,
                    $"The server forwarded to keeps points for {kept / SecondsPerDay:0.##} days; older ones are refused.")));
            }

            long refused = facts.GetValueOrDefault("rejected");
            checks.Add(refused == 0
                ? new HealthCheck(Part, HealthStatus.Sound, "The server forwarded to has refused nothing.")
                : new HealthCheck(Part, HealthStatus.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"The server forwarded to has refused {refused} lines; the newest with their reasons are at /api/v1/influx. The last: {LastReason(connection)}")));
            return checks;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string LastReason(SqliteConnection connection) =>
        connection.Query("SELECT reason FROM rejected ORDER BY id DESC LIMIT 1", row => row.GetString(0)).FirstOrDefault() ?? "unknown";
}
