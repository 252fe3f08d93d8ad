using System.Text;

namespace PouchMonitor.Mqtt.Packets;

/// <summary>The message a client leaves to be published when its connection ends badly.</summary>
public sealed class MqttWill
{
    public required string Topic { get; init; }

    public byte[] Payload { get; init; } = [];

    public MqttQos Qos { get; init; }

    public bool Retain { get; init; }

    /// <summary>MQTT 5; <see cref="MqttProperties.WillDelaySeconds"/> among them.</summary>
    public MqttProperties? Properties { get; init; }
}

/// <summary>CONNECT (section 3.1).</summary>
public sealed class ConnectPacket
{
    public MqttProtocolVersion Version { get; init; } = MqttProtocolVersion.V5;

    /// <summary>Clean Session in MQTT 3.1.1.</summary>
    public bool CleanStart { get; init; } = true;

    /// <summary>0 switches it off.</summary>
    public ushort KeepAliveSeconds { get; init; }

    public string ClientId { get; init; } = string.Empty;

    public string? UserName { get; init; }

    /// <summary>Never to be logged.</summary>
    public byte[]? Password { get; init; }

    public MqttWill? Will { get; init; }

    public MqttProperties? Properties { get; init; }

    /// <summary>Reads the body; null with the reader's fault noted in <paramref name="fault"/>.</summary>
    public static ConnectPacket? Read(ReadOnlySpan<byte> body, out MqttFault fault)
    {
        var reader = new MqttReader(body);
        ReadOnlySpan<byte> name = reader.ReadBinary();
        byte level = reader.ReadByte();
        if (reader.Fault == MqttFault.None)
        {
            bool isMqtt = name.SequenceEqual("MQTT"u8);
            bool isOldMqtt = name.SequenceEqual("MQIsdp"u8);
            fault = !isMqtt && !isOldMqtt ? MqttFault.ProtocolNameInvalid
                : isOldMqtt || level is not (4 or 5) ? MqttFault.ProtocolVersionUnsupported : MqttFault.None;
            if (fault != MqttFault.None)
            {
                return null;
            }
        }

        ConnectPacket packet = ReadAfterLevel(ref reader, (MqttProtocolVersion)level);
        reader.ExpectEnd();
        fault = reader.Fault;
        return fault == MqttFault.None ? packet : null;
    }

    public ReadOnlySpan<byte> Write(MqttWriter writer)
    {
        writer.Begin(MqttPacketType.Connect);
        writer.WriteText("MQTT");
        writer.WriteByte((byte)Version);
        int flags = (CleanStart ? 2 : 0) | (Password is null ? 0 : 0x40) | (UserName is null ? 0 : 0x80);
        if (Will is not null)
        {
            flags |= 4 | ((int)Will.Qos << 3) | (Will.Retain ? 0x20 : 0);
        }

        writer.WriteByte((byte)flags);
        writer.WriteUInt16(KeepAliveSeconds);
        if (Version == MqttProtocolVersion.V5)
        {
            writer.WriteProperties(Properties);
        }

        writer.WriteText(ClientId);
        if (Will is not null)
        {
            if (Version == MqttProtocolVersion.V5)
            {
                writer.WriteProperties(Will.Properties);
            }

            writer.WriteText(Will.Topic);
            writer.WriteBinary(Will.Payload);
        }

        if (UserName is not null)
        {
            writer.WriteText(UserName);
        }

        if (Password is not null)
        {
            writer.WriteBinary(Password);
        }

        return writer.End();
    }

    private static ConnectPacket ReadAfterLevel(ref MqttReader reader, MqttProtocolVersion version)
    {
        int flags = reader.ReadByte();
        bool hasWill = (flags & 4) != 0;
        int willQos = (flags >> 3) & 3;
        if ((flags & 1) != 0 || willQos == 3 || (!hasWill && (flags & 0x38) != 0))
        {
            reader.Fail(MqttFault.ConnectFlagsInvalid);
        }

        if (version == MqttProtocolVersion.V311 && (flags & 0xC0) == 0x40)
        {
            reader.Fail(MqttFault.PasswordWithoutUserName);
        }

        ushort keepAlive = reader.ReadUInt16();
        MqttProperties? properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref reader, MqttPropertyPlace.Connect) : null;
        string clientId = reader.ReadText();
        MqttWill? will = hasWill ? ReadWill(ref reader, version, flags) : null;
        if (properties is { AuthenticationData: not null, AuthenticationMethod: null })
        {
            reader.Fail(MqttFault.PropertyNotAllowed);
        }

        return new ConnectPacket
        {
            Version = version,
            CleanStart = (flags & 2) != 0,
            KeepAliveSeconds = keepAlive,
            Properties = properties,
            ClientId = clientId,
            Will = will,
            UserName = (flags & 0x80) != 0 ? reader.ReadText() : null,
            Password = (flags & 0x40) != 0 ? reader.ReadBinary().ToArray() : null,
        };
    }

    private static MqttWill ReadWill(ref MqttReader reader, MqttProtocolVersion version, int flags)
    {
        MqttProperties? properties = version == MqttProtocolVersion.V5 ? MqttProperties.Read(ref reader, MqttPropertyPlace.Will) : null;
        ReadOnlySpan<byte> topic = reader.ReadTextUtf8();
        byte[] payload = reader.ReadBinary().ToArray();
        if (reader.Fault == MqttFault.None && topic.IsEmpty)
        {
            reader.Fail(MqttFault.TopicEmpty);
        }

        if (Topics.TopicRules.HasWildcard(topic))
        {
            reader.Fail(MqttFault.TopicHasWildcard);
        }

        return new MqttWill
        {
            Topic = Encoding.UTF8.GetString(topic),
            Payload = payload,
            Qos = (MqttQos)((flags >> 3) & 3),
            Retain = (flags & 0x20) != 0,
            Properties = properties,
        };
    }
}
