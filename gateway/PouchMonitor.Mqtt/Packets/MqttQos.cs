namespace PouchMonitor.Mqtt.Packets;

/// <summary>Quality of service: how often a message may arrive.</summary>
public enum MqttQos : byte
{
    AtMostOnce = 0,
    AtLeastOnce = 1,
    ExactlyOnce = 2,
}
