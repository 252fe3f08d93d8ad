using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>What becomes of a notice on the way to one person.</summary>
internal enum RoutingVerdict
{
    /// <summary>Goes now.</summary>
    Send = 0,

    /// <summary>Waits for the end of the quiet hours.</summary>
    Hold = 1,

    /// <summary>Is not for this person.</summary>
    Skip = 2,
}

/// <summary>
/// The one rule that says who is told. An emergency goes to everybody, at once, whatever they have set: quiet hours, least priority,
/// benches and rank of escalation are looked at only after that question.
/// </summary>
/// <param name="Verdict">What becomes of it.</param>
/// <param name="Reason">Why it does not go now, for the log; empty where it goes.</param>
/// <param name="Until">When it goes where it waits.</param>
internal readonly record struct Routing(RoutingVerdict Verdict, string Reason, DateTimeOffset Until)
{
    /// <summary>Bench name of the gateway's own alarms, which are everybody's.</summary>
    private const string Everywhere = GatewayRules.Self;

    public static bool NothingSilences(AlarmPriority priority) => priority == AlarmPriority.Emergency;

    public static Routing Decide(DeliveryPerson person, AlarmNotice notice, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(person);
        ArgumentNullException.ThrowIfNull(notice);
        if (NothingSilences(notice.Priority))
        {
            return new Routing(RoutingVerdict.Send, "", default);
        }

        if (notice.Priority < person.LeastPriority)
        {
            return Skip($"below the least priority, {AlarmPriorities.NameOf(person.LeastPriority)}");
        }

        if (notice.Escalation < person.FromEscalation)
        {
            return Skip($"told only from escalation {person.FromEscalation} on");
        }

        if (!IsOnBench(person, notice.Bench))
        {
            return Skip("of another bench");
        }

        return person.QuietHours is { } quiet && quiet.Contains(now)
            ? new Routing(RoutingVerdict.Hold, "quiet hours", quiet.EndAfter(now))
            : new Routing(RoutingVerdict.Send, "", default);
    }

    private static Routing Skip(string reason) => new(RoutingVerdict.Skip, reason, default);

    private static bool IsOnBench(DeliveryPerson person, string bench)
    {
        if (person.Benches is not { Count: > 0 } own)
        {
            return true;
        }

        string[] benches = bench.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

        // Of very many only the first are named, then how many more ("x and 12 more"): that may be anybody's. A name has no space.
        return benches.Length == 0 || Array.Exists(benches, one =>
            one == Everywhere || one.Contains(' ', StringComparison.Ordinal) || own.Contains(one, StringComparer.Ordinal));
    }
}
