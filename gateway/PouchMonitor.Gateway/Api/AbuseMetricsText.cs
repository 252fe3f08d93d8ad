using System.Text;
using PouchMonitor.Analysis.Abuse;
using PouchMonitor.Gateway.Abuse;

namespace PouchMonitor.Gateway.Api;

/// <summary>Figures of the abuse tests as Prometheus text.</summary>
internal static class AbuseMetricsText
{
    public static string Write(AbuseDesk? desk)
    {
        if (desk is null)
        {
            return "";
        }

        IReadOnlyList<AbuseRecord> records = [.. desk.Book.Kept.Select(session => session.Shown)];
        StringBuilder text = new();
        MetricsText.Add(text, "pouchmonitor_abuse_open", "gauge", "Abuse tests that have not ended.", records.Count(record => record.IsOpen()));
        MetricsText.Add(text, "pouchmonitor_abuse_watched", "gauge", "Abuse tests from arming to their end.", records.Count(record => record.IsWatched()));
        MetricsText.Add(text, "pouchmonitor_abuse_unsigned", "gauge", "Abuse tests that have ended and are not signed.", records.Count(record => record.State == AbuseState.Ended));
        MetricsText.Add(text, "pouchmonitor_abuse_unconfirmed_stops", "gauge", "Open abuse tests with an emergency stop that is not confirmed.",
            records.Count(record => record.IsOpen() && record.Stop is { State: not AbuseStopper.Confirmed }));
        MetricsText.Add(text, "pouchmonitor_abuse_frames_total", "counter", "Frames handed over to abuse tests.", desk.Taps.HandedCount);
        MetricsText.Add(text, "pouchmonitor_abuse_frames_missed_total", "counter", "Frames that found no room in the hand-over and were read from the journal instead.", desk.Taps.DroppedCount);
        MetricsText.Add(text, "pouchmonitor_abuse_rebuilds_total", "counter", "Evaluations of abuse tests made anew from the journal.", desk.RebuildCount);
        return text.ToString();
    }
}
