using System.Globalization;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Delivery;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>Looks at who is told of alarms and at what waits to be sent, in a copy of the database; sends nothing.</summary>
internal static class DeliveryDoctor
{
    private const string Part = "delivery";

    /// <summary>What waits for longer than this to be sent is worth a look.</summary>
    private static readonly TimeSpan Late = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<HealthCheck> Look(string data, DateTimeOffset now)
    {
        string path = Path.Combine(data, "state.db");
        if (!File.Exists(path))
        {
            return [];
        }

        List<HealthCheck> found = [];
        string secretFile = Path.Combine(data, DeliverySecrets.FileName);
        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        if (File.Exists(secretFile) && !OperatingSystem.IsWindows() && (File.GetUnixFileMode(secretFile) & ~owner) != 0)
        {
            found.Add(new HealthCheck(Part, HealthStatus.Fault, $"{secretFile} may be used by others than its owner; chmod 600 ends that."));
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-doctor-").FullName;
        try
        {
            string copy = Path.Combine(folder, "state.db");
            StateCopy.Make(path, copy);
            using StateDatabase database = new(copy);
            DeliveryBook book = new(database, data, new DeliveryOptions());
            DeliverySettings settings = book.Current;
            IReadOnlyDictionary<string, long> counts = database.CountDeliveries();
            DeliveryRecord? oldest = database.ReadOpenDeliveries().FirstOrDefault(delivery => delivery.State != DeliveryState.Held);
            double oldestSeconds = oldest is null ? 0 : (now - DateTimeOffset.UnixEpoch).TotalSeconds - (oldest.AtMicroseconds / 1e6);
            if (oldestSeconds > Late.TotalSeconds)
            {
                found.Add(new HealthCheck(Part, HealthStatus.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"A message to {oldest!.Route} has waited for {oldestSeconds / 60:0} min. Last error: {oldest.LastError ?? "none"}.")));
            }

            int routes = settings.Routes.Count();
            string states = counts.Count == 0 ? "nothing was sent yet" : string.Join(", ", counts.OrderBy(count => count.Key, StringComparer.Ordinal)
                .Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Value} {count.Key}")));
            found.Add(routes == 0
                ? new HealthCheck(Part, HealthStatus.Note, "Nobody is told of alarms: no route is set. See Delivery in the dashboard.")
                : new HealthCheck(Part, HealthStatus.Sound, string.Create(CultureInfo.InvariantCulture,
                    $"{settings.People.Count} people with {routes} routes, settings of version {settings.Version}; {states}; {(settings.Heartbeat is null ? "no heartbeat" : "with a heartbeat")}.")));
        }
        catch (Exception error) when (error is InvalidDataException or Microsoft.Data.Sqlite.SqliteException or System.Text.Json.JsonException)
        {
            // What is wrong with the database is told of the database.
            found.Add(new HealthCheck(Part, HealthStatus.Note, "What is sent to whom cannot be read from state.db."));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }

        return found;
    }
}
