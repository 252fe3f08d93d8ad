using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Gateway.Links;
using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Upstream.MqttNet.Tests;

/// <summary>What every link to an external broker has to do, packet by packet, whatever client is behind it.</summary>
public abstract class LinkContract
{
    public static TheoryData<bool> Versions() => new(true, false);

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ItConnectsAsConfigured_KeepingItsSession(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        await using IBrokerLink link = Open(server, new Handler());
        (RawPeer peer, ConnectPacket connect) = await server.AcceptAsync();
        Assert.Equal(("gateway-1", "ada", "s3cret"), (connect.ClientId, connect.UserName, Encoding.UTF8.GetString(connect.Password!)));
        Assert.Equal(server.Version, connect.Version);
        Assert.False(connect.CleanStart);
        Assert.Equal(30, connect.KeepAliveSeconds);
        if (isMqtt5)
        {
            Assert.Equal((uint?)3600, connect.Properties!.SessionExpirySeconds);
            Assert.Equal((ushort?)8, connect.Properties.ReceiveMaximum);
        }

        Assert.False(link.State.IsConnected);
        peer.SendPacket(writer => new ConnectAcknowledgePacket().Write(writer, server.Version).ToArray());
        Assert.Equal(
            ["x/pouch/v1/+/+/frame", "x/pouch/v1/+/+/sample", "x/pouch/v1/+/status", "x/pouch/v1/+/event"], peer.GrantSubscription(server.Version));
        await Eventually.TrueAsync(() => link.State is { IsConnected: true, IsSubscribed: true, Connections: 1 }, "it is connected");
        Task ending = link.DisposeAsync().AsTask();
        byte[] goodbye = peer.Expect(MqttPacketType.Disconnect);

        // Nothing in it that would have the broker drop the session.
        Assert.True(goodbye is [] or [0] or [0, 0], Convert.ToHexString(goodbye));
        peer.Dispose();
        await ending;
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task NothingIsAcknowledged_BeforeItsReceipt_AndThenInTheOrderOfArrival(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        Handler handler = new() { Verdict = _ => MessageVerdict.Deferred };
        await using IBrokerLink link = Open(server, handler);
        using RawPeer peer = await ConnectAsync(server);
        for (ushort identifier = 1; identifier <= 5; identifier++)
        {
            peer.Send(RawPeer.Publish(server.Version, "x/pouch/v1/n1/1/frame", $"{identifier}", MqttQos.AtLeastOnce, identifier));
        }

        await Eventually.TrueAsync(() => handler.Seen.Count == 5, "all have come");
        Assert.True(peer.IsQuiet);
        await Eventually.TrueAsync(() => link.State.UnacknowledgedMessages == 5, "they are counted");
        Assert.Equal("x/pouch/v1/n1/1/frame 1", handler.Seen.First().Text);
        MessageReceipt[] receipts = [.. handler.Seen.Select(seen => seen.Receipt)];
        receipts[2].Complete(MqttReason.PayloadFormatInvalid);
        receipts[1].Complete(MqttReason.Success);
        Assert.True(peer.IsQuiet, "the first has not been decided");
        receipts[0].Complete(MqttReason.Success);
        receipts[4].Complete(MqttReason.Success);
        receipts[3].Complete(MqttReason.Success);
        for (ushort identifier = 1; identifier <= 5; identifier++)
        {
            MqttReason reason = identifier == 3 && isMqtt5 ? MqttReason.PayloadFormatInvalid : MqttReason.Success;
            Assert.Equal((identifier, reason), peer.ExpectAcknowledge(MqttPacketType.PublishAcknowledge));
        }

        await Eventually.TrueAsync(() => link.State.UnacknowledgedMessages == 0, "nothing is due");
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task WhileBusy_TheSameMessageIsOfferedAgain_AndNoOther(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        bool isBusy = true;
        Handler handler = new() { Verdict = text => Volatile.Read(ref isBusy) && text.EndsWith('2') ? MessageVerdict.Busy : MessageVerdict.Acknowledge };
        await using IBrokerLink link = Open(server, handler);
        using RawPeer peer = await ConnectAsync(server);
        for (ushort identifier = 1; identifier <= 3; identifier++)
        {
            peer.Send(RawPeer.Publish(server.Version, "x/t", $"{identifier}", MqttQos.AtLeastOnce, identifier));
        }

        Assert.Equal(1, peer.ExpectAcknowledge(MqttPacketType.PublishAcknowledge).Identifier);
        await Eventually.TrueAsync(() => handler.Seen.Count == 2, "the second is offered");
        Assert.True(peer.IsQuiet);
        Volatile.Write(ref isBusy, false);
        handler.Room.SetResult();
        Assert.Equal(2, peer.ExpectAcknowledge(MqttPacketType.PublishAcknowledge).Identifier);
        Assert.Equal(3, peer.ExpectAcknowledge(MqttPacketType.PublishAcknowledge).Identifier);
        Assert.Equal(["x/t 1", "x/t 2", "x/t 2", "x/t 3"], handler.Seen.Select(seen => seen.Text));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AfterALostConnection_ItComesBack_AndOldReceiptsDoNothing(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        Handler handler = new() { Verdict = _ => MessageVerdict.Deferred };
        await using IBrokerLink link = Open(server, handler);
        RawPeer first = await ConnectAsync(server);
        first.Send(RawPeer.Publish(server.Version, "x/t", "kept", MqttQos.AtLeastOnce, 1));
        await Eventually.TrueAsync(() => handler.Seen.Count == 1 && handler.Connected == 1, "it has come");
        first.Abort();
        (RawPeer second, ConnectPacket connect) = await server.AcceptAsync();
        Assert.False(connect.CleanStart);
        second.SendPacket(writer => new ConnectAcknowledgePacket { SessionPresent = true }.Write(writer, server.Version).ToArray());

        // A link may subscribe again although the broker knows; that does no harm.
        second.Send(RawPeer.Publish(server.Version, "x/t", "other", MqttQos.AtLeastOnce, 1));
        second.Send(RawPeer.Publish(server.Version, "x/t", "kept", MqttQos.AtLeastOnce, 2, duplicate: true));
        await Eventually.TrueAsync(() => handler.Seen.Count == 3, "it has come again");
        handler.Seen.ElementAt(0).Receipt.Complete(MqttReason.Success);
        handler.Seen.ElementAt(2).Receipt.Complete(MqttReason.Success);
        handler.Seen.ElementAt(1).Receipt.Complete(MqttReason.QuotaExceeded);
        Assert.Equal(((ushort)1, isMqtt5 ? MqttReason.QuotaExceeded : MqttReason.Success), NextAcknowledge(second, server));
        Assert.Equal(((ushort)2, MqttReason.Success), NextAcknowledge(second, server));
        await Eventually.TrueAsync(() => link.State is { IsConnected: true, Connections: 2, LostSessions: 0 } && handler.Connected == 2, "it is connected");
        Assert.NotNull(link.State.LastError);
        second.Abort();
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ItPublishesRetained_AndGivesTheBrokersReason(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        Handler handler = new();
        await using IBrokerLink link = Open(server, handler);
        using RawPeer peer = await ConnectAsync(server);
        await Eventually.TrueAsync(() => handler.Connected == 1, "it is connected");
        Task<MqttReason> publishing = link.PublishAsync("x/pouch/v1/n1/stored", "{}"u8.ToArray(), retain: true, CancellationToken.None);
        (string text, ushort identifier) = peer.ExpectPublish(server.Version);
        Assert.Equal("{}", text);
        Assert.Equal(1, peer.FirstByte & 1);
        peer.SendPacket(writer => new AcknowledgePacket { PacketIdentifier = identifier, Reason = isMqtt5 ? MqttReason.NotAuthorized : MqttReason.Success }
            .Write(writer, MqttPacketType.PublishAcknowledge, server.Version).ToArray());
        Assert.Equal(isMqtt5 ? MqttReason.NotAuthorized : MqttReason.Success, await publishing);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ARefusedConnection_IsTriedAgain_AndARefusedSubscription_IsSaid(bool isMqtt5)
    {
        SkipWhereAbsent();
        using var server = new ScriptedServer(Version(isMqtt5));
        await using IBrokerLink link = Open(server, new Handler());
        (RawPeer refused, _) = await server.AcceptAsync();
        refused.SendPacket(writer => new ConnectAcknowledgePacket { Reason = MqttReason.NotAuthorized }.Write(writer, server.Version).ToArray());
        (RawPeer peer, _) = await server.AcceptAsync();
        refused.Dispose();
        Assert.Contains("NotAuthorized", link.State.LastError, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", link.State.LastError, StringComparison.Ordinal);
        Assert.True(link.State.FailedAttempts >= 1);
        peer.SendPacket(writer => new ConnectAcknowledgePacket().Write(writer, server.Version).ToArray());
        SubscribePacket packet = SubscribePacket.Read(peer.Expect(MqttPacketType.Subscribe), server.Version, out _)!;
        peer.SendPacket(writer => new FilterAcknowledgePacket
        {
            Type = MqttPacketType.SubscribeAcknowledge, PacketIdentifier = packet.PacketIdentifier,
            Reasons = [MqttReason.UnspecifiedError, .. packet.Filters.Skip(1).Select(_ => MqttReason.GrantedQos1)],
        }.Write(writer, server.Version).ToArray());
        await Eventually.TrueAsync(() => link.State is { IsConnected: true, IsSubscribed: false }, "it is connected, but not subscribed");
        Assert.Contains("x/pouch/v1/+/+/frame", link.State.LastError, StringComparison.Ordinal);
        peer.Dispose();
    }

    /// <summary>Skips the test where the client behind this link is not to be had.</summary>
    protected abstract void SkipWhereAbsent();

    protected abstract IBrokerLink Create(BrokerLinkOptions options);

    private static MqttProtocolVersion Version(bool isMqtt5) => isMqtt5 ? MqttProtocolVersion.V5 : MqttProtocolVersion.V311;

    private IBrokerLink Open(ScriptedServer server, Handler handler)
    {
        IBrokerLink link = Create(new BrokerLinkOptions
        {
            Host = "127.0.0.1", Port = server.Port, ClientId = "gateway-1", UserName = "ada", Password = "s3cret"u8.ToArray(), TopicPrefix = "x/",
            IsMqtt5 = server.Version == MqttProtocolVersion.V5, SessionExpirySeconds = 3600, ReceiveMaximum = 8, RetryMilliseconds = (1, 20),
        });
        link.Start(handler);
        return link;
    }

    private static async Task<RawPeer> ConnectAsync(ScriptedServer server)
    {
        RawPeer peer = await server.OpenAsync(sessionPresent: false);
        peer.GrantSubscription(server.Version);
        return peer;
    }

    private static (ushort Identifier, MqttReason Reason) NextAcknowledge(RawPeer peer, ScriptedServer server)
    {
        while (true)
        {
            (MqttPacketType type, byte[] body) = peer.ReadPacket();
            if (type == MqttPacketType.PublishAcknowledge)
            {
                return ((ushort)((body[0] << 8) | body[1]), body.Length > 2 ? (MqttReason)body[2] : MqttReason.Success);
            }

            Assert.Equal(MqttPacketType.Subscribe, type);
            SubscribePacket packet = SubscribePacket.Read(body, server.Version, out _)!;
            peer.SendPacket(writer => new FilterAcknowledgePacket
            {
                Type = MqttPacketType.SubscribeAcknowledge, PacketIdentifier = packet.PacketIdentifier, Reasons = [.. packet.Filters.Select(_ => MqttReason.GrantedQos1)],
            }.Write(writer, server.Version).ToArray());
        }
    }

    private sealed record Message(string Text, MessageReceipt Receipt);

    private sealed class Handler : IBrokerLinkHandler
    {
        private int connected;

        public ConcurrentQueue<Message> Seen { get; } = new();

        public Func<string, MessageVerdict> Verdict { get; init; } = _ => MessageVerdict.Acknowledge;

        public TaskCompletionSource Room { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Connected => Volatile.Read(ref connected);

        public MessageVerdict OnMessage(in IncomingMessage message)
        {
            string text = $"{Encoding.UTF8.GetString(message.TopicUtf8)} {Encoding.UTF8.GetString(message.Payload)}";
            Seen.Enqueue(new Message(text, message.Receipt));
            return Verdict(text);
        }

        public ValueTask WhenReadyAsync(CancellationToken cancellationToken) => new(Room.Task.WaitAsync(cancellationToken));

        public void OnConnected() => Interlocked.Increment(ref connected);
    }
}
