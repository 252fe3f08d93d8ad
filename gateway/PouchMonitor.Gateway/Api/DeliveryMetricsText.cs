using System.Text;
using PouchMonitor.Gateway.Delivery;

namespace PouchMonitor.Gateway.Api;

/// <summary>Delivery's figures as Prometheus text.</summary>
internal static class DeliveryMetricsText
{
    public static string Write(AlarmDelivery delivery, long nowMicroseconds)
    {
        DeliveryCounters counters = delivery.Outbox.Counters;
        IReadOnlyList<RouteStatus> routes = delivery.Outbox.Routes();
        StringBuilder text = new();
        MetricsText.Add(text, "pouchmonitor_delivery_routes", "gauge", "Routes set or with something waiting.", routes.Count);
        MetricsText.Add(text, "pouchmonitor_delivery_failing_routes", "gauge", "Routes whose last attempt failed.", routes.Count(route => route.FailingSinceMicroseconds is not null));
        MetricsText.Add(text, "pouchmonitor_delivery_pending", "gauge", "Messages to be sent now.", routes.Sum(route => route.Waiting));
        MetricsText.Add(text, "pouchmonitor_delivery_held", "gauge", "Messages that wait for the end of quiet hours or a rush.", routes.Sum(route => route.Held));
        MetricsText.Add(text, "pouchmonitor_delivery_oldest_pending_seconds", "gauge", "Age of the oldest message to be sent now.",
            routes.Min(route => route.OldestMicroseconds) is { } oldest ? Math.Max(0, (nowMicroseconds - oldest) / 1e6) : 0);
        MetricsText.Add(text, "pouchmonitor_delivery_notices_total", "counter", "Notices taken since the start.", counters.TakenCount);
        MetricsText.Add(text, "pouchmonitor_delivery_sent_total", "counter", "Deliveries made since the start.", counters.SentCount);
        MetricsText.Add(text, "pouchmonitor_delivery_failed_attempts_total", "counter", "Attempts that failed.", counters.FailedAttempts);
        MetricsText.Add(text, "pouchmonitor_delivery_unknown_attempts_total", "counter", "Failed attempts that may have arrived; repeats say so.", counters.UnknownCount);
        MetricsText.Add(text, "pouchmonitor_delivery_refused_total", "counter", "Deliveries refused for good.", counters.RefusedCount);
        MetricsText.Add(text, "pouchmonitor_delivery_gave_up_total", "counter", "Deliveries given up.", counters.GaveUpCount);
        MetricsText.Add(text, "pouchmonitor_delivery_dropped_total", "counter", "Notices lost because the database could not be written and memory was full.", counters.DroppedCount);
        MetricsText.Add(text, "pouchmonitor_delivery_faults_total", "counter", "Faults of the program itself.", counters.FaultCount);
        MetricsText.Add(text, "pouchmonitor_delivery_log_removed_total", "counter", "Done rows removed from the log.", counters.TrimmedCount);
        if (delivery.Book.Current.Heartbeat is not null && delivery.Heartbeat is { } heartbeat)
        {
            MetricsText.Add(text, "pouchmonitor_heartbeat_healthy", "gauge", "1 while the gateway is well and says so.", heartbeat.Problem is null ? 1 : 0);
            MetricsText.Add(text, "pouchmonitor_heartbeat_last_success_seconds", "gauge", "When the watchdog last took a beat, Unix seconds; 0 never.", (heartbeat.LastSuccessMicroseconds ?? 0) / 1e6);
            MetricsText.Add(text, "pouchmonitor_heartbeat_failures_total", "counter", "Beats that were not taken.", heartbeat.Failures);
        }

        return text.ToString();
    }
}
