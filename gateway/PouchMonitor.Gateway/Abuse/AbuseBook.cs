using System.Collections.Concurrent;
using System.Text.Json;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Setup;
using PouchMonitor.Wire;

namespace PouchMonitor.Gateway.Abuse;

/// <summary>
/// The abuse tests there are: those that are neither signed nor cancelled in memory, all in the database. At most one open test a
/// channel, and so many in all. Read from any thread; added to and left by the desk's.
/// </summary>
internal sealed class AbuseBook(GatewayServices gateway)
{
    /// <summary>Most tests that are open at a time.</summary>
    public const int MostOpen = 32;

    /// <summary>Most tests that have ended and wait for a signature; the figures of older ones stand as they are.</summary>
    public const int MostEnded = 64;

    private readonly ConcurrentDictionary<string, AbuseSession> sessions = new(StringComparer.Ordinal);

    /// <summary>Those in memory, the oldest first.</summary>
    public IReadOnlyList<AbuseSession> Kept => [.. sessions.Values.OrderBy(session => session.Record.CreatedAt)];

    public int OpenCount => sessions.Values.Count(session => session.Record.IsOpen());

    /// <summary>Takes up what was left unfinished.</summary>
    public void Restore()
    {
        double now = gateway.NowMicroseconds() / 1e6;
        IReadOnlyList<AbuseRecord> stored = gateway.Database.ReadUnfinishedAbuse();
        foreach (AbuseRecord record in stored.Where(AbuseMoves.IsOpen).Concat(stored.Where(record => !record.IsOpen()).TakeLast(MostEnded)))
        {
            AbuseRecord taken = record.IsOpen() ? record.With(now, AbuseLog.State, "The gateway has been started anew") : record;
            if (taken.Stop is { State: AbuseStopper.Sent } stop)
            {
                taken = taken with { Stop = stop with { State = AbuseStopper.Unanswered, Detail = "the gateway was started anew before the node answered" } };
            }

            sessions[record.Id] = Open(taken, isUnsaved: taken != record);
        }
    }

    /// <summary>The channels whose frames are wanted.</summary>
    public IEnumerable<(string Node, string Channel)> Places() => sessions.Values.Select(session => (session.Node, session.Channel));

    /// <summary>The tests of a channel that are in memory.</summary>
    public IEnumerable<AbuseSession> At(string node, string channel) =>
        sessions.Values.Where(session => session.Node == node && session.Channel == channel);

    /// <summary>A test in memory; null where it is not.</summary>
    public AbuseSession? Find(string id) => sessions.GetValueOrDefault(id);

    /// <summary>A test that can still be changed.</summary>
    /// <exception cref="SetupRefusal">There is none, or it is closed.</exception>
    public AbuseSession Need(string id)
    {
        if (Find(id) is { } session)
        {
            return session;
        }

        AbuseRecord record = Read(id) ?? throw SetupRefusal.Missing($"There is no abuse test '{Short(id)}'.");
        if (record.State == AbuseState.Ended)
        {
            // One of very many that wait for a signature.
            return new AbuseSession(record) { NeedsRebuild = false, TakenUpAt = gateway.NowMicroseconds() / 1e6 };
        }

        AbuseMoves.RequireChangeable(record);
        throw SetupRefusal.Unavailable($"{record.Id} is not in memory; try again.");
    }

    /// <summary>A test as everybody sees it; null where there is none.</summary>
    public AbuseRecord? Read(string id)
    {
        if (Find(id) is { } session)
        {
            return session.Shown;
        }

        return TopicNames.IsName(id) && gateway.Database.FindAbuse(id) is { } body
            ? AbuseSigning.Verified(JsonSerializer.Deserialize<AbuseRecord>(body, AbuseJson.Options)!, body)
            : null;
    }

    /// <summary>Tests made before a time, the newest first.</summary>
    public IReadOnlyList<AbuseRecord> List(long beforeMicroseconds, bool isOpenOnly, int most) =>
        [.. gateway.Database.ReadAbuse(beforeMicroseconds, isOpenOnly, most).Select(record => Find(record.Id)?.Shown ?? record)];

    /// <summary>Stores a new test and takes it up; on the desk's thread.</summary>
    /// <exception cref="SetupRefusal">The channel has one already, or there are too many.</exception>
    public AbuseSession Add(AbuseRecord record)
    {
        ArgumentNullException.ThrowIfNull(record);
        if (At(record.Node!, record.Channel!).FirstOrDefault(session => session.Record.IsOpen()) is { } other)
        {
            throw SetupRefusal.Conflict(
                $"Abuse test {other.Record.Id} of cell '{other.Record.Cell}' is {AbuseMoves.Name(other.Record.State)} on {record.Node}/{record.Channel}; end or cancel it first.");
        }

        if (OpenCount >= MostOpen)
        {
            throw SetupRefusal.Conflict($"{OpenCount} abuse tests are open, {MostOpen} are the most.");
        }

        gateway.Database.SaveAbuse(record, gateway.NowMicroseconds(), record.CreatedBy, "abuse.create", record.Log[^1].Text);
        AbuseSession added = Open(record, isUnsaved: false);
        sessions[record.Id] = added;
        foreach (AbuseSession oldest in Kept.Where(session => session.Record.State == AbuseState.Ended).SkipLast(MostEnded))
        {
            Leave(oldest);
        }

        return added;
    }

    /// <summary>A test is closed: from now on it is read from the database.</summary>
    public void Leave(AbuseSession session)
    {
        ArgumentNullException.ThrowIfNull(session);
        sessions.TryRemove(session.Record.Id, out _);
    }

    // With a watch from the beginning, so that nothing that is told or comes before the past has been read is lost.
    private AbuseSession Open(AbuseRecord record, bool isUnsaved) => new(record)
    {
        IsUnsaved = isUnsaved,
        TakenUpAt = gateway.NowMicroseconds() / 1e6,
        Feed = record.IsOpen() ? AbuseReplay.Begin(record, AbuseSetup.ProfileOf(gateway, record), gateway.NowMicroseconds() / 1e6) : null,
    };

    private static string Short(string text) => text.Length <= 80 ? text : text[..80];
}
