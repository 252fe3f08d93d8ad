namespace PouchMonitor.Mqtt.Packets;

/// <summary>The fifteen control packets of MQTT (section 2.1.2); the value is the upper half of the first byte.</summary>
public enum MqttPacketType : byte
{
    Connect = 1,
    ConnectAcknowledge = 2,
    Publish = 3,
    PublishAcknowledge = 4,
    PublishReceived = 5,
    PublishRelease = 6,
    PublishComplete = 7,
    Subscribe = 8,
    SubscribeAcknowledge = 9,
    Unsubscribe = 10,
    UnsubscribeAcknowledge = 11,
    PingRequest = 12,
    PingResponse = 13,
    Disconnect = 14,

    /// <summary>Enhanced authentication; MQTT 5 only.</summary>
    Authenticate = 15,
}
