using System.Globalization;
using System.Text;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;

namespace PouchMonitor.Gateway.Api;

/// <summary>The gateway's figures as Prometheus text.</summary>
internal static class MetricsText
{
    public static string Write(GatewayServices gateway, int analysisQueueFrames)
    {
        PipelineCounters counters = gateway.Counters;
        JournalCounters journal = gateway.Journal.Counters();
        StringBuilder text = new();
        Add(text, "pouchmonitor_frames_stored_total", "counter", "Frames stored durably since the start.", counters.StoredFrames);
        Add(text, "pouchmonitor_samples_stored_total", "counter", "Samples stored durably since the start.", counters.StoredSamples);
        Add(text, "pouchmonitor_frames_duplicate_total", "counter", "Frames that were already stored.", counters.Duplicates);
        Add(text, "pouchmonitor_quarantined_total", "counter", "Messages kept raw because they could not be taken.", counters.Quarantined);
        Add(text, "pouchmonitor_frames_failed_total", "counter", "Attempts to store a frame that failed.", counters.Failed);
        Add(text, "pouchmonitor_faults_total", "counter", "Faults of the program itself; the first is told in an alarm.", counters.Faults);
        Add(text, "pouchmonitor_journal_syncs_total", "counter", "Forced writes to stable storage.", journal.Syncs);
        Add(text, "pouchmonitor_journal_bytes_total", "counter", "Bytes written to the journal.", journal.BytesWritten);
        Add(text, "pouchmonitor_journal_queue_entries", "gauge", "Entries waiting for the journal.", journal.QueueEntries);
        Add(text, "pouchmonitor_analysis_queue_frames", "gauge", "Frames waiting for analysis.", analysisQueueFrames);
        Add(text, "pouchmonitor_channels", "gauge", "Channels known.", gateway.State.Channels.Count());
        Add(text, "pouchmonitor_alarms_active", "gauge", "Alarms active now.", gateway.Alarms.List().Count(alarm => alarm.IsActive));
        Add(text, "pouchmonitor_storage_failing", "gauge", "1 while frames cannot be stored.", gateway.Journal.IsFailing ? 1 : 0);
        Add(text, "pouchmonitor_dashboards", "gauge", "Dashboards open.", gateway.Stream.ListenerCount);
        return text.ToString();
    }

    internal static void Add(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
