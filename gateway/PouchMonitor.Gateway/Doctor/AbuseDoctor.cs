using System.Globalization;
using System.Security.Cryptography;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;
using PouchMonitor.Gateway.Backup;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Doctor;

/// <summary>
/// Holds every signed abuse test against its signatures and every attachment against its SHA-256, and tells which tests wait for somebody;
/// in a copy of the database.
/// </summary>
internal static class AbuseDoctor
{
    private const string Part = "abuse";
    private const int PageTests = 200;
    private const int MostNamed = 10;

    /// <summary>A test that is open for longer than this was forgotten, or its node is kept at the fast rate for nothing.</summary>
    private static readonly TimeSpan Forgotten = TimeSpan.FromDays(3);

    public static IReadOnlyList<HealthCheck> Look(string data, DateTimeOffset now, CancellationToken cancellation)
    {
        string path = Path.Combine(data, "state.db");
        if (!File.Exists(path))
        {
            return [];
        }

        string folder = Directory.CreateTempSubdirectory("pouchmonitor-doctor-").FullName;
        try
        {
            string copy = Path.Combine(folder, "state.db");
            StateCopy.Make(path, copy);
            using StateDatabase database = new(copy);
            return Look(database, new AbuseFiles(data), (now - DateTimeOffset.UnixEpoch).TotalSeconds, cancellation);
        }
        catch (Exception error) when (error is InvalidDataException or Microsoft.Data.Sqlite.SqliteException or System.Text.Json.JsonException)
        {
            // What is wrong with the database is told of the database.
            return [new HealthCheck(Part, HealthStatus.Note, "The abuse tests cannot be read from state.db.")];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static List<HealthCheck> Look(StateDatabase database, AbuseFiles files, double nowS, CancellationToken cancellation)
    {
        List<string> faults = [];
        List<HealthCheck> found = [];
        int tests = 0;
        int attachments = 0;
        foreach (AbuseRecord record in All(database))
        {
            cancellation.ThrowIfCancellationRequested();
            tests++;
            AbuseRecord verified = AbuseSigning.Verified(record, database.FindAbuse(record.Id)!);
            if (verified.Signatures.Any(signature => signature.IsIntact == false))
            {
                faults.Add($"{record.Id} is no longer what was signed; restore it from a backup.");
            }

            attachments += record.Attachments.Count;
            faults.AddRange(record.Attachments.Select(attachment => Problem(files, record.Id, attachment)).OfType<string>());
            if (record.IsOpen() && nowS - record.CreatedAt > Forgotten.TotalSeconds)
            {
                found.Add(new HealthCheck(Part, HealthStatus.Warning, string.Create(CultureInfo.InvariantCulture,
                    $"{record.Id} on {record.Node}/{record.Channel} is {AbuseMoves.Name(record.State)} since {(nowS - record.CreatedAt) / 86400:0} days; end or cancel it.")));
            }
        }

        found.InsertRange(0, faults.Take(MostNamed).Select(fault => new HealthCheck(Part, HealthStatus.Fault, fault)));
        if (faults.Count > MostNamed)
        {
            found.Insert(MostNamed, new HealthCheck(Part, HealthStatus.Fault, $"{faults.Count - MostNamed} more like these."));
        }

        found.AddRange(database.ReadAbuseReleases().Select(release =>
            new HealthCheck(Part, HealthStatus.Warning, $"Node {release.Node} has not confirmed yet that channel {release.Channel} is let go after an abuse test; look at its relay.")));
        if (found.Count == 0)
        {
            found.Add(new HealthCheck(Part, HealthStatus.Sound, tests == 0 ? "No abuse test yet."
                : string.Create(CultureInfo.InvariantCulture, $"{tests} abuse tests, as they were signed; {attachments} attachments, as they were taken.")));
        }

        return found;
    }

    private static IEnumerable<AbuseRecord> All(StateDatabase database)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        long before = long.MaxValue;
        while (true)
        {
            // Tests made in the same microsecond stand on both sides of a page's edge.
            AbuseRecord[] page = [.. database.ReadAbuse(before, isOpenOnly: false, PageTests).Where(record => seen.Add(record.Id))];
            if (page.Length == 0)
            {
                yield break;
            }

            foreach (AbuseRecord record in page)
            {
                yield return record;
            }

            before = (long)Math.Ceiling(page[^1].CreatedAt * 1e6) + 1;
        }
    }

    private static string? Problem(AbuseFiles files, string test, AbuseAttachment attachment)
    {
        string path = files.PathOf(test, attachment.Id);
        if (!File.Exists(path))
        {
            return $"{test}: attachment {attachment.Id.ToString(CultureInfo.InvariantCulture)} '{attachment.Name}' is missing ({path}); restore it from a backup.";
        }

        using FileStream file = File.OpenRead(path);
        return Convert.ToHexStringLower(SHA256.HashData(file)) == attachment.Sha256 ? null
            : $"{test}: attachment {attachment.Id.ToString(CultureInfo.InvariantCulture)} '{attachment.Name}' is no longer what was attached ({path}); restore it from a backup.";
    }
}
