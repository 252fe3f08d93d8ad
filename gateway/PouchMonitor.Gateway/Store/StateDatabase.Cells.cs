using Microsoft.Data.Sqlite;

namespace PouchMonitor.Gateway.Store;

/// <summary>A cell over all its tests.</summary>
/// <param name="Cell">Its name.</param>
/// <param name="FirstMicroseconds">Time of its first sample, by the samples' own clock; null while there is none.</param>
/// <param name="LastMicroseconds">Time of its last sample that is judged and stored.</param>
/// <param name="Profile">Name of the profile of its last test; null for the usual one.</param>
/// <param name="ProfileHash">Content of that profile; null where the test was judged by a version that did not keep it.</param>
/// <param name="LastTest">Its newest test.</param>
public sealed record CellRecord(
    string Cell, long? FirstMicroseconds, long? LastMicroseconds, string? Profile, string? ProfileHash, string LastTest);

/// <summary>Cells, and the profiles that tests were begun with.</summary>
public sealed partial class StateDatabase
{
    private const string CellColumns = "SELECT cell, first_us, last_us, profile, profile_hash, last_test FROM cell";

    /// <summary>Every cell that has had a test, by name.</summary>
    public IReadOnlyList<CellRecord> ReadCells() => Read(CellColumns + " ORDER BY cell", ReadCell);

    /// <summary>A cell; null where it has had no test.</summary>
    public CellRecord? FindCell(string cell) => Read(CellColumns + " WHERE cell = $c", ReadCell, ("$c", cell)).FirstOrDefault();

    /// <summary>The profile of a content; null where it is not kept.</summary>
    public StoredProfile? FindProfile(string hash) =>
        Read("SELECT name, hash, body FROM profile WHERE hash = $h", ReadProfile, ("$h", hash)).FirstOrDefault();

    /// <summary>Every profile that a test was begun with, by name.</summary>
    public IReadOnlyList<StoredProfile> ReadProfiles() => Read("SELECT name, hash, body FROM profile ORDER BY name, hash", ReadProfile);

    private static CellRecord ReadCell(SqliteDataReader row) => new(
        row.GetString(0), row[1] as long?, row[2] as long?, row[3] as string, row[4] as string, row.GetString(5));

    private static StoredProfile ReadProfile(SqliteDataReader row) => new(row.GetString(0), row.GetString(1), row.GetString(2));

    // Within the transaction of the test: neither is ever known without it. One that says nothing new writes nothing.
    private void SaveCell(TestRecord record, StoredProfile? profile)
    {
        if (profile is not null)
        {
            Execute(
                "INSERT INTO profile VALUES ($h, $n, $b, $f) ON CONFLICT (hash) DO UPDATE SET first_us = excluded.first_us "
                + "WHERE excluded.first_us < coalesce(first_us, excluded.first_us + 1)",
                ("$h", profile.Hash), ("$n", profile.Name), ("$b", profile.Body), ("$f", record.StartMicroseconds));
        }

        Execute(
            "INSERT INTO cell VALUES ($c, $f, $l, $p, $h, $t, $o) ON CONFLICT (cell) DO UPDATE SET "
            + "first_us = coalesce(min(first_us, excluded.first_us), first_us, excluded.first_us), "
            + "last_us = coalesce(max(last_us, excluded.last_us), last_us, excluded.last_us), "
            + "profile = CASE WHEN excluded.last_ordinal >= last_ordinal THEN excluded.profile ELSE profile END, "
            + "profile_hash = CASE WHEN excluded.last_ordinal >= last_ordinal THEN excluded.profile_hash ELSE profile_hash END, "
            + "last_test = CASE WHEN excluded.last_ordinal >= last_ordinal THEN excluded.last_test ELSE last_test END, "
            + "last_ordinal = max(last_ordinal, excluded.last_ordinal)",
            ("$c", record.Cell), ("$f", record.StartMicroseconds), ("$l", record.LastMicroseconds), ("$p", record.Profile),
            ("$h", record.ProfileHash), ("$t", record.Test), ("$o", record.Ordinal));
    }
}
