using System.Globalization;
using PouchMonitor.Analysis.Detection;
using PouchMonitor.Gateway.Alarms;

namespace PouchMonitor.Gateway.Delivery;

/// <summary>
/// <c>delivery</c>: a route has failed for longer than set, so that whoever is reached by another one knows; or the outbox itself
/// cannot be kept.
/// </summary>
internal static class DeliveryAlarms
{
    private const int MostNamed = 5;

    public static void Look(AlarmBook alarms, NoticeDispatcher outbox, long nowMicroseconds)
    {
        long patience = outbox.Book.Current.AlarmAfterMinutes * 60_000_000L;
        List<RouteStatus> dead = [.. outbox.Routes()
            .Where(route => nowMicroseconds - route.FailingSinceMicroseconds > patience && outbox.Book.Current.Find(route.Route) is not null)];
        string? problem = outbox.Book.Problem
            ?? (outbox.Counters.DroppedCount is > 0 and long lost ? string.Create(
                CultureInfo.InvariantCulture, $"{lost} messages were lost because the database could not be written and memory was full.") : null);
        if (dead.Count == 0 && problem is null)
        {
            alarms.Clear(GatewayRules.Self, RuleNames.Delivery, nowMicroseconds, "every route works");
            return;
        }

        long onset = alarms.Open(GatewayRules.Self).FirstOrDefault(alarm => alarm.Rule == RuleNames.Delivery && alarm.IsActive)?.Finding.OnsetMicroseconds
            ?? nowMicroseconds;
        string routes = string.Join(", ", dead.Take(MostNamed).Select(route => route.Route))
            + (dead.Count > MostNamed ? string.Create(CultureInfo.InvariantCulture, $" and {dead.Count - MostNamed} more") : "");
        alarms.Raise(GatewayRules.Self, GatewayRules.Self, new Finding
        {
            Rule = RuleNames.Delivery,
            OnsetMicroseconds = onset,
            Severity = FindingSeverity.Critical,
            Measure = "failingRoutes",
            Observed = dead.Count,
            Limit = 0,
            Unit = "routes",
            Message = problem ?? string.Create(CultureInfo.InvariantCulture,
                $"Alarms have not reached {routes} for more than {outbox.Book.Current.AlarmAfterMinutes} min. Last error: {dead[0].LastError}."),
        }, nowMicroseconds);
    }
}
