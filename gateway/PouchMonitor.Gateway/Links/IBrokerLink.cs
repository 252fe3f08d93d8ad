using PouchMonitor.Gateway.Pipeline;
using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Gateway.Links;

/// <summary>
/// A link to somebody else's MQTT broker, with a session that the broker keeps: what the gateway has not acknowledged, the
/// broker sends again, also after a restart of either. The link connects, and connects again, by itself.
/// </summary>
public interface IBrokerLink : IAsyncDisposable
{
    /// <summary>Where it stands, and what it has counted.</summary>
    BrokerLinkState State { get; }

    /// <summary>Begins to connect and to hand over what comes on <see cref="BrokerLinkOptions.Filters"/>; returns at once.</summary>
    void Start(IBrokerLinkHandler handler);

    /// <summary>
    /// Publishes a message with QoS 1, retained or not, and gives the broker's reason once it has answered. Throws
    /// <see cref="BrokerLinkException"/> where there is no connection, or it ends first and the message is given up;
    /// a link may also wait for the next connection.
    /// </summary>
    Task<MqttReason> PublishAsync(string topic, ReadOnlyMemory<byte> payload, bool retain, CancellationToken cancellationToken);
}

/// <summary>What a link hands over. Its calls come one after another.</summary>
public interface IBrokerLinkHandler
{
    /// <summary>
    /// Takes one message with its topic. Must not block. After <see cref="MessageVerdict.Busy"/> the link hands over nothing
    /// until <see cref="WhenReadyAsync"/> completes, then the same message again.
    /// </summary>
    MessageVerdict OnMessage(in IncomingMessage message);

    ValueTask WhenReadyAsync(CancellationToken cancellationToken);

    /// <summary>A connection has been made and its subscriptions are in place.</summary>
    void OnConnected();
}

/// <summary>Where a link stands.</summary>
/// <param name="IsConnected">Connected just now.</param>
/// <param name="IsSubscribed">Connected, and the broker has granted every subscription.</param>
/// <param name="LastError">The last thing that went wrong, without credentials; stays after it has been overcome.</param>
/// <param name="Connections">Connections made since the start.</param>
/// <param name="FailedAttempts">Attempts to connect that failed.</param>
/// <param name="LostSessions">Connections, but for the first, at which the broker had forgotten the session: messages may be lost there.</param>
/// <param name="UnacknowledgedMessages">Messages received and not yet acknowledged: not yet durable.</param>
public sealed record BrokerLinkState(
    bool IsConnected, bool IsSubscribed, string? LastError, long Connections, long FailedAttempts, long LostSessions, int UnacknowledgedMessages);

/// <summary>A message could not be published.</summary>
public sealed class BrokerLinkException : Exception
{
    public BrokerLinkException()
    {
    }

    public BrokerLinkException(string message)
        : base(message)
    {
    }

    public BrokerLinkException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }
}
