using PouchMonitor.Mqtt.Packets;

namespace PouchMonitor.Mqtt.Server;

/// <summary>Where an accepted message goes besides the application.</summary>
[Flags]
public enum PublishRouting : byte
{
    /// <summary>The application alone has it.</summary>
    None = 0,

    /// <summary>To the sessions whose subscriptions match.</summary>
    Subscribers = 1,

    /// <summary>Into the retained store, where the publisher asked for it.</summary>
    Retained = 2,
    All = Subscribers | Retained,
}

internal enum PublishVerdict : byte
{
    Acknowledge,
    Deferred,
    Refuse,
    Busy,
}

/// <summary>The application's answer to a message.</summary>
public readonly struct PublishOutcome
{
    private PublishOutcome(PublishVerdict verdict, PublishRouting routing, MqttReason reason)
    {
        Verdict = verdict;
        Routing = routing;
        Reason = reason;
    }

    /// <summary>The server acknowledges now and routes to subscribers and the retained store.</summary>
    public static PublishOutcome Acknowledge => new(PublishVerdict.Acknowledge, PublishRouting.All, MqttReason.Success);

    /// <summary>Nothing was taken: stop reading this socket, await <see cref="IMqttServerHandler.WhenReadyAsync"/>, offer the message again.</summary>
    public static PublishOutcome Busy => new(PublishVerdict.Busy, PublishRouting.None, MqttReason.ServerBusy);

    internal PublishVerdict Verdict { get; }

    internal PublishRouting Routing { get; }

    internal MqttReason Reason { get; }

    /// <summary>The server acknowledges now and routes as told.</summary>
    public static PublishOutcome AcknowledgeWith(PublishRouting routing) => new(PublishVerdict.Acknowledge, routing, MqttReason.Success);

    /// <summary>
    /// The application acknowledges later, by <see cref="MqttAckToken.Complete"/>, which it must do exactly once for each
    /// message of QoS 1 or 2. Routing, where asked for, happens now, before that acknowledgement.
    /// </summary>
    public static PublishOutcome Deferred(PublishRouting routing = PublishRouting.None) => new(PublishVerdict.Deferred, routing, MqttReason.Success);

    /// <summary>
    /// The message is not taken and goes nowhere. MQTT 5 carries the reason in the acknowledgement; a 3.1.1 client gets a
    /// plain PUBACK, since its only other answer, closing the connection, would have it send the same message for ever.
    /// </summary>
    public static PublishOutcome Refuse(MqttReason reason)
    {
        if (!reason.IsFailure() || !reason.IsAllowedIn(MqttPacketType.PublishAcknowledge))
        {
            throw new ArgumentOutOfRangeException(nameof(reason), reason, "A refusal needs a failure code that PUBACK may carry.");
        }

        return new(PublishVerdict.Refuse, PublishRouting.None, reason);
    }
}
