using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Client;

/// <summary>What happens to a publish for which the queue has no room.</summary>
public enum MqttQueuePolicy
{
    /// <summary>The caller waits for room.</summary>
    Wait,

    /// <summary>The caller gets <see cref="MqttClientException"/> with <see cref="MqttReason.QuotaExceeded"/>, and it is counted.</summary>
    Refuse,
}

/// <summary>How a client that reconnects by itself behaves.</summary>
public sealed class MqttReconnectOptions
{
    /// <summary>
    /// Each of its connections. <see cref="MqttClientOptions.CleanStart"/> counts for the first one; later ones take up the
    /// session, unless it ends with the connection (clean session in MQTT 3.1.1; no session expiry in MQTT 5).
    /// </summary>
    public required MqttClientOptions Client { get; init; }

    /// <summary>Wait after the first failure; doubles with each further one. From half of it to all of it, at random.</summary>
    public TimeSpan FirstDelay { get; init; } = TimeSpan.FromSeconds(1);

    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A connection that ended sooner than this counts as a failure, so that a server that drops its clients is not hammered.</summary>
    public TimeSpan StableAfter { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Publishes that wait to be sent, whether offline or because the server is slow: 1 or more.</summary>
    public int MaximumWaitingPublishes { get; init; } = 1024;

    /// <summary>Topic and payload bytes of those publishes together; a single larger one is taken when nothing else waits.</summary>
    public long MaximumWaitingBytes { get; init; } = 16 * 1024 * 1024;

    public MqttQueuePolicy WhenQueueIsFull { get; init; }

    /// <summary>Made with the first connection and again whenever the server has no session for this client.</summary>
    public IReadOnlyList<MqttTopicFilter> Subscriptions { get; init; } = [];

    /// <summary>Told of every change, one at a time, off the reading thread. Must be quick.</summary>
    public Action<MqttStateChange>? StateChanged { get; init; }

    /// <summary>Where the jitter comes from.</summary>
    public Random Random { get; init; } = Random.Shared;
}

/// <summary>Where a client that reconnects by itself stands.</summary>
public enum MqttConnectionState
{
    Stopped = 0,
    Connecting,
    Connected,

    /// <summary>The last attempt failed or the connection ended; the next attempt comes after a while.</summary>
    Waiting,
}

/// <summary>One change of state.</summary>
/// <param name="State">What it is now.</param>
/// <param name="SessionPresent">Whether the server had kept the session; of use when connected.</param>
/// <param name="Error">Why it is waiting, or which subscription was refused; never with credentials in it.</param>
/// <param name="RetryAfter">The wait before the next attempt; zero where there is none.</param>
public sealed record MqttStateChange(MqttConnectionState State, bool SessionPresent, string? Error, TimeSpan RetryAfter);

/// <summary>What a client that reconnects by itself has counted since it was made.</summary>
/// <param name="State">What it is now.</param>
/// <param name="LastError">The last reason for waiting; stays after it has been overcome.</param>
/// <param name="Connections">Connections that were accepted.</param>
/// <param name="FailedAttempts">Attempts that came to nothing.</param>
/// <param name="LostSessions">Connections, but for the first, at which the server had no session.</param>
/// <param name="WaitingPublishes">Publishes not yet sent.</param>
/// <param name="UnacknowledgedPublishes">Publishes sent and not yet acknowledged.</param>
/// <param name="RefusedPublishes">Publishes that found no room.</param>
/// <param name="ResentPublishes">Publishes and releases sent again within their session.</param>
/// <param name="PublishesSentAnew">Publishes sent again as new since the server had lost the session; each may arrive twice.</param>
/// <param name="AbandonedPublishes">Publishes that were not acknowledged when the client was stopped.</param>
/// <param name="UndecidedMessages">Messages received over the present connection that the application has not yet acknowledged.</param>
public sealed record MqttReconnectSnapshot(
    MqttConnectionState State, string? LastError, long Connections, long FailedAttempts, long LostSessions, int WaitingPublishes,
    int UnacknowledgedPublishes, long RefusedPublishes, long ResentPublishes, long PublishesSentAnew, long AbandonedPublishes,
    int UndecidedMessages);
