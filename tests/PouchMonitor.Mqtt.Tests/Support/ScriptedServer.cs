using System.Net;
using System.Net.Sockets;
using PouchMonitor.Mqtt.Client;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Tests.Support;

/// <summary>A server whose every packet a test writes itself, to see what a client does about it.</summary>
internal sealed class ScriptedServer : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public ScriptedServer(MqttProtocolVersion version)
    {
        Version = version;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public MqttProtocolVersion Version { get; }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Options of a client that keeps its session and waits hardly at all before it connects again.</summary>
    public MqttReconnectOptions Options(MqttClientOptions? client = null, MqttReconnectOptions? like = null) => new()
    {
        Client = client ?? ClientOptions(),
        FirstDelay = TimeSpan.FromMilliseconds(1),
        LongestDelay = TimeSpan.FromMilliseconds(20),
        MaximumWaitingPublishes = like?.MaximumWaitingPublishes ?? 1024,
        MaximumWaitingBytes = like?.MaximumWaitingBytes ?? 1 << 20,
        WhenQueueIsFull = like?.WhenQueueIsFull ?? MqttQueuePolicy.Wait,
        Subscriptions = like?.Subscriptions ?? [],
        StateChanged = like?.StateChanged,
    };

    public MqttClientOptions ClientOptions(MqttMessageOffer? offered = null, ushort receiveMaximum = 1024, Func<CancellationToken, ValueTask>? whenReady = null) => new()
    {
        Port = Port, Version = Version, ClientId = "keeper", CleanStart = false, SessionExpirySeconds = 3600, MessageOffered = offered,
        ReceiveMaximum = receiveMaximum, WhenReady = whenReady,
    };

    /// <summary>Takes the next connection up to and without its CONNACK.</summary>
    public async Task<(RawPeer Peer, ConnectPacket Connect)> AcceptAsync()
    {
        using var limit = new CancellationTokenSource(Limit);
        var peer = new RawPeer(await _listener.AcceptAsync(limit.Token));
        ConnectPacket? connect = ConnectPacket.Read(peer.Expect(MqttPacketType.Connect), out MqttFault fault);
        Assert.Equal(MqttFault.None, fault);
        return (peer, connect!);
    }

    /// <summary>Takes the next connection and accepts it.</summary>
    public async Task<RawPeer> OpenAsync(bool sessionPresent, ushort? receiveMaximum = null)
    {
        (RawPeer peer, _) = await AcceptAsync();
        peer.SendPacket(writer => new ConnectAcknowledgePacket
        {
            SessionPresent = sessionPresent,
            Properties = receiveMaximum is null || Version == MqttProtocolVersion.V311 ? null : new MqttProperties { ReceiveMaximum = receiveMaximum },
        }.Write(writer, Version).ToArray());
        return peer;
    }

    public void Dispose() => _listener.Dispose();
}

/// <summary>What tests ask of a peer that plays the server.</summary>
internal static class RawPeerExtensions
{
    public static void Acknowledge(this RawPeer peer, MqttPacketType type, ushort identifier)
        => peer.Send((byte)(((int)type << 4) | (type == MqttPacketType.PublishRelease ? 2 : 0)), 2, (byte)(identifier >> 8), (byte)identifier);

    /// <summary>Reads an acknowledgement and gives its identifier and reason.</summary>
    public static (ushort Identifier, MqttReason Reason) ExpectAcknowledge(this RawPeer peer, MqttPacketType type)
    {
        byte[] body = peer.Expect(type);
        return ((ushort)((body[0] << 8) | body[1]), body.Length > 2 ? (MqttReason)body[2] : MqttReason.Success);
    }

    /// <summary>Reads a publish, as "payload", with a leading "!" where it is marked as a duplicate.</summary>
    public static (string Text, ushort Identifier) ExpectPublish(this RawPeer peer, MqttProtocolVersion version)
    {
        byte[] body = peer.Expect(MqttPacketType.Publish);
        Assert.Equal(MqttFault.None, PublishView.Read(peer.FirstByte & 15, body, version, out PublishView view));
        return ((view.Duplicate ? "!" : "") + System.Text.Encoding.UTF8.GetString(view.Payload), view.PacketIdentifier);
    }

    /// <summary>Reads a SUBSCRIBE, grants all of it, and gives its filters.</summary>
    public static string[] GrantSubscription(this RawPeer peer, MqttProtocolVersion version)
    {
        SubscribePacket? packet = SubscribePacket.Read(peer.Expect(MqttPacketType.Subscribe), version, out MqttFault fault);
        Assert.Equal(MqttFault.None, fault);
        peer.SendPacket(writer => new FilterAcknowledgePacket
        {
            Type = MqttPacketType.SubscribeAcknowledge,
            PacketIdentifier = packet!.PacketIdentifier,
            Reasons = [.. packet.Filters.Select(filter => (MqttReason)filter.Qos)],
        }.Write(writer, version).ToArray());
        return [.. packet!.Filters.Select(filter => filter.Filter)];
    }
}
