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
        return text.ToString();

        void Gauge(string name, string help, double value) => MetricsText.Add(text, "pouchmonitor_mqtt_" + name, "gauge", help, value);

        void Counter(string name, string help, double value) => MetricsText.Add(text, "pouchmonitor_mqtt_" + name, "counter", help, value);
    }
}
