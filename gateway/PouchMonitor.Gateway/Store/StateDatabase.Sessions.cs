using System.Text.Json;
using PouchMonitor.Gateway.Access;

namespace PouchMonitor.Gateway.Store;

/// <summary>Who is signed in, over restarts, and when a token was last used. What signs in is kept as a hash only.</summary>
public sealed partial class StateDatabase
{
    private const string TokenUse = "token/";

    internal IReadOnlyList<Session> ReadSessions() => Read(
        "SELECT body FROM session WHERE hash NOT LIKE 'token/%'", row => JsonSerializer.Deserialize<Session>(row.GetString(0), Json)!);

    internal void SaveSession(Session session)
    {
        lock (gate)
        {
            InTransaction(() => Execute(
                "INSERT OR REPLACE INTO session VALUES ($h, $p, $e, $b)",
                ("$h", session.Hash), ("$p", session.Person), ("$e", session.ExpiresMicroseconds), ("$b", JsonSerializer.Serialize(session, Json))));
        }
    }

    internal void RemoveSession(string hash)
    {
        lock (gate)
        {
            InTransaction(() => Execute("DELETE FROM session WHERE hash = $h", ("$h", hash)));
        }
    }

    internal IReadOnlyDictionary<string, long> ReadTokenUses() => Read(
        "SELECT hash, CAST(body AS INTEGER) FROM session WHERE hash LIKE 'token/%'",
        row => (Id: row.GetString(0)[TokenUse.Length..], LastUs: row.GetInt64(1))).ToDictionary(use => use.Id, use => use.LastUs, StringComparer.Ordinal);

    internal void SaveTokenUse(ApiToken token, long atMicroseconds)
    {
        lock (gate)
        {
            InTransaction(() => Execute(
                "INSERT OR REPLACE INTO session VALUES ($h, '', $e, $b)",
                ("$h", TokenUse + token.Id), ("$e", token.ExpiresMicroseconds), ("$b", atMicroseconds)));
        }
    }

    /// <summary>Forgets what has expired.</summary>
    internal void RemoveExpiredSessions(long nowMicroseconds)
    {
        lock (gate)
        {
            InTransaction(() => Execute("DELETE FROM session WHERE expires_us <= $n", ("$n", nowMicroseconds)));
        }
    }
}
