namespace PouchMonitor.Gateway.Store;

/// <summary>One line of what people and the program have changed.</summary>
/// <param name="Id">Rises by one a line; a gap would show that something is missing.</param>
/// <param name="AtMicroseconds">Gateway time, Unix microseconds.</param>
/// <param name="Person">Who.</param>
/// <param name="Action">What, such as <c>account.add</c>.</param>
/// <param name="Target">Of what, such as the name of the account.</param>
/// <param name="Detail">In words or JSON, never a secret; null where there is no more to say.</param>
public sealed record AuditEntry(long Id, long AtMicroseconds, string Person, string Action, string Target, string? Detail);

/// <summary>The audit trail; the database itself refuses to change or to delete a line of it.</summary>
public sealed partial class StateDatabase
{
    /// <summary>Adds a line; it is on disk when this returns.</summary>
    public void Audit(long atMicroseconds, string person, string action, string target, string? detail = null)
    {
        lock (gate)
        {
            InTransaction(() => AddAuditLine(atMicroseconds, person, action, target, detail));
        }
    }

    // Within the transaction of what it tells of: neither is ever kept without the other.
    private void AddAuditLine(long atMicroseconds, string person, string action, string target, string? detail) => Execute(
        "INSERT INTO audit (at_us, person, action, target, detail) VALUES ($a, $p, $c, $t, $d)",
        ("$a", atMicroseconds), ("$p", person), ("$c", action), ("$t", target), ("$d", detail));

    /// <summary>The newest lines first, beginning below an id.</summary>
    public IReadOnlyList<AuditEntry> ReadAudit(long beforeId, int most) => Read(
        "SELECT id, at_us, person, action, target, detail FROM audit WHERE id < $i ORDER BY id DESC LIMIT $n",
        row => new AuditEntry(row.GetInt64(0), row.GetInt64(1), row.GetString(2), row.GetString(3), row.GetString(4), row[5] as string),
        ("$i", beforeId), ("$n", most));
}
