using System.Collections.Concurrent;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>A client whose application decides when a received message is acknowledged.</summary>
public sealed class ManualAcknowledgementTests
{
    public static MatrixTheoryData<MqttProtocolVersion, MqttQos> VersionsAndQos()
        => new([MqttProtocolVersion.V311, MqttProtocolVersion.V5], [MqttQos.AtLeastOnce, MqttQos.ExactlyOnce]);

    public static TheoryData<MqttProtocolVersion> Versions() => new(MqttProtocolVersion.V311, MqttProtocolVersion.V5);

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task TokensCompletedBackwards_AnswerInTheOrderOfArrival(MqttProtocolVersion version, MqttQos qos)
    {
        var tokens = new ConcurrentQueue<MqttClientAckToken>();
        using var server = new ScriptedServer(version);
        await using var client = new MqttClient(server.ClientOptions((in MqttReceivedMessage message) =>
        {
            tokens.Enqueue(message.Token);
            return PublishOutcome.Deferred();
        }));
        using RawPeer peer = await ConnectAsync(client, server);
        for (ushort identifier = 1; identifier <= 20; identifier++)
        {
            peer.Send(RawPeer.Publish(version, "t", $"{identifier}", qos, identifier));
        }

        await Eventually.TrueAsync(() => tokens.Count == 20, "all messages have come");
        Assert.True(peer.IsQuiet, "nothing is acknowledged before the application says so");
        foreach (MqttClientAckToken token in tokens.Reverse())
        {
            token.Complete();
            token.Complete(MqttReason.QuotaExceeded); // the second word counts for nothing
        }

        for (ushort identifier = 1; identifier <= 20; identifier++)
        {
            Assert.Equal((identifier, MqttReason.Success), peer.ExpectAcknowledge(qos == MqttQos.AtLeastOnce ? MqttPacketType.PublishAcknowledge : MqttPacketType.PublishReceived));
        }
    }

    [Theory]
    [MemberData(nameof(VersionsAndQos))]
    public async Task Busy_StopsReadingAndOffersTheSameMessageAgain(MqttProtocolVersion version, MqttQos qos)
    {
        var room = new TaskCompletionSource();
        var seen = new ConcurrentQueue<string>();
        bool isBusy = true;
        using var server = new ScriptedServer(version);
        await using var client = new MqttClient(server.ClientOptions(
            (in MqttReceivedMessage message) =>
            {
                seen.Enqueue(System.Text.Encoding.UTF8.GetString(message.Payload));
                return isBusy && seen.Count > 1 ? PublishOutcome.Busy : PublishOutcome.Acknowledge;
            },
            whenReady: _ => new ValueTask(room.Task)));
        using RawPeer peer = await ConnectAsync(client, server);
        for (ushort identifier = 1; identifier <= 3; identifier++)
        {
            peer.Send(RawPeer.Publish(version, "t", $"{identifier}", qos, identifier));
        }

        MqttPacketType answer = qos == MqttQos.AtLeastOnce ? MqttPacketType.PublishAcknowledge : MqttPacketType.PublishReceived;
        Assert.Equal(1, peer.ExpectAcknowledge(answer).Identifier);
        await Eventually.TrueAsync(() => seen.Count == 2, "the second message is offered");
        Assert.True(peer.IsQuiet);
        isBusy = false;
        room.SetResult();
        Assert.Equal(2, peer.ExpectAcknowledge(answer).Identifier);
        Assert.Equal(3, peer.ExpectAcknowledge(answer).Identifier);
        Assert.Equal(["1", "2", "2", "3"], seen);
    }

    [Fact]
    public async Task ARefusal_CarriesItsReason_AndTheIdentifierIsFreeAgain()
    {
        var seen = new ConcurrentQueue<string>();
        using var server = new ScriptedServer(MqttProtocolVersion.V5);
        await using var client = new MqttClient(server.ClientOptions((in MqttReceivedMessage message) =>
        {
            seen.Enqueue(message.Topic);
            return PublishOutcome.Refuse(MqttReason.PayloadFormatInvalid);
        }));
        using RawPeer peer = await ConnectAsync(client, server);
        peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "a", "x", MqttQos.ExactlyOnce, 5));
        Assert.Equal(((ushort)5, MqttReason.PayloadFormatInvalid), peer.ExpectAcknowledge(MqttPacketType.PublishReceived));
        peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "b", "x", MqttQos.ExactlyOnce, 5));
        Assert.Equal(((ushort)5, MqttReason.PayloadFormatInvalid), peer.ExpectAcknowledge(MqttPacketType.PublishReceived));
        Assert.Equal(["a", "b"], seen);
    }

    [Fact]
    public async Task BeyondTheReceiveMaximum_AnMqtt5ServerIsTold()
    {
        using var server = new ScriptedServer(MqttProtocolVersion.V5);
        await using var client = new MqttClient(server.ClientOptions((in MqttReceivedMessage _) => PublishOutcome.Deferred(), receiveMaximum: 2));
        using RawPeer peer = await ConnectAsync(client, server);
        for (ushort identifier = 1; identifier <= 3; identifier++)
        {
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V5, "t", "x", MqttQos.AtLeastOnce, identifier));
        }

        Assert.Equal((byte)MqttReason.ReceiveMaximumExceeded, peer.Expect(MqttPacketType.Disconnect)[0]);
    }

    [Fact]
    public async Task BeyondTheReceiveMaximum_AnOlderServerIsMadeToWait()
    {
        var tokens = new ConcurrentQueue<MqttClientAckToken>();
        using var server = new ScriptedServer(MqttProtocolVersion.V311);
        await using var client = new MqttClient(server.ClientOptions(
            (in MqttReceivedMessage message) =>
            {
                tokens.Enqueue(message.Token);
                return PublishOutcome.Deferred();
            },
            receiveMaximum: 2));
        using RawPeer peer = await ConnectAsync(client, server);
        for (ushort identifier = 1; identifier <= 6; identifier++)
        {
            peer.Send(RawPeer.Publish(MqttProtocolVersion.V311, "t", "x", MqttQos.AtLeastOnce, identifier));
        }

        for (ushort identifier = 1; identifier <= 6; identifier++)
        {
            MqttClientAckToken token = default;
            await Eventually.TrueAsync(() => tokens.TryDequeue(out token), "the next message");
            Assert.True(tokens.Count <= 1, "no more than two are unacknowledged");
            token.Complete();
            Assert.Equal(identifier, peer.ExpectAcknowledge(MqttPacketType.PublishAcknowledge).Identifier);
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AnOldConnectionsToken_DoesNothingOverTheNextOne(MqttProtocolVersion version)
    {
        var tokens = new ConcurrentQueue<MqttClientAckToken>();
        using var server = new ScriptedServer(version);
        await using var client = new MqttReconnectingClient(server.Options(server.ClientOptions((in MqttReceivedMessage message) =>
        {
            tokens.Enqueue(message.Token);
            return PublishOutcome.Deferred();
        })));
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: false);
        first.Send(RawPeer.Publish(version, "t", "x", MqttQos.ExactlyOnce, 9));
        await Eventually.TrueAsync(() => tokens.Count == 1, "the message");
        first.Abort();
        using RawPeer second = await server.OpenAsync(sessionPresent: true);
        second.Send(RawPeer.Publish(version, "t", "x", MqttQos.ExactlyOnce, 9, duplicate: true));
        await Eventually.TrueAsync(() => tokens.Count == 2, "what was not finished is offered again");
        tokens.First().Complete();
        second.Send((int)MqttPacketType.PublishRelease << 4 | 2, 2, 0, 77);
        Assert.Equal(77, second.ExpectAcknowledge(MqttPacketType.PublishComplete).Identifier);
        tokens.Last().Complete();
        Assert.Equal(9, second.ExpectAcknowledge(MqttPacketType.PublishReceived).Identifier);
    }

    private static async Task<RawPeer> ConnectAsync(MqttClient client, ScriptedServer server)
    {
        Task<MqttConnectResult> connecting = client.ConnectAsync();
        RawPeer peer = await server.OpenAsync(sessionPresent: false);
        await connecting;
        return peer;
    }
}
