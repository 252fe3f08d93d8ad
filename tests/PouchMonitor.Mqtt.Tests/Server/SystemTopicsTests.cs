using System.Collections.Concurrent;
using System.Text;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;
using PouchMonitor.Mqtt.Server;
using PouchMonitor.Mqtt.Tests.Support;

namespace PouchMonitor.Mqtt.Tests.Server;

/// <summary>The server's figures under <c>$SYS</c>, and what it tells of each client.</summary>
public sealed class SystemTopicsTests
{
    private readonly ManualTime _time = new();

    [Fact]
    public async Task Figures_AreRetained_AndSentAgainOnlyWhenTheyChange()
    {
        await using Bench bench = await Bench.StartAsync(Options);
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync("$SYS/#");
        await Eventually.TrueAsync(() => Last(got, "uptime") == "0 seconds", "the figures of the start");
        Assert.Equal("0", Last(got, "clients/connected"));
        Assert.StartsWith("PouchMonitor.Mqtt ", Last(got, "version"), StringComparison.Ordinal);
        Assert.All(got, item => Assert.True(item.Retain));
        await client.PublishAsync("a", "x"u8.ToArray(), MqttQos.AtLeastOnce, retain: true);
        got.Clear();

        _time.Advance(TimeSpan.FromSeconds(10));
        await Eventually.TrueAsync(() => Last(got, "uptime") == "10 seconds" && Last(got, "retained messages/count") is not null, "the figures after ten seconds");
        Assert.Equal("1", Last(got, "clients/connected"));
        Assert.Equal("1", Last(got, "clients/total"));
        Assert.Equal("1", Last(got, "messages/received"));
        Assert.Equal("1", Last(got, "subscriptions/count"));
        Assert.Equal("1", Last(got, "retained messages/count")); // the figures themselves are not counted
        Assert.Null(Last(got, "version"));
        Assert.Null(Last(got, "publish/messages/dropped"));
        Assert.Equal("a", bench.Server.RetainedMessages.Select(message => Encoding.UTF8.GetString(message.TopicUtf8)).Single());
    }

    [Fact]
    public async Task OtherFilters_DoNotMatchThem()
    {
        await using Bench bench = await Bench.StartAsync(Options);
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V311);
        await client.SubscribeAsync("#");
        await client.SubscribeAsync("+/broker/uptime");
        _time.Advance(TimeSpan.FromSeconds(10));
        bench.Server.Publish("last", "x"u8);
        await Eventually.TrueAsync(() => !got.IsEmpty, "the last message");
        Assert.Equal("last", got.Single().Topic);
    }

    [Fact]
    public async Task Clients_CannotPublishThere_NotEvenByAWill()
    {
        await using Bench bench = await Bench.StartAsync(Options);
        (MqttClient reader, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await reader.SubscribeAsync("$SYS/broker/mine");
        (MqttClient client, _) = await bench.ConnectAsync(new MqttClientOptions { Will = new MqttWill { Topic = "$SYS/broker/mine", Payload = [1], Retain = true } });
        Assert.Equal(MqttReason.NotAuthorized, await client.PublishAsync("$SYS/broker/mine", new byte[] { 1 }, MqttQos.AtLeastOnce, retain: true));
        Assert.Equal(MqttReason.NotAuthorized, await client.PublishAsync("$SYS", new byte[] { 1 }, MqttQos.AtLeastOnce));
        Assert.Equal(MqttReason.Success, await client.PublishAsync("$SYSTEM/other", new byte[] { 1 }, MqttQos.AtLeastOnce));
        client.Abort();
        await Eventually.TrueAsync(() => bench.Server.Snapshot().PublishesRefused.GetValueOrDefault(MqttReason.NotAuthorized) == 3, "the refusal of the will");
        Assert.Equal("$SYSTEM/other", bench.Handler.Seen.Single().Topic);
        Assert.Equal(0, bench.Server.Snapshot().RetainedMessages);
        Assert.Empty(got);
    }

    [Fact]
    public async Task AnIntervalOfZero_PublishesNone()
    {
        await using Bench bench = await Bench.StartAsync(() => new MqttServerOptions
        {
            EndPoint = Bench.Options().EndPoint, TimeProvider = _time, SystemTopicsInterval = TimeSpan.Zero,
        });
        (MqttClient client, ConcurrentQueue<Got> got) = await bench.ConnectAsync(MqttProtocolVersion.V5);
        await client.SubscribeAsync("$SYS/#");
        _time.Advance(TimeSpan.FromSeconds(30));
        await client.SubscribeAsync("last");
        bench.Server.Publish("last", "x"u8);
        await Eventually.TrueAsync(() => !got.IsEmpty, "the last message");
        Assert.Equal("last", got.Single().Topic);
    }

    [Fact]
    public async Task EachClient_IsShownWithWhatItLost()
    {
        await using Bench bench = await Bench.StartAsync(Options);
        using RawPeer small = bench.Raw();
        small.Connect(new ConnectPacket
        {
            Version = MqttProtocolVersion.V5, ClientId = "small", UserName = "n7", KeepAliveSeconds = 30, Properties = new MqttProperties { MaximumPacketBytes = 50 },
        });
        small.SendPacket(writer => new SubscribePacket { PacketIdentifier = 1, Filters = [new("t", MqttQos.AtLeastOnce)] }.Write(writer, MqttProtocolVersion.V5).ToArray());
        small.Expect(MqttPacketType.SubscribeAcknowledge);
        await bench.ConnectAsync(MqttProtocolVersion.V311, "another");
        bench.Server.Publish("t", new byte[100], MqttQos.AtLeastOnce);
        bench.Server.Publish("t", new byte[10], MqttQos.AtLeastOnce);
        small.Expect(MqttPacketType.Publish);
        IReadOnlyList<MqttClientInfo> clients = bench.Server.ListClients();
        Assert.Equal(["small", "another"], clients.Select(client => client.ClientId));
        MqttClientInfo first = clients[0];
        Assert.Equal(1, first.Drops[MqttDropReason.TooLargeForSubscriber]);
        Assert.Equal((1, 1, 1, 0), (first.DroppedMessages, first.MessagesSent, first.InFlightMessages, first.QueuedMessages));
        Assert.Equal(("n7", MqttProtocolVersion.V5, 30, 1), (first.IdentityName, first.Version, first.KeepAliveSeconds, first.Subscriptions));
        Assert.NotNull(first.RemoteEndPoint);
        Assert.InRange(first.BytesReceived, 20, 200);
        Assert.Empty(clients[1].Drops);
    }

    private static string? Last(ConcurrentQueue<Got> got, string name) => got.LastOrDefault(item => item.Topic == "$SYS/broker/" + name)?.Payload;

    private MqttServerOptions Options() => new() { EndPoint = Bench.Options().EndPoint, TimeProvider = _time };
}
