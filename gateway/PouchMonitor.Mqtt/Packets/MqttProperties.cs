using System.Text;

namespace PouchMonitor.Mqtt.Packets;

/// <summary>A name and a value that the sender chose; names may repeat and their order is kept.</summary>
public readonly record struct MqttUserProperty(string Name, string Value);

/// <summary>
/// The properties of a packet or a will; null where absent. Intervals are in seconds, sizes in bytes.
/// Used for packets that are not on the hot path: a publish is read with <see cref="PropertyScanner"/>.
/// </summary>
public sealed class MqttProperties
{
    public bool? PayloadIsText { get; set; }

    public uint? MessageExpirySeconds { get; set; }

    public string? ContentType { get; set; }

    public string? ResponseTopic { get; set; }

    public byte[]? CorrelationData { get; set; }

    /// <summary>1 to 268,435,455 each; SUBSCRIBE carries one at most.</summary>
    public List<uint> SubscriptionIdentifiers { get; } = [];

    /// <summary>0xFFFFFFFF means that the session does not expire.</summary>
    public uint? SessionExpirySeconds { get; set; }

    public string? AssignedClientIdentifier { get; set; }

    public ushort? ServerKeepAliveSeconds { get; set; }

    public string? AuthenticationMethod { get; set; }

    public byte[]? AuthenticationData { get; set; }

    public bool? RequestProblemInformation { get; set; }

    public uint? WillDelaySeconds { get; set; }

    public bool? RequestResponseInformation { get; set; }

    public string? ResponseInformation { get; set; }

    public string? ServerReference { get; set; }

    public string? ReasonString { get; set; }

    public ushort? ReceiveMaximum { get; set; }

    public ushort? TopicAliasMaximum { get; set; }

    public ushort? TopicAlias { get; set; }

    /// <summary>0 or 1; absent means 2.</summary>
    public byte? MaximumQos { get; set; }

    public bool? RetainAvailable { get; set; }

    public List<MqttUserProperty> UserProperties { get; } = [];

    public uint? MaximumPacketBytes { get; set; }

    public bool? WildcardSubscriptionAvailable { get; set; }

    public bool? SubscriptionIdentifierAvailable { get; set; }

    public bool? SharedSubscriptionAvailable { get; set; }

    /// <summary>Reads a list with its length before it. A fault is noted in the reader; what was read until then is given.</summary>
    public static MqttProperties Read(ref MqttReader reader, MqttPropertyPlace place)
    {
        ReadOnlySpan<byte> bytes = reader.ReadBytes((int)reader.ReadVariableInteger());
        var properties = new MqttProperties();
        var scanner = new PropertyScanner(bytes, place);
        while (scanner.MoveNext())
        {
            properties.Take(scanner);
        }

        if (scanner.Fault != MqttFault.None)
        {
            reader.Fail(scanner.Fault);
        }

        return properties;
    }

    /// <summary>The coded properties of a will that go on to subscribers with it; expiry and delay are the server's business.</summary>
    internal byte[] ToForwardedBytes(MqttWriter writer)
    {
        var forwarded = new MqttProperties
        {
            PayloadIsText = PayloadIsText,
            ContentType = ContentType,
            ResponseTopic = ResponseTopic,
            CorrelationData = CorrelationData,
        };
        forwarded.UserProperties.AddRange(UserProperties);
        writer.Begin(MqttPacketType.Publish);
        forwarded.Write(writer);
        ReadOnlySpan<byte> packet = writer.End();
        return packet[(1 + MqttWriter.VariableIntegerBytes((uint)writer.BodyBytes))..].ToArray();
    }

    internal void Write(MqttWriter writer)
    {
        WriteFlag(writer, MqttPropertyId.PayloadFormatIndicator, PayloadIsText);
        WriteUInt32(writer, MqttPropertyId.MessageExpiryInterval, MessageExpirySeconds);
        WriteText(writer, MqttPropertyId.ContentType, ContentType);
        WriteText(writer, MqttPropertyId.ResponseTopic, ResponseTopic);
        WriteBinary(writer, MqttPropertyId.CorrelationData, CorrelationData);
        foreach (uint identifier in SubscriptionIdentifiers)
        {
            writer.WriteByte((byte)MqttPropertyId.SubscriptionIdentifier);
            writer.WriteVariableInteger(identifier);
        }

        WriteUInt32(writer, MqttPropertyId.SessionExpiryInterval, SessionExpirySeconds);
        WriteText(writer, MqttPropertyId.AssignedClientIdentifier, AssignedClientIdentifier);
        WriteUInt16(writer, MqttPropertyId.ServerKeepAlive, ServerKeepAliveSeconds);
        WriteText(writer, MqttPropertyId.AuthenticationMethod, AuthenticationMethod);
        WriteBinary(writer, MqttPropertyId.AuthenticationData, AuthenticationData);
        WriteFlag(writer, MqttPropertyId.RequestProblemInformation, RequestProblemInformation);
        WriteUInt32(writer, MqttPropertyId.WillDelayInterval, WillDelaySeconds);
        WriteFlag(writer, MqttPropertyId.RequestResponseInformation, RequestResponseInformation);
        WriteText(writer, MqttPropertyId.ResponseInformation, ResponseInformation);
        WriteText(writer, MqttPropertyId.ServerReference, ServerReference);
        WriteText(writer, MqttPropertyId.ReasonString, ReasonString);
        WriteUInt16(writer, MqttPropertyId.ReceiveMaximum, ReceiveMaximum);
        WriteUInt16(writer, MqttPropertyId.TopicAliasMaximum, TopicAliasMaximum);
        WriteUInt16(writer, MqttPropertyId.TopicAlias, TopicAlias);
        WriteFlag(writer, MqttPropertyId.MaximumQos, MaximumQos is { } qos ? qos != 0 : null);
        WriteFlag(writer, MqttPropertyId.RetainAvailable, RetainAvailable);
        foreach (MqttUserProperty property in UserProperties)
        {
            writer.WriteByte((byte)MqttPropertyId.UserProperty);
            writer.WriteText(property.Name);
            writer.WriteText(property.Value);
        }

        WriteUInt32(writer, MqttPropertyId.MaximumPacketSize, MaximumPacketBytes);
        WriteFlag(writer, MqttPropertyId.WildcardSubscriptionAvailable, WildcardSubscriptionAvailable);
        WriteFlag(writer, MqttPropertyId.SubscriptionIdentifierAvailable, SubscriptionIdentifierAvailable);
        WriteFlag(writer, MqttPropertyId.SharedSubscriptionAvailable, SharedSubscriptionAvailable);
    }

    private void Take(in PropertyScanner property)
    {
        uint number = property.Number;
        switch (property.Id)
        {
            case MqttPropertyId.PayloadFormatIndicator: PayloadIsText = number != 0; break;
            case MqttPropertyId.MessageExpiryInterval: MessageExpirySeconds = number; break;
            case MqttPropertyId.ContentType: ContentType = Text(property); break;
            case MqttPropertyId.ResponseTopic: ResponseTopic = Text(property); break;
            case MqttPropertyId.CorrelationData: CorrelationData = property.Bytes.ToArray(); break;
            case MqttPropertyId.SubscriptionIdentifier: SubscriptionIdentifiers.Add(number); break;
            case MqttPropertyId.SessionExpiryInterval: SessionExpirySeconds = number; break;
            case MqttPropertyId.AssignedClientIdentifier: AssignedClientIdentifier = Text(property); break;
            case MqttPropertyId.ServerKeepAlive: ServerKeepAliveSeconds = (ushort)number; break;
            case MqttPropertyId.AuthenticationMethod: AuthenticationMethod = Text(property); break;
            case MqttPropertyId.AuthenticationData: AuthenticationData = property.Bytes.ToArray(); break;
            case MqttPropertyId.RequestProblemInformation: RequestProblemInformation = number != 0; break;
            case MqttPropertyId.WillDelayInterval: WillDelaySeconds = number; break;
            case MqttPropertyId.RequestResponseInformation: RequestResponseInformation = number != 0; break;
            case MqttPropertyId.ResponseInformation: ResponseInformation = Text(property); break;
            case MqttPropertyId.ServerReference: ServerReference = Text(property); break;
            case MqttPropertyId.ReasonString: ReasonString = Text(property); break;
            case MqttPropertyId.ReceiveMaximum: ReceiveMaximum = (ushort)number; break;
            case MqttPropertyId.TopicAliasMaximum: TopicAliasMaximum = (ushort)number; break;
            case MqttPropertyId.TopicAlias: TopicAlias = (ushort)number; break;
            case MqttPropertyId.MaximumQos: MaximumQos = (byte)number; break;
            case MqttPropertyId.RetainAvailable: RetainAvailable = number != 0; break;
            case MqttPropertyId.UserProperty: UserProperties.Add(new(Text(property), Encoding.UTF8.GetString(property.SecondBytes))); break;
            case MqttPropertyId.MaximumPacketSize: MaximumPacketBytes = number; break;
            case MqttPropertyId.WildcardSubscriptionAvailable: WildcardSubscriptionAvailable = number != 0; break;
            case MqttPropertyId.SubscriptionIdentifierAvailable: SubscriptionIdentifierAvailable = number != 0; break;
            default: SharedSubscriptionAvailable = number != 0; break;
        }
    }

    private static string Text(in PropertyScanner property) => Encoding.UTF8.GetString(property.Bytes);

    private static void WriteFlag(MqttWriter writer, MqttPropertyId id, bool? value)
    {
        if (value is { } flag)
        {
            writer.WriteByte((byte)id);
            writer.WriteByte(flag ? (byte)1 : (byte)0);
        }
    }

    private static void WriteUInt16(MqttWriter writer, MqttPropertyId id, ushort? value)
    {
        if (value is { } number)
        {
            writer.WriteByte((byte)id);
            writer.WriteUInt16(number);
        }
    }

    private static void WriteUInt32(MqttWriter writer, MqttPropertyId id, uint? value)
    {
        if (value is { } number)
        {
            writer.WriteByte((byte)id);
            writer.WriteUInt32(number);
        }
    }

    private static void WriteText(MqttWriter writer, MqttPropertyId id, string? value)
    {
        if (value is not null)
        {
            writer.WriteByte((byte)id);
            writer.WriteText(value);
        }
    }

    private static void WriteBinary(MqttWriter writer, MqttPropertyId id, byte[]? value)
    {
        if (value is not null)
        {
            writer.WriteByte((byte)id);
            writer.WriteBinary(value);
        }
    }
}
