using System.Globalization;
using System.Text;
using PouchMonitor.Gateway.Journal;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Server;

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
        if (gateway.Mqtt?.Snapshot() is { } mqtt)
        {
            AddMqtt(text, mqtt);
        }

        return text.ToString();
    }

    private static void AddMqtt(StringBuilder text, MqttServerSnapshot mqtt)
    {
        Add(text, "pouchmonitor_mqtt_connections", "gauge", "MQTT connections open.", mqtt.Connections);
        Add(text, "pouchmonitor_mqtt_sessions", "gauge", "MQTT sessions, connected or kept.", mqtt.Sessions);
        Add(text, "pouchmonitor_mqtt_subscriptions", "gauge", "MQTT subscriptions, shared ones included.", mqtt.Subscriptions + mqtt.SharedSubscriptions);
        Add(text, "pouchmonitor_mqtt_retained_messages", "gauge", "MQTT retained messages.", mqtt.RetainedMessages);
        Add(text, "pouchmonitor_mqtt_messages_received_total", "counter", "MQTT publishes from clients.", mqtt.MessagesReceived);
        Add(text, "pouchmonitor_mqtt_messages_sent_total", "counter", "MQTT publishes to clients.", mqtt.MessagesSent);
        Add(text, "pouchmonitor_mqtt_bytes_received_total", "counter", "Bytes from MQTT clients.", mqtt.BytesReceived);
        Add(text, "pouchmonitor_mqtt_bytes_sent_total", "counter", "Bytes of publishes to MQTT clients.", mqtt.BytesSent);
        Add(text, "pouchmonitor_mqtt_handler_failures_total", "counter", "Connections ended by a fault of the program.", mqtt.HandlerFailures);
        AddEach(text, "pouchmonitor_mqtt_dropped_total", "Accepted MQTT messages that a subscriber did not get.", Enum.GetValues<MqttDropReason>(), mqtt.Drops);
        AddEach(text, "pouchmonitor_mqtt_connects_refused_total", "MQTT connects refused.", mqtt.ConnectsRefused.Keys, mqtt.ConnectsRefused);
        AddEach(text, "pouchmonitor_mqtt_publishes_refused_total", "MQTT publishes refused.", mqtt.PublishesRefused.Keys, mqtt.PublishesRefused);
        AddEach(text, "pouchmonitor_mqtt_faults_total", "MQTT packets that broke the protocol.", mqtt.Faults.Keys, mqtt.Faults);
    }

    private static void AddEach<TReason>(StringBuilder text, string name, string help, IEnumerable<TReason> reasons, IReadOnlyDictionary<TReason, long> counts)
        where TReason : struct, Enum
    {
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} counter\n");
        foreach (TReason reason in reasons)
        {
            text.Append(CultureInfo.InvariantCulture, $"{name}{{reason=\"{reason}\"}} {counts.GetValueOrDefault(reason)}\n");
        }
    }

    private static void Add(StringBuilder text, string name, string type, string help, double value) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n{name} {value}\n");
}
