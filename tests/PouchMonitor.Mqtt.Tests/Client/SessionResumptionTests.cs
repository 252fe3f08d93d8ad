using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Client;

/// <summary>What a reconnecting client does with its session, packet by packet.</summary>
public sealed class SessionResumptionTests
{
    public static TheoryData<MqttProtocolVersion> Versions() => new(MqttProtocolVersion.V311, MqttProtocolVersion.V5);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WithItsSession_TheUnacknowledgedIsSentAgain_MarkedAndInOrder(MqttProtocolVersion version)
    {
        using var server = new ScriptedServer(version);
        await using var client = new MqttReconnectingClient(server.Options());
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: false);
        Task<MqttReason>[] answers = [Publish(client, "a", MqttQos.AtLeastOnce), Publish(client, "b", MqttQos.ExactlyOnce), Publish(client, "c", MqttQos.AtLeastOnce), Publish(client, "d", MqttQos.ExactlyOnce)];
        (_, ushort a) = first.ExpectPublish(version);
        (_, ushort b) = first.ExpectPublish(version);
        (_, ushort c) = first.ExpectPublish(version);
        (_, ushort d) = first.ExpectPublish(version);
        first.Acknowledge(MqttPacketType.PublishAcknowledge, c);
        first.Acknowledge(MqttPacketType.PublishReceived, b);
        Assert.Equal(b, first.ExpectAcknowledge(MqttPacketType.PublishRelease).Identifier);
        Assert.Equal(MqttReason.Success, await answers[2]);
        first.Abort();

        using RawPeer second = await server.OpenAsync(sessionPresent: true);
        Assert.Equal(("!a", a), second.ExpectPublish(version));
        Assert.Equal(b, second.ExpectAcknowledge(MqttPacketType.PublishRelease).Identifier);
        Assert.Equal(("!d", d), second.ExpectPublish(version));
        Task<MqttReason> later = Publish(client, "e", MqttQos.AtLeastOnce);
        (string text, ushort e) = second.ExpectPublish(version);
        Assert.Equal("e", text);
        Assert.DoesNotContain(e, new[] { a, b, d });
        second.Acknowledge(MqttPacketType.PublishAcknowledge, a);
        second.SendPacket(writer => new AcknowledgePacket { PacketIdentifier = b, Reason = MqttReason.PacketIdentifierNotFound }
            .Write(writer, MqttPacketType.PublishComplete, version).ToArray()); // it had the release before, and its answer was lost
        second.Acknowledge(MqttPacketType.PublishReceived, d);
        Assert.Equal(d, second.ExpectAcknowledge(MqttPacketType.PublishRelease).Identifier);
        second.Acknowledge(MqttPacketType.PublishComplete, d);
        second.Acknowledge(MqttPacketType.PublishAcknowledge, e);
        Assert.All(await Task.WhenAll([.. answers, later]), reason => Assert.Equal(MqttReason.Success, reason));
        Assert.Equal(3, client.Snapshot().ResentPublishes);
        Assert.Equal(0, client.Snapshot().UnacknowledgedPublishes);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WithoutItsSession_AllIsSentAsNew_AndSubscribedAnew(MqttProtocolVersion version)
    {
        using var server = new ScriptedServer(version);
        await using var client = new MqttReconnectingClient(server.Options(like: new MqttReconnectOptions
        {
            Client = server.ClientOptions(), Subscriptions = [new MqttTopicFilter("s/#", MqttQos.AtLeastOnce)],
        }));
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: false);
        Assert.Equal(["s/#"], first.GrantSubscription(version));
        Task<MqttReason> a = Publish(client, "a", MqttQos.AtLeastOnce);
        Task<MqttReason> b = Publish(client, "b", MqttQos.ExactlyOnce);
        first.ExpectPublish(version);
        (_, ushort released) = first.ExpectPublish(version);
        first.Acknowledge(MqttPacketType.PublishReceived, released);
        first.ExpectAcknowledge(MqttPacketType.PublishRelease);
        first.Abort();

        using RawPeer second = await server.OpenAsync(sessionPresent: false);
        (string Text, ushort Identifier) again = second.ExpectPublish(version);
        Assert.Equal("a", again.Text);
        (string Text, ushort Identifier) anew = second.ExpectPublish(version);
        Assert.Equal("b", anew.Text);
        Assert.Equal(["s/#"], second.GrantSubscription(version));
        second.Acknowledge(MqttPacketType.PublishAcknowledge, again.Identifier);
        second.Acknowledge(MqttPacketType.PublishReceived, anew.Identifier);
        second.ExpectAcknowledge(MqttPacketType.PublishRelease);
        second.Acknowledge(MqttPacketType.PublishComplete, anew.Identifier);
        await Task.WhenAll(a, b);
        MqttReconnectSnapshot counted = client.Snapshot();
        Assert.Equal((2L, 1L, 0L), (counted.PublishesSentAnew, counted.LostSessions, counted.ResentPublishes));
    }

    [Fact]
    public async Task WithItsSession_ItDoesNotSubscribeAgain()
    {
        using var server = new ScriptedServer(MqttProtocolVersion.V5);
        await using var client = new MqttReconnectingClient(server.Options(like: new MqttReconnectOptions
        {
            Client = server.ClientOptions(), Subscriptions = [new MqttTopicFilter("s/#", MqttQos.AtLeastOnce)],
        }));
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: true);

        // A session of an earlier run may lack what this one wants.
        Assert.Equal(["s/#"], first.GrantSubscription(MqttProtocolVersion.V5));
        await Eventually.TrueAsync(() => client.State == MqttConnectionState.Connected, "the first connection");
        first.Abort();
        using RawPeer second = await server.OpenAsync(sessionPresent: true);
        _ = Publish(client, "x", MqttQos.AtLeastOnce);
        Assert.Equal("x", second.ExpectPublish(MqttProtocolVersion.V5).Text);
    }

    [Fact]
    public async Task ASmallerReceiveMaximum_HoldsForWhatIsSentAgain()
    {
        const MqttProtocolVersion V5 = MqttProtocolVersion.V5;
        using var server = new ScriptedServer(V5);
        await using var client = new MqttReconnectingClient(server.Options());
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: false);
        Task<MqttReason>[] answers = [.. Enumerable.Range(0, 5).Select(index => Publish(client, $"{index}", MqttQos.AtLeastOnce))];
        for (int index = 0; index < 5; index++)
        {
            first.ExpectPublish(V5);
        }

        first.Abort();
        using RawPeer second = await server.OpenAsync(sessionPresent: true, receiveMaximum: 2);
        Task<MqttReason> last = Publish(client, "5", MqttQos.AtLeastOnce);
        Queue<ushort> unacknowledged = new([second.ExpectPublish(V5).Identifier, second.ExpectPublish(V5).Identifier]);
        for (int index = 2; index < 6; index++)
        {
            Assert.True(second.IsQuiet, $"no more than two are unacknowledged, at {index}");
            second.Acknowledge(MqttPacketType.PublishAcknowledge, unacknowledged.Dequeue());
            (string text, ushort identifier) = second.ExpectPublish(V5);
            Assert.Equal(index < 5 ? $"!{index}" : "5", text);
            unacknowledged.Enqueue(identifier);
        }

        foreach (ushort identifier in unacknowledged)
        {
            second.Acknowledge(MqttPacketType.PublishAcknowledge, identifier);
        }

        await Task.WhenAll([.. answers, last]);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, true)]
    [InlineData(MqttProtocolVersion.V5, true)]
    [InlineData(MqttProtocolVersion.V311, false)]
    [InlineData(MqttProtocolVersion.V5, false)]
    public async Task WhatQoS2Received_IsRemembered_AsLongAsTheSessionIs(MqttProtocolVersion version, bool sessionPresent)
    {
        var seen = new ConcurrentQueue<string>();
        using var server = new ScriptedServer(version);
        await using var client = new MqttReconnectingClient(server.Options(server.ClientOptions((in MqttReceivedMessage message) =>
        {
            seen.Enqueue(Encoding.UTF8.GetString(message.Payload));
            return PublishOutcome.Acknowledge;
        })));
        client.Start();
        RawPeer first = await server.OpenAsync(sessionPresent: false);
        first.Send(RawPeer.Publish(version, "t", "once", MqttQos.ExactlyOnce, 7));
        first.ExpectAcknowledge(MqttPacketType.PublishReceived);
        first.Abort();
        using RawPeer second = await server.OpenAsync(sessionPresent);
        second.Send(RawPeer.Publish(version, "t", "once", MqttQos.ExactlyOnce, 7, duplicate: true));
        Assert.Equal(7, second.ExpectAcknowledge(MqttPacketType.PublishReceived).Identifier);
        second.Acknowledge(MqttPacketType.PublishRelease, 7);
        second.ExpectAcknowledge(MqttPacketType.PublishComplete);
        Assert.Equal(sessionPresent ? 1 : 2, seen.Count);
    }

    [Theory]
    [InlineData(MqttProtocolVersion.V311, false)]
    [InlineData(MqttProtocolVersion.V5, true)]
    public async Task CleanStart_CountsForTheFirstConnection_WhereTheSessionOutlivesIt(MqttProtocolVersion version, bool outlives)
    {
        using var server = new ScriptedServer(version);
        await using var client = new MqttReconnectingClient(server.Options(new MqttClientOptions
        {
            Port = server.Port, Version = version, ClientId = "c", CleanStart = true, SessionExpirySeconds = outlives ? 60u : 0,
        }));
        client.Start();
        (RawPeer first, ConnectPacket firstConnect) = await server.AcceptAsync();
        Assert.True(firstConnect.CleanStart);
        first.SendPacket(writer => new ConnectAcknowledgePacket().Write(writer, version).ToArray());
        await Eventually.TrueAsync(() => client.State == MqttConnectionState.Connected, "the first connection");
        first.Abort();
        (RawPeer second, ConnectPacket secondConnect) = await server.AcceptAsync();
        Assert.Equal(!outlives, secondConnect.CleanStart);
        second.Dispose();
    }

    private static Task<MqttReason> Publish(MqttReconnectingClient client, string text, MqttQos qos)
        => client.PublishAsync("t", Encoding.UTF8.GetBytes(text), qos);
}
