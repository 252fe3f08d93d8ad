using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using PouchMonitor.Gateway.Api;
using PouchMonitor.Gateway.Store;

namespace PouchMonitor.Gateway.Access;

/// <summary>
/// Sessions of people: a random 256-bit id in a cookie, here as a hash. A session ends by signing out, unused for
/// <see cref="Idle"/>, after a time that is the shorter the more its role may do, and with any change of its account.
/// </summary>
internal sealed class SessionBook
{
    /// <summary>Most sessions of one person; the one that was used longest ago makes room.</summary>
    public const int MostPerPerson = 10;

    /// <summary>A session that is not used for this long ends; an open dashboard uses it.</summary>
    public static readonly TimeSpan Idle = TimeSpan.FromHours(12);

    /// <summary>How often the last use is written down, so that reading does not become writing.</summary>
    public static readonly TimeSpan SaveEvery = TimeSpan.FromMinutes(10);

    private readonly StateDatabase database;
    private readonly AccessFile access;
    private readonly Func<long> nowMicroseconds;
    private readonly Lock gate = new();
    private readonly Dictionary<string, Session> sessions = new(StringComparer.Ordinal);

    public SessionBook(StateDatabase database, AccessFile access, Func<long> nowMicroseconds)
    {
        this.database = database;
        this.access = access;
        this.nowMicroseconds = nowMicroseconds;
        database.RemoveExpiredSessions(nowMicroseconds());
        foreach (Session session in database.ReadSessions())
        {
            session.SavedMicroseconds = session.LastUsedMicroseconds;
            sessions[session.Hash] = session;
        }
    }

    /// <summary>How long a session of a role lasts, however much it is used.</summary>
    public static TimeSpan LongestOf(Role role) => role switch
    {
        Role.Viewer => TimeSpan.FromDays(30),
        Role.Operator => TimeSpan.FromDays(7),
        _ => TimeSpan.FromDays(1),
    };

    /// <summary>Begins a session, always under a new id, and gives the id for the cookie.</summary>
    public (string Id, Session Session) Begin(Person person)
    {
        string id = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        long now = nowMicroseconds();
        Session session = new()
        {
            Hash = HashOf(id),
            Person = person.Name,
            Stamp = person.Stamp,
            Role = person.Role,
            CreatedMicroseconds = now,
            ExpiresMicroseconds = now + Microseconds(LongestOf(person.Role)),
            LastUsedMicroseconds = now,
            SavedMicroseconds = now,
        };
        lock (gate)
        {
            foreach (Session ended in sessions.Values.Where(other => !IsGood(other, now)).ToArray())
            {
                Remove(ended);
            }

            foreach (Session oldest in sessions.Values.Where(other => other.Person == person.Name)
                .OrderByDescending(other => other.LastUsedMicroseconds).Skip(MostPerPerson - 1).ToArray())
            {
                Remove(oldest);
            }

            Keep(() => database.SaveSession(session));
            sessions[session.Hash] = session;
        }

        return (id, session);
    }

    /// <summary>The session of an id, used now; null where there is none or it has ended.</summary>
    public Session? Find(string id)
    {
        if (id.Length is < 40 or > 50)
        {
            return null;
        }

        lock (gate)
        {
            return sessions.TryGetValue(HashOf(id), out Session? session) && Use(session) ? session : null;
        }
    }

    /// <summary>Whether a session goes on; asking counts as using it.</summary>
    public bool IsAlive(Session session)
    {
        lock (gate)
        {
            return sessions.GetValueOrDefault(session.Hash) == session && Use(session);
        }
    }

    public void End(Session session)
    {
        lock (gate)
        {
            Remove(session);
        }
    }

    /// <summary>Sessions of each person that go on.</summary>
    public IReadOnlyDictionary<string, int> CountByPerson()
    {
        lock (gate)
        {
            long now = nowMicroseconds();
            return sessions.Values.Where(session => IsGood(session, now)).GroupBy(session => session.Person, StringComparer.Ordinal)
                .ToDictionary(group => group.Key, group => group.Count(), StringComparer.Ordinal);
        }
    }

    /// <summary>What a page sends back with every change: only who has the cookie's id can make it.</summary>
    public static string CsrfOf(string id) =>
        Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.UTF8.GetBytes(id), "pouchmonitor csrf"u8));

    private static string HashOf(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(id)));

    private static long Microseconds(TimeSpan span) => span.Ticks / TimeSpan.TicksPerMicrosecond;

    private bool Use(Session session)
    {
        long now = nowMicroseconds();
        if (!IsGood(session, now))
        {
            Remove(session);
            return false;
        }

        session.LastUsedMicroseconds = now;
        if (now - session.SavedMicroseconds >= Microseconds(SaveEvery))
        {
            session.SavedMicroseconds = now;
            Keep(() => database.SaveSession(session));
        }

        return true;
    }

    private bool IsGood(Session session, long now) => now < session.ExpiresMicroseconds
        && now - session.LastUsedMicroseconds < Microseconds(Idle)
        && access.FindPerson(session.Person) is { } person && person.Stamp == session.Stamp;

    private void Remove(Session session)
    {
        sessions.Remove(session.Hash);
        Keep(() => database.RemoveSession(session.Hash));
    }

    // On a full disk people still have to get at their alarms; what is wrong is told by the alarm 'storage'.
    private static void Keep(Action write)
    {
        try
        {
            write();
        }
        catch (SqliteException)
        {
            // It counts in memory, until the gateway ends.
        }
    }
}
