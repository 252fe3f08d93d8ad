using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Packets;

public sealed class MalformedInputTests(ITestOutputHelper output)
{
    private static readonly bool IsSoak = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1";

    [Theory]
    [InlineData(MqttProtocolVersion.V311)]
    [InlineData(MqttProtocolVersion.V5)]
    public void EveryPacket_CutAtEveryByte_IsAFaultOrStillAWholePacket(MqttProtocolVersion version)
    {
        foreach ((MqttPacketType type, byte[] bytes) in SamplePackets.All(version))
        {
            for (int length = 0; length < bytes.Length; length++)
            {
                // As it lies in a buffer: more is to come.
                Assert.NotEqual(MqttFault.None, SamplePackets.ReadAndWrite(bytes.AsSpan(0, length), version, out _));
                if (length < 2)
                {
                    continue;
                }

                // With a header that says it is whole. What is left out must not be made up: reading gives a fault, or the same bytes again.
                byte[] body = bytes[(1 + MqttWriter.VariableIntegerBytes((uint)(bytes.Length - 2)))..];
                byte[] cutBody = body[..Math.Min(body.Length, length - 2)];
                byte[] header = new byte[5];
                header[0] = bytes[0];
                int headerBytes = 1 + MqttWriter.PutVariableInteger(header.AsSpan(1), (uint)cutBody.Length);
                byte[] cut = [.. header.AsSpan(0, headerBytes), .. cutBody];
                if (SamplePackets.ReadAndWrite(cut, version, out byte[] again) == MqttFault.None)
                {
                    Assert.True(again.Length <= cut.Length, $"{type} of {cutBody.Length} bytes grew to {again.Length}");
                }
            }
        }
    }

    [Fact]
    public void MutatedAndRandomPackets_GiveFaults_NeverExceptions()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        PacketMutator[] mutators = [new(seed, MqttProtocolVersion.V311), new(seed, MqttProtocolVersion.V5)];
        int rounds = IsSoak ? 10_000_000 : 200_000;
        int faults = 0;
        byte[] bytes = [];
        try
        {
            for (int round = 0; round < rounds; round++)
            {
                MqttProtocolVersion version = round % 2 == 0 ? MqttProtocolVersion.V311 : MqttProtocolVersion.V5;
                bytes = mutators[round % 2].Mutated();
                if (SamplePackets.ReadAndWrite(bytes, version, out byte[] again) != MqttFault.None)
                {
                    faults++;
                }
                else
                {
                    // What is accepted can be written, and reads as accepted again.
                    Assert.Equal(MqttFault.None, SamplePackets.ReadAndWrite(again, version, out _));
                }
            }
        }
        catch (Exception exception)
        {
            Assert.Fail($"seed {seed}, bytes {Convert.ToHexString(bytes)}: {exception}");
        }

        Assert.InRange(faults, rounds / 4, rounds - 1);
    }

    [Theory]
    [InlineData("00", MqttFault.UnknownPacketType)]
    [InlineData("1100", MqttFault.ReservedFlags)] // CONNECT with a flag
    [InlineData("8002", MqttFault.ReservedFlags)] // SUBSCRIBE without its 0010
    [InlineData("6002", MqttFault.ReservedFlags)] // PUBREL likewise
    [InlineData("3600", MqttFault.QosInvalid)]
    [InlineData("3800", MqttFault.DuplicateWithoutQos)]
    [InlineData("C001", MqttFault.None)] // incomplete, not wrong
    public void FixedHeaders_AreChecked(string hex, MqttFault expected)
    {
        FixedHeader.TryRead(Convert.FromHexString(hex), 100, out _, out MqttFault fault);
        Assert.Equal(expected, fault);
    }

    [Theory]
    [InlineData("3003000061", MqttFault.TopicEmpty)]
    [InlineData("3005000361002B", MqttFault.NulInText)]
    [InlineData("3005000261", MqttFault.Truncated)]
    [InlineData("30040002612B", MqttFault.TopicHasWildcard)]
    [InlineData("30040002C328", MqttFault.InvalidUtf8)]
    [InlineData("30050003EDA080", MqttFault.InvalidUtf8)] // a surrogate [MQTT-1.5.4-1]
    [InlineData("32050001610000", MqttFault.PacketIdentifierZero)]
    public void BadPublishes_AreNamed(string hex, MqttFault expected)
    {
        byte[] bytes = Convert.FromHexString(hex);
        bytes[1] = (byte)(bytes.Length - 2);
        Assert.Equal(expected, SamplePackets.ReadAndWrite(bytes, MqttProtocolVersion.V311, out _));
    }

    [Theory]
    [InlineData(0x01, MqttFault.ConnectFlagsInvalid)] // reserved bit
    [InlineData(0x18, MqttFault.ConnectFlagsInvalid)] // will QoS without a will
    [InlineData(0x20, MqttFault.ConnectFlagsInvalid)] // will retain without a will
    [InlineData(0x1C, MqttFault.ConnectFlagsInvalid)] // will QoS 3
    [InlineData(0x40, MqttFault.PasswordWithoutUserName)]
    public void BadConnectFlags_AreNamed(byte flags, MqttFault expected)
    {
        byte[] body = [0, 4, (byte)'M', (byte)'Q', (byte)'T', (byte)'T', 4, flags, 0, 10, 0, 0, 0, 1, (byte)'w', 0, 0, 0, 0];
        Assert.Null(ConnectPacket.Read(body, out MqttFault fault));
        Assert.Equal(expected, fault);
    }

    [Fact]
    public void EveryFault_HasAReasonThatDisconnectMayCarry()
    {
        foreach (MqttFault fault in Enum.GetValues<MqttFault>().Where(fault => fault is not (MqttFault.None or MqttFault.ProtocolNameInvalid or MqttFault.ProtocolVersionUnsupported)))
        {
            Assert.True(MqttFaults.ReasonFor(fault).IsAllowedIn(MqttPacketType.Disconnect), fault.ToString());
        }
    }
}
