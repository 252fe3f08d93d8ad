namespace PouchMonitor.Mqtt.Packets;

/// <summary>The protocol level a client names in CONNECT.</summary>
public enum MqttProtocolVersion : byte
{
    /// <summary>MQTT 3.1.1 (OASIS standard, 2014).</summary>
    V311 = 4,

    /// <summary>MQTT 5.0 (OASIS standard, 2019).</summary>
    V5 = 5,
}
