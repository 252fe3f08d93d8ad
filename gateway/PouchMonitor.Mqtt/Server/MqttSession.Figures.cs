using System.Net;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What one client lost, and how it stands now.</summary>
public sealed partial class MqttSession
{
    private long[]? _drops;

    /// <summary>Messages for this client that were dropped, whatever the reason.</summary>
    public long DroppedMessages => Volatile.Read(ref _drops)?.Sum() ?? 0;

    /// <summary>The session's figures at this moment.</summary>
    internal MqttClientInfo Describe()
    {
        lock (_gate)
        {
            MqttConnection? connection = Connection;
            return new MqttClientInfo
            {
                ClientId = ClientId,
                IdentityName = IdentityName,
                Version = Version,
                RemoteEndPoint = connection?.RemoteEndPoint,
                KeepAliveSeconds = connection?.KeepAliveSeconds ?? 0,
                Subscriptions = _subscriptions.Count,
                QueuedMessages = QueuedMessages,
                QueuedBytes = _queuedBytes + (connection?.Sender.QueuedBytes ?? 0),
                InFlightMessages = _inFlight?.Count ?? 0,
                MessagesReceived = connection?.MessagesReceived ?? 0,
                MessagesSent = connection?.MessagesSent ?? 0,
                BytesReceived = connection?.BytesReceived ?? 0,
                BytesSent = connection?.BytesSent ?? 0,
                DroppedMessages = DroppedMessages,
                Drops = MqttServerCounters.Collect(_drops ?? [], index => (MqttDropReason)index),
            };
        }
    }

    /// <summary>Counts a message that this client did not get; under the session's lock.</summary>
    private void Dropped(MqttDropReason reason)
    {
        Server.Counters.Dropped(reason);
        (_drops ??= new long[Enum.GetValues<MqttDropReason>().Length])[(int)reason]++;
    }
}

/// <summary>One client as the server sees it. Counts of messages (publishes) and bytes are of the present connection, drops of the session.</summary>
public sealed record MqttClientInfo
{
    public required string ClientId { get; init; }

    public string? IdentityName { get; init; }

    public MqttProtocolVersion Version { get; init; }

    /// <summary>Null while the client is away and its session is kept.</summary>
    public IPEndPoint? RemoteEndPoint { get; init; }

    public int KeepAliveSeconds { get; init; }

    public int Subscriptions { get; init; }

    /// <summary>Messages of QoS 1 and 2 that wait, those in flight not among them.</summary>
    public int QueuedMessages { get; init; }

    /// <summary>Bytes that wait in the queue and for the socket.</summary>
    public long QueuedBytes { get; init; }

    /// <summary>Messages of QoS 1 and 2 that were sent and not yet acknowledged.</summary>
    public int InFlightMessages { get; init; }

    public long MessagesReceived { get; init; }

    public long MessagesSent { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    public long DroppedMessages { get; init; }

    public required IReadOnlyDictionary<MqttDropReason, long> Drops { get; init; }
}
