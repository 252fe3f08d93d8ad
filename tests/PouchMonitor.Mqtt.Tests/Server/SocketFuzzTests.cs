using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>
/// Mutated packets through a live socket: 5,000, or a million where <c>POUCHMONITOR_SOAK=1</c>. Each connection gets a few
/// of them, and must end as <see cref="StreamOracle"/> says, while another connection goes on undisturbed.
/// </summary>
public sealed class SocketFuzzTests(ITestOutputHelper output)
{
    private const int TopicAliasMaximum = 4;
    private const int MaximumPacketBytes = 4096;
    private const int Workers = 4;
    private static readonly int Packets = Environment.GetEnvironmentVariable("POUCHMONITOR_SOAK") == "1" ? 1_000_000 : 5_000;
    private long _faults;

    [Fact]
    public async Task MutatedPackets_EndTheirConnectionWithTheReasonThatTheSpecificationNames_AndNothingElse()
    {
        int seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        await using var server = new MqttServer(
            new MqttServerOptions
            {
                EndPoint = Bench.Options().EndPoint,
                MaximumPacketBytes = MaximumPacketBytes,
                TopicAliasMaximum = TopicAliasMaximum,
                MaximumRetainedMessages = 100,
                MaximumSessionExpiry = TimeSpan.Zero, // nothing of a connection may outlive it
                ConnectBurst = int.MaxValue, // thousands a second from one address are wanted here
                ConnectBurstPerAddress = int.MaxValue,
            },
            new CountingHandler());
        await server.StartAsync();
        using var control = new RawPeer(server.EndPoint);
        control.Connect(MqttProtocolVersion.V5, "control");
        Task[] workers = [.. Enumerable.Range(0, Workers).Select(worker => Task.Run(() => Work(server, seed + worker)))];
        Task all = Task.WhenAll(workers);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!all.IsCompleted)
        {
            control.Send(0xC0, 0);
            control.Expect(MqttPacketType.PingResponse);
            await timer.WaitForNextTickAsync();
        }

        await all;
        await Eventually.TrueAsync(() => server.Snapshot() is { Connections: 1, Sessions: 1, Subscriptions: 0, SharedSubscriptions: 0 }, "nothing left", seconds: 60);
        MqttServerSnapshot snapshot = server.Snapshot();
        Assert.Equal(0, snapshot.HandlerFailures);
        Assert.Equal(_faults, snapshot.Faults.Values.Sum());
        Assert.InRange(snapshot.RetainedMessages, 0, 100);
        control.Send(0xC0, 0);
        control.Expect(MqttPacketType.PingResponse);
        output.WriteLine($"{Packets} packets, {snapshot.ConnectionsAccepted} connections, {_faults} faults: {string.Join(", ", snapshot.Faults.OrderByDescending(fault => fault.Value).Select(fault => $"{fault.Key} {fault.Value}"))}");
    }

    private void Work(MqttServer server, int seed)
    {
        PacketMutator[] mutators = [new(seed, MqttProtocolVersion.V311), new(seed, MqttProtocolVersion.V5)];
        for (int sent = 0; sent < Packets / Workers;)
        {
            bool isV5 = mutators[1].Next(4) != 0;
            PacketMutator mutator = mutators[isV5 ? 1 : 0];
            MqttProtocolVersion version = isV5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311;
            if (mutator.Next(5) == 0)
            {
                byte[] first = mutator.Mutated(mutator.Next(2) == 0 ? mutator.Original() : new ConnectPacket { Version = version, ClientId = $"f{seed}" }.Write(new MqttWriter()).ToArray());
                sent++;
                Try(first, () => SendFirst(server, first));
                continue;
            }

            byte[][] packets = [.. Enumerable.Range(0, 1 + mutator.Next(6)).Select(_ => Packet(mutator))];
            sent += packets.Length;
            byte[] stream = [.. packets.SelectMany(packet => packet)];
            Try(stream, () => SendStream(server, version, seed, stream));
        }
    }

    private static byte[] Packet(PacketMutator mutator)
    {
        byte[] original = mutator.Original();
        while (mutator.Next(8) != 0 && (MqttPacketType)(original[0] >> 4) is MqttPacketType.Connect or MqttPacketType.ConnectAcknowledge
            or MqttPacketType.SubscribeAcknowledge or MqttPacketType.UnsubscribeAcknowledge or MqttPacketType.PingResponse or MqttPacketType.Authenticate)
        {
            original = mutator.Original(); // what only servers send is soon tried
        }

        return mutator.Next(3) == 0 ? original : mutator.Mutated(original);
    }

    private static void Try(byte[] bytes, Action send)
    {
        try
        {
            send();
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"bytes {Convert.ToHexString(bytes)}: {exception.Message}", exception);
        }
    }

    private void SendStream(MqttServer server, MqttProtocolVersion version, int seed, byte[] stream)
    {
        MqttFault expected = new StreamOracle(version, MaximumPacketBytes, TopicAliasMaximum).Judge(stream, out bool isDisconnected);
        Interlocked.Add(ref _faults, expected == MqttFault.None ? 0 : 1);
        using var peer = new RawPeer(server.EndPoint);
        peer.Connect(version, $"fuzz-{seed}");
        peer.Send(stream);
        peer.EndSending();
        MqttReason? said = LastWord(peer.ReadToEnd(), version);
        peer.Abort();
        if (version == MqttProtocolVersion.V311 || (isDisconnected && expected == MqttFault.None))
        {
            Assert.Null(said);
        }
        else
        {
            Assert.Equal(expected == MqttFault.None ? MqttReason.UnspecifiedError : StreamOracle.ReasonFor(expected), said);
        }
    }

    /// <summary>Every byte from the server must be a packet; gives the reason of its DISCONNECT, which may only be the last.</summary>
    private static MqttReason? LastWord(ReadOnlySpan<byte> answers, MqttProtocolVersion version)
    {
        while (!answers.IsEmpty)
        {
            Assert.True(FixedHeader.TryRead(answers, int.MaxValue, out FixedHeader header, out _), $"no packet: {Convert.ToHexString(answers)}");
            ReadOnlySpan<byte> packet = answers[..header.PacketBytes];
            Assert.Equal(MqttFault.None, SamplePackets.ReadAndWrite(packet, version, out _));
            answers = answers[header.PacketBytes..];
            if (header.Type == MqttPacketType.Disconnect)
            {
                Assert.True(answers.IsEmpty, "bytes behind DISCONNECT");
                ReasonPacket.Read(header.Type, packet[header.HeaderBytes..], version, out ReasonPacket disconnect);
                return disconnect.Reason;
            }
        }

        return null;
    }

    /// <summary>As the first packet of its connection: a CONNECT may be answered, anything else ends it without a word [MQTT-3.1.0-1].</summary>
    private void SendFirst(MqttServer server, byte[] first)
    {
        bool isWhole = FixedHeader.TryRead(first, MaximumPacketBytes, out FixedHeader header, out MqttFault fault);
        bool isConnect = isWhole && header.Type == MqttPacketType.Connect;
        bool isComplete = isConnect && first.Length >= header.PacketBytes;
        if (isComplete)
        {
            byte[] body = first[header.HeaderBytes..header.PacketBytes];
            ConnectPacket? connect = ConnectPacket.Read(body, out fault);
            if (fault == MqttFault.None && first.Length > header.PacketBytes && connect!.Properties?.AuthenticationMethod is null)
            {
                return; // accepted, and more behind it: the business of the other kind
            }
        }
        else if (isWhole && !isConnect)
        {
            fault = MqttFault.PacketNotExpected;
        }

        Interlocked.Add(ref _faults, fault == MqttFault.None ? 0 : 1);
        using var peer = new RawPeer(server.EndPoint);
        peer.Send(first);
        peer.EndSending();
        byte[] answer = peer.ReadToEnd();
        peer.Abort();
        if (fault == MqttFault.PacketTooLarge && answer.Length > 0)
        {
            // A CONNECT that tells version 5, or one after it, before it is too large is told so.
            Assert.InRange(first[header.HeaderBytes + 6], (byte)MqttProtocolVersion.V5, byte.MaxValue);
            Assert.Equal([(byte)MqttPacketType.ConnectAcknowledge << 4, (byte)MqttReason.PacketTooLarge], new byte[] { answer[0], answer[3] });
        }
        else if (!isComplete)
        {
            Assert.Empty(answer);
        }
        else if (fault != MqttFault.None && answer.Length > 0)
        {
            Assert.Equal((byte)MqttPacketType.ConnectAcknowledge, answer[0] >> 4);
            Assert.Contains(answer[3], (byte[])[(byte)StreamOracle.ReasonFor(fault), 1]); // 1 is 3.1.1's "unacceptable protocol version"
        }
    }
}
