using System.Globalization;
using System.Text;
using PouchMonitor.Mqtt.Server;

namespace PouchMonitor.Gateway.Api;

/// <summary>The figures of the MQTT endpoint's doors and bounds as Prometheus text.</summary>
internal static class MqttMetricsText
{
    public static string Write(MqttServerSnapshot mqtt)
    {
        StringBuilder text = new();
        Gauge("connections", "Connections open, those not yet logged in included.", mqtt.Connections);
        Gauge("connections_pending", "Connections not yet logged in.", mqtt.PendingConnections);
        Counter("connections_over_limit_total", "Connections closed at once because too many are open.", mqtt.ConnectionsOverLimit);
        Counter("connections_over_pending_total", "Connections closed at once because too many had not logged in.", mqtt.ConnectionsOverPending);
        Counter("connections_over_rate_total", "Connections closed at once because too many came in a short time.", mqtt.ConnectionsOverRate);
        Gauge("tls_handshakes", "TLS handshakes under way.", mqtt.HandshakesUnderWay);
        Counter("tls_handshakes_failed_total", "TLS handshakes that failed.", mqtt.HandshakesFailed);
        Counter("tls_handshakes_late_total", "TLS handshakes that were not done in time.", mqtt.HandshakesTimedOut);
        Counter("certificate_reloads_failed_total", "Changed certificate files that were no good; the one before stayed in use.", mqtt.CertificateReloadsFailed);
        Gauge("inflight_bytes", "Payload bytes taken and not yet acknowledged.", mqtt.InFlightBytes);
        Counter("inflight_holds_total", "Times a connection was not read because of its own bytes in flight.", mqtt.InFlightHolds);
        Counter("inflight_holds_of_all_total", "Times a connection was not read because of all connections' bytes in flight.", mqtt.InFlightHoldsOfAll);
        Gauge("sessions", "Sessions, connected or kept.", mqtt.Sessions);
        Gauge("subscriptions", "Subscriptions, shared ones included.", mqtt.Subscriptions + mqtt.SharedSubscriptions);
        Gauge("retained_messages", "Retained messages.", mqtt.RetainedMessages);
        Gauge("session_log_bytes", "Bytes in the present segment of the log that keeps sessions over a restart.", mqtt.LogBytes);
        Counter("session_log_commits_total", "Groups of session changes made durable.", mqtt.LogCommits);
        Counter("session_log_failed_writes_total", "Attempts to make session changes durable that failed.", mqtt.LogFailedWrites);
        Counter("messages_received_total", "Publishes from clients.", mqtt.MessagesReceived);
        Counter("messages_sent_total", "Publishes to clients.", mqtt.MessagesSent);
        Counter("bytes_received_total", "Bytes from clients.", mqtt.BytesReceived);
        Counter("bytes_sent_total", "Bytes of publishes to clients.", mqtt.BytesSent);
        Counter("handler_failures_total", "Connections ended by a fault of the program.", mqtt.HandlerFailures);
        Each("dropped_total", "Accepted messages that a subscriber did not get.", Enum.GetValues<MqttDropReason>(), mqtt.Drops);
        Each("connects_refused_total", "Connects refused.", mqtt.ConnectsRefused.Keys, mqtt.ConnectsRefused);
        Each("publishes_refused_total", "Publishes refused.", mqtt.PublishesRefused.Keys, mqtt.PublishesRefused);
        Each("faults_total", "Packets that broke the protocol.", mqtt.Faults.Keys, mqtt.Faults);
        return text.ToString();

        void Gauge(string name, string help, double value) => MetricsText.Add(text, "pouchmonitor_mqtt_" + name, "gauge", help, value);

        void Each<TReason>(string name, string help, IEnumerable<TReason> reasons, IReadOnlyDictionary<TReason, long> counts)
        {
            text.Append(CultureInfo.InvariantCulture, $"# HELP pouchmonitor_mqtt_{name} {help}\n# TYPE pouchmonitor_mqtt_{name} counter\n");
            foreach (TReason reason in reasons)
            {
                text.Append(CultureInfo.InvariantCulture, $"pouchmonitor_mqtt_{name}{{reason=\"{reason}\"}} {counts.GetValueOrDefault(reason)}\n");
            }
        }

        void Counter(string name, string help, double value) => MetricsText.Add(text, "pouchmonitor_mqtt_" + name, "counter", help, value);
    }
}
