namespace PouchMonitor.Mqtt.Packets;

/// <summary>The two to five bytes before every packet.</summary>
public readonly struct FixedHeader
{
    private FixedHeader(byte first, int headerBytes, int remainingBytes)
    {
        First = first;
        HeaderBytes = headerBytes;
        RemainingBytes = remainingBytes;
    }

    /// <summary>The first byte: packet type above, flags below.</summary>
    public byte First { get; }

    public MqttPacketType Type => (MqttPacketType)(First >> 4);

    public int Flags => First & 0x0F;

    /// <summary>2 to 5.</summary>
    public int HeaderBytes { get; }

    /// <summary>The remaining length: bytes after this header.</summary>
    public int RemainingBytes { get; }

    public int PacketBytes => HeaderBytes + RemainingBytes;

    /// <summary>
    /// Reads a header at the start of <paramref name="bytes"/>. False with no fault means that more bytes are needed;
    /// the packet's body may still be incomplete when it gives true. Flags are checked here for every type.
    /// </summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, int maximumPacketBytes, out FixedHeader header, out MqttFault fault)
    {
        header = default;
        fault = MqttFault.None;
        if (bytes.IsEmpty)
        {
            return false;
        }

        byte first = bytes[0];
        fault = CheckFirst(first);
        if (fault != MqttFault.None)
        {
            return false;
        }

        int remaining = 0;
        for (int i = 1; i <= 4; i++)
        {
            if (i >= bytes.Length)
            {
                return false;
            }

            byte next = bytes[i];
            remaining |= (next & 0x7F) << (7 * (i - 1));
            if (next < 0x80)
            {
                if (next == 0 && i > 1)
                {
                    fault = MqttFault.VariableIntegerNotMinimal;
                    return false;
                }

                header = new FixedHeader(first, i + 1, remaining);
                fault = header.PacketBytes > maximumPacketBytes ? MqttFault.PacketTooLarge : MqttFault.None;
                return fault == MqttFault.None;
            }
        }

        fault = MqttFault.VariableIntegerTooLong;
        return false;
    }

    private static MqttFault CheckFirst(byte first)
    {
        int flags = first & 0x0F;
        switch ((MqttPacketType)(first >> 4))
        {
            case 0:
                return MqttFault.UnknownPacketType;
            case MqttPacketType.Publish:
                int qos = (flags >> 1) & 3;
                return qos == 3 ? MqttFault.QosInvalid : qos == 0 && (flags & 8) != 0 ? MqttFault.DuplicateWithoutQos : MqttFault.None;
            case MqttPacketType.PublishRelease:
            case MqttPacketType.Subscribe:
            case MqttPacketType.Unsubscribe:
                return flags == 2 ? MqttFault.None : MqttFault.ReservedFlags;
            default:
                return flags == 0 ? MqttFault.None : MqttFault.ReservedFlags;
        }
    }
}
