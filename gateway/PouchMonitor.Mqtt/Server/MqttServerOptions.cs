using System.Net;
using PouchMonitor.Mqtt.Persistence;

namespace PouchMonitor.Mqtt.Server;

/// <summary>What a server endpoint accepts and how much it holds. Everything that can grow has a bound here.</summary>
public sealed class MqttServerOptions
{
    /// <summary>Where to listen. Port 0 picks a free one, told by <see cref="MqttServer.EndPoint"/>.</summary>
    public IPEndPoint EndPoint { get; init; } = new(IPAddress.Loopback, 1883);

    /// <summary>More addresses to listen at, such as one with TLS.</summary>
    public IReadOnlyList<MqttListenerOptions> Listeners { get; init; } = [];

    /// <summary>The largest packet accepted, in bytes, header included: 256 to 268,435,460.</summary>
    public int MaximumPacketBytes { get; init; } = 1024 * 1024;

    /// <summary>
    /// The largest CONNECT accepted, in bytes, header included: 64 and more. Who has not logged in gets less room than who
    /// has: 8 KB for names, secret and properties, and 16 KB for a will.
    /// </summary>
    public int MaximumConnectPacketBytes { get; init; } = 24 * 1024;

    /// <summary>Connections held at once: 1 and more. One more is closed at once and counted.</summary>
    public int MaximumConnections { get; init; } = 20_000;

    /// <summary>
    /// Connections that have not logged in yet, TLS handshakes included: 1 and more. One more is closed at once and
    /// counted. Less than <see cref="MaximumConnections"/>, so that those who never log in cannot take every place.
    /// </summary>
    public int MaximumPendingConnections { get; init; } = 15_000;

    /// <summary>
    /// The same for one address (of IPv6, one net of 64 bits): 1 and more. Ten thousand nodes behind one address may all
    /// come back in the same second, and half of the places are left to others.
    /// </summary>
    public int MaximumPendingConnectionsPerAddress { get; init; } = 10_000;

    /// <summary>New connections a second that are let in for long: 1 and more. Those beyond are closed at once and counted.</summary>
    public int ConnectRate { get; init; } = 4000;

    /// <summary>New connections that may come at once after a quiet time: 1 and more.</summary>
    public int ConnectBurst { get; init; } = 40_000;

    /// <summary>As <see cref="ConnectRate"/>, for one address. With TLS a handshake costs about a millisecond of one core.</summary>
    public int ConnectRatePerAddress { get; init; } = 1000;

    /// <summary>
    /// As <see cref="ConnectBurst"/>, for one address. Twice the ten thousand nodes that may stand behind one address, so
    /// that they can come back, be cut off and come back again.
    /// </summary>
    public int ConnectBurstPerAddress { get; init; } = 20_000;

    /// <summary>
    /// TLS handshakes under way at once: 1 and more. Others wait for their turn, with their time not yet running. One that
    /// has begun holds about 60 KB, and someone who begins many and finishes none must not fill the memory with them.
    /// </summary>
    public int MaximumHandshakes { get; init; } = 4000;

    /// <summary>
    /// As <see cref="MaximumHandshakes"/>, for one address, so that who finishes none holds up nobody else. Many nodes
    /// behind one address lose nothing by it: fewer at once keep every core busy.
    /// </summary>
    public int MaximumHandshakesPerAddress { get; init; } = 500;

    /// <summary>
    /// Payload bytes of one connection that the application has and has not acknowledged: 1 and more. At the bound the
    /// connection is not read until it has; a larger single message passes alone. The application acknowledges without
    /// waiting for more.
    /// </summary>
    public int MaximumInFlightBytesPerConnection { get; init; } = 16 * 1024 * 1024;

    /// <summary>As <see cref="MaximumInFlightBytesPerConnection"/>, for all connections; passed by at most one message of each, and 4 KB.</summary>
    public long MaximumInFlightBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>
    /// Publishes of QoS 1 and 2 that one connection may have unacknowledged: 1 to 65,535. An MQTT 5 client is told and
    /// disconnected (0x93) when it sends more; a 3.1.1 client is simply not read until acknowledgements have gone out.
    /// </summary>
    public ushort ReceiveMaximum { get; init; } = 1024;

    /// <summary>
    /// The longest keep-alive granted, 1 to 65,535 seconds; null accepts every wish, "none" included. An MQTT 5 client
    /// is told (Server Keep Alive); for a 3.1.1 client, which cannot be told, it is enforced all the same.
    /// </summary>
    public TimeSpan? MaximumKeepAlive { get; init; }

    /// <summary>Messages of QoS 1 and 2 waiting for one subscriber, beyond those in flight: 1 and more.</summary>
    public int MaximumQueuedMessagesPerSession { get; init; } = 100_000;

    /// <summary>Bytes waiting for one subscriber, in its queue and for its socket: 1024 and more.</summary>
    public int MaximumQueuedBytesPerSession { get; init; } = 16 * 1024 * 1024;

    /// <summary>Messages of QoS 1 and 2 sent to one subscriber and not yet acknowledged: 1 to 32,767.</summary>
    public ushort MaximumInFlightPerSession { get; init; } = 4096;

    /// <summary>
    /// How long publishers to a subscriber whose queue is half full are held back, so that it can catch up before the
    /// bounds above strike. After that it is judged slow, and holds nobody until its queue has been empty again. Zero switches it off.
    /// </summary>
    public TimeSpan SlowSubscriberPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Sessions held at once, connected or not: 1 and more. One more is refused with "server busy".</summary>
    public int MaximumSessions { get; init; } = 40_000;

    /// <summary>Subscriptions of one session: 1 and more. One more is refused with "quota exceeded".</summary>
    public int MaximumSubscriptionsPerSession { get; init; } = 1000;

    /// <summary>Levels in a topic or filter: 1 and more.</summary>
    public int MaximumTopicLevels { get; init; } = 32;

    /// <summary>Retained messages: 0 and more. One more is refused with "quota exceeded", or counted where no answer exists.</summary>
    public int MaximumRetainedMessages { get; init; } = 100_000;

    /// <summary>Bytes of retained topics and payloads: 0 and more.</summary>
    public long MaximumRetainedBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>The longest that a session without a connection is kept; also for 3.1.1 sessions, which name no time.</summary>
    public TimeSpan MaximumSessionExpiry { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Time from the TCP connection to a complete CONNECT, and for the application to judge it.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Topic aliases that a client may use towards the server: 0 to 65,535.</summary>
    public ushort TopicAliasMaximum { get; init; } = 16;

    /// <summary>Topic aliases that the server uses towards one client that accepts them: 0 to 65,535.</summary>
    public ushort MaximumTopicAliasesPerClient { get; init; } = 16;

    /// <summary>How often keep-alives, expiries and delayed wills are looked at.</summary>
    public TimeSpan SweepInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How often the figures under <c>$SYS</c> are brought up to date; zero publishes none.</summary>
    public TimeSpan SystemTopicsInterval { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Pending TCP connections the system may hold before they are accepted.</summary>
    public int ListenBacklog { get; init; } = 4096;

    /// <summary>
    /// Where sessions, their messages and retained messages are kept so that they are there after a restart; null keeps
    /// them in memory alone. What is answered to a client on the strength of it is sent only when it is durable.
    /// </summary>
    public IMqttLogFiles? SessionFiles { get; init; }

    /// <summary>The log of sessions is written anew, without what is over, when it is larger than this and than four times what is live.</summary>
    public long SessionSegmentBytes { get; init; } = 16 * 1024 * 1024;

    /// <summary>How long a stop tries to write sessions to a disk that does not take them.</summary>
    public TimeSpan SessionStopPatience { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Told at the start what of <see cref="SessionFiles"/> could not be read.</summary>
    public Action<string>? SessionsDamaged { get; init; }

    /// <summary>Told of every exception that came out of the handler; the connection it belongs to is closed.</summary>
    public Action<Exception>? HandlerFailed { get; init; }

    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        Require(MaximumPacketBytes, 256, 268_435_460, nameof(MaximumPacketBytes));
        Require(MaximumConnectPacketBytes, 64, int.MaxValue, nameof(MaximumConnectPacketBytes));
        Require(MaximumConnections, 1, int.MaxValue, nameof(MaximumConnections));
        Require(MaximumPendingConnections, 1, int.MaxValue, nameof(MaximumPendingConnections));
        Require(MaximumPendingConnectionsPerAddress, 1, int.MaxValue, nameof(MaximumPendingConnectionsPerAddress));
        Require(ConnectRate, 1, int.MaxValue, nameof(ConnectRate));
        Require(ConnectBurst, 1, int.MaxValue, nameof(ConnectBurst));
        Require(ConnectRatePerAddress, 1, int.MaxValue, nameof(ConnectRatePerAddress));
        Require(ConnectBurstPerAddress, 1, int.MaxValue, nameof(ConnectBurstPerAddress));
        Require(MaximumHandshakes, 1, int.MaxValue, nameof(MaximumHandshakes));
        Require(MaximumHandshakesPerAddress, 1, int.MaxValue, nameof(MaximumHandshakesPerAddress));
        Require(MaximumInFlightBytesPerConnection, 1, int.MaxValue, nameof(MaximumInFlightBytesPerConnection));
        Require(MaximumInFlightBytes, 1, long.MaxValue, nameof(MaximumInFlightBytes));
        Require(ReceiveMaximum, 1, ushort.MaxValue, nameof(ReceiveMaximum));
        Require(MaximumQueuedMessagesPerSession, 1, int.MaxValue, nameof(MaximumQueuedMessagesPerSession));
        Require(MaximumQueuedBytesPerSession, 1024, int.MaxValue, nameof(MaximumQueuedBytesPerSession));
        Require(MaximumInFlightPerSession, 1, short.MaxValue, nameof(MaximumInFlightPerSession));
        Require(MaximumSessions, 1, int.MaxValue, nameof(MaximumSessions));
        Require(MaximumSubscriptionsPerSession, 1, int.MaxValue, nameof(MaximumSubscriptionsPerSession));
        Require(MaximumTopicLevels, 1, ushort.MaxValue, nameof(MaximumTopicLevels));
        Require(MaximumRetainedMessages, 0, int.MaxValue, nameof(MaximumRetainedMessages));
        Require(MaximumRetainedBytes, 0, long.MaxValue, nameof(MaximumRetainedBytes));
        if (MaximumKeepAlive is { } keepAlive)
        {
            Require((long)keepAlive.TotalSeconds, 1, ushort.MaxValue, nameof(MaximumKeepAlive));
        }

        foreach (MqttListenerOptions listener in Listeners)
        {
            listener.Tls?.Validate();
        }
    }

    private static void Require(long value, long minimum, long maximum, string name)
    {
        if (value < minimum || value > maximum)
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}, allowed are {minimum} to {maximum}.");
        }
    }
}
