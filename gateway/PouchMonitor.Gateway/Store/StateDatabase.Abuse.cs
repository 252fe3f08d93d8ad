using System.Text.Json;
using Microsoft.Data.Sqlite;
using PouchMonitor.Analysis.Abuse;

namespace PouchMonitor.Gateway.Store;

/// <summary>One saved version of a plan for abuse tests; it is never changed, the next save is the next version.</summary>
/// <param name="Name">Name of the plan.</param>
/// <param name="Version">As the plan itself says; the lab's begin above what the product brings.</param>
/// <param name="AtMicroseconds">When it was saved, gateway time, Unix microseconds.</param>
/// <param name="Person">Who saved it.</param>
/// <param name="Body">The plan as JSON.</param>
public sealed record AbusePlanVersion(string Name, int Version, long AtMicroseconds, string Person, string Body);

/// <summary>Abuse tests, each as one record, and the lab's plans for them.</summary>
public sealed partial class StateDatabase
{
    private const string AbusePlanColumns = "SELECT name, version, at_us, person, body FROM abuse_plan";

    /// <summary>Stores a test as it is now together with its line of the audit trail; on disk when this returns.</summary>
    /// <param name="record">The test.</param>
    /// <param name="atMicroseconds">Gateway time, Unix microseconds.</param>
    /// <param name="person">Whose act it is; null for what the monitor did.</param>
    /// <param name="action">Such as <c>abuse.arm</c>; null where the audit trail has no line for it.</param>
    /// <param name="detail">In words; null where there is no more to say.</param>
    /// <exception cref="SqliteException">It could not be stored; nothing of it was.</exception>
    public void SaveAbuse(AbuseRecord record, long atMicroseconds, string? person, string? action, string? detail)
    {
        ArgumentNullException.ThrowIfNull(record);
        string body = JsonSerializer.Serialize(record, AbuseJson.Options);
        lock (gate)
        {
            InTransaction(() =>
            {
                Execute(
                    "INSERT INTO abuse_session VALUES ($i, $c, $n, $h, $s, $u, $b) ON CONFLICT (id) DO UPDATE SET state = excluded.state, body = excluded.body",
                    ("$i", record.Id), ("$c", record.Cell), ("$n", record.Node ?? ""), ("$h", record.Channel ?? ""), ("$s", StateName(record.State)),
                    ("$u", (long)Math.Round(record.CreatedAt * 1e6)), ("$b", body));
                if (action is not null)
                {
                    AddAuditLine(atMicroseconds, person ?? "(monitor)", action, record.Id, detail);
                }
            });
        }
    }

    /// <summary>The JSON of a test as it is stored; null where there is none.</summary>
    public string? FindAbuse(string id) => Read("SELECT body FROM abuse_session WHERE id = $i", row => row.GetString(0), ("$i", id)).FirstOrDefault();

    /// <summary>Tests that are neither signed nor cancelled, the oldest first.</summary>
    public IReadOnlyList<AbuseRecord> ReadUnfinishedAbuse() =>
        Read("SELECT body FROM abuse_session WHERE state NOT IN ('signed', 'cancelled') ORDER BY created_us, id", ReadAbuse);

    /// <summary>Tests made before a time, the newest first.</summary>
    /// <param name="beforeMicroseconds">Gateway time, Unix microseconds.</param>
    /// <param name="isOpenOnly">Those alone that have not ended.</param>
    /// <param name="most">At most so many.</param>
    public IReadOnlyList<AbuseRecord> ReadAbuse(long beforeMicroseconds, bool isOpenOnly, int most) => Read(
        "SELECT body FROM abuse_session WHERE created_us < $u AND ($o = 0 OR state NOT IN ('ended', 'signed', 'cancelled')) ORDER BY created_us DESC, id LIMIT $m",
        ReadAbuse, ("$u", beforeMicroseconds), ("$o", isOpenOnly ? 1 : 0), ("$m", most));

    /// <summary>The newest version of each plan of the lab, by name.</summary>
    public IReadOnlyList<AbusePlanVersion> ReadAbusePlans() => Read(
        AbusePlanColumns + " p WHERE version = (SELECT max(version) FROM abuse_plan WHERE name = p.name) ORDER BY name", ReadAbusePlan);

    /// <summary>One version of a plan of the lab; null where there is none.</summary>
    public AbusePlanVersion? FindAbusePlan(string name, int version) =>
        Read(AbusePlanColumns + " WHERE name = $n AND version = $v", ReadAbusePlan, ("$n", name), ("$v", version)).FirstOrDefault();

    /// <summary>Adds a version together with its line of the audit trail; on disk when this returns.</summary>
    public void SaveAbusePlan(AbusePlanVersion saved)
    {
        ArgumentNullException.ThrowIfNull(saved);
        lock (gate)
        {
            InTransaction(() =>
            {
                Execute("INSERT INTO abuse_plan VALUES ($n, $v, $a, $p, $b)",
                    ("$n", saved.Name), ("$v", saved.Version), ("$a", saved.AtMicroseconds), ("$p", saved.Person), ("$b", saved.Body));
                AddAuditLine(saved.AtMicroseconds, saved.Person, "abuse.plan", saved.Name,
                    string.Create(System.Globalization.CultureInfo.InvariantCulture, $"version {saved.Version}: {saved.Body}"));
            });
        }
    }

    private static string StateName(AbuseState state) => state.ToString().ToLowerInvariant();

    private static AbuseRecord ReadAbuse(SqliteDataReader row) => JsonSerializer.Deserialize<AbuseRecord>(row.GetString(0), AbuseJson.Options)
        ?? throw new JsonException("an abuse test is stored as null");

    private static AbusePlanVersion ReadAbusePlan(SqliteDataReader row) =>
        new(row.GetString(0), row.GetInt32(1), row.GetInt64(2), row.GetString(3), row.GetString(4));
}
