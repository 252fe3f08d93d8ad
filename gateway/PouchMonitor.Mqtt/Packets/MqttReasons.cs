namespace PouchMonitor.Mqtt.Packets;

/// <summary>Which reason codes a packet may carry (MQTT 5, table 2-6), and how they read in MQTT 3.1.1.</summary>
public static class MqttReasons
{
    private static readonly uint[][] Allowed = BuildAllowed();

    /// <summary>True for codes of 0x80 and above.</summary>
    public static bool IsFailure(this MqttReason reason) => (byte)reason >= 0x80;

    /// <summary>True where <paramref name="type"/> may carry <paramref name="reason"/> in MQTT 5.</summary>
    public static bool IsAllowedIn(this MqttReason reason, MqttPacketType type)
        => (Allowed[(int)type & 15][(byte)reason >> 5] & (1u << ((byte)reason & 31))) != 0;

    /// <summary>The CONNACK return code of MQTT 3.1.1 (section 3.2.2.3) nearest to <paramref name="reason"/>.</summary>
    public static byte ToReturnCode311(MqttReason reason) => reason switch
    {
        MqttReason.Success => 0,
        MqttReason.UnsupportedProtocolVersion => 1,
        MqttReason.ClientIdentifierNotValid => 2,
        MqttReason.BadUserNameOrPassword or MqttReason.BadAuthenticationMethod => 4,
        MqttReason.NotAuthorized or MqttReason.Banned => 5,
        _ => 3,
    };

    /// <summary>The reason that a CONNACK return code of MQTT 3.1.1 stands for; codes above 5 are reserved.</summary>
    public static MqttReason FromReturnCode311(byte code) => code switch
    {
        0 => MqttReason.Success,
        1 => MqttReason.UnsupportedProtocolVersion,
        2 => MqttReason.ClientIdentifierNotValid,
        3 => MqttReason.ServerUnavailable,
        4 => MqttReason.BadUserNameOrPassword,
        5 => MqttReason.NotAuthorized,
        _ => MqttReason.UnspecifiedError,
    };

    private static uint[][] BuildAllowed()
    {
        var table = new uint[16][];
        for (int type = 0; type < table.Length; type++)
        {
            table[type] = new uint[8];
        }

        Allow(MqttPacketType.ConnectAcknowledge, [0x00, 0x80, 0x81, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8A, 0x8C, 0x90, 0x95, 0x97, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9F]);
        Allow(MqttPacketType.PublishAcknowledge, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
        Allow(MqttPacketType.PublishReceived, [0x00, 0x10, 0x80, 0x83, 0x87, 0x90, 0x91, 0x97, 0x99]);
        Allow(MqttPacketType.PublishRelease, [0x00, 0x92]);
        Allow(MqttPacketType.PublishComplete, [0x00, 0x92]);
        Allow(MqttPacketType.SubscribeAcknowledge, [0x00, 0x01, 0x02, 0x80, 0x83, 0x87, 0x8F, 0x91, 0x97, 0x9E, 0xA1, 0xA2]);
        Allow(MqttPacketType.UnsubscribeAcknowledge, [0x00, 0x11, 0x80, 0x83, 0x87, 0x8F, 0x91]);
        Allow(MqttPacketType.Disconnect, [0x00, 0x04, 0x80, 0x81, 0x82, 0x83, 0x87, 0x89, 0x8B, 0x8D, 0x8E, 0x8F, 0x90, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9A, 0x9B, 0x9C, 0x9D, 0x9E, 0x9F, 0xA0, 0xA1, 0xA2]);
        Allow(MqttPacketType.Authenticate, [0x00, 0x18, 0x19]);
        return table;

        void Allow(MqttPacketType type, ReadOnlySpan<byte> reasons)
        {
            foreach (byte reason in reasons)
            {
                table[(int)type][reason >> 5] |= 1u << (reason & 31);
            }
        }
    }
}
