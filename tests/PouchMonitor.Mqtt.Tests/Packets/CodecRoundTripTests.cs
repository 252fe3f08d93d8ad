using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Packets;

public sealed class CodecRoundTripTests
{
    [Theory]
    [InlineData(MqttProtocolVersion.V311, 14)]
    [InlineData(MqttProtocolVersion.V5, 15)]
    public void EveryPacketType_IsReadAndWrittenBack_ByteForByte(MqttProtocolVersion version, int types)
    {
        var seen = new HashSet<MqttPacketType>();
        foreach ((MqttPacketType type, byte[] bytes) in SamplePackets.All(version))
        {
            Assert.Equal(MqttFault.None, SamplePackets.ReadAndWrite(bytes, version, out byte[] again));
            Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(again));
            seen.Add(type);
        }

        Assert.Equal(types, seen.Count);
    }

    /// <summary>Every property in every place: read where table 2-4 allows it, a protocol error elsewhere.</summary>
    [Theory]
    [MemberData(nameof(Places))]
    public void EveryProperty_IsAllowedExactlyWhereTheTableSays(MqttPropertyPlace place)
    {
        byte[] allowed = AllowedIn(place);
        for (int id = 1; id <= 43; id++)
        {
            byte[]? coded = CodeProperty(id);
            if (coded is null)
            {
                coded = [(byte)id, 0, 0, 0, 0];
            }

            var scanner = new PropertyScanner(coded, place);
            bool read = scanner.MoveNext();
            Assert.Equal(Array.IndexOf(allowed, (byte)id) >= 0, read);
            if (!read)
            {
                Assert.Equal(CodeProperty(id) is null ? MqttFault.UnknownProperty : MqttFault.PropertyNotAllowed, scanner.Fault);
            }
        }
    }

    public static TheoryData<MqttPropertyPlace> Places() => [.. Enum.GetValues<MqttPropertyPlace>()];

    [Fact]
    public void RepeatedProperties_AreRefused_ButForUserPropertiesAndPublishedIdentifiers()
    {
        for (int id = 1; id < 43; id++)
        {
            if (CodeProperty(id) is not { } coded)
            {
                continue;
            }

            MqttPropertyPlace place = Enum.GetValues<MqttPropertyPlace>().First(candidate => Array.IndexOf(AllowedIn(candidate), (byte)id) >= 0
                && (id != 0x0B || candidate == MqttPropertyPlace.Publish));
            var scanner = new PropertyScanner([.. coded, .. coded], place);
            Assert.True(scanner.MoveNext());
            Assert.Equal(id is 0x26 or 0x0B, scanner.MoveNext());
        }

        var subscribe = new PropertyScanner([0x0B, 1, 0x0B, 2], MqttPropertyPlace.Subscribe);
        Assert.True(subscribe.MoveNext());
        Assert.False(subscribe.MoveNext());
        Assert.Equal(MqttFault.PropertyRepeated, subscribe.Fault);
    }

    [Theory]
    [InlineData(0u, "00")]
    [InlineData(127u, "7F")]
    [InlineData(128u, "8001")]
    [InlineData(16_383u, "FF7F")]
    [InlineData(16_384u, "808001")]
    [InlineData(2_097_151u, "FFFF7F")]
    [InlineData(2_097_152u, "80808001")]
    [InlineData(268_435_455u, "FFFFFF7F")]
    public void VariableIntegers_AreCodedAsInTheSpecificationsTable(uint value, string hex)
    {
        byte[] bytes = new byte[4];
        int count = MqttWriter.PutVariableInteger(bytes, value);
        Assert.Equal(hex, Convert.ToHexString(bytes, 0, count));
        Assert.Equal(count, MqttWriter.VariableIntegerBytes(value));
        var reader = new MqttReader(bytes.AsSpan(0, count));
        Assert.Equal(value, reader.ReadVariableInteger());
        Assert.True(FixedHeader.TryRead([0x30, .. bytes.AsSpan(0, count)], int.MaxValue, out FixedHeader header, out _));
        Assert.Equal((int)value, header.RemainingBytes);
        Assert.Equal(1 + count, header.HeaderBytes);
    }

    [Fact]
    public void VariableIntegers_BeyondFourBytes_AreRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MqttWriter.PutVariableInteger(new byte[5], 268_435_456));
        var reader = new MqttReader([0x80, 0x80, 0x80, 0x80, 0x01]);
        reader.ReadVariableInteger();
        Assert.Equal(MqttFault.VariableIntegerTooLong, reader.Fault);
        Assert.False(FixedHeader.TryRead([0x30, 0x80, 0x80, 0x80, 0x80, 0x01], int.MaxValue, out _, out MqttFault fault));
        Assert.Equal(MqttFault.VariableIntegerTooLong, fault);
        Assert.False(FixedHeader.TryRead([0x30, 0x80, 0x00], int.MaxValue, out _, out fault));
        Assert.Equal(MqttFault.VariableIntegerNotMinimal, fault);
    }

    [Theory]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(16_383)]
    [InlineData(16_384)]
    [InlineData(2_097_151)]
    [InlineData(2_097_152)]
    public void Publishes_OfBoundarySizes_SurviveTheRoundTrip(int remaining)
    {
        byte[] payload = new byte[remaining - 5];
        new Random(remaining).NextBytes(payload);
        var encoder = new PublishEncoder(MqttProtocolVersion.V311, "t"u8, payload, MqttQos.AtLeastOnce);
        byte[] packet = new byte[encoder.PacketBytes];
        encoder.Write(packet, 1, retain: false, duplicate: false);
        Assert.True(FixedHeader.TryRead(packet, packet.Length, out FixedHeader header, out _));
        Assert.Equal(remaining, header.RemainingBytes);
        Assert.False(FixedHeader.TryRead(packet, packet.Length - 1, out _, out MqttFault fault));
        Assert.Equal(MqttFault.PacketTooLarge, fault);
        Assert.Equal(MqttFault.None, PublishView.Read(header.Flags, packet.AsSpan(header.HeaderBytes), MqttProtocolVersion.V311, out PublishView view));
        Assert.True(view.Payload.SequenceEqual(payload));
    }

    /// <summary>Figure 3-6 and the surrounding example of MQTT 3.1.1: keep-alive 10, user and password, will QoS 1.</summary>
    [Fact]
    public void Connect_OfTheSpecificationsExample_IsRead()
    {
        byte[] body = [0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, 0xCE, 0, 10, 0, 1, (byte)'c', 0, 1, (byte)'w', 0, 1, 5, 0, 1, (byte)'u', 0, 1, (byte)'p'];
        ConnectPacket? packet = ConnectPacket.Read(body, out MqttFault fault);
        Assert.Equal(MqttFault.None, fault);
        Assert.Equal(("c", 10, true, "u"), (packet!.ClientId, packet.KeepAliveSeconds, packet.CleanStart, packet.UserName));
        Assert.Equal(MqttQos.AtLeastOnce, packet.Will!.Qos);
        Assert.False(packet.Will.Retain);
    }

    private static byte[] AllowedIn(MqttPropertyPlace place) => place switch
    {
        MqttPropertyPlace.Will => [0x01, 0x02, 0x03, 0x08, 0x09, 0x18, 0x26],
        MqttPropertyPlace.Connect => [0x11, 0x15, 0x16, 0x17, 0x19, 0x21, 0x22, 0x26, 0x27],
        MqttPropertyPlace.ConnectAcknowledge => [0x11, 0x12, 0x13, 0x15, 0x16, 0x1A, 0x1C, 0x1F, 0x21, 0x22, 0x24, 0x25, 0x26, 0x27, 0x28, 0x29, 0x2A],
        MqttPropertyPlace.Publish => [0x01, 0x02, 0x03, 0x08, 0x09, 0x0B, 0x23, 0x26],
        MqttPropertyPlace.Subscribe => [0x0B, 0x26],
        MqttPropertyPlace.Unsubscribe => [0x26],
        MqttPropertyPlace.Disconnect => [0x11, 0x1C, 0x1F, 0x26],
        MqttPropertyPlace.Authenticate => [0x15, 0x16, 0x1F, 0x26],
        _ => [0x1F, 0x26],
    };

    private static byte[]? CodeProperty(int id) => id switch
    {
        0x01 or 0x17 or 0x19 or 0x24 or 0x25 or 0x28 or 0x29 or 0x2A => [(byte)id, 1],
        0x13 or 0x21 or 0x22 or 0x23 => [(byte)id, 0, 1],
        0x02 or 0x11 or 0x18 or 0x27 => [(byte)id, 0, 0, 0, 1],
        0x0B => [(byte)id, 0x80, 1],
        0x03 or 0x08 or 0x09 or 0x12 or 0x15 or 0x16 or 0x1A or 0x1C or 0x1F => [(byte)id, 0, 1, (byte)'x'],
        0x26 => [(byte)id, 0, 1, (byte)'x', 0, 0],
        _ => null,
    };
}
