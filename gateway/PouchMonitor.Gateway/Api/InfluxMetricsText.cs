using System.Text;
using PouchMonitor.Gateway.Influx;

namespace PouchMonitor.Gateway.Api;

/// <summary>The forwarder's figures as Prometheus text.</summary>
internal static class InfluxMetricsText
{
    /// <summary>Empty where nothing is forwarded.</summary>
    public static string Write(InfluxForwarder? forwarder)
    {
        if (forwarder is null)
        {
            return "";
        }

        ForwarderFigures now = forwarder.Figures;
        StringBuilder text = new();
        MetricsText.Add(text, "pouchmonitor_influx_lag_bytes", "gauge", "Journal bytes not delivered.", now.LagBytes);
        MetricsText.Add(text, "pouchmonitor_influx_lag_frames", "gauge", "Frames not delivered, estimated from the bytes.", now.LagFrames);
        MetricsText.Add(text, "pouchmonitor_influx_lag_seconds", "gauge", "Since when something has been undelivered.", now.LagSeconds);
        MetricsText.Add(text, "pouchmonitor_influx_failing", "gauge", "1 while the last attempt failed.", now.LastError is null ? 0 : 1);
        MetricsText.Add(text, "pouchmonitor_influx_samples_total", "counter", "Samples delivered since the start.", now.DeliveredSamples);
        MetricsText.Add(text, "pouchmonitor_influx_lines_total", "counter", "Lines delivered since the start.", now.DeliveredLines);
        MetricsText.Add(text, "pouchmonitor_influx_batches_total", "counter", "Batches delivered since the start.", now.Batches);
        MetricsText.Add(text, "pouchmonitor_influx_failed_attempts_total", "counter", "Attempts that failed.", now.FailedAttempts);
        MetricsText.Add(text, "pouchmonitor_influx_rejected_lines_total", "counter", "Lines the server refused for good.", now.RejectedLines);
        if (now.ServerRetentionSeconds is { } kept)
        {
            MetricsText.Add(text, "pouchmonitor_influx_server_retention_seconds", "gauge", "How old a point may be for the server to keep it.", kept);
        }

        MetricsText.Add(text, "pouchmonitor_influx_deferred_boots", "gauge", "Boots whose frames wait for a time.", now.DeferredBoots);
        MetricsText.Add(text, "pouchmonitor_influx_given_up_boots_total", "counter", "Boots left out for want of a time.", now.GivenUpBoots);
        MetricsText.Add(text, "pouchmonitor_influx_same_time_samples_total", "counter", "Samples in the microsecond of the one before, which they replace.", now.SameTimeSamples);
        MetricsText.Add(text, "pouchmonitor_influx_unreadable_frames_total", "counter", "Frames that damage on the disk made unreadable.", now.UnreadableFrames);
        return text.ToString();
    }
}
