using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Store;

/// <summary>One saved state of a profile that a lab has made; it is never changed, the next save is the next version.</summary>
/// <param name="Name">Name of the profile.</param>
/// <param name="Version">From 1.</param>
/// <param name="AtMicroseconds">When it was saved, gateway time, Unix microseconds.</param>
/// <param name="Person">Who saved it.</param>
/// <param name="Body">The profile as a profile file holds it.</param>
public sealed record LabProfileVersion(string Name, int Version, long AtMicroseconds, string Person, string Body);

/// <summary>Profiles that a lab has made, each with all its versions.</summary>
public sealed partial class StateDatabase
{
    private const string LabProfileColumns = "SELECT name, version, at_us, person, body FROM lab_profile";

    /// <summary>The newest version of each, by name.</summary>
    public IReadOnlyList<LabProfileVersion> ReadLabProfiles() => Read(
        LabProfileColumns + " p WHERE version = (SELECT max(version) FROM lab_profile WHERE name = p.name) ORDER BY name", ReadLabProfile);

    /// <summary>All versions of one, the newest first.</summary>
    public IReadOnlyList<LabProfileVersion> ReadLabProfileVersions(string name) =>
        Read(LabProfileColumns + " WHERE name = $n ORDER BY version DESC", ReadLabProfile, ("$n", name));

    /// <summary>Adds a version together with its line of the audit trail; on disk when this returns.</summary>
    public void SaveLabProfile(LabProfileVersion saved, string detail)
    {
        ArgumentNullException.ThrowIfNull(saved);
        lock (gate)
        {
            InTransaction(() =>
            {
                Execute("INSERT INTO lab_profile VALUES ($n, $v, $a, $p, $b)",
                    ("$n", saved.Name), ("$v", saved.Version), ("$a", saved.AtMicroseconds), ("$p", saved.Person), ("$b", saved.Body));
                AddAuditLine(saved.AtMicroseconds, saved.Person, "profile.save", saved.Name, detail);
            });
        }
    }

    private static LabProfileVersion ReadLabProfile(SqliteDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4));
}
