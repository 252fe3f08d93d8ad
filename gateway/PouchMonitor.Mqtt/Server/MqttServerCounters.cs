using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Why a message did not reach someone although it was accepted. Each is counted; none happens in silence.</summary>
public enum MqttDropReason : byte
{
    /// <summary>QoS 0 over the subscriber's byte bound.</summary>
    SubscriberSlow,

    /// <summary>QoS 1 or 2 over the queue bound: the subscriber was disconnected (0x97) if it was there.</summary>
    QueueFull,

    /// <summary>Larger than the subscriber's maximum packet size.</summary>
    TooLargeForSubscriber,

    /// <summary>Its message expiry interval passed while it waited.</summary>
    Expired,

    /// <summary>The retained store was at its bound; subscribers that were there still got the message.</summary>
    RetainedStoreFull,

    /// <summary>Waiting or in flight for a session that ended.</summary>
    SessionEnded,

    /// <summary>For a shared subscription none of whose members could take it.</summary>
    NoGroupMember,

    /// <summary>Retained by someone who has since lost the right to write there; kept from a new subscriber.</summary>
    AccessRevoked,
}

/// <summary>The server's figures at one moment. Counts are since the start; arrays are indexed by reason.</summary>
public sealed record MqttServerSnapshot
{
    public int Connections { get; init; }

    public int Sessions { get; init; }

    public int Subscriptions { get; init; }

    /// <summary>Memberships in share groups; not among <see cref="Subscriptions"/>.</summary>
    public int SharedSubscriptions { get; init; }

    public int RetainedMessages { get; init; }

    public long RetainedBytes { get; init; }

    public long ConnectionsAccepted { get; init; }

    /// <summary>TCP connections closed at once because the bound was reached.</summary>
    public long ConnectionsOverLimit { get; init; }

    /// <summary>Connections closed at once because too many had not logged in.</summary>
    public long ConnectionsOverPending { get; init; }

    /// <summary>Connections closed at once because too many came in a short time.</summary>
    public long ConnectionsOverRate { get; init; }

    /// <summary>Connections that have not logged in yet, TLS handshakes included.</summary>
    public int PendingConnections { get; init; }

    /// <summary>TLS handshakes under way; others may wait for their turn.</summary>
    public int HandshakesUnderWay { get; init; }

    /// <summary>TLS handshakes that failed: no TLS, no common version, or no good client certificate.</summary>
    public long HandshakesFailed { get; init; }

    /// <summary>TLS handshakes that were not done in time.</summary>
    public long HandshakesTimedOut { get; init; }

    /// <summary>Times that a changed certificate file was no good, so that the one before stayed in use.</summary>
    public long CertificateReloadsFailed { get; init; }

    public long MessagesReceived { get; init; }

    public long MessagesSent { get; init; }

    public long BytesReceived { get; init; }

    public long BytesSent { get; init; }

    /// <summary>Messages the application refused, by reason code.</summary>
    public required IReadOnlyDictionary<MqttReason, long> PublishesRefused { get; init; }

    /// <summary>CONNECTs refused, by reason code.</summary>
    public required IReadOnlyDictionary<MqttReason, long> ConnectsRefused { get; init; }

    /// <summary>Connections ended, by reason code; <see cref="MqttReason.Success"/> is the client's DISCONNECT.</summary>
    public required IReadOnlyDictionary<MqttReason, long> Disconnects { get; init; }

    /// <summary>Packets that broke the protocol, by fault.</summary>
    public required IReadOnlyDictionary<MqttFault, long> Faults { get; init; }

    /// <summary>Messages lost after acceptance, by reason.</summary>
    public required IReadOnlyDictionary<MqttDropReason, long> Drops { get; init; }

    /// <summary>Times a reader was told <see cref="PublishOutcome.Busy"/>.</summary>
    public long BusyHolds { get; init; }

    /// <summary>Times a publisher was held back for a slow subscriber.</summary>
    public long SlowSubscriberHolds { get; init; }

    /// <summary>Payload bytes that the application has and has not acknowledged, as far as connections have reported them.</summary>
    public long InFlightBytes { get; init; }

    /// <summary>Times a connection was not read because of its own bytes in flight.</summary>
    public long InFlightHolds { get; init; }

    /// <summary>Times a connection was not read because of all connections' bytes in flight.</summary>
    public long InFlightHoldsOfAll { get; init; }

    /// <summary>Messages of shared subscriptions that went on to another member because theirs was gone.</summary>
    public long SharedOfferedAgain { get; init; }

    /// <summary>Bytes in the present segment of the session log.</summary>
    public long LogBytes { get; init; }

    public long LogCommits { get; init; }

    public long LogFailedWrites { get; init; }

    /// <summary>Why the session log cannot be written at present; null where it can or there is none.</summary>
    public string? LogProblem { get; init; }

    /// <summary>Exceptions that came out of the application's handler.</summary>
    public long HandlerFailures { get; init; }
}

/// <summary>The counters behind the snapshot. Readers add once a batch, not once a message.</summary>
internal sealed class MqttServerCounters
{
    private readonly long[] _publishesRefused = new long[256];
    private readonly long[] _connectsRefused = new long[256];
    private readonly long[] _disconnects = new long[256];
    private readonly long[] _faults = new long[256];
    private readonly long[] _drops = new long[256];
    public long ConnectionsAccepted;
    public long ConnectionsOverLimit;
    public long ConnectionsOverPending;
    public long ConnectionsOverRate;
    public long HandshakesFailed;
    public long HandshakesTimedOut;
    public long InFlightHolds;
    public long InFlightHoldsOfAll;
    public long MessagesReceived;
    public long MessagesSent;
    public long BytesReceived;
    public long BytesSent;
    public long BusyHolds;
    public long SlowSubscriberHolds;
    public long HandlerFailures;
    public long SharedOfferedAgain;

    public void PublishRefused(MqttReason reason) => Interlocked.Increment(ref _publishesRefused[(int)reason]);

    public void ConnectRefused(MqttReason reason) => Interlocked.Increment(ref _connectsRefused[(int)reason]);

    public void Disconnected(MqttReason reason) => Interlocked.Increment(ref _disconnects[(int)reason]);

    public void Fault(MqttFault fault) => Interlocked.Increment(ref _faults[(int)fault]);

    public void Dropped(MqttDropReason reason, long count = 1) => Interlocked.Add(ref _drops[(int)reason], count);

    public MqttServerSnapshot Snapshot(int connections, int sessions, int subscriptions, RetainedStore retained) => new()
    {
        Connections = connections,
        Sessions = sessions,
        Subscriptions = subscriptions,
        RetainedMessages = retained.Count,
        RetainedBytes = retained.Bytes,
        ConnectionsAccepted = Interlocked.Read(ref ConnectionsAccepted),
        ConnectionsOverLimit = Interlocked.Read(ref ConnectionsOverLimit),
        ConnectionsOverPending = Interlocked.Read(ref ConnectionsOverPending),
        ConnectionsOverRate = Interlocked.Read(ref ConnectionsOverRate),
        HandshakesFailed = Interlocked.Read(ref HandshakesFailed),
        HandshakesTimedOut = Interlocked.Read(ref HandshakesTimedOut),
        InFlightHolds = Interlocked.Read(ref InFlightHolds),
        InFlightHoldsOfAll = Interlocked.Read(ref InFlightHoldsOfAll),
        MessagesReceived = Interlocked.Read(ref MessagesReceived),
        MessagesSent = Interlocked.Read(ref MessagesSent),
        BytesReceived = Interlocked.Read(ref BytesReceived),
        BytesSent = Interlocked.Read(ref BytesSent),
        BusyHolds = Interlocked.Read(ref BusyHolds),
        SlowSubscriberHolds = Interlocked.Read(ref SlowSubscriberHolds),
        SharedOfferedAgain = Interlocked.Read(ref SharedOfferedAgain),
        HandlerFailures = Interlocked.Read(ref HandlerFailures),
        PublishesRefused = Collect(_publishesRefused, index => (MqttReason)index),
        ConnectsRefused = Collect(_connectsRefused, index => (MqttReason)index),
        Disconnects = Collect(_disconnects, index => (MqttReason)index),
        Faults = Collect(_faults, index => (MqttFault)index),
        Drops = Collect(_drops, index => (MqttDropReason)index),
    };

    internal static Dictionary<TKey, long> Collect<TKey>(long[] counts, Func<int, TKey> key)
        where TKey : notnull
    {
        var result = new Dictionary<TKey, long>();
        for (int index = 0; index < counts.Length; index++)
        {
            long count = Interlocked.Read(ref counts[index]);
            if (count != 0)
            {
                result[key(index)] = count;
            }
        }

        return result;
    }
}
