namespace PouchMonitor.Mqtt.Packets;

/// <summary>The properties of MQTT 5 (section 2.2.2.2).</summary>
public enum MqttPropertyId : byte
{
    None = 0,
    PayloadFormatIndicator = 0x01,
    MessageExpiryInterval = 0x02,
    ContentType = 0x03,
    ResponseTopic = 0x08,
    CorrelationData = 0x09,
    SubscriptionIdentifier = 0x0B,
    SessionExpiryInterval = 0x11,
    AssignedClientIdentifier = 0x12,
    ServerKeepAlive = 0x13,
    AuthenticationMethod = 0x15,
    AuthenticationData = 0x16,
    RequestProblemInformation = 0x17,
    WillDelayInterval = 0x18,
    RequestResponseInformation = 0x19,
    ResponseInformation = 0x1A,
    ServerReference = 0x1C,
    ReasonString = 0x1F,
    ReceiveMaximum = 0x21,
    TopicAliasMaximum = 0x22,
    TopicAlias = 0x23,
    MaximumQos = 0x24,
    RetainAvailable = 0x25,
    UserProperty = 0x26,
    MaximumPacketSize = 0x27,
    WildcardSubscriptionAvailable = 0x28,
    SubscriptionIdentifierAvailable = 0x29,
    SharedSubscriptionAvailable = 0x2A,
}

/// <summary>Where a list of properties stands: a packet, or the will inside CONNECT.</summary>
public enum MqttPropertyPlace : byte
{
    Will = 0,
    Connect = MqttPacketType.Connect,
    ConnectAcknowledge = MqttPacketType.ConnectAcknowledge,
    Publish = MqttPacketType.Publish,
    PublishAcknowledge = MqttPacketType.PublishAcknowledge,
    PublishReceived = MqttPacketType.PublishReceived,
    PublishRelease = MqttPacketType.PublishRelease,
    PublishComplete = MqttPacketType.PublishComplete,
    Subscribe = MqttPacketType.Subscribe,
    SubscribeAcknowledge = MqttPacketType.SubscribeAcknowledge,
    Unsubscribe = MqttPacketType.Unsubscribe,
    UnsubscribeAcknowledge = MqttPacketType.UnsubscribeAcknowledge,
    Disconnect = MqttPacketType.Disconnect,
    Authenticate = MqttPacketType.Authenticate,
}
