namespace PouchMonitor.Mqtt.Packets;

/// <summary>How a property's value is coded.</summary>
internal enum PropertyKind : byte
{
    Unknown = 0,

    /// <summary>One byte that is 0 or 1.</summary>
    Flag,
    UInt16,

    /// <summary>A two-byte integer that is not 0.</summary>
    PositiveUInt16,
    UInt32,

    /// <summary>A four-byte integer that is not 0.</summary>
    PositiveUInt32,

    /// <summary>A variable byte integer that is not 0.</summary>
    PositiveVariableInteger,
    Text,
    Binary,
    TextPair,
}

/// <summary>One row for each property: how it is coded and where it may stand (MQTT 5, table 2-4).</summary>
internal static class PropertyRules
{
    private const ushort Will = 1 << (int)MqttPropertyPlace.Will;
    private const ushort Connect = 1 << (int)MqttPropertyPlace.Connect;
    private const ushort ConnAck = 1 << (int)MqttPropertyPlace.ConnectAcknowledge;
    private const ushort Publish = 1 << (int)MqttPropertyPlace.Publish;
    private const ushort Subscribe = 1 << (int)MqttPropertyPlace.Subscribe;
    private const ushort Disconnect = 1 << (int)MqttPropertyPlace.Disconnect;
    private const ushort Auth = 1 << (int)MqttPropertyPlace.Authenticate;
    private const ushort Everywhere = 0xCFFF; // all but PINGREQ (12) and PINGRESP (13)
    private const ushort Answers = ConnAck | (0xF << 4) | (1 << 9) | (1 << 11) | Disconnect | Auth;

    private static readonly PropertyKind[] Kinds = new PropertyKind[43];
    private static readonly ushort[] Places = new ushort[43];

    static PropertyRules()
    {
        Row(MqttPropertyId.PayloadFormatIndicator, PropertyKind.Flag, Publish | Will);
        Row(MqttPropertyId.MessageExpiryInterval, PropertyKind.UInt32, Publish | Will);
        Row(MqttPropertyId.ContentType, PropertyKind.Text, Publish | Will);
        Row(MqttPropertyId.ResponseTopic, PropertyKind.Text, Publish | Will);
        Row(MqttPropertyId.CorrelationData, PropertyKind.Binary, Publish | Will);
        Row(MqttPropertyId.SubscriptionIdentifier, PropertyKind.PositiveVariableInteger, Publish | Subscribe);
        Row(MqttPropertyId.SessionExpiryInterval, PropertyKind.UInt32, Connect | ConnAck | Disconnect);
        Row(MqttPropertyId.AssignedClientIdentifier, PropertyKind.Text, ConnAck);
        Row(MqttPropertyId.ServerKeepAlive, PropertyKind.UInt16, ConnAck);
        Row(MqttPropertyId.AuthenticationMethod, PropertyKind.Text, Connect | ConnAck | Auth);
        Row(MqttPropertyId.AuthenticationData, PropertyKind.Binary, Connect | ConnAck | Auth);
        Row(MqttPropertyId.RequestProblemInformation, PropertyKind.Flag, Connect);
        Row(MqttPropertyId.WillDelayInterval, PropertyKind.UInt32, Will);
        Row(MqttPropertyId.RequestResponseInformation, PropertyKind.Flag, Connect);
        Row(MqttPropertyId.ResponseInformation, PropertyKind.Text, ConnAck);
        Row(MqttPropertyId.ServerReference, PropertyKind.Text, ConnAck | Disconnect);
        Row(MqttPropertyId.ReasonString, PropertyKind.Text, Answers);
        Row(MqttPropertyId.ReceiveMaximum, PropertyKind.PositiveUInt16, Connect | ConnAck);
        Row(MqttPropertyId.TopicAliasMaximum, PropertyKind.UInt16, Connect | ConnAck);
        Row(MqttPropertyId.TopicAlias, PropertyKind.UInt16, Publish); // 0 has a reason code of its own
        Row(MqttPropertyId.MaximumQos, PropertyKind.Flag, ConnAck);
        Row(MqttPropertyId.RetainAvailable, PropertyKind.Flag, ConnAck);
        Row(MqttPropertyId.UserProperty, PropertyKind.TextPair, Everywhere);
        Row(MqttPropertyId.MaximumPacketSize, PropertyKind.PositiveUInt32, Connect | ConnAck);
        Row(MqttPropertyId.WildcardSubscriptionAvailable, PropertyKind.Flag, ConnAck);
        Row(MqttPropertyId.SubscriptionIdentifierAvailable, PropertyKind.Flag, ConnAck);
        Row(MqttPropertyId.SharedSubscriptionAvailable, PropertyKind.Flag, ConnAck);

        static void Row(MqttPropertyId id, PropertyKind kind, int places)
        {
            Kinds[(int)id] = kind;
            Places[(int)id] = (ushort)places;
        }
    }

    public static PropertyKind KindOf(uint id) => id < (uint)Kinds.Length ? Kinds[id] : PropertyKind.Unknown;

    public static bool IsAllowed(MqttPropertyId id, MqttPropertyPlace place) => (Places[(int)id] & (1 << (int)place)) != 0;

    public static bool MayRepeat(MqttPropertyId id, MqttPropertyPlace place)
        => id == MqttPropertyId.UserProperty || (id == MqttPropertyId.SubscriptionIdentifier && place == MqttPropertyPlace.Publish);
}
